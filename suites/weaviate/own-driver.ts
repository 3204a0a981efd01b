import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { OwnServer } from '../../containers/own-server.ts'
import { profileOf, type Environment } from '../../containers/weaviate/profiles.ts'
import { weaviateServer } from '../../containers/weaviate/server.ts'
import type { Probe } from '../../src/case.ts'
import { NotHere, type Clock, type Driver, type Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import { randomCredential } from '../../src/naming.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import type { Place } from './operation.ts'
import { WeaviateDriver, type OtherCredentials } from './operations.ts'

const PROFILE = 'api-key-adminlist'

/** Asks the same as the probe, as another principal. */
export type AskAs = (principal: string) => Promise<Outcome>

/** An issuer that the server of its own trusts, whose keys are ours to change. */
export interface Trusted extends AsyncDisposable {
  /** What makes the server trust it, and its people administrators. */
  environment(env: Environment): Environment
  /** Made at the moment of sending: times in tokens count from it. */
  readonly credential: OtherCredentials
  /** Brings its keys into the state that the probe is about. */
  arrange(probe: Probe, ask: AskAs, scope: Scope): Promise<void>
  restore(probe: Probe, scope: Scope): Promise<void>
}

interface Ground extends AsyncDisposable {
  readonly trusted: Trusted
  readonly driver: WeaviateDriver
}

/**
 * Asks a Weaviate of its own that trusts such an issuer: both are started at the first probe, and end with the driver.
 * What touches the keys asks alone.
 */
export class OwnDriver implements Driver<Place> {
  readonly #instance: InstanceInfo
  readonly #tools: { readonly vault: Vault; readonly clock: Clock }
  readonly #trust: (instance: InstanceInfo, scope: Scope) => Promise<Trusted>
  readonly #stop = new AbortController()
  #ground: Promise<Ground> | undefined
  #driver: WeaviateDriver | undefined

  constructor(
    instance: InstanceInfo,
    tools: { readonly vault: Vault; readonly clock: Clock },
    trust: (instance: InstanceInfo, scope: Scope) => Promise<Trusted>,
  ) {
    this.#instance = instance
    this.#tools = tools
    this.#trust = trust
  }

  nature(probe: Probe): 'read' | 'write' {
    return this.#asking.nature(probe)
  }

  async prepare(probe: Probe, scope: Scope): Promise<Place> {
    this.#ground ??= this.#start(scope)
    const { trusted, driver } = await this.#ground
    const at = await driver.prepare(probe, scope)
    await trusted.arrange(probe, (principal) => driver.perform({ ...probe, principal }, at, scope), scope)
    return at
  }

  perform(probe: Probe, at: Place, scope: Scope): Promise<Outcome> {
    return this.#asking.perform(probe, at, scope)
  }

  look(probe: Probe, at: Place, scope: Scope): Promise<Json> {
    return this.#asking.look(probe, at, scope)
  }

  effect(probe: Probe, at: Place, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    return this.#asking.effect(probe, at, seen)
  }

  async cleanUp(probe: Probe, at: Place, scope: Scope): Promise<void> {
    const ground = await this.#ground
    await ground?.trusted.restore(probe, scope)
    await ground?.driver.cleanUp(probe, at, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    const ground = await this.#ground?.catch(() => undefined)
    await ground?.[Symbol.asyncDispose]()
  }

  /** What does not depend on a server is asked before there is one. */
  get #asking(): WeaviateDriver {
    this.#driver ??= new WeaviateDriver(this.#instance, this.#tools)
    return this.#driver
  }

  async #start(scope: Scope): Promise<Ground> {
    if (this.#instance.runtime !== 'native') throw new NotHere('a server that trusts an issuer of ours is started where it is a process of this machine')
    const { pki } = this.#instance.endpoint
    await using stack = new AsyncDisposableStack()
    const trusted = stack.use(await this.#trust(this.#instance, scope))
    const folder = join(dirname(pki.folder), `own-${scope.name}`)
    mkdirSync(join(folder, 'cwd'), { recursive: true, mode: 0o700 })
    const server = stack.use(
      await OwnServer.create({
        ...{ definition: weaviateServer, version: this.#instance.version, profile: PROFILE, folder, pki, signal: this.#stop.signal, meddling: scope.meddling },
        credentials: profileOf(PROFILE).credentials(randomCredential),
      }),
    )
    const start = await server.start({ change: (launch) => ({ ...launch, env: { ...launch.env, ...trusted.environment(launch.env) } }) })
    if (start.kind !== 'ready')
      throw new HarnessError('SET_UP_FAILED', `a Weaviate that trusts our issuer did not start: ${start.kind === 'ended' ? start.how : start.because}`)
    await this.#driver?.[Symbol.asyncDispose]()
    const driver = stack.use(new WeaviateDriver({ ...this.#instance, profile: PROFILE, endpoint: start.endpoint }, this.#tools, trusted.credential))
    this.#driver = driver
    const owned = stack.move()
    return { trusted, driver, [Symbol.asyncDispose]: () => owned.disposeAsync() }
  }
}
