import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HarnessError } from '../src/errors.ts'
import type { Endpoint, InstanceInfo, InstanceSpec, Pki } from '../src/instance.ts'
import type { Launch, Meddling, Placement, StandIn } from '../src/launch.ts'
import { isProductName, type ProductName } from '../src/rule.ts'
import { Cache, defaultCacheRoot } from './cache.ts'
import { untilReady } from './readiness.ts'
import { processOptions, writeFiles } from './runtimes/native.ts'
import { freePorts } from './runtimes/ports.ts'
import { ProcessGroup, runToEnd } from './runtimes/process-group.ts'
import type { Artefact, ServerDefinition } from './server.ts'

const LOOPBACK = '127.0.0.1'

export interface OwnServerOptions {
  readonly definition: ServerDefinition<string>
  readonly version: string
  readonly profile: string
  /** An empty folder of it alone, in the run's own folder, so that what a killed run leaves there is found again. */
  readonly folder: string
  readonly pki: Pki
  readonly credentials: Readonly<Record<string, string>>
  readonly peers?: Readonly<Partial<Record<ProductName, InstanceInfo>>>
  readonly signal: AbortSignal
  /** `Scope.meddling` of the case that it is for: what befalls each of its starts. */
  readonly meddling?: Meddling | undefined
}

export interface StartOptions {
  /** Another version of the program, on the same data; absent: the one that it was made for. */
  readonly version?: string
  /** Changes what the profile would start: other settings, files, environment. */
  readonly change?: (launch: Launch, at: Placement) => Launch
}

/** `ended`: it ended by itself before it was ready; `log` is all that it wrote, from its first line. */
export type Start =
  | { readonly kind: 'ready'; readonly endpoint: Endpoint }
  | { readonly kind: 'ended'; readonly how: string; readonly log: readonly string[] }
  | { readonly kind: 'hung'; readonly because: string; readonly log: readonly string[] }

/**
 * A process of a server that one case or one upgrade has for itself: it may be stopped as an operator would, and started again on
 * the same data and ports with other settings or as another version. Native only. Disposing of it removes its data.
 */
export class OwnServer implements AsyncDisposable {
  readonly #options: OwnServerOptions
  readonly #at: Placement
  #group: ProcessGroup | undefined
  #endpoint: Endpoint | undefined
  #standIn: StandIn | undefined
  #earlier = 0

  private constructor(options: OwnServerOptions, at: Placement) {
    this.#options = options
    this.#at = at
  }

  /** Chooses its ports; starts nothing. */
  static async create(options: OwnServerOptions): Promise<OwnServer> {
    const ports = await freePorts(Object.keys(options.definition.ports), options.definition.portsInARow)
    const { folder, pki } = options
    return new OwnServer(options, { runtime: 'native', folder, bind: LOOPBACK, host: 'localhost', ports, publicPorts: ports, pki })
  }

  /** Where it is to be found while it runs; the same after each start but for the profile's facts. */
  get endpoint(): Endpoint {
    if (this.#endpoint === undefined) throw new HarnessError('HARNESS_DEFECT', `${this.#options.folder}: a server that was never started has no endpoint`)
    return this.#endpoint
  }

  /**
   * Starts it and waits until it answers, ends by itself, or neither within its boot time-out.
   *
   * @throws HarnessError `ARTEFACT_UNAVAILABLE` or `ARTEFACT_CORRUPT` where the program is not in the cache
   */
  async start({ version = this.#options.version, change = (launch) => launch }: StartOptions = {}): Promise<Start> {
    if (this.#group?.isRunning === true) throw new HarnessError('HARNESS_DEFECT', `${this.#options.folder}: started twice`)
    const { credentials, pki, signal } = this.#options
    const artefact = await this.#locate(version)
    const launch = await this.#launch(version, change)
    writeFiles(this.#at.folder, launch)
    const options = processOptions(artefact, this.#at, launch)
    await rm(options.logFile, { force: true })
    for (const args of launch.before ?? []) await runToEnd({ ...options, args }, signal)
    const group = new ProcessGroup(options)
    this.#group = group
    this.#endpoint = { host: 'localhost', address: LOOPBACK, ports: this.#at.ports, pki, credentials, facts: launch.facts }
    const start = await this.#awaitStart(group, this.#endpoint)
    return start.kind === 'ready' ? { kind: 'ready', endpoint: await this.#met(start.endpoint, version) } : start
  }

  async #launch(version: string, change: NonNullable<StartOptions['change']>): Promise<Launch> {
    const { definition, meddling } = this.#options
    const plain = definition.launch(this.#spec(version), this.#at)
    const asked = change(plain, this.#at)
    return (await meddling?.launched?.(asked, { at: this.#at, plain, earlier: this.#earlier++ })) ?? asked
  }

  /** Where the case is to ask: at what stands before it, if anything does. */
  async #met(endpoint: Endpoint, version: string): Promise<Endpoint> {
    const { definition, profile, meddling } = this.#options
    const { product } = definition
    if (isProductName(product)) this.#standIn = await meddling?.before?.({ product, version, profile }, endpoint)
    this.#endpoint = this.#standIn?.endpoint ?? endpoint
    return this.#endpoint
  }

  async #awaitStart(group: ProcessGroup, endpoint: Endpoint): Promise<Start> {
    const { definition, profile, signal } = this.#options
    let ended: string | undefined
    void group.ended.then((how) => (ended = how))
    try {
      await untilReady(definition, endpoint, { id: `${definition.product} ${profile}`, signal, exited: group.ended, logTail: () => group.logTail() })
      return { kind: 'ready', endpoint }
    } catch (thrown) {
      if (!(thrown instanceof HarnessError)) throw thrown
      if (ended !== undefined) return { kind: 'ended', how: ended, log: this.log() }
      return { kind: 'hung', because: thrown.message, log: this.log() }
    }
  }

  /** As `start` says it, of the process that runs or ran last: whether it still answers, or has ended meanwhile. */
  async again(): Promise<Start> {
    if (this.#group === undefined) throw new HarnessError('HARNESS_DEFECT', `${this.#options.folder}: nothing was started`)
    return await this.#awaitStart(this.#group, this.endpoint)
  }

  /** All that the present or last process wrote. */
  log(): readonly string[] {
    try {
      return readFileSync(join(this.#at.folder, 'server.log'), 'utf8').trimEnd().split('\n')
    } catch {
      return []
    }
  }

  /** As an operator would: asks it to end, waits, and ends it where it does not. Its data stays. */
  async stop(): Promise<void> {
    await this.#standIn?.[Symbol.asyncDispose]()
    this.#standIn = undefined
    await this.#group?.[Symbol.asyncDispose]()
    this.#group = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.#at.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  async #locate(version: string): Promise<Artefact> {
    const { definition } = this.#options
    if (definition.native === undefined)
      throw new HarnessError('RUNTIME_UNAVAILABLE', `${definition.product} cannot run natively`, { hint: 'use --runtime docker' })
    return await definition.native.locate(version, new Cache(defaultCacheRoot()))
  }

  #spec(version: string): InstanceSpec<string> {
    const { definition, profile, folder, pki, credentials, peers = {} } = this.#options
    const { product } = definition
    return { id: `${product}-${version}-${profile}`, product, version, profile, runtime: 'native', evidence: 'real', pki, folder, credentials, peers }
  }
}
