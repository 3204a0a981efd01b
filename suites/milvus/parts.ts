import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'

/** The driver's parts by the operations that they know; whatever none of them knows is the first one's. */
export type Parts = Readonly<Record<string, Driver>>

/** Hands each operation to the part that knows it: what needs a server, a channel or a program of its own is apart from plain calls. */
export class PartedDriver implements Driver {
  readonly #main: Driver
  readonly #parts: Parts

  constructor(main: Driver, parts: Parts) {
    this.#main = main
    this.#parts = parts
  }

  nature(probe: Probe): 'read' | 'write' {
    return this.#partOf(probe).nature(probe)
  }

  prepare(probe: Probe, scope: Scope): Promise<unknown> {
    return this.#partOf(probe).prepare(probe, scope)
  }

  perform(probe: Probe, resource: unknown, scope: Scope): Promise<Outcome> {
    return this.#partOf(probe).perform(probe, resource, scope)
  }

  look(probe: Probe, resource: unknown, scope: Scope): Promise<Json> {
    return this.#partOf(probe).look(probe, resource, scope)
  }

  effect(probe: Probe, resource: unknown, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    return this.#partOf(probe).effect(probe, resource, seen)
  }

  async cleanUp(probe: Probe, resource: unknown, scope: Scope): Promise<void> {
    await this.#partOf(probe).cleanUp?.(probe, resource, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const parts = new Set([...Object.values(this.#parts), this.#main])
    await Promise.all([...parts].map((part) => part[Symbol.asyncDispose]()))
  }

  #partOf({ operation }: Probe): Driver {
    return this.#parts[operation] ?? this.#main
  }
}
