import { availableParallelism } from 'node:os'
import type { BootEvent, Fleet } from '../containers/fleet.ts'
import { resultLine, type Journal } from '../reports/journal.ts'
import { plannedCaseOf, type BootLine } from '../reports/journal-lines.ts'
import type { State } from '../src/deviation.ts'
import { HarnessError } from '../src/errors.ts'
import { censusOfOperations, censusOfPorts, type Census } from '../src/census.ts'
import type { Instance, InstanceInfo } from '../src/instance.ts'
import { Lanes } from '../src/lanes.ts'
import type { PlannedInstance } from '../src/plan.ts'
import { Secret } from '../src/secret.ts'
import type { Report } from '../src/session.ts'
import type { Assignment } from '../suites/register.ts'
import { suites } from '../suites/registry.ts'
import type { RunnerOptions, SuiteRunner } from '../suites/runner.ts'
import { REQUEST_TIMEOUT_MS, type Harness } from './harness.ts'
import type { View } from './live-view.ts'

/** Cases of one instance that are under way at once. */
const CASES_AT_ONCE = 8
/** Instances that are asked at once: one worker each. One more than small machines have cores, for a suite often waits for its server. */
const LANES = Math.min(4, Math.max(3, availableParallelism()))

export interface ConductOptions {
  readonly harness: Harness
  readonly journal: Journal
  /** Where Allure's results go; absent: nowhere. */
  readonly allureFolder?: string
  readonly view: View
  /** Stop at the first case that does not come out as it should. */
  readonly bail?: boolean
  /** Told of every credential that a server of the run was made with: no report may hold one. */
  readonly onSecret: (secret: Secret) => void
}

/**
 * Boots what the plan needs and runs each instance's cases as soon as it is ready; everything goes to the journal.
 *
 * @returns whether it went to the end of the plan
 */
export async function conduct(options: ConductOptions): Promise<boolean> {
  const conductor = new Conductor(options)
  await conductor.run()
  return !conductor.hasBailed
}

/** What stops a run that is to stop at the first case that is not as it should be. */
const alarms: ReadonlySet<State> = new Set(['deviates', 'could-not-run', 'harness-defect'])

class Conductor {
  readonly #options: ConductOptions
  readonly #tallies = new Map<string, Map<string, number>>()
  /** Servers that ended by themselves: their cases say so, and they have no ports. */
  readonly #ended = new Set<string>()
  readonly #bail = new AbortController()
  /** Aborted by Ctrl-C, or by the first case that is not as it should be. */
  readonly #signal: AbortSignal

  constructor(options: ConductOptions) {
    this.#options = options
    this.#signal = AbortSignal.any([options.harness.signal, this.#bail.signal])
  }

  get hasBailed(): boolean {
    return this.#bail.signal.aborted
  }

  async run(): Promise<void> {
    const { plan } = this.#options.harness
    const signal = this.#signal
    this.#announce()
    const toBoot = plan.instances.filter((instance) => instance.cases.length > 0)
    if (toBoot.length === 0) return
    await using fleet = this.#options.harness.fleet((instance, event) => this.#tellBoot(instance, event), signal)
    // Loaded here: a command line that is refused, or a run that can start nothing, needs no Vitest.
    const { SuiteRunner } = await import('../suites/runner.ts')
    await using closing = new AsyncDisposableStack()
    const runners = await Promise.all(Array.from({ length: LANES }, () => SuiteRunner.create(this.#runnerOptions())))
    for (const runner of runners) closing.use(runner)
    const cancel = (): void => void Promise.all(runners.map((runner) => runner.cancel()))
    signal.addEventListener('abort', cancel, { once: true })
    await this.#runAsTheyBecomeReady(fleet, new Lanes(runners), toBoot)
    signal.removeEventListener('abort', cancel)
  }

  #runnerOptions(): RunnerOptions {
    return {
      instances: this.#options.harness.plan.instances,
      concurrency: CASES_AT_ONCE,
      allureFolder: this.#options.allureFolder,
      onReport: (instance, report) => this.#report(instance, report),
      onSecret: this.#options.onSecret,
      onDefect: (text) => this.#note(`harness defect: ${text}`),
    }
  }

  #announce(): void {
    const { journal, harness, view } = this.#options
    const { plan, choice } = harness
    view.plan(plan.instances)
    for (const instance of plan.instances) {
      const { id, product, version, profile, runtime, evidence } = instance
      const rows = [...instance.cases, ...instance.notApplicable.map(({ row }) => row)]
      journal.append({ type: 'plan', instance: { id, product, version, profile, runtime, evidence }, cases: rows.map(plannedCaseOf) })
      for (const { row, verdict } of instance.notApplicable) this.#skip(instance, row.id, verdict)
    }
    for (const { product, version, because, hint } of choice.notJudged) journal.append({ type: 'not-judged', product, because: `${version}: ${because}`, hint })
  }

  #skip(instance: PlannedInstance, caseId: string, verdict: Report['verdict'] & { readonly kind: 'not-applicable' }): void {
    const settled = { state: 'not-applicable', because: `${verdict.reason}: ${verdict.because}` } as const
    this.#options.journal.append(
      resultLine(instance.id, caseId, settled, { verdict, observation: undefined, exchanges: [], startedAt: new Date().toISOString(), ms: 0 }),
    )
  }

  /** Each instance's suite in the first lane that is free once it is ready, so that no suite waits for the slowest of others. */
  async #runAsTheyBecomeReady(fleet: Fleet, lanes: Lanes<SuiteRunner>, toBoot: readonly PlannedInstance[]): Promise<void> {
    await Promise.all(
      bootOrder(toBoot).map(async ({ id }) => {
        const instance = await this.#boot(fleet, id)
        if (instance !== undefined) await lanes.use((runner) => this.#runOn(runner, instance))
        await fleet.release(id)
      }),
    )
  }

  async #runOn(runner: SuiteRunner, instance: Instance): Promise<void> {
    const { info } = instance
    const { inventory } = suites[info.product]
    if (this.#signal.aborted) return
    if (inventory !== undefined) this.#count(info.id, ...(await censusOfOperations(inventory, info, this.#signal)))
    await runner.run(this.#assignment(info))
    // Now, for a server may open a port later than it answers.
    if (inventory !== undefined && !this.#signal.aborted && !this.#ended.has(info.id)) this.#count(info.id, censusOfPorts(inventory, instance))
    this.#printTally(info.id)
  }

  #count(instance: string, ...all: readonly Census[]): void {
    for (const census of all) this.#options.journal.append({ type: 'census', instance, census })
  }

  /** What does not start is done with; why, the fleet has said. */
  async #boot(fleet: Fleet, id: string): Promise<Instance | undefined> {
    try {
      return await fleet.boot(id)
    } catch {
      return undefined
    }
  }

  #assignment(instance: InstanceInfo): Assignment {
    const { runId, plan } = this.#options.harness
    const planned = plan.instances.find(({ id }) => id === instance.id)
    return {
      runId,
      instance,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      cases: planned?.cases.map((row) => row.id) ?? [],
      allure: this.#options.allureFolder !== undefined,
    }
  }

  #report(instance: string, report: Report): void {
    const { caseId, state, because, deviation, ...result } = report
    this.#options.journal.append(resultLine(instance, caseId, { state, because, ...(deviation === undefined ? {} : { deviation }) }, result))
    const tally = this.#tallies.get(instance) ?? new Map<string, number>()
    tally.set(state, (tally.get(state) ?? 0) + 1)
    this.#tallies.set(instance, tally)
    this.#options.view.judged(instance, state)
    if (this.#options.bail === true && alarms.has(state) && !this.hasBailed) this.#stopAt(caseId, state)
  }

  #stopAt(caseId: string, state: State): void {
    this.#note(`stopped at the first case that is not as it should be: ${caseId} ${state}`)
    this.#bail.abort(new HarnessError('INTERRUPTED', 'the run was stopped at the first case that is not as it should be'))
  }

  #printTally(id: string): void {
    const tally = [...(this.#tallies.get(id) ?? [])].map(([state, count]) => `${count} ${state}`).join(', ')
    this.#options.view.line(`suite   ${id}: ${tally === '' ? 'no case was judged' : tally}`)
  }

  #tellBoot(instance: PlannedInstance, event: BootEvent): void {
    const { journal, view } = this.#options
    if (event.kind === 'died') this.#ended.add(instance.id)
    view.boot(instance.id, event.kind)
    const because = 'because' in event ? { because: event.because } : {}
    const info = event.kind === 'ready' ? { info: bootInfo(event.info) } : {}
    journal.append({ type: 'boot', instance: instance.id, phase: event.kind, atMs: Date.now(), ...because, ...info })
    if (event.kind === 'ready')
      for (const [name, value] of Object.entries(event.info.endpoint.credentials)) this.#options.onSecret(new Secret(value, `${name} of ${instance.id}`))
    const line = progressOf(event)
    if (line !== undefined && !this.hasBailed) view.line(`boot    ${instance.id} (${instance.runtime}) ${line}`)
  }

  #note(text: string): void {
    this.#options.journal.append({ type: 'note', text })
    this.#options.view.line(text)
  }
}

const bootInfo = ({ origin, digest, endpoint, configuration }: InstanceInfo): NonNullable<BootLine['info']> => ({
  origin,
  digest,
  ports: endpoint.ports,
  ...(configuration === undefined ? {} : { configuration }),
})

function progressOf(event: BootEvent): string | undefined {
  switch (event.kind) {
    case 'started':
    case 'stopped':
      return undefined
    case 'ready':
      return `ready in ${(event.ms / 1000).toFixed(1)} s`
    case 'failed':
      return `could not run: ${event.because}${event.hint === undefined ? '' : `\n        ${event.hint}`}`
    case 'died':
      return `died: ${event.because}`
  }
}

/** What others need and takes longest to start goes first, then who has the most cases; the rest fills the gaps. */
function bootOrder(instances: readonly PlannedInstance[]): readonly PlannedInstance[] {
  const needed = new Set(instances.flatMap((instance) => Object.values(instance.needs)))
  const rank = (instance: PlannedInstance): number => (needed.has(instance.id) ? 0 : Object.keys(instance.needs).length > 0 ? 1 : 2)
  return [...instances].sort((a, b) => rank(a) - rank(b) || b.cases.length - a.cases.length)
}
