import { expect, test } from 'vitest'
import { defaultStops } from '../src/gate.ts'
import { conforms, couldNotRun, deviates, exampleCase, instance, rule, suite, wholeRun } from './example-journal.ts'
import { gateReport, type GateReport } from './gate-model.ts'
import { toRunRecord } from './run-record.ts'
import type { RunRecord } from './run-schema.ts'
import { validate } from './validate.ts'
import { writeGateHtml } from './write-gate-html.ts'
import { writeGateMarkdown } from './write-gate-markdown.ts'
import { writeGateSarif } from './write-gate-sarif.ts'

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => exampleCase(`milvus.rest.anonymous.may-not.${name}`, { operation: name })) as [Row, Row, Row, Row]
type Row = ReturnType<typeof exampleCase>
const suites = { milvus: suite('milvus', { rules: { 'MIL-AUTH-01': rule() }, cases: [a, b, c, d] }) }
const policy = { stops: defaultStops, failOn: 'new' } as const
const renames = { rules: {}, cases: {} }

const run = (version: string, states: readonly [typeof conforms, typeof conforms, typeof conforms, typeof conforms]): RunRecord =>
  toRunRecord(
    wholeRun(instance('milvus', { version }), [
      [a, states[0]],
      [b, states[1]],
      [c, states[2]],
      [d, states[3]],
    ]),
    { suites },
  )

const older = run('2.2.16', [conforms, deviates, conforms, deviates])
const newer = run('2.3.5', [deviates, conforms, couldNotRun, deviates])
const hostile = { state: 'refused', code: '401', says: '<script>alert(1)</script> `x` | y' } as const
const report: GateReport = gateReport({
  from: older,
  to: newer,
  renames,
  policy: { ...policy, failOn: 'high' },
  items: [
    { id: 'user alice logs in', kind: 'user', product: 'milvus', severity: 'critical', before: { state: 'works', code: '200', says: '' }, after: hostile },
  ],
})

test('the headline counts each class, and says that it is stopped', () => {
  expect(report.headline).toBe(
    'Stopped: Milvus 2.2.16 to Milvus 2.3.5, 3 cases compared and 1 things carried over, 1 weaker, 1 lost, 1 could-not-be-judged, 1 fixed; 2 cases of the newer side deviate at or above the level.',
  )
})

test('SARIF has a baseline state for each difference, and is valid', async () => {
  const text = writeGateSarif(report, suites)
  const { runs } = JSON.parse(text) as { runs: [{ results: { baselineState: string; kind: string }[] }] }
  expect(runs[0].results.map(({ baselineState, kind }) => `${baselineState} ${kind}`).toSorted()).toEqual([
    'absent pass',
    'new fail',
    'new fail',
    'unchanged fail',
    'updated open',
  ])
  expect((await validate('results.sarif', () => text))?.result).toEqual({ kind: 'valid' })
})

test('what a server said is shown and does nothing, in HTML and in Markdown', () => {
  expect(writeGateHtml(report)).toContain('&lt;script&gt;alert(1)')
  expect(writeGateHtml(report)).not.toContain('<script')
  expect(writeGateMarkdown(report)).toContain('`` <script>alert(1)</script> `x` \\| y ``')
})

test('a run compared with itself has no difference', () => {
  const same = gateReport({ from: older, to: older, renames, policy })
  expect(same.comparison.differences).toEqual([])
  expect(same.decision.outcome).toBe('pass')
  expect(same.headline).toContain('4 cases compared, no difference.')
})

test('a model is no side of a comparison: nothing is compared, and nothing passes', () => {
  const model = toRunRecord(wholeRun(instance('milvus', { evidence: 'model' }), [[a, conforms]]), { suites })
  expect(gateReport({ from: model, to: model, renames, policy }).decision.outcome).toBe('incomplete')
})

test('a side with one product in two versions is refused: which one is meant cannot be told', () => {
  const both: RunRecord = { ...older, instances: [...older.instances, ...newer.instances] }
  expect(() => gateReport({ from: both, to: newer, renames, policy })).toThrow('the --from run has Milvus in several versions: 2.2.16, 2.3.5')
})

test('from run.json alone the comparison is the same as from the journal', () => {
  const reread = JSON.parse(JSON.stringify(older)) as RunRecord
  expect(gateReport({ from: reread, to: newer, renames, policy }).comparison).toEqual(gateReport({ from: older, to: newer, renames, policy }).comparison)
})
