import { join } from 'node:path'
import type { Choice } from '../containers/choose.ts'
import { catalogueCounts } from '../reports/catalogue-counts.ts'
import { exitCodeOf } from '../reports/exit-code.ts'
import { Journal } from '../reports/journal.ts'
import { JOURNAL_SCHEMA, type HeaderLine } from '../reports/journal-lines.ts'
import type { RunRecord } from '../reports/run-schema.ts'
import { writeReports } from '../reports/write-all.ts'
import { EXIT, messageOf, worstExit, type ExitCode } from '../src/errors.ts'
import type { Plan } from '../src/plan.ts'
import { casesOf } from '../src/product.ts'
import { productNames, severities } from '../src/rule.ts'
import type { Secret } from '../src/secret.ts'
import { suites } from '../suites/registry.ts'
import type { Command } from './command.ts'
import { conduct } from './conduct.ts'
import { Harness } from './harness.ts'
import { externalRequestOf, requestOf, type RunRequest } from './run-request.ts'
import { toolOf } from './tool.ts'

export const runCommand: Command = {
  says: 'starts the servers that this machine can run, runs the suites, writes the reports',
  positionals: '',
  options: {
    product: { type: 'string', multiple: true, value: 'NAME', says: `only these: ${productNames.join(', ')}` },
    version: { type: 'string', multiple: true, value: 'PRODUCT=X.Y.Z', says: 'this version in place of the default one; several for several' },
    runtime: { type: 'string', value: 'KIND', says: 'auto (default), docker, native, external, model' },
    image: { type: 'string', multiple: true, value: 'PRODUCT=IMAGE', says: 'this image in place of the official one' },
    rule: { type: 'string', multiple: true, value: 'PATTERN', says: 'only cases of these rules; * stands for anything' },
    case: { type: 'string', multiple: true, value: 'PATTERN', says: 'only these cases' },
    profile: { type: 'string', multiple: true, value: 'PATTERN', says: 'only these configurations of the products' },
    sample: { type: 'string', value: 'N', says: 'about N cases of each product, and at least one for each rule' },
    plan: { type: 'string', value: 'FILE', says: 'a YAML file with products, runtime, images, rules, cases' },
    target: { type: 'string', value: 'FILE', says: 'with --runtime external: the systems that run already, and where their credentials are' },
    'dry-run': { type: 'boolean', says: 'with --runtime external: only say what would be done' },
    'i-own-this-system': { type: 'boolean', says: 'with --runtime external: a target that is not on this machine may be tested' },
    'fail-on': { type: 'string', value: 'LEVEL', says: `which deviations end with 1: new (default), ${severities.join(', ')}` },
    waivers: { type: 'string', multiple: true, value: 'FILE', says: 'deviations that you accept for a time; `assay waive` writes one' },
    shard: { type: 'string', value: 'I/N', says: 'the I-th of N parts of the work; `assay merge` makes them one run again' },
    memory: { type: 'string', value: 'MIB', says: 'for all servers that run at a time; absent: what is free' },
    allure: { type: 'boolean', says: "write Allure's results too, for `allure generate <run>/allure-results`" },
    cached: { type: 'boolean', says: 'use only servers that are on this machine already' },
    out: { type: 'string', value: 'FOLDER', says: 'where the folders of runs go' },
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
  const print = (line: string): void => console.log(line)
  await using harness = await Harness.open({ ...request, print })
  const { signal, runId } = harness
  const out = join(request.outRoot, runId)
  const journalPath = join(out, 'journal.ndjson')
  await using journal = Journal.create(journalPath, headerOf(request, runId))
  if (request.waivers.length > 0) journal.append({ type: 'waivers', waivers: request.waivers })
  announce(harness.choice, print)
  if (request.selection.sample !== undefined) print(sampleText(harness.plan))
  const allure = request.allure ? { allureFolder: join(out, 'allure-results') } : {}
  const secrets: Secret[] = []
  const failure: unknown = await conduct({ harness, journal, print, ...allure, onSecret: (secret) => void secrets.push(secret) }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (failure !== undefined && !signal.aborted) journal.append({ type: 'note', text: `harness defect: ${messageOf(failure)}` })
  journal.append({ type: 'footer', finishedAt: new Date().toISOString(), complete: !signal.aborted && failure === undefined, interrupted: signal.aborted })
  await journal[Symbol.asyncDispose]()
  const { record, summary, faults } = await writeReports(out, journalPath, suites, { secrets })
  print(summary)
  if (failure !== undefined && !signal.aborted) throw failure
  const code = worstExit([exitCodeOf(record, request), ...(faults.length === 0 ? [] : [EXIT.defect]), ...(signal.aborted ? [EXIT.interrupted] : [])])
  return { code, record, folder: out }
}

/** Nothing is left out in silence. */
function sampleText(plan: Plan): string {
  const asked = plan.instances.reduce((sum, { cases, notApplicable }) => sum + cases.length + notApplicable.length, 0)
  const products = [...new Map(plan.instances.map(({ product, evidence }) => [`${product} ${evidence}`, product])).values()]
  const all = products.reduce((sum, product) => sum + casesOf(suites[product]).length, 0)
  return `plan    a sample of ${asked} of ${all} cases; \`npm start\` asks all of them`
}

const headerOf = (request: RunRequest, runId: string): HeaderLine => ({
  type: 'header',
  schema: JOURNAL_SCHEMA,
  tool: toolOf(),
  runId,
  startedAt: new Date().toISOString(),
  command: [...request.command],
  selection: { wanted: request.wanted.map(({ product, version }) => `${product}=${version}`), runtime: request.runtime, ...request.selection },
  catalogue: catalogueCounts(suites),
})

function announce({ targets, notJudged }: Choice, print: (line: string) => void): void {
  for (const { product, version, runtime } of targets)
    print(`plan    ${product} ${version}: ${runtime}${runtime === 'model' ? ' (no evidence about the product)' : ''}`)
  for (const { product, version, because } of notJudged) print(`plan    ${product} ${version}: not judged: ${because}`)
}
