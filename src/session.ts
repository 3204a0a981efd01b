import type { Case } from './case.ts'
import { settle, type Settled } from './deviation.ts'
import { systemClock, type Clock, type Driver } from './driver.ts'
import type { InstanceInfo } from './instance.ts'
import { scopeName } from './naming.ts'
import type { Suite } from './product.ts'
import { runCase, type CaseResult } from './run-case.ts'
import { Vault, type Secret } from './secret.ts'
import { Twins } from './twins.ts'

/** A case's result and what it is called in the reports. */
export interface Report extends CaseResult, Settled {
  readonly caseId: string
}

export interface SessionOptions {
  readonly runId: string
  /** Longest wait for one answer. */
  readonly requestTimeoutMs: number
  readonly clock?: Clock
  /** Nothing is planted on the instance; see `Suite.connect`. */
  readonly observing?: boolean
  /** Is told of each secret that the driver or a case makes: none of them may be in any report. */
  readonly onSecret?: (secret: Secret) => void
}

/**
 * One suite against one running instance: its driver, made at the first case and kept for all of them, and the vault that
 * knows the instance's credentials. Whoever judges cases, under a test runner or without, does it through one.
 */
export class Session implements AsyncDisposable {
  readonly #suite: Suite
  readonly #instance: InstanceInfo
  readonly #options: SessionOptions
  readonly #vault: Vault
  readonly #twins: Twins
  #driver: Promise<Driver> | undefined

  constructor(suite: Suite, instance: InstanceInfo, options: SessionOptions) {
    this.#suite = suite
    this.#instance = instance
    this.#options = options
    this.#vault = new Vault(undefined, options.onSecret)
    this.#twins = new Twins(options.clock ?? systemClock)
    for (const [name, value] of Object.entries(instance.endpoint.credentials)) this.#vault.secret(value, name)
  }

  async ask(row: Case, signal: AbortSignal): Promise<Report> {
    const { runId, requestTimeoutMs, clock = systemClock, observing = false, onSecret } = this.#options
    this.#driver ??= this.#suite.connect(this.#instance, { vault: this.#vault, clock, observing })
    const name = scopeName(runId, this.#instance.id, row.id)
    const result = await runCase(await this.#driver, row, {
      ...{ name, vault: this.#vault, clock, signal, requestTimeoutMs, twins: this.#twins },
      ...(onSecret && { onSecret }),
    })
    return { caseId: row.id, ...result, ...settle(row, result.verdict, this.#instance, this.#suite.deviations) }
  }

  /** Closes the driver's connections, and ends what servers of its own it still has. */
  async [Symbol.asyncDispose](): Promise<void> {
    const driver = await this.#driver?.catch(() => undefined)
    await driver?.[Symbol.asyncDispose]()
  }
}
