import { join } from 'node:path'
import { servers } from '../containers/registry.ts'
import { RunFolder } from '../containers/run-folder.ts'
import { externalEndpoint, externalInstance } from '../containers/runtimes/external.ts'
import { leftBehind, keyOf, textOf, type Belonging } from '../fixtures/external/belongings.ts'
import { isRead } from '../fixtures/external/reads.ts'
import { inventories } from '../fixtures/external/registry.ts'
import { makePki } from '../fixtures/pki/make-pki.ts'
import { catalogueCounts } from '../reports/catalogue-counts.ts'
import { exitCodeOf } from '../reports/exit-code.ts'
import { Journal } from '../reports/journal.ts'
import { JOURNAL_SCHEMA, type HeaderLine } from '../reports/journal-lines.ts'
import { writeReports } from '../reports/write-all.ts'
import { systemClock, type Scope } from '../src/driver.ts'
import { EXIT, HarnessError, messageOf, worstExit, type ExitCode } from '../src/errors.ts'
import type { Endpoint, InstanceInfo, Pki } from '../src/instance.ts'
import { newRunId } from '../src/naming.ts'
import { makePlan, type PlannedInstance, type Selection } from '../src/plan.ts'
import { rehearse } from '../src/rehearsal.ts'
import type { ProductName } from '../src/rule.ts'
import { atLevel } from '../src/safety.ts'
import { Vault, type Secret } from '../src/secret.ts'
import type { PlacedWaiver } from '../src/waiver.ts'
import { guardDepartures, limitPace, type Departure } from '../src/wire/pace.ts'
import { suites } from '../suites/registry.ts'
import { REQUEST_TIMEOUT_MS } from './harness.ts'
import { announceInstance, runInProcess } from './in-process.ts'
import { interruptSignal } from './interrupt.ts'
import { told } from './run-request.ts'
import { refuseForeign, type ExternalTarget } from './target-file.ts'
import { toolOf } from './tool.ts'

/** The longest that tidying up may take, also after Ctrl-C. */
const TIDY_WITHIN_MS = 120_000

export interface ExternalRequest {
  readonly targets: readonly ExternalTarget[]
  readonly selection: Selection
  readonly waivers: readonly PlacedWaiver[]
  readonly failOn: Parameters<typeof exitCodeOf>[1]['failOn']
  readonly isOwn: boolean
  readonly dryRun: boolean
  readonly outRoot: string
  readonly command: readonly string[]
}

/** What is asked of a system that runs already: its configuration's cases, as far as its level allows. */
interface Planned {
  readonly target: ExternalTarget
  readonly endpoint: Endpoint
  readonly instance: PlannedInstance
}

/** Runs cases against systems that somebody else started, or (`dryRun`) says what that would be. */
export async function runExternal(request: ExternalRequest): Promise<ExitCode> {
  const runId = newRunId(Date.now())
  using folder = new RunFolder(runId)
  const pki = await makePki(folder.instance('pki'), [])
  const planned: Planned[] = []
  for (const target of request.targets) planned.push(await planFor(target, request.selection, pki))
  for (const one of planned) preview(one, request.dryRun)
  if (request.dryRun) return EXIT.conforms
  refuseForeign(request.targets, request.isOwn)
  const signal = interruptSignal((line) => console.log(line))
  const out = join(request.outRoot, runId)
  const path = join(out, 'journal.ndjson')
  await using journal = Journal.create(path, headerOf(request, runId))
  if (request.waivers.length > 0) journal.append({ type: 'waivers', waivers: request.waivers })
  const secrets: Secret[] = []
  const course: Course = { journal, runId, signal, onSecret: (secret) => void secrets.push(secret) }
  const tidy: boolean[] = []
  for (const one of planned) tidy.push(await runOne(one, course))
  journal.append({ type: 'footer', finishedAt: new Date().toISOString(), complete: !signal.aborted, interrupted: signal.aborted })
  await journal[Symbol.asyncDispose]()
  const { record, summary, faults } = await writeReports(out, path, suites, { secrets })
  console.log(summary)
  const code = exitCodeOf(record, { failOn: request.failOn, named: request.targets.map(({ product }) => product) })
  return worstExit([
    code,
    ...(tidy.every(Boolean) ? [] : [EXIT.incomplete]),
    ...(faults.length === 0 ? [] : [EXIT.defect]),
    ...(signal.aborted ? [EXIT.interrupted] : []),
  ])
}

async function planFor(target: ExternalTarget, selection: Selection, pki: Pki): Promise<Planned> {
  const { product, version, profile, level } = target
  if (!(profile in servers[product].profiles)) {
    throw new HarnessError('UNKNOWN_NAME', `${product} has no profile ${profile}`, { hint: `known: ${Object.keys(servers[product].profiles).join(', ')}` })
  }
  const [instance] = makePlan({
    suites,
    needs: {},
    targets: [{ product, version, runtime: 'external' }],
    support: [],
    selection: { ...selection, profiles: [profile] },
  }).instances
  if (instance === undefined) throw new HarnessError('USAGE', `nothing was chosen of ${product} in profile ${profile}`)
  const endpoint = externalEndpoint(servers[product], instance, target, pki)
  const info: InstanceInfo = { ...instance, origin: 'user', digest: 'unknown', endpoint }
  const rehearsed = level === 'observe' ? await rehearse(suites[product], info, instance, (departure) => isRead(product, departure)) : []
  return { target, endpoint, instance: atLevel(level, instance, rehearsed) }
}

/** What will be done, without a single request; `inFull`: what each kind of caller will ask for. */
function preview({ target, instance }: Planned, inFull: boolean): void {
  const { product, version, host, address, ports, level, rate, sources } = target
  const principals = new Set(instance.cases.map(({ principal }) => principal))
  const operations = new Set(instance.cases.map(({ operation }) => operation))
  const leftOut = Map.groupBy(instance.notApplicable, ({ verdict }) => `${verdict.reason}: ${verdict.because}`)
  const lines = [
    `target  ${product} ${version} at ${host} (${address}), ports ${Object.entries(ports)
      .map(([name, port]) => `${name} ${port}`)
      .join(', ')}`,
    `        profile ${instance.profile}, level ${level}, at most ${rate} requests a second`,
    `        ${instance.cases.length} cases: ${operations.size} operations, ${principals.size} kinds of caller`,
    ...(level === 'observe' ? [] : ['        makes users, roles and collections of its own, named after the run, and removes them at the end']),
    ...Object.entries(sources).map(([name, from]) => `        ${name} from ${from}`),
    ...[...leftOut].map(([because, rows]) => `        leaves out ${rows.length}: ${because}`),
    ...(inFull ? asked(instance) : []),
  ]
  console.log(lines.join('\n'))
}

const asked = ({ cases }: PlannedInstance): readonly string[] =>
  [...Map.groupBy(cases, ({ operation, surface }) => `${surface} ${operation}`)].map(
    ([what, rows]) => `        asks ${what} as ${[...new Set(rows.map(({ principal }) => principal))].join(', ')}`,
  )

interface Course {
  readonly journal: Journal
  readonly runId: string
  readonly signal: AbortSignal
  /** Of what the user gave, and of what the cases made: none of it may be in any report. */
  readonly onSecret: (secret: Secret) => void
}

/** @returns whether the system is left as it was found */
async function runOne({ target, instance, endpoint }: Planned, course: Course): Promise<boolean> {
  const { journal, signal, onSecret } = course
  announceInstance(instance, journal)
  if (instance.cases.length === 0) return true
  const vault = new Vault(undefined, onSecret)
  for (const [name, value] of Object.entries(target.credentials)) vault.secret(value, name)
  using _pace = limitPace(endpoint.address, target.rate)
  journal.append({ type: 'boot', instance: instance.id, phase: 'started', atMs: Date.now() })
  const ready = await externalInstance(servers[target.product], instance, endpoint, signal).catch((thrown: unknown) => messageOf(thrown))
  if (typeof ready === 'string') {
    console.log(ready)
    journal.append({ type: 'boot', instance: instance.id, phase: 'failed', atMs: Date.now(), because: ready })
    return true
  }
  const { origin, digest } = ready
  journal.append({ type: 'boot', instance: instance.id, phase: 'ready', atMs: Date.now(), info: { origin, digest, ports: { ...endpoint.ports } } })
  return await judgeAndTidy(target, ready, instance, course)
}

async function judgeAndTidy(target: ExternalTarget, info: InstanceInfo, instance: PlannedInstance, options: Course): Promise<boolean> {
  const before = await belongingsOf(target, info.endpoint, options.signal)
  try {
    await judgeAtLevel(target, info, instance, options)
  } finally {
    // Also after Ctrl-C: what was made is removed, within a time of its own.
    await tidyUp(target, info.endpoint, before)
  }
  const after = await belongingsOf(target, info.endpoint, AbortSignal.timeout(TIDY_WITHIN_MS))
  const isSame = textOf(before) === textOf(after)
  console.log(isSame ? `tidy    ${target.product}: its ${before.length} users, roles, collections and aliases are as they were` : differenceText(before, after))
  return isSame
}

/** What only looks is held to it: of a case that would send more, nothing is sent, and it could not run. */
async function judgeAtLevel({ product, level }: ExternalTarget, info: InstanceInfo, { cases }: PlannedInstance, options: Course): Promise<void> {
  const observing = level === 'observe'
  using _guard = observing ? guardDepartures(info.endpoint.address, (departure) => admitRead(product, departure)) : undefined
  await runInProcess(suites[product], info, cases, { ...options, observing })
}

function admitRead(product: ProductName, departure: Departure): void {
  if (!isRead(product, departure)) throw new HarnessError('SET_UP_FAILED', `${departure} may change something: it was not sent`)
}

function differenceText(before: readonly Belonging[], after: readonly Belonging[]): string {
  const known = new Set(before.map(keyOf))
  const now = new Set(after.map(keyOf))
  const lines = [
    ...after
      .map(keyOf)
      .filter((key) => !known.has(key))
      .map((key) => `left: ${key}`),
    ...[...known].filter((key) => !now.has(key)).map((key) => `gone: ${key}`),
  ]
  return `tidy    NOT as it was found:\n${lines.map((line) => `        ${line}`).join('\n')}`
}

const scopeWith = (signal: AbortSignal): Scope => ({
  name: 'tidy',
  stage: 'clean-up',
  vault: new Vault(),
  clock: systemClock,
  signal,
  requestTimeoutMs: REQUEST_TIMEOUT_MS,
  record: () => undefined,
})

async function belongingsOf({ product, version }: ExternalTarget, endpoint: Endpoint, signal: AbortSignal): Promise<readonly Belonging[]> {
  return await inventories[product].list(endpoint, version, scopeWith(signal))
}

/** Each by itself: what cannot be removed is named, and keeps nothing else from being removed. */
async function tidyUp({ product, version }: ExternalTarget, endpoint: Endpoint, before: readonly Belonging[]): Promise<void> {
  const inventory = inventories[product]
  const scope = scopeWith(AbortSignal.timeout(TIDY_WITHIN_MS))
  for (const one of leftBehind(before, await inventory.list(endpoint, version, scope))) {
    await inventory.remove(one, endpoint, version, scope).catch((thrown: unknown) => console.log(`tidy    ${keyOf(one)}: ${messageOf(thrown)}`))
  }
}

/**
 * Finds what killed runs left on the targets, by their names; removes it where the user says so.
 *
 * @returns 0 where nothing is left
 */
export async function cleanTargets(targets: readonly ExternalTarget[], options: { readonly isOwn: boolean; readonly remove: boolean }): Promise<ExitCode> {
  refuseForeign(targets, options.isOwn)
  using folder = new RunFolder(newRunId(Date.now()))
  const pki = await makePki(folder.instance('pki'), [])
  const codes: ExitCode[] = []
  for (const target of targets) {
    const { endpoint } = await planFor({ ...target, level: 'full' }, {}, pki)
    if (options.remove) await tidyUp(target, endpoint, [])
    const left = leftBehind([], await belongingsOf(target, endpoint, AbortSignal.timeout(TIDY_WITHIN_MS)))
    console.log(
      left.length === 0
        ? `${target.product} at ${target.host}: nothing of ours`
        : `${target.product} at ${target.host}:\n${left.map((one) => `  ${keyOf(one)}`).join('\n')}`,
    )
    codes.push(left.length === 0 ? EXIT.conforms : EXIT.incomplete)
  }
  return worstExit(codes)
}

const headerOf = ({ targets, selection, command }: ExternalRequest, runId: string): HeaderLine => ({
  type: 'header',
  schema: JOURNAL_SCHEMA,
  tool: toolOf(),
  runId,
  startedAt: new Date().toISOString(),
  command: [...command],
  selection: {
    wanted: targets.map(({ product, version }) => `${product}=${version}`),
    runtime: 'external',
    levels: targets.map(({ level }) => level),
    ...told(selection),
  },
  catalogue: catalogueCounts(suites),
})
