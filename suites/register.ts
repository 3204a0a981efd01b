import { describe, inject, test, type TestContext } from 'vitest'
import type { Case } from '../src/case.ts'
import { settle, type Settled } from '../src/deviation.ts'
import { systemClock, type Driver } from '../src/driver.ts'
import type { InstanceInfo } from '../src/instance.ts'
import { scopeName } from '../src/naming.ts'
import type { Suite } from '../src/product.ts'
import { runCase, type CaseResult } from '../src/run-case.ts'
import { Vault } from '../src/secret.ts'

/** What a worker is told of the instance that its project runs against. Plain data: it is cloned. */
export interface Assignment {
  readonly runId: string
  readonly instance: InstanceInfo
  readonly requestTimeoutMs: number
  /** Ids of the cases to ask. */
  readonly cases: readonly string[]
  /** Allure's reporter listens: tell it the steps of each case. */
  readonly allure: boolean
}

/** What a test hands to the reporter. */
export interface Report extends CaseResult, Settled {
  readonly caseId: string
}

declare module 'vitest' {
  interface ProvidedContext {
    assignment: Assignment
  }
  interface TaskMeta {
    report?: Report
  }
}

/** A result that fails its test; the message names the case, its rules and why. */
class Finding extends Error {
  override readonly name = 'Finding'
}

/** Registers one test for each planned case of a product, against the instance that the project was given. */
export function registerSuite(suite: Suite): void {
  const assignment = inject('assignment')
  const wanted = new Set(assignment.cases)
  const connection = new Connection(suite, assignment)
  for (const [title, rows] of Object.entries(suite.tables)) {
    const chosen = rows.filter((row) => wanted.has(row.id))
    const alone = chosen.filter((row) => row.exclusive === true)
    const together = chosen.filter((row) => row.exclusive !== true)
    if (together.length > 0) describe.concurrent(title, () => together.forEach((row) => registerCase(row, connection)))
    if (alone.length > 0) describe(`${title}, one at a time`, () => alone.forEach((row) => registerCase(row, connection)))
  }
}

function registerCase(row: Case, connection: Connection): void {
  test(row.id, async (context) => {
    const report = await connection.ask(row, context)
    context.task.meta.report = report
    await connection.tell?.(row, report)
    if (report.state === 'not-applicable') context.skip(report.because)
    if (!accepted.has(report.state)) throw new Finding(`${report.state}: ${row.rules.join(', ')}: ${report.because}`)
  })
}

const accepted: ReadonlySet<string> = new Set(['conforms', 'known-deviation', 'waived'])

/** The driver of this worker, made at the first case and kept for all of them. */
class Connection {
  readonly #suite: Suite
  readonly #assignment: Assignment
  readonly #vault = new Vault()
  #driver: Promise<Driver> | undefined
  readonly tell: ((row: Case, report: Report) => Promise<void>) | undefined

  constructor(suite: Suite, assignment: Assignment) {
    this.#suite = suite
    this.#assignment = assignment
    for (const [name, value] of Object.entries(assignment.instance.endpoint.credentials)) this.#vault.secret(value, name)
    this.tell = assignment.allure ? async (row, report) => (await import('./allure.ts')).tellAllure(row, suite.rules, report) : undefined
  }

  async ask(row: Case, { signal }: Pick<TestContext, 'signal'>): Promise<Report> {
    const result = await this.#result(row, signal)
    return { caseId: row.id, ...result, ...settle(row, result.verdict, this.#assignment.instance, this.#suite.deviations) }
  }

  async #result(row: Case, signal: AbortSignal): Promise<CaseResult> {
    const { instance, runId, requestTimeoutMs } = this.#assignment
    this.#driver ??= this.#suite.connect(instance, { vault: this.#vault, clock: systemClock })
    return runCase(await this.#driver, row, { name: scopeName(runId, instance.id, row.id), vault: this.#vault, clock: systemClock, signal, requestTimeoutMs })
  }
}
