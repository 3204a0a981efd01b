import pMap from 'p-map'
import { resultLine, type Journal } from '../reports/journal.ts'
import { plannedCaseOf } from '../reports/journal-lines.ts'
import type { Case } from '../src/case.ts'
import type { InstanceInfo } from '../src/instance.ts'
import type { PlannedInstance } from '../src/plan.ts'
import type { Suite } from '../src/product.ts'
import type { Secret } from '../src/secret.ts'
import { Session, type Report } from '../src/session.ts'
import { REQUEST_TIMEOUT_MS } from './harness.ts'

const CASES_AT_ONCE = 8

export interface InProcessOptions {
  readonly journal: Journal
  readonly runId: string
  readonly signal: AbortSignal
  /** Nothing may be planted on the instance. */
  readonly observing?: boolean
  /** Is told of each secret of the instance, of the driver and of the cases: none of them may be in any report. */
  readonly onSecret: (secret: Secret) => void
}

/** Says what is planned on an instance, and what of it does not apply. */
export function announceInstance({ id, product, version, profile, runtime, evidence, cases, notApplicable }: PlannedInstance, journal: Journal): void {
  const rows = [...cases, ...notApplicable.map(({ row }) => row)]
  journal.append({ type: 'plan', instance: { id, product, version, profile, runtime, evidence }, cases: rows.map(plannedCaseOf) })
  for (const { row, verdict } of notApplicable) {
    const settled = { state: 'not-applicable', because: `${verdict.reason}: ${verdict.because}` } as const
    const result = { verdict, observation: undefined, exchanges: [], startedAt: new Date().toISOString(), ms: 0 }
    journal.append(resultLine(id, row.id, settled, result))
  }
}

/** Judges the planned cases on a running instance without a test runner: what is exclusive, alone and last. */
export async function runInProcess(suite: Suite, info: InstanceInfo, rows: readonly Case[], options: InProcessOptions): Promise<void> {
  const { journal, runId, signal, observing = false, onSecret } = options
  await using session = new Session(suite, info, { runId, requestTimeoutMs: REQUEST_TIMEOUT_MS, observing, onSecret })
  const ask = async (row: Case): Promise<void> => {
    if (signal.aborted) return
    record(journal, info.id, await session.ask(row, signal))
  }
  await pMap(
    rows.filter(({ exclusive }) => exclusive === undefined),
    ask,
    { concurrency: CASES_AT_ONCE },
  )
  await pMap(
    rows.filter(({ exclusive }) => exclusive !== undefined),
    ask,
    { concurrency: 1 },
  )
}

function record(journal: Journal, instance: string, { caseId, state, because, deviation, ...result }: Report): void {
  journal.append(resultLine(instance, caseId, { state, because, ...(deviation === undefined ? {} : { deviation }) }, result))
}
