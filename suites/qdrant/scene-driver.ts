import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import { inputSchema } from './credentials.ts'
import { QdrantDriver } from './driver.ts'
import type { Place } from './place.ts'
import { effectOfScript, type Script } from './script.ts'
import { scriptNamed } from './scripts.ts'
import { Stage } from './stage.ts'

/**
 * Who is asked, and where: a server that is there, or those that the probe starts by itself. Without a driver it is whichever performs: the
 * fault proxy and the null servers have one driver prepare and another ask.
 */
type Setting =
  | { readonly kind: 'asked'; readonly driver: QdrantDriver | undefined; readonly place: Place }
  | { readonly kind: 'played'; readonly script: Script }

/** Asks the instance, or where a probe names a scene, a server of that scene. */
export class SceneDriver implements Driver<Setting> {
  readonly #instance: InstanceInfo
  readonly #vault: Vault
  readonly #main: QdrantDriver
  readonly #stage: Stage

  constructor(instance: InstanceInfo, vault: Vault, { observing }: { readonly observing: boolean }) {
    this.#instance = instance
    this.#vault = vault
    this.#main = new QdrantDriver(instance.endpoint, vault, { observing })
    this.#stage = new Stage(instance, vault)
  }

  nature(probe: Probe): 'read' | 'write' {
    return scriptNamed(probe.operation) === undefined ? this.#main.nature(probe) : 'read'
  }

  async prepare(probe: Probe, scope: Scope): Promise<Setting> {
    const input = inputSchema.parse(probe.input)
    const script = scriptNamed(probe.operation)
    if (script !== undefined)
      return { kind: 'played', script: await script(input, { instance: this.#instance, main: this.#main, stage: this.#stage, vault: this.#vault }, scope) }
    const driver = input.scene === undefined ? undefined : await this.#stage.of(input.scene, scope)
    return { kind: 'asked', driver, place: await (driver ?? this.#main).prepare(probe, scope) }
  }

  perform(probe: Probe, setting: Setting, scope: Scope): Promise<Outcome> {
    return setting.kind === 'played' ? setting.script.perform(probe, scope) : (setting.driver ?? this.#main).perform(probe, setting.place, scope)
  }

  look(probe: Probe, setting: Setting, scope: Scope): Promise<Json> {
    return setting.kind === 'played' ? Promise.resolve(null) : (setting.driver ?? this.#main).look(probe, setting.place, scope)
  }

  effect(probe: Probe, setting: Setting, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    return setting.kind === 'played'
      ? (setting.script.effect?.() ?? effectOfScript(seen.outcome))
      : (setting.driver ?? this.#main).effect(probe, setting.place, seen)
  }

  cleanUp(probe: Probe, setting: Setting, scope: Scope): Promise<void> {
    return setting.kind === 'played'
      ? Promise.resolve(setting.script[Symbol.asyncDispose]())
      : (setting.driver ?? this.#main).cleanUp(probe, setting.place, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#main[Symbol.asyncDispose]()
    await this.#stage[Symbol.asyncDispose]()
  }
}
