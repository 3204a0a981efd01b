import { availableParallelism } from 'node:os'
import { chooseTargets, type Choice, type ChooseOptions } from '../containers/choose.ts'
import { Fleet, type BootEvent } from '../containers/fleet.ts'
import { needsOf, servers } from '../containers/registry.ts'
import { RunFolder, sweepDeadRuns } from '../containers/run-folder.ts'
import { makeRuntimes } from '../containers/runtimes/all.ts'
import { makePki } from '../fixtures/pki/make-pki.ts'
import type { Pki, Runtime, RuntimeKind } from '../src/instance.ts'
import { newRunId } from '../src/naming.ts'
import { makePlan, type Plan, type PlannedInstance, type Selection } from '../src/plan.ts'
import { productNames, type ProductName } from '../src/rule.ts'
import { suites } from '../suites/registry.ts'
import { interruptSignal } from './interrupt.ts'

/** Longest wait for one answer of a server. */
export const REQUEST_TIMEOUT_MS = 10_000

export interface HarnessRequest extends Pick<ChooseOptions, 'wanted' | 'runtime' | 'cachedOnly' | 'modelToo'> {
  readonly images: Readonly<Partial<Record<ProductName, string>>>
  readonly selection: Selection
  /** For all servers that run at a time; absent: what this machine has free. */
  readonly memoryMiB?: number
  readonly print: (line: string) => void
}

/** What every command that starts servers opens first and closes last: the runtimes, the plan, the run's folder and certificates. */
export class Harness implements AsyncDisposable {
  readonly runId: string
  readonly choice: Choice
  readonly plan: Plan
  readonly folder: RunFolder
  readonly pki: Pki
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  readonly runtimes: Readonly<Partial<Record<RuntimeKind, Runtime>>>
  readonly #memoryMiB: number | undefined
  readonly #print: (line: string) => void
  readonly #closing: AsyncDisposableStack

  private constructor(
    parts: Pick<Harness, 'runId' | 'choice' | 'plan' | 'folder' | 'pki' | 'signal' | 'runtimes'>,
    { print, memoryMiB }: Pick<HarnessRequest, 'print' | 'memoryMiB'>,
    closing: AsyncDisposableStack,
  ) {
    this.runId = parts.runId
    this.choice = parts.choice
    this.plan = parts.plan
    this.folder = parts.folder
    this.pki = parts.pki
    this.signal = parts.signal
    this.runtimes = parts.runtimes
    this.#print = print
    this.#memoryMiB = memoryMiB
    this.#closing = closing
  }

  /** Cleans up after runs that were killed, then chooses and plans. Nothing is booted yet. */
  static async open(request: HarnessRequest): Promise<Harness> {
    const { print, selection } = request
    const signal = interruptSignal(print)
    for (const line of await sweepDeadRuns()) print(line)
    const runId = newRunId(Date.now())
    await using closing = new AsyncDisposableStack()
    const runtimes = await makeRuntimes({ kind: request.runtime, servers, runId, images: request.images })
    for (const runtime of Object.values(runtimes)) closing.use(runtime)
    const choice = await chooseTargets({ ...request, servers, runtimes })
    const plan = makePlan({ suites, needs: needsOf(servers), ...choice, selection })
    const folder = closing.use(new RunFolder(runId))
    const pki = await makePki(
      folder.instance('pki'),
      productNames.map((name) => `${name}.assay.test`),
    )
    return new Harness({ runId, choice, plan, folder, pki, signal, runtimes }, request, closing.move())
  }

  /** The plan's servers, each booted when it is asked for. */
  fleet(onBoot: (instance: PlannedInstance, event: BootEvent) => void, signal = this.signal): Fleet {
    const { plan, runtimes, folder, pki } = this
    const memory = this.#memoryMiB === undefined ? {} : { memoryMiB: this.#memoryMiB }
    return new Fleet({ ...memory, plan, servers, runtimes, folder, pki, signal, boots: availableParallelism(), log: this.#print, onBoot })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closing[Symbol.asyncDispose]()
  }
}
