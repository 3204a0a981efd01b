import { join } from 'node:path'
import { Cache, defaultCacheRoot } from '../containers/cache.ts'
import { OwnServer, type Start, type StartOptions } from '../containers/own-server.ts'
import { servers } from '../containers/registry.ts'
import type { ServerDefinition } from '../containers/server.ts'
import { broken, itemsOf, serverItem, useAll, type Estate, type Provisioned, type Seed, type Site, type Used } from '../fixtures/upgrade/estate.ts'
import { estates } from '../fixtures/upgrade/registry.ts'
import { catalogueCounts } from '../reports/catalogue-counts.ts'
import { gateReport } from '../reports/gate-model.ts'
import { Journal } from '../reports/journal.ts'
import { JOURNAL_SCHEMA, type HeaderLine } from '../reports/journal-lines.ts'
import type { RunRecord } from '../reports/run-schema.ts'
import { writeReports } from '../reports/write-all.ts'
import { systemClock, type Scope } from '../src/driver.ts'
import { EXIT, HarnessError, messageOf, worstExit, type ExitCode } from '../src/errors.ts'
import type { GateItem } from '../src/gate.ts'
import type { InstanceInfo } from '../src/instance.ts'
import { randomCredential } from '../src/naming.ts'
import type { PlannedInstance } from '../src/plan.ts'
import { defaultOutRoot } from '../src/root.ts'
import { productNames } from '../src/rule.ts'
import { Vault, type Secret } from '../src/secret.ts'
import type { PlacedWaiver } from '../src/waiver.ts'
import { suites } from '../suites/registry.ts'
import { renames } from '../suites/renames.ts'
import { oneOf, type Arguments, type Command } from './command.ts'
import { exitOf, policyOf, policyOptions, writeGateReports } from './gate.ts'
import { Harness, REQUEST_TIMEOUT_MS } from './harness.ts'
import { announceInstance, runInProcess } from './in-process.ts'
import { waiversOf } from './run-request.ts'
import { toolOf } from './tool.ts'

const SAMPLE = 200

export const upgradeCommand: Command = {
  says: 'runs the older version with data, users and keys, then the newer one on the same data, and says what changed',
  positionals: '<product> <old> <new>',
  options: {
    sample: { type: 'string', value: 'N', says: `about N cases of the profile on each side (default ${SAMPLE}); 0: all of them` },
    case: { type: 'string', multiple: true, value: 'PATTERN', says: 'only these cases' },
    waivers: { type: 'string', multiple: true, value: 'FILE', says: 'deviations that you accept for a time' },
    ...policyOptions,
    rollback: { type: 'boolean', says: 'start the older version again on the data that the newer one had, and look once more' },
    seed: { type: 'string', value: 'FAULT', says: 'damage the newer side on purpose, to see that it is stopped: revoked-works, user-lost, anonymous-read' },
    out: { type: 'string', value: 'FOLDER', says: 'where the folders of runs go' },
  },
  run: upgrade,
}

async function upgrade(args: Arguments): Promise<ExitCode> {
  const request = requestOf(args)
  await using harness = await Harness.open({
    wanted: [request.from, request.to].map((version) => ({ product: request.definition.product, version })),
    runtime: 'native',
    images: {},
    cachedOnly: false,
    modelToo: false,
    selection: { profiles: [request.estate.profile], ...request.selection },
    print: (line) => console.log(line),
  })
  await using closing = new AsyncDisposableStack()
  const course = await Course.create(request, harness, closing)
  return await course.run()
}

interface UpgradeRequest {
  readonly definition: ServerDefinition
  readonly estate: Estate
  readonly from: string
  readonly to: string
  readonly selection: { readonly sample?: number; readonly cases?: readonly string[] }
  readonly waivers: readonly PlacedWaiver[]
  readonly policy: ReturnType<typeof policyOf>
  readonly seed: string | undefined
  readonly rollback: boolean
  readonly outRoot: string
}

function requestOf(args: Arguments): UpgradeRequest {
  const [name = '', from = '', to = '', ...surplus] = args.positionals
  if (to === '' || surplus.length > 0)
    throw new HarnessError('USAGE', 'assay upgrade: a product, the older and the newer version are expected', {
      hint: 'for example assay upgrade weaviate 1.35.2 1.39.0',
    })
  const product = oneOf('the product', name, productNames)
  const definition: ServerDefinition = servers[product]
  const known = definition.versions.map(({ version }) => version)
  const estate = estates[product]
  const cases = args.all('case')
  const sample = Number(args.one('sample') ?? SAMPLE)
  if (!Number.isInteger(sample) || sample < 0) throw new HarnessError('USAGE', `--sample ${args.one('sample') ?? ''}: a number of cases is expected`)
  return {
    definition,
    estate,
    from: oneOf(`${product}'s version`, from, known),
    to: oneOf(`${product}'s version`, to, known),
    selection: { ...(sample === 0 || cases.length > 0 ? {} : { sample }), ...(cases.length === 0 ? {} : { cases }) },
    waivers: waiversOf(args),
    policy: policyOf(args),
    seed: args.one('seed'),
    rollback: args.is('rollback'),
    outRoot: args.one('out') ?? defaultOutRoot(),
  }
}

/** One upgrade: two halves on one folder of data, each with a run's folder of its own, and the comparison beside them. */
class Course {
  readonly #request: UpgradeRequest
  readonly #harness: Harness
  readonly #server: OwnServer
  readonly #out: string
  readonly #scope: Scope
  readonly #secrets: Secret[] = []
  readonly #faults: string[] = []

  private constructor(request: UpgradeRequest, harness: Harness, server: OwnServer) {
    this.#request = request
    this.#harness = harness
    this.#server = server
    this.#out = join(request.outRoot, harness.runId)
    const name = 'estate'
    this.#scope = {
      name,
      stage: 'set-up',
      vault: new Vault(undefined, this.#onSecret),
      clock: systemClock,
      signal: harness.signal,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      record: () => undefined,
    }
  }

  readonly #onSecret = (secret: Secret): void => void this.#secrets.push(secret)

  static async create(request: UpgradeRequest, harness: Harness, closing: AsyncDisposableStack): Promise<Course> {
    const { definition, estate, from, to } = request
    const { signal, pki, folder, runtimes } = harness
    for (const version of [from, to]) await runtimes.native?.fetch(definition.product, version, { signal, log: (line) => console.log(line) })
    const credentials = definition.profiles[estate.profile]?.credentials(randomCredential) ?? {}
    const options = { definition, version: from, profile: estate.profile, folder: folder.instance('own-upgrade'), pki, credentials, signal }
    return new Course(request, harness, closing.use(await OwnServer.create(options)))
  }

  async run(): Promise<ExitCode> {
    const { from, to, estate, waivers, policy, definition } = this.#request
    const older = await this.#older()
    const newer = await this.#newer(older.provisioned)
    const server = serverItem(definition.product, newer.start)
    const items = [server, ...itemsOf(definition.product, older.used, newer.used)]
    const report = gateReport({ from: older.record, to: newer.record, items, renames, policy })
    console.log(`upgrade ${definition.product} ${from} → ${to} (${estate.profile}), ${items.length} things carried over, ${waivers.length} waivers`)
    await writeGateReports(this.#out, report)
    const codes = [exitOf(report), ...(this.#faults.length === 0 ? [] : [EXIT.defect])]
    if (this.#request.rollback) codes.push(await this.#rollBack(older, newer.record))
    return this.#harness.signal.aborted ? EXIT.interrupted : worstExit(codes)
  }

  async #older(): Promise<{ readonly provisioned: Provisioned; readonly used: readonly Used[]; readonly record: RunRecord }> {
    const { from, estate } = this.#request
    const half = await this.#half('old', from)
    await using journal = half.journal
    const start = await this.#start(from, half, {})
    if (start.kind !== 'ready')
      throw new HarnessError('INSTANCE_NOT_READY', `${estate.product} ${from} did not start: ${start.kind === 'ended' ? start.how : start.because}`)
    const provisioned = await estate.provision({ endpoint: start.endpoint, version: from }, this.#scope)
    console.log(`old     ${from}: ready, ${provisioned.things.length} things provisioned`)
    await this.#judge(half, from, start)
    const used = await useAll(provisioned.things, { endpoint: start.endpoint, version: from }, this.#scope)
    this.#printUsed('old', used)
    await this.#stop(half)
    return { provisioned, used, record: await this.#finish(half, journal) }
  }

  async #newer(provisioned: Provisioned): Promise<{ readonly used: readonly Used[]; readonly record: RunRecord; readonly start: Start }> {
    const { to } = this.#request
    const seed = this.#seed(provisioned)
    const half = await this.#half('new', to)
    await using journal = half.journal
    const start = await this.#start(to, half, seed)
    if (start.kind !== 'ready') {
      console.log(`new     ${to} does not start on the data of the older one`)
      return { start, used: notUsed(provisioned, `${to} did not start`), record: await this.#finish(half, journal) }
    }
    console.log(`new     ${to}: ready on the same data${seed.says === undefined ? '' : `; seeded: ${seed.says}`}`)
    const used = await this.#useAgain(provisioned, { endpoint: start.endpoint, version: to }, seed)
    this.#printUsed('new', used)
    await this.#judge(half, to, start)
    await this.#stop(half)
    return { start, used, record: await this.#finish(half, journal) }
  }

  async #useAgain(provisioned: Provisioned, site: Site, seed: Partial<Seed>): Promise<readonly Used[]> {
    try {
      await provisioned.settle?.(site, this.#scope)
    } catch (thrown) {
      // What does not come back is said of each thing, when it is used.
      console.log(`new     ${messageOf(thrown)}`)
    }
    await seed.act?.(site, this.#scope)
    return await useAll(provisioned.things, site, this.#scope)
  }

  #seed(provisioned: Provisioned): Partial<Seed> {
    const { seed } = this.#request
    if (seed === undefined) return {}
    return provisioned.seeds[oneOf('the seed', seed, Object.keys(provisioned.seeds))] ?? {}
  }

  /** The older version on what the newer one left: said apart, for not every vendor supports it. */
  async #rollBack(
    { provisioned, used, record }: { readonly provisioned: Provisioned; readonly used: readonly Used[]; readonly record: RunRecord },
    newer: RunRecord,
  ): Promise<ExitCode> {
    const { from, definition, policy } = this.#request
    const start = await this.#server.start({ version: from, change: this.#changed() })
    const again =
      start.kind === 'ready'
        ? await this.#useAgain(provisioned, { endpoint: start.endpoint, version: from }, {})
        : notUsed(provisioned, `${from} did not start again`)
    await this.#server.stop()
    const items: readonly GateItem[] = [serverItem(definition.product, start), ...itemsOf(definition.product, used, again)]
    console.log(`rollback ${definition.product} ${newer.instances[0]?.version ?? ''} → ${from}`)
    const report = gateReport({ from: record, to: record, items, renames, policy: { ...policy, failOn: 'new' } })
    await writeGateReports(join(this.#out, 'rollback'), report)
    return exitOf(report)
  }

  // A half: its folder, its journal, its planned cases

  async #half(name: 'old' | 'new', version: string): Promise<Half> {
    const planned = this.#harness.plan.instances.find((instance) => instance.version === version && instance.profile === this.#request.estate.profile)
    if (planned === undefined)
      throw new HarnessError('RUNTIME_UNAVAILABLE', `${this.#request.definition.product} ${version} cannot run natively here`, {
        hint: this.#harness.choice.notJudged[0]?.because ?? '`assay doctor` says why',
      })
    const folder = join(this.#out, name)
    const path = join(folder, 'journal.ndjson')
    const journal = Journal.create(path, this.#header(version))
    if (this.#request.waivers.length > 0) journal.append({ type: 'waivers', waivers: this.#request.waivers })
    announceInstance(planned, journal)
    return { planned, folder, path, journal }
  }

  #header(version: string): HeaderLine {
    const { definition, from, to } = this.#request
    const { runId } = this.#harness
    const selection = { wanted: [`${definition.product}=${version}`], runtime: 'native', upgrade: `${from} ${to}`, ...this.#request.selection }
    const command = ['upgrade', ...process.argv.slice(3)]
    return {
      type: 'header',
      schema: JOURNAL_SCHEMA,
      tool: toolOf(),
      runId,
      startedAt: new Date().toISOString(),
      command,
      selection,
      catalogue: catalogueCounts(suites),
    }
  }

  async #start(version: string, { journal, planned }: Half, { change }: Partial<Seed>): Promise<Start> {
    journal.append({ type: 'boot', instance: planned.id, phase: 'started', atMs: Date.now() })
    const start = await this.#server.start({ version, change: this.#changed(change) })
    if (start.kind === 'ready') {
      const artefact = await this.#request.definition.native?.locate(version, new Cache(defaultCacheRoot()))
      const info = { origin: artefact?.origin ?? 'registry', digest: artefact?.digest ?? '', ports: start.endpoint.ports } as const
      journal.append({ type: 'boot', instance: planned.id, phase: 'ready', atMs: Date.now(), info })
    } else {
      const because = start.kind === 'ended' ? `${start.how}: ${start.log.slice(-5).join(' | ')}` : start.because
      journal.append({ type: 'boot', instance: planned.id, phase: 'failed', atMs: Date.now(), because })
    }
    return start
  }

  #changed(seeded: StartOptions['change'] = (launch) => launch): NonNullable<StartOptions['change']> {
    const { change = (launch) => launch } = this.#request.estate
    return (launch, at) => seeded(change(launch, at), at)
  }

  async #judge({ planned, journal }: Half, version: string, start: Extract<Start, { kind: 'ready' }>): Promise<void> {
    const { definition, estate } = this.#request
    const { id, product, profile, runtime, evidence } = planned
    const info: InstanceInfo = { id, product, version, profile, runtime, evidence, origin: 'registry', digest: '', endpoint: start.endpoint }
    const { runId, signal } = this.#harness
    await runInProcess(suites[definition.product], info, planned.cases, { journal, runId, signal, onSecret: this.#onSecret })
    console.log(`suite   ${estate.product} ${version}: ${planned.cases.length} cases asked`)
  }

  async #stop({ planned, journal }: Half): Promise<void> {
    await this.#server.stop()
    journal.append({ type: 'boot', instance: planned.id, phase: 'stopped', atMs: Date.now() })
  }

  async #finish({ folder, path }: Half, journal: Journal): Promise<RunRecord> {
    const { aborted } = this.#harness.signal
    journal.append({ type: 'footer', finishedAt: new Date().toISOString(), complete: !aborted, interrupted: aborted })
    await journal[Symbol.asyncDispose]()
    const { record, faults } = await writeReports(folder, path, suites, { secrets: this.#secrets })
    console.log([record.headline, ...faults.map((fault) => `FAULT   ${fault}`)].join('\n'))
    this.#faults.push(...faults)
    return record
  }

  #printUsed(side: string, used: readonly Used[]): void {
    const counts = [...Map.groupBy(used, ({ state }) => state.state)].map(([state, all]) => `${all.length} ${state}`)
    console.log(`${side.padEnd(7)} ${used.length} things used: ${counts.join(', ')}`)
    for (const { thing, state } of used.filter((one) => one.state.state === 'broken')) console.log(`        ${thing.id}: ${state.says}`)
  }
}

interface Half {
  readonly planned: PlannedInstance
  readonly folder: string
  readonly path: string
  readonly journal: Journal
}

const notUsed = ({ things }: Provisioned, because: string): readonly Used[] => things.map((thing) => ({ thing, state: broken(because) }))
