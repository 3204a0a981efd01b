import { join } from 'node:path'
import type { Choice } from '../containers/choose.ts'
import { catalogueCounts } from '../reports/catalogue-counts.ts'
import { exitCodeOf } from '../reports/exit-code.ts'
import { Journal } from '../reports/journal.ts'
import { JOURNAL_SCHEMA, type HeaderLine } from '../reports/journal-lines.ts'
import type { RunRecord } from '../reports/run-schema.ts'
import { writeReports } from '../reports/write-all.ts'
import { EXIT, messageOf, worstExit, type ExitCode } from '../src/errors.ts'
import { runtimeKinds } from '../src/instance.ts'
import type { Plan, Selection } from '../src/plan.ts'
import { casesOf } from '../src/product.ts'
import { productNames, severities } from '../src/rule.ts'
import type { Secret } from '../src/secret.ts'
import { suites } from '../suites/registry.ts'
import { tierNames } from '../suites/tiers.ts'
import { ownRulesOption, type Command } from './command.ts'
import { conduct } from './conduct.ts'
import { Harness } from './harness.ts'
import { viewFor } from './live-view.ts'
import { externalRequestOf, requestOf, told, type RunRequest } from './run-request.ts'
import { toolOf } from './tool.ts'

export const runCommand: Command = {
  says: 'starts the servers that can run here, runs the suites, writes the reports',
  positionals: '',
  options: {
    rules: ownRulesOption,
    product: { type: 'string', multiple: true, value: 'NAME', says: `only these: ${productNames.join(', ')}`, values: productNames },
    version: { type: 'string', multiple: true, value: 'PRODUCT=X.Y.Z', says: 'this version in place of the default one' },
    runtime: { type: 'string', value: 'KIND', says: 'auto (default), docker, native, external, model', values: ['auto', ...runtimeKinds] },
    rule: { type: 'string', multiple: true, value: 'PATTERN', says: 'only cases of these rules; * stands for anything' },
    requirements: {
      type: 'string',
      value: 'YYYY.MM',
      says: 'only what that version of the catalogue demands: a later rule does not fail an older set',
      rare: true,
    },
    case: { type: 'string', multiple: true, value: 'PATTERN', says: 'only these cases' },
    profile: { type: 'string', multiple: true, value: 'PATTERN', says: 'only these configurations of the products' },
    tier: { type: 'string', value: 'NAME', says: 'core: each rule on each surface, once; full: all', values: tierNames },
    bail: { type: 'boolean', says: 'stop at the first case that is not as it should be' },
    'fail-on': { type: 'string', value: 'LEVEL', says: `what ends with 1: new (default), ${severities.join(', ')}`, values: ['new', ...severities] },
    waivers: { type: 'string', multiple: true, value: 'FILE', says: 'deviations that you accept for a time' },
    cached: { type: 'boolean', says: 'use only servers that are on this machine already' },
    out: { type: 'string', value: 'FOLDER', says: 'where the folders of runs go' },
    json: { type: 'boolean', says: 'run.json to standard output, the rest to stderr' },
    seed: { type: 'string', value: 'N', says: 'ask in another order; the same number, the same order', rare: true },
    sample: { type: 'string', value: 'N', says: 'about N cases of each product, and at least one for each rule', rare: true },
    image: { type: 'string', multiple: true, value: 'PRODUCT=IMAGE', says: 'this image in place of the official one', rare: true },
    plan: { type: 'string', value: 'FILE', says: 'a YAML file with products, runtime, images, rules, cases', rare: true },
    target: { type: 'string', value: 'FILE', says: 'with --runtime external: what runs already, and where its credentials are', rare: true },
    'dry-run': { type: 'boolean', says: 'with --runtime external: only say what would be done', rare: true },
    'i-own-this-system': { type: 'boolean', says: 'with --runtime external: it need not be on this machine', rare: true },
    shard: { type: 'string', value: 'I/N', says: 'the I-th of N parts of the work; `assay merge` makes them one run', rare: true },
    memory: { type: 'string', value: 'MIB', says: 'for all servers that run at a time; absent: what is free', rare: true },
    allure: { type: 'boolean', says: "write Allure's results too, for `allure generate <run>/allure-results`", rare: true },
  },
  run: async (args) => {
    if (args.one('runtime') === 'external') return (await import('./external.ts')).runExternal(externalRequestOf(args))
    return (await performRun(requestOf(args))).code
  },
}

export interface Performed {
  readonly code: ExitCode
  readonly record: RunRecord
  /** Where its reports are. */
  readonly folder: string
}

/** Plans, boots, runs, reports. */
export async function performRun(request: RunRequest): Promise<Performed> {
  using view = viewFor({ screen: request.json === true ? process.stderr : process.stdout, env: process.env, now: Date.now })
  const print = (line: string): void => view.line(line)
  await using harness = await Harness.open({ ...request, print })
  const { signal, runId } = harness
  const out = join(request.outRoot, runId)
  const journalPath = join(out, 'journal.ndjson')
  await using journal = Journal.create(journalPath, headerOf(request, runId))
  if (request.waivers.length > 0) journal.append({ type: 'waivers', waivers: request.waivers })
  announce(harness.choice, print)
  if (isPart(request.selection)) print(partText(harness.plan))
  const allure = request.allure ? { allureFolder: join(out, 'allure-results') } : {}
  const secrets: Secret[] = []
  const onSecret = (secret: Secret): void => void secrets.push(secret)
  const { whole, failure } = await conduct({ harness, journal, view, bail: request.bail === true, ...allure, onSecret }).then(
    (done) => ({ whole: done, failure: undefined }),
    (thrown: unknown) => ({ whole: false, failure: thrown }),
  )
  if (failure !== undefined && !signal.aborted) journal.append({ type: 'note', text: `harness defect: ${messageOf(failure)}` })
  journal.append({ type: 'footer', finishedAt: new Date().toISOString(), complete: whole && !signal.aborted, interrupted: signal.aborted })
  await journal[Symbol.asyncDispose]()
  const { record, summary, faults } = await writeReports(out, journalPath, suites, { secrets })
  view[Symbol.dispose]()
  print(summary)
  if (request.json === true) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`)
  if (failure !== undefined && !signal.aborted) throw failure
  const code = worstExit([exitCodeOf(record, request), ...(faults.length === 0 ? [] : [EXIT.defect]), ...(signal.aborted ? [EXIT.interrupted] : [])])
  return { code, record, folder: out }
}

const isPart = ({ sample, tier }: Selection): boolean => sample !== undefined || tier !== undefined

/** Nothing is left out in silence. */
function partText(plan: Plan): string {
  const asked = plan.instances.flatMap(({ cases, notApplicable }) => [...cases, ...notApplicable.map(({ row }) => row)])
  const products = [...new Set(plan.instances.map(({ product }) => product))]
  const rules = products.flatMap((product) => Object.keys(suites[product].rules))
  const askedRules = new Set(asked.flatMap((row) => row.rules))
  const all = [...new Map(plan.instances.map(({ product, evidence }) => [`${product} ${evidence}`, product])).values()]
  const whole = all.reduce((sum, product) => sum + casesOf(suites[product]).length, 0)
  const without = rules.filter((rule) => !askedRules.has(rule)).length
  return `plan    a part: ${asked.length} of ${whole} cases; ${without} of ${rules.length} rules have none in it; \`npm start\` asks all of them`
}

const headerOf = (request: RunRequest, runId: string): HeaderLine => ({
  type: 'header',
  schema: JOURNAL_SCHEMA,
  tool: toolOf(),
  runId,
  startedAt: new Date().toISOString(),
  command: [...request.command],
  selection: { wanted: request.wanted.map(({ product, version }) => `${product}=${version}`), runtime: request.runtime, ...told(request.selection) },
  catalogue: catalogueCounts(suites),
})

function announce({ targets, notJudged }: Choice, print: (line: string) => void): void {
  for (const { product, version, runtime } of targets)
    print(`plan    ${product} ${version}: ${runtime}${runtime === 'model' ? ' (no evidence about the product)' : ''}`)
  for (const { product, version, because } of notJudged) print(`plan    ${product} ${version}: not judged: ${because}`)
}
