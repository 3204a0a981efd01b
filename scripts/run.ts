import { join } from 'node:path'
import { chooseTargets, defaultVersion, type Choice } from '../containers/choose.ts'
import { needsOf, servers } from '../containers/registry.ts'
import { RunFolder, sweepDeadRuns } from '../containers/run-folder.ts'
import { makeRuntimes } from '../containers/runtimes/all.ts'
import { makePki } from '../fixtures/pki/make-pki.ts'
import { catalogueCounts } from '../reports/catalogue-counts.ts'
import { exitCodeOf, type ExitOptions } from '../reports/exit-code.ts'
import { Journal } from '../reports/journal.ts'
import { JOURNAL_SCHEMA, type HeaderLine } from '../reports/journal-lines.ts'
import type { RunRecord } from '../reports/run-schema.ts'
import { writeReports } from '../reports/write-all.ts'
import { EXIT, HarnessError, messageOf, type ExitCode } from '../src/errors.ts'
import { runtimeKinds, type RuntimeKind } from '../src/instance.ts'
import { newRunId } from '../src/naming.ts'
import { matchesPattern } from '../src/deviation.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { makePlan, type Plan, type Selection } from '../src/plan.ts'
import { defaultOutRoot } from '../src/root.ts'
import { productNames, severities, type ProductName } from '../src/rule.ts'
import { suites } from '../suites/registry.ts'
import { oneOf, pairOf, type Arguments, type Command } from './command.ts'
import { conduct } from './conduct.ts'
import { interruptSignal } from './interrupt.ts'
import { readPlanFile, type PlanFile } from './plan-file.ts'
import { toolOf } from './tool.ts'

const REQUEST_TIMEOUT_MS = 10_000

/** What a run is to do, as the user said it. */
export interface RunRequest {
  readonly wanted: readonly { readonly product: ProductName; readonly version: string }[]
  /** Products that the user named: not to judge them is a failure. */
  readonly named: readonly ProductName[]
  readonly runtime: RuntimeKind | 'auto'
  readonly images: Readonly<Partial<Record<ProductName, string>>>
  readonly selection: Selection
  readonly failOn: ExitOptions['failOn']
  readonly outRoot: string
  readonly cachedOnly: boolean
  readonly modelToo: boolean
  readonly allure: boolean
  /** For the journal's header. */
  readonly command: readonly string[]
}

export const runCommand: Command = {
  says: 'starts the servers that this machine can run, runs the suites, writes the reports',
  positionals: '',
  options: {
    product: { type: 'string', multiple: true, value: 'NAME', says: `only these: ${productNames.join(', ')}` },
    version: { type: 'string', multiple: true, value: 'PRODUCT=X.Y.Z', says: 'this version in place of the default one; several for several' },
    runtime: { type: 'string', value: 'KIND', says: 'auto (default), docker, native, model' },
    image: { type: 'string', multiple: true, value: 'PRODUCT=IMAGE', says: 'this image in place of the official one' },
    rule: { type: 'string', multiple: true, value: 'PATTERN', says: 'only cases of these rules; * stands for anything' },
    case: { type: 'string', multiple: true, value: 'PATTERN', says: 'only these cases' },
    profile: { type: 'string', multiple: true, value: 'PATTERN', says: 'only these configurations of the products' },
    sample: { type: 'string', value: 'N', says: 'about N cases of each product, and at least one for each rule' },
    plan: { type: 'string', value: 'FILE', says: 'a YAML file with products, runtime, images, rules, cases' },
    'fail-on': { type: 'string', value: 'LEVEL', says: `which deviations end with 1: new (default), ${severities.join(', ')}` },
    allure: { type: 'boolean', says: "write Allure's results too, for `allure generate <run>/allure-results`" },
    cached: { type: 'boolean', says: 'use only servers that are on this machine already' },
    out: { type: 'string', value: 'FOLDER', says: 'where the folders of runs go' },
  },
  run: async (args) => (await performRun(requestOf(args))).code,
}

/** @throws HarnessError `USAGE`, `UNKNOWN_NAME` or `CONFIG_INVALID`: nothing was started */
function requestOf(args: Arguments): RunRequest {
  const file = args.one('plan')
  const plan = file === undefined ? {} : readPlanFile(file)
  const named = [
    ...new Set([...args.all('product').map((name) => oneOf('the product', name, productNames)), ...(Object.keys(plan.products ?? {}) as ProductName[])]),
  ]
  const versions = [
    ...args.all('version').map((given) => pairOf('version', given)),
    ...Object.entries(plan.products ?? {}).flatMap(([product, list]) => list.map((version) => [product, version] as const)),
  ]
  const runtime = oneOf('the runtime', args.one('runtime') ?? plan.runtime ?? 'auto', ['auto', ...runtimeKinds])
  if (runtime === 'external') throw new HarnessError('USAGE', 'the external runtime is not there yet', { hint: 'known: auto, docker, native, model' })
  const selection = selectionOf(args, plan)
  return {
    wanted: wantedVersions(named, versions),
    named,
    runtime,
    images: { ...plan.images, ...imagesOf(args.all('image')) },
    selection: { ...selection, ...sampleOf(args.one('sample')) },
    failOn: oneOf('the level', args.one('fail-on') ?? 'new', ['new', ...severities]),
    outRoot: args.one('out') ?? defaultOutRoot(),
    cachedOnly: args.is('cached'),
    modelToo: false,
    allure: args.is('allure'),
    command: ['run', ...process.argv.slice(3)],
  }
}

function sampleOf(given: string | undefined): Pick<Selection, 'sample'> {
  if (given === undefined) return {}
  if (/^[1-9]\d{0,5}$/.test(given)) return { sample: Number(given) }
  throw new HarnessError('USAGE', `--sample ${given}: a number of cases is expected`, { hint: 'for example --sample 300' })
}

/** Every pattern must name something: a misspelt rule is no run of nothing. */
function selectionOf(args: Arguments, plan: PlanFile): Selection {
  const every: readonly Suite[] = Object.values(suites)
  const rows = every.flatMap(casesOf)
  const rules = checked(
    'rule',
    [...args.all('rule'), ...(plan.rules ?? [])],
    every.flatMap((suite) => Object.keys(suite.rules)),
  )
  const cases = checked(
    'case',
    [...args.all('case'), ...(plan.cases ?? [])],
    rows.map((row) => row.id),
  )
  const profiles = checked('profile', args.all('profile'), [...new Set(rows.map((row) => row.profile))])
  return { ...(rules.length === 0 ? {} : { rules }), ...(cases.length === 0 ? {} : { cases }), ...(profiles.length === 0 ? {} : { profiles }) }
}

function checked(what: 'rule' | 'case' | 'profile', patterns: readonly string[], known: readonly string[]): readonly string[] {
  const lost = patterns.find((pattern) => !known.some((name) => matchesPattern(pattern, name)))
  if (lost === undefined) return patterns
  const hint = what === 'profile' ? `known: ${known.join(', ')}` : `\`assay list${what === 'case' ? ' --cases' : ''}\` names them all`
  throw new HarnessError('UNKNOWN_NAME', `no ${what} is called ${JSON.stringify(lost)}`, { hint })
}

function wantedVersions(named: readonly ProductName[], versions: readonly (readonly [string, string])[]): RunRequest['wanted'] {
  const asked = versions.map(([product, version]) => knownVersion(oneOf('the product', product, productNames), version))
  const products =
    named.length > 0
      ? [...new Set([...named, ...asked.map(({ product }) => product)])]
      : asked.length > 0
        ? [...new Set(asked.map(({ product }) => product))]
        : productNames
  return products.flatMap((product) => {
    const own = asked.filter((one) => one.product === product)
    return own.length > 0 ? own : [{ product, version: defaultVersion(servers[product]) }]
  })
}

function knownVersion(product: ProductName, version: string): RunRequest['wanted'][number] {
  oneOf(
    `${product}'s version`,
    version,
    servers[product].versions.map((entry) => entry.version),
  )
  return { product, version }
}

const imagesOf = (given: readonly string[]): RunRequest['images'] =>
  Object.fromEntries(given.map((pair) => pairOf('image', pair)).map(([product, image]) => [oneOf('the product', product, productNames), image]))

export interface Performed {
  readonly code: ExitCode
  readonly record: RunRecord
}

/** Plans, boots, runs, reports. */
export async function performRun(request: RunRequest): Promise<Performed> {
  const print = (line: string): void => console.log(line)
  const signal = interruptSignal(print)
  for (const line of await sweepDeadRuns()) print(line)
  const runId = newRunId(Date.now())
  const runtimes = await makeRuntimes({ kind: request.runtime, servers, runId, images: request.images })
  await using closing = new AsyncDisposableStack()
  for (const runtime of Object.values(runtimes)) closing.use(runtime)
  const choice = await chooseTargets({ ...request, servers, runtimes })
  const out = join(request.outRoot, runId)
  const journalPath = join(out, 'journal.ndjson')
  await using journal = Journal.create(journalPath, headerOf(request, runId))
  using folder = new RunFolder(runId)
  const pki = await makePki(
    folder.instance('pki'),
    productNames.map((name) => `${name}.assay.test`),
  )
  announce(choice, print)
  const plan = makePlan({ suites, needs: needsOf(servers), ...choice, selection: request.selection })
  if (request.selection.sample !== undefined) print(sampleText(plan))
  const failure = await conduct({
    runId,
    plan,
    notJudged: choice.notJudged,
    servers,
    runtimes,
    folder,
    pki,
    journal,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    signal,
    print,
    ...(request.allure ? { allureFolder: join(out, 'allure-results') } : {}),
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (failure !== undefined && !signal.aborted) journal.append({ type: 'note', text: `harness defect: ${messageOf(failure)}` })
  journal.append({ type: 'footer', finishedAt: new Date().toISOString(), complete: !signal.aborted && failure === undefined, interrupted: signal.aborted })
  await journal[Symbol.asyncDispose]()
  const { record, summary } = await writeReports(out, journalPath, suites)
  print(summary)
  if (failure !== undefined && !signal.aborted) throw failure
  return { code: signal.aborted ? EXIT.interrupted : exitCodeOf(record, request), record }
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
