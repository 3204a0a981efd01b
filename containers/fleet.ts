import { freemem } from 'node:os'
import { HarnessError, messageOf } from '../src/errors.ts'
import type { Instance, InstanceInfo, Pki, Runtime, RuntimeKind } from '../src/instance.ts'
import { randomCredential } from '../src/naming.ts'
import type { Plan, PlannedInstance } from '../src/plan.ts'
import type { ProductName } from '../src/rule.ts'
import type { RunFolder } from './run-folder.ts'
import type { ServerDefinition } from './server.ts'

const MEMORY_SHARE = 0.8
const MIB = 1024 * 1024

export type BootEvent =
  | { readonly kind: 'started' }
  | { readonly kind: 'ready'; readonly info: InstanceInfo; readonly ms: number }
  | { readonly kind: 'failed'; readonly because: string; readonly hint?: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'died'; readonly because: string }

export interface FleetOptions {
  readonly plan: Plan
  readonly servers: Readonly<Record<ProductName, ServerDefinition>>
  readonly runtimes: Readonly<Partial<Record<RuntimeKind, Runtime>>>
  readonly folder: RunFolder
  readonly pki: Pki
  readonly signal: AbortSignal
  /** How many may boot at the same time: the number of cores is a good one. */
  readonly boots: number
  /** For all servers that run at a time; absent: four fifths of what is free. */
  readonly memoryMiB?: number
  readonly log: (line: string) => void
  readonly onBoot: (instance: PlannedInstance, event: BootEvent) => void
}

/** The servers of a run: each planned instance is booted at most once, after what it needs, and stopped when nobody needs it. */
export class Fleet implements AsyncDisposable {
  readonly #options: FleetOptions
  readonly #byId: ReadonlyMap<string, PlannedInstance>
  readonly #booting = new Map<string, Promise<Instance>>()
  readonly #fetching = new Map<string, Promise<void>>()
  readonly #slots: Slots
  readonly #stopping = new Set<string>()
  readonly #released = new Set<string>()

  constructor(options: FleetOptions) {
    this.#options = options
    this.#byId = new Map(options.plan.instances.map((instance) => [instance.id, instance]))
    this.#slots = new Slots(options.boots, options.memoryMiB ?? Math.floor((freemem() * MEMORY_SHARE) / MIB))
  }

  /** The instance, running; the same promise for whoever asks. Rejects with a HarnessError that says why it does not run. */
  boot(id: string): Promise<Instance> {
    const known = this.#booting.get(id)
    if (known !== undefined) return known
    const booting = this.#boot(this.#planned(id))
    this.#booting.set(id, booting)
    return booting
  }

  /** Says that the instance's own cases are done: it stops as soon as nobody else needs it. */
  async release(id: string): Promise<void> {
    this.#released.add(id)
    for (const planned of this.#options.plan.instances) if (this.#isDone(planned)) await this.#stop(planned)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#booting.keys()].map((id) => this.#stop(this.#planned(id))))
  }

  #planned(id: string): PlannedInstance {
    const planned = this.#byId.get(id)
    if (planned === undefined) throw new HarnessError('HARNESS_DEFECT', `${id} is not in the plan`)
    return planned
  }

  async #boot(planned: PlannedInstance): Promise<Instance> {
    try {
      const [peers] = await Promise.all([this.#bootPeers(planned), this.#fetch(planned)])
      return await this.#slots.use(this.#memoryOf(planned), this.#options.signal, () => this.#start(planned, peers))
    } catch (thrown) {
      const hint = thrown instanceof HarnessError ? thrown.hint : undefined
      this.#options.onBoot(planned, { kind: 'failed', because: messageOf(thrown), ...(hint === undefined ? {} : { hint }) })
      throw thrown
    }
  }

  async #bootPeers(planned: PlannedInstance): Promise<Partial<Record<ProductName, InstanceInfo>>> {
    const peers: Partial<Record<ProductName, InstanceInfo>> = {}
    const wanted = this.#options.servers[planned.product].profiles[planned.profile]?.needs ?? {}
    for (const product of Object.keys(wanted) as ProductName[]) {
      const id = planned.needs[product]
      if (id === undefined) throw new HarnessError('RUNTIME_UNAVAILABLE', `${planned.id} needs ${product}, which cannot run here on ${planned.runtime}`)
      peers[product] = (await this.boot(id)).info
    }
    return peers
  }

  /** Once for each version, however many profiles it has. */
  #fetch({ product, version, runtime }: PlannedInstance): Promise<void> {
    const key = `${runtime} ${product} ${version}`
    const { signal, log, runtimes } = this.#options
    const fetching = this.#fetching.get(key) ?? runtimes[runtime]?.fetch(product, version, { signal, log }) ?? Promise.resolve()
    this.#fetching.set(key, fetching)
    return fetching
  }

  async #start(planned: PlannedInstance, peers: Partial<Record<ProductName, InstanceInfo>>): Promise<Instance> {
    const { folder, pki, signal, log, servers, runtimes, onBoot } = this.#options
    const runtime = runtimes[planned.runtime]
    if (runtime === undefined) throw new HarnessError('RUNTIME_UNAVAILABLE', `there is no ${planned.runtime} runtime here`)
    onBoot(planned, { kind: 'started' })
    const started = performance.now()
    const credentials = servers[planned.product].profiles[planned.profile]?.credentials(randomCredential) ?? {}
    const instance = await runtime.start({ ...planned, pki, folder: folder.instance(planned.id), credentials, peers }, { signal, log })
    onBoot(planned, { kind: 'ready', info: instance.info, ms: performance.now() - started })
    void this.#watch(planned, instance)
    return instance
  }

  async #watch(planned: PlannedInstance, instance: Instance): Promise<void> {
    const because = await instance.exited
    if (!this.#stopping.has(planned.id)) this.#options.onBoot(planned, { kind: 'died', because })
  }

  async #stop(planned: PlannedInstance): Promise<void> {
    const booting = this.#booting.get(planned.id)
    if (booting === undefined || this.#stopping.has(planned.id)) return
    this.#stopping.add(planned.id)
    const instance = await booting.catch(() => undefined)
    if (instance === undefined) return
    await instance[Symbol.asyncDispose]()
    this.#slots.giveBack(this.#memoryOf(planned))
    this.#options.onBoot(planned, { kind: 'stopped' })
  }

  /** Its own cases are done, or it has none, and so are those of all that need it. */
  #isDone(planned: PlannedInstance): boolean {
    const users = this.#options.plan.instances.filter((other) => Object.values(other.needs).includes(planned.id))
    const ownDone = this.#released.has(planned.id) || (planned.cases.length === 0 && users.length > 0)
    return ownDone && users.every((user) => this.#released.has(user.id))
  }

  #memoryOf(planned: PlannedInstance): number {
    return planned.runtime === 'model' ? 0 : this.#options.servers[planned.product].memoryMiB
  }
}

/** So many boots at a time, and so much memory for all that runs; one instance may always run. */
class Slots {
  #boots: number
  #memoryMiB: number
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(boots: number, memoryMiB: number) {
    this.#boots = boots
    this.#memoryMiB = memoryMiB
  }

  async use<T>(memoryMiB: number, signal: AbortSignal, start: () => Promise<T>): Promise<T> {
    while (this.#boots === 0 || (this.#memoryMiB < memoryMiB && this.#running > 0)) {
      signal.throwIfAborted()
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    signal.throwIfAborted()
    this.#boots -= 1
    this.#memoryMiB -= memoryMiB
    this.#running += 1
    try {
      return await start()
    } catch (thrown) {
      this.giveBack(memoryMiB)
      throw thrown
    } finally {
      this.#boots += 1
      this.#wake()
    }
  }

  giveBack(memoryMiB: number): void {
    this.#memoryMiB += memoryMiB
    this.#running -= 1
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
