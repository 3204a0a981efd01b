import type { Case } from '../src/case.ts'
import type { Settled } from '../src/deviation.ts'
import type { InstanceIdentity } from '../src/instance.ts'
import type { Suites } from './catalogue-counts.ts'
import {
  conforms,
  couldNotRun,
  deviates,
  deviation,
  exampleCase,
  footer,
  harnessDefect,
  header,
  instance,
  known,
  notApplicable,
  plan,
  result,
  suite,
  wholeRun,
} from './example-journal.ts'
import type { ExampleSuite } from './example-journal.ts'
import type { JournalLine } from './journal-lines.ts'
import { whole, type Content } from './parts.ts'
import { reportModel, type ReportModel } from './report-model.ts'
import { toRunRecord } from './run-record.ts'
import type { RunRecord } from './run-schema.ts'

// One run that has a case in each state, and what its tests ask of it again and again.

export const eachState: readonly Settled[] = [conforms, deviates, known('milvus-anonymous-lists'), couldNotRun, notApplicable, harnessDefect]

export interface ExampleRun {
  readonly at: InstanceIdentity
  /** One for each state, in the order of `eachState`, called by its letter. */
  readonly rows: readonly [Case, ...Case[]]
  readonly suites: Suites
  readonly lines: readonly JournalLine[]
  /** The same cases, all as documented, on the product's model. */
  readonly onModel: readonly JournalLine[]
  readonly recordOf: (lines: readonly JournalLine[]) => RunRecord
  readonly modelOf: (lines: readonly JournalLine[]) => ReportModel
  readonly written: (write: (model: ReportModel) => Content | undefined, lines?: readonly JournalLine[]) => Promise<string>
}

/** @param over what else the catalogue of Milvus has, beside the rows and one known deviation */
export function exampleRun(over: ExampleSuite = {}, others: Suites = {}): ExampleRun {
  const at = instance()
  const model = instance('milvus', { evidence: 'model', runtime: 'model' })
  const [first, ...rest] = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => exampleCase(`milvus.rest.anonymous.may-not.${name}`))
  if (first === undefined) throw new TypeError('there are six')
  const rows = [first, ...rest] as const
  const suites: Suites = { milvus: suite('milvus', { cases: rows, deviations: [deviation()], ...over }), ...others }
  const lines = wholeRun(
    at,
    rows.map((row, index) => [row, eachState[index] ?? conforms]),
  )
  const recordOf = (own: readonly JournalLine[]): RunRecord => toRunRecord(own, { suites })
  const modelOf = (own: readonly JournalLine[]): ReportModel => reportModel(recordOf(own), own, suites)
  return {
    at,
    rows,
    suites,
    lines,
    onModel: [header(), plan(model, rows), ...rows.map((row) => result(model, row)), footer()],
    recordOf,
    modelOf,
    written: (write, own = lines) => whole(write(modelOf(own)) ?? ''),
  }
}
