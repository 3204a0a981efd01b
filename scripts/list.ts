import { writeSync } from 'node:fs'
import { styleText } from 'node:util'
import { z } from 'zod'
import { EXIT, HarnessError, type ExitCode } from '../src/errors.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { productNames, type Rule } from '../src/rule.ts'
import { coverageOf, countsText, reachOf, type StatementCoverage } from '../suites/coverage.ts'
import { suites } from '../suites/registry.ts'
import { setsOf } from '../suites/requirements/sets.ts'
import { catalogueSchema, exportCatalogue, exportRule } from './catalogue-export.ts'
import { meantOr, oneOf, ownRulesOption, type Command } from './command.ts'

export const listCommand: Command = {
  says: 'lists the catalogue: rules, or cases, or statements and what covers them',
  positionals: '',
  options: {
    rules: ownRulesOption,
    product: { type: 'string', multiple: true, value: 'NAME', says: `only these: ${productNames.join(', ')}` },
    cases: { type: 'boolean', says: 'each case, with its rules' },
    coverage: { type: 'boolean', says: "each document's statements: rules and cases, or why not" },
    json: { type: 'boolean', says: 'rules and cases as JSON' },
    'json-schema': { type: 'boolean', says: 'the JSON Schema of what --json prints' },
  },
  async run(args) {
    const asked = args.all('product').map((name) => oneOf('the product', name, productNames))
    if (args.is('json-schema')) return printJson(z.toJSONSchema(catalogueSchema))
    if (args.is('json')) return printJson(exportCatalogue(chosen(asked), setsOf))
    for (const suite of chosen(asked)) printSuite(suite, args.is('coverage') ? 'coverage' : args.is('cases') ? 'cases' : 'rules')
    return EXIT.conforms
  },
}

function printJson(value: unknown): ExitCode {
  // Written at once: the process ends when the command does, and a pipe may be slow.
  writeSync(process.stdout.fd, `${JSON.stringify(value, null, 2)}\n`)
  return EXIT.conforms
}

const chosen = (asked: readonly string[]): readonly Suite[] => Object.values(suites).filter((suite) => asked.length === 0 || asked.includes(suite.product))

function printSuite(suite: Suite, what: 'rules' | 'cases' | 'coverage'): void {
  console.log(
    styleText('bold', `${suite.product}: ${Object.keys(suite.rules).length} rules, ${casesOf(suite).length} cases, ${suite.statements.length} statements`),
  )
  switch (what) {
    case 'rules':
      return Object.entries(suite.rules).forEach(([id, rule]) =>
        console.log(`  ${id.padEnd(24)} ${rule.level.padEnd(6)} ${rule.severity.padEnd(8)} ${String(countOf(suite, id)).padStart(5)}  ${rule.says}`),
      )
    case 'cases':
      return casesOf(suite).forEach((row) => console.log(`  ${row.id}  [${row.rules.join(' ')}] ${row.profile}`))
    case 'coverage':
      return printCoverage(suite)
  }
}

const countOf = (suite: Suite, rule: string): number => casesOf(suite).filter((row) => row.rules.includes(rule)).length

function printCoverage(suite: Suite): void {
  const { statements, documents, unknownRules, unstatedRules } = coverageOf(suite, Object.values(suites))
  for (const row of statements) console.log(`  ${row.statement.id}  ${row.statement.says}\n      ${traceText(row)}`)
  for (const [document, counts] of Object.entries(documents)) console.log(`${document}: ${countsText(counts)}; ${counts.covered} with cases`)
  for (const { surface, operations, principals, asked } of reachOf(suite))
    console.log(`${surface}: ${operations} operations × ${principals} principals, ${asked} of ${operations * principals} asked`)
  if (unknownRules.length > 0) console.log(`named, and not in the catalogue: ${unknownRules.join(', ')}`)
  if (unstatedRules.length > 0) console.log(`from a document, and no statement leads there: ${unstatedRules.join(', ')}`)
}

function traceText({ statement: { traced }, rules }: StatementCoverage): string {
  if (traced === 'not-yet') return 'no rule yet'
  if ('excluded' in traced) return `excluded (${traced.excluded}): ${traced.note}`
  return rules.map((rule) => `${rule.id}: ${rule.cases.length} cases`).join(', ')
}

export const explainCommand: Command = {
  says: 'says all about one rule: source, remediation, cases, deviations',
  positionals: '<rule>',
  options: { rules: ownRulesOption, json: { type: 'boolean', says: 'as JSON' } },
  async run(args) {
    const [id] = args.positionals
    const suite = Object.values(suites as Readonly<Record<string, Suite>>).find((one) => id !== undefined && one.rules[id] !== undefined)
    const rule = id === undefined ? undefined : suite?.rules[id]
    if (suite === undefined || rule === undefined || id === undefined)
      throw new HarnessError('UNKNOWN_NAME', `no rule is called ${JSON.stringify(id ?? '')}`, {
        hint: meantOr(id ?? '', allRules(), '`assay list` names them all'),
      })
    if (args.is('json')) return printJson(exportRule(suite, id, rule, setsOf))
    printRule(suite, id, rule)
    return EXIT.conforms
  },
}

const allRules = (): readonly string[] => Object.values(suites).flatMap((suite) => Object.keys(suite.rules))

function printRule(suite: Suite, id: string, rule: Rule): void {
  const deviations = suite.deviations.filter((known) => known.rule === id)
  const lines = [
    `${styleText('bold', id)}  ${rule.level}, ${rule.severity}${rule.versions === undefined ? '' : `, versions ${rule.versions}`}`,
    rule.says,
    `source       ${rule.source.kind}: ${rule.source.ref}`,
    `weakness     ${rule.cwe.join(', ')}; controls ${rule.controls.join(', ')} (NIST SP 800-53 r5)`,
    `remediation  ${rule.remediation}`,
    ...deviations.map((known) => `known        ${known.id} on ${known.seenOn.join(', ')}: ${known.says}`),
    ...casesOf(suite).flatMap((row) => (row.rules.includes(id) ? [`case         ${row.id}`] : [])),
  ]
  console.log(lines.join('\n'))
}
