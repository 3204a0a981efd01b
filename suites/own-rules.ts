import type { Probe } from '../src/case.ts'
import type { Driver, Scope } from '../src/driver.ts'
import type { Json } from '../src/json.ts'
import type { Effect, Outcome } from '../src/outcome.ts'
import type { OwnRules } from '../src/own-rules.ts'
import type { Suite } from '../src/product.ts'

/** A suite with a user's own rules and cases beside its own. */
export function withOwnRules(suite: Suite, all: readonly OwnRules[]): Suite {
  const own = all.filter(({ product }) => product === suite.product)
  if (own.length === 0) return suite
  const principals = Object.assign({}, ...own.map((one) => one.principals)) as OwnRules['principals']
  return {
    ...suite,
    rules: { ...suite.rules, ...(Object.assign({}, ...own.map(({ rules }) => rules)) as Suite['rules']) },
    tables: { ...suite.tables, ...Object.fromEntries(own.map(({ file, cases }) => [`own rules of ${file}`, cases])) },
    connect: async (instance, tools) => new OwnPrincipals(await suite.connect(instance, tools), principals),
  }
}

/** Hands the product's driver the caller that a user's own is like. */
class OwnPrincipals implements Driver {
  readonly #driver: Driver
  readonly #principals: OwnRules['principals']

  constructor(driver: Driver, principals: OwnRules['principals']) {
    this.#driver = driver
    this.#principals = principals
  }

  nature(probe: Probe): 'read' | 'write' {
    return this.#driver.nature(this.#known(probe))
  }

  prepare(probe: Probe, scope: Scope): Promise<unknown> {
    return this.#driver.prepare(this.#known(probe), scope)
  }

  perform(probe: Probe, resource: unknown, scope: Scope): Promise<Outcome> {
    return this.#driver.perform(this.#known(probe), resource, scope)
  }

  look(probe: Probe, resource: unknown, scope: Scope): Promise<Json> {
    return this.#driver.look(this.#known(probe), resource, scope)
  }

  effect(probe: Probe, resource: unknown, seen: Parameters<Driver['effect']>[2]): Effect {
    return this.#driver.effect(this.#known(probe), resource, seen)
  }

  async cleanUp(probe: Probe, resource: unknown, scope: Scope): Promise<void> {
    await this.#driver.cleanUp?.(this.#known(probe), resource, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver[Symbol.asyncDispose]()
  }

  #known(probe: Probe): Probe {
    const own = this.#principals[probe.principal]
    return own === undefined ? probe : { ...probe, principal: own.like, input: { ...own.input, ...probe.input } }
  }
}
