import { afterAll, describe, inject, test } from 'vitest'
import type { Case } from '../src/case.ts'
import type { InstanceInfo } from '../src/instance.ts'
import type { Suite } from '../src/product.ts'
import { Session, type Report } from '../src/session.ts'

/** What a worker is told of the instance that its project runs against. Plain data: it is cloned. */
export interface Assignment {
  readonly runId: string
  readonly instance: InstanceInfo
  readonly requestTimeoutMs: number
  /** Ids of the cases to ask, in their order. */
  readonly cases: readonly string[]
  /** Allure's reporter listens: tell it the steps of each case. */
  readonly allure: boolean
}

interface Planted {
  readonly label: string
  readonly value: string
}

declare module 'vitest' {
  interface ProvidedContext {
    assignment: Assignment
  }
  interface TaskMeta {
    report?: Report
    /** What was made while the case ran, by label: the run searches its reports for them. It goes no further than to the collector. */
    planted?: readonly Planted[]
  }
}

/** A result that fails its test; the message names the case, its rules and why. */
class Finding extends Error {
  override readonly name = 'Finding'
}

interface Judged {
  readonly session: Session
  /** What was planted since it was asked last. */
  readonly planted: () => readonly Planted[]
  readonly tell: ((row: Case, report: Report) => Promise<void>) | undefined
}

/** Registers one test for each planned case of a product, against the instance that the project was given. */
export function registerSuite(suite: Suite): void {
  const assignment = inject('assignment')
  const place = new Map(assignment.cases.map((id, at) => [id, at]))
  const planted: Planted[] = []
  const session = new Session(suite, assignment.instance, {
    ...assignment,
    onSecret: (secret) => void planted.push({ label: secret.label, value: secret.reveal() }),
  })
  afterAll(() => session[Symbol.asyncDispose]())
  const judged: Judged = {
    session,
    planted: () => planted.splice(0),
    tell: assignment.allure ? async (row, report) => (await import('./allure.ts')).tellAllure(row, suite.rules, report) : undefined,
  }
  const placeOf = (row: Case | undefined): number => (row === undefined ? 0 : (place.get(row.id) ?? 0))
  const tables = Object.entries(suite.tables)
    .map(([title, rows]) => ({ title, chosen: rows.filter((row) => place.has(row.id)).sort((a, b) => placeOf(a) - placeOf(b)) }))
    .sort((a, b) => placeOf(a.chosen[0]) - placeOf(b.chosen[0]))
  for (const { title, chosen } of tables) {
    const alone = chosen.filter((row) => row.exclusive === true)
    const together = chosen.filter((row) => row.exclusive !== true)
    if (together.length > 0) describe.concurrent(title, () => together.forEach((row) => registerCase(row, judged)))
    if (alone.length > 0) describe(`${title}, one at a time`, () => alone.forEach((row) => registerCase(row, judged)))
  }
}

function registerCase(row: Case, { session, planted, tell }: Judged): void {
  test(row.id, async (context) => {
    const report = await session.ask(row, context.signal)
    context.task.meta.report = report
    context.task.meta.planted = planted()
    await tell?.(row, report)
    if (report.state === 'not-applicable') context.skip(report.because)
    if (!accepted.has(report.state)) throw new Finding(`${report.state}: ${row.rules.join(', ')}: ${report.because}`)
  })
}

const accepted: ReadonlySet<string> = new Set(['conforms', 'known-deviation', 'waived'])
