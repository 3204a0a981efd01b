import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import type { Exchange } from '../src/outcome.ts'
import { evidence } from './page-evidence.ts'
import { measuredLatency, type MeasuredLatency } from './page-course.ts'
import type { ReportCase } from './report-model.ts'

const deflate = promisify(deflateRaw)

/** Between the pieces of a chunk. No piece holds one: what servers said is made visible before it is markup. */
const BETWEEN = '\u0000'

/** One case and what was on the wire of it. */
export interface Shown {
  readonly one: Pick<ReportCase, 'row' | 'instance' | 'expect' | 'result'>
  readonly exchanges: readonly Exchange[]
}

/** What the page keeps compressed of a few cases, and what their exchanges say of latencies, by their order. */
export interface PackedEvidence {
  readonly packed: string
  readonly latencies: readonly (MeasuredLatency | null)[]
}

/** @param onText is told the text before it is compressed: what searches the page must read that too */
export async function packEvidence(cases: Iterable<Shown>, onText: (text: string) => void): Promise<PackedEvidence> {
  const pieces: string[] = []
  const latencies: (MeasuredLatency | null)[] = []
  for (const { one, exchanges } of cases) {
    pieces.push(evidence(one, exchanges).markup)
    latencies.push(measuredLatency(exchanges) ?? null)
  }
  return { packed: await packPieces(pieces, onText), latencies }
}

export async function packPieces(pieces: readonly string[], onText: (text: string) => void): Promise<string> {
  const text = pieces.join(BETWEEN)
  onText(text)
  // On a thread of its own; the quickest level that is not much longer.
  return (await deflate(text, { level: 3 })).toString('base64')
}
