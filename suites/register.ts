import { afterAll, describe, inject, test, type TestOptions } from 'vitest'
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

/** A case and the title of its table. */
interface Planned {
  readonly table: string
  readonly row: Case
}

interface Judged {
  readonly session: Session
  /** What was planted since it was asked last. */
  readonly planted: () => readonly Planted[]
  readonly tell: ((planned: Planned, report: Report) => Promise<void>) | undefined
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
    tell: assignment.allure
      ? async ({ row, table }, report) => (await import('./allure.ts')).tellAllure(row, { product: suite.product, table }, suite.rules, report)
      : undefined,
  }
  const chosen = Object.entries(suite.tables)
    .flatMap(([table, rows]) => rows.filter((row) => place.has(row.id)).map((row) => ({ table, row })))
    .sort((a, b) => (place.get(a.row.id) ?? 0) - (place.get(b.row.id) ?? 0))
  const together = chosen.filter(({ row }) => row.exclusive === undefined)
  const alone = chosen.filter(({ row }) => row.exclusive === true)
  const inTurn = Map.groupBy(
    chosen.filter(({ row }) => typeof row.exclusive === 'string'),
    ({ row }) => row.exclusive,
  )
  // Neighbours that are concurrent run side by side. One group for all that may: each group queues up for itself, so that
  // with many of them a turn would wait for as many cases.
  for (const [name, rows] of inTurn) describe.concurrent(`${name}, in turn`, () => rows.forEach((one) => registerCase(one, judged, { concurrent: false })))
  if (together.length > 0) describe.concurrent('side by side', () => together.forEach((one) => registerCase(one, judged)))
  if (alone.length > 0) describe('alone', () => alone.forEach((one) => registerCase(one, judged)))
}

function registerCase(planned: Planned, { session, planted, tell }: Judged, options: TestOptions = {}): void {
  const { row } = planned
  test(row.id, options, async (context) => {
    const report = await session.ask(row, context.signal)
    context.task.meta.report = report
    context.task.meta.planted = planted()
    await tell?.(planned, report)
    if (report.state === 'not-applicable') context.skip(report.because)
    if (!accepted.has(report.state)) throw new Finding(`${report.state}: ${row.rules.join(', ')}: ${report.because}`)
  })
}

const accepted: ReadonlySet<string> = new Set(['conforms', 'known-deviation', 'waived'])
