import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { DriverTools } from '../../src/product.ts'
import type { Place } from './operation.ts'
import { WeaviateDriver } from './operations.ts'
import { OwnDriver } from './own-driver.ts'
import { trustRogue } from './rogue-trust.ts'
import { trustRotating } from './rotating-trust.ts'
import { text } from './shapes.ts'

/** The instance of the run, and beside it the server that some probes need for themselves. */
export class SuiteDriver implements Driver<Place> {
  readonly #instance: WeaviateDriver
  /** By `input.server`. */
  readonly #own: Readonly<Record<string, OwnDriver>>

  constructor(instance: InstanceInfo, tools: DriverTools) {
    this.#instance = new WeaviateDriver(instance, tools)
    this.#own = { 'rogue-issuer': new OwnDriver(instance, tools, trustRogue), 'rotating-realm': new OwnDriver(instance, tools, trustRotating) }
  }

  nature(probe: Probe): 'read' | 'write' {
    return this.#for(probe).nature(probe)
  }

  prepare(probe: Probe, scope: Scope): Promise<Place> {
    return this.#for(probe).prepare(probe, scope)
  }

  perform(probe: Probe, at: Place, scope: Scope): Promise<Outcome> {
    return this.#for(probe).perform(probe, at, scope)
  }

  look(probe: Probe, at: Place, scope: Scope): Promise<Json> {
    return this.#for(probe).look(probe, at, scope)
  }

  effect(probe: Probe, at: Place, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    return this.#for(probe).effect(probe, at, seen)
  }

  async cleanUp(probe: Probe, at: Place, scope: Scope): Promise<void> {
    await this.#for(probe).cleanUp(probe, at, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#instance[Symbol.asyncDispose](), ...Object.values(this.#own).map((driver) => driver[Symbol.asyncDispose]())])
  }

  #for(probe: Probe): WeaviateDriver | OwnDriver {
    const server = text(probe.input, 'server')
    if (server === undefined) return this.#instance
    const own = this.#own[server]
    if (own === undefined) throw new HarnessError('HARNESS_DEFECT', `no case is for a server ${server}`)
    return own
  }
}
