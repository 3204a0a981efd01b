import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import { inputSchema } from './credentials.ts'
import { QdrantDriver } from './driver.ts'
import type { Place } from './place.ts'
import { Stage } from './stage.ts'

/** Who is asked, and where. */
interface Setting {
  readonly driver: QdrantDriver
  readonly place: Place
}

/** Asks the instance, or where a probe names a scene, a server of that scene. */
export class SceneDriver implements Driver<Setting> {
  readonly #main: QdrantDriver
  readonly #stage: Stage

  constructor(instance: InstanceInfo, vault: Vault) {
    this.#main = new QdrantDriver(instance.endpoint, vault)
    this.#stage = new Stage(instance, vault)
  }

  nature(probe: Probe): 'read' | 'write' {
    return this.#main.nature(probe)
  }

  async prepare(probe: Probe, scope: Scope): Promise<Setting> {
    const { scene } = inputSchema.parse(probe.input)
    const driver = scene === undefined ? this.#main : await this.#stage.of(scene, scope)
    return { driver, place: await driver.prepare(probe, scope) }
  }

  perform(probe: Probe, { driver, place }: Setting, scope: Scope): Promise<Outcome> {
    return driver.perform(probe, place, scope)
  }

  look(probe: Probe, { driver, place }: Setting, scope: Scope): Promise<Json> {
    return driver.look(probe, place, scope)
  }

  effect(probe: Probe, { driver, place }: Setting, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    return driver.effect(probe, place, seen)
  }

  cleanUp(probe: Probe, { driver, place }: Setting, scope: Scope): Promise<void> {
    return driver.cleanUp(probe, place, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#main[Symbol.asyncDispose]()
    await this.#stage[Symbol.asyncDispose]()
  }
}
