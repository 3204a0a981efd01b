import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { DriverTools } from '../../src/product.ts'
import type { Place } from './operation.ts'
import { WeaviateDriver } from './operations.ts'
import { RogueDriver, isForRogue } from './rogue-driver.ts'

/** The instance of the run, and beside it the server that some probes need for themselves. */
export class SuiteDriver implements Driver<Place> {
  readonly #instance: WeaviateDriver
  readonly #rogue: RogueDriver

  constructor(instance: InstanceInfo, tools: DriverTools) {
    this.#instance = new WeaviateDriver(instance, tools)
    this.#rogue = new RogueDriver(instance, tools)
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
    await Promise.all([this.#instance[Symbol.asyncDispose](), this.#rogue[Symbol.asyncDispose]()])
  }

  #for(probe: Probe): WeaviateDriver | RogueDriver {
    return isForRogue(probe) ? this.#rogue : this.#instance
  }
}
