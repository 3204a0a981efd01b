import { expect, test } from 'vitest'
import { EXIT } from '../src/errors.ts'
import type { PlacedWaiver } from '../src/waiver.ts'
import {
  conforms,
  deviates,
  deviation,
  exampleCase,
  footer,
  header,
  instance,
  known,
  plan,
  result,
  rule,
  suite,
  verdicts,
  wholeRun,
} from './example-journal.ts'
import { exitCodeOf } from './exit-code.ts'
import type { JournalLine } from './journal-lines.ts'
import { toRunRecord } from './run-record.ts'
import type { RunRecord } from './run-schema.ts'
import { summaryOf } from './summary.ts'

const at = instance()
const failing = exampleCase('milvus.rest.anonymous.may-not.a')
const fine = exampleCase('milvus.rest.anonymous.may-not.b', { operation: 'b' })
const suites = { milvus: suite('milvus', { rules: { 'MIL-AUTH-01': rule() }, cases: [failing, fine], deviations: [deviation()] }) }

const waiver: PlacedWaiver = {
  at: 'waivers.yaml, line 3',
  case: failing.id,
  product: 'milvus',
  versions: '>=2.3.0 <2.4.0',
  owner: 'kim@example.org',
  reason: 'behind a gateway',
  link: 'https://example.org/SEC-1',
  created: '2026-01-01',
  expiry: '2026-03-01',
  signature: { class: 'allowed', code: '200', message: '' },
}

const run = wholeRun(at, [
  [failing, deviates],
  [fine, conforms],
])

const unknown = { milvus: suite('milvus', { rules: { 'MIL-AUTH-01': rule() }, cases: [failing, fine] }) }

const recordOf = (over: Partial<PlacedWaiver> = {}, lines: readonly JournalLine[] = run, catalogue = unknown): RunRecord => {
  const [first, ...rest] = lines
  return toRunRecord([...(first === undefined ? [] : [first]), { type: 'waivers', waivers: [{ ...waiver, ...over }] }, ...rest], { suites: catalogue })
}

const exit = (record: RunRecord): number => exitCodeOf(record, { failOn: 'new', named: [] })

test('a waived case keeps its original result, and counts neither as conforming nor as deviating', () => {
  const record = recordOf()
  expect(record.cases[0]).toMatchObject({
    state: 'waived',
    class: 'allowed',
    code: '200',
    waiver: { original: 'deviates', at: 'waivers.yaml, line 3', owner: 'kim@example.org', expiry: '2026-03-01' },
  })
  expect(record.totals).toMatchObject({ conforms: 1, deviates: 0, waived: 1 })
  expect(record.waivers).toMatchObject([{ status: 'used', cases: 1 }])
  expect(exit(record)).toBe(EXIT.conforms)
})

test('a known deviation can be waived too, and then does not count for a level', () => {
  const record = recordOf({}, wholeRun(at, [[failing, known('milvus-anonymous-lists')]]), suites)
  expect(record.cases[0]).toMatchObject({ state: 'waived', deviation: 'milvus-anonymous-lists', waiver: { original: 'known-deviation' } })
  expect(exitCodeOf(record, { failOn: 'low', named: [] })).toBe(EXIT.conforms)
})

test('a waiver of a rule covers its cases on its surface only', () => {
  const { case: _, ...byRule } = waiver
  const on = (surface: 'rest' | 'grpc'): RunRecord => {
    const [first, ...rest] = run
    return toRunRecord([...(first === undefined ? [] : [first]), { type: 'waivers', waivers: [{ ...byRule, rule: 'MIL-AUTH-01', surface }] }, ...rest], {
      suites,
    })
  }
  expect(on('rest').totals).toMatchObject({ waived: 1, conforms: 1 })
  expect(on('grpc').totals).toMatchObject({ waived: 0, deviates: 1 })
})

test('a waiver holds to the end of its last day, UTC, and not a millisecond longer', () => {
  const startedAt = (iso: string): RunRecord => recordOf({}, [header({ startedAt: iso }), ...run.slice(1)])
  expect(startedAt('2026-03-01T23:59:59.999Z').waivers).toMatchObject([{ status: 'used' }])
  const late = startedAt('2026-03-02T00:00:00.000Z')
  expect(late.waivers).toMatchObject([{ status: 'expired', cases: 0 }])
  expect(late.cases[0]?.state).toBe('deviates')
  expect(exit(late)).toBe(EXIT.deviations)
})

test('an expired waiver over what conforms ends with 4', () => {
  expect(exit(recordOf({ expiry: '2026-02-01' }, wholeRun(at, [[failing, conforms]])))).toBe(EXIT.waiver)
})

test.each([
  [{ signature: { class: 'allowed', code: '200', message: 'x' } }],
  [{ signature: { class: 'allowed', code: '201', message: '' } }],
  [{ signature: { class: 'wrong-class', code: '200', message: '' } }],
  [{ case: fine.id }],
] as const)('a waiver that nothing matches (%j) covers nothing and is unmatched', (over) => {
  const record = recordOf(over)
  expect(record.totals).toMatchObject({ deviates: 1, waived: 0 })
  expect(record.waivers).toMatchObject([{ status: 'unmatched' }])
})

test('an unmatched waiver ends a conforming run with 4, and the summary names it', () => {
  const record = recordOf({}, wholeRun(at, [[failing, conforms]]))
  expect(exit(record)).toBe(EXIT.waiver)
  expect(summaryOf(record, 'index.html')).toContain('waivers.yaml, line 3): UNMATCHED')
})

test('a waiver of another version, or of a case that this run did not judge, is no fault of this run', () => {
  expect(recordOf({ versions: '>=2.4.0 <2.5.0' }).waivers).toMatchObject([{ status: 'not-here' }])
  const notAsked = recordOf({}, [header(), plan(at, [fine]), result(at, fine), footer()])
  expect(notAsked.waivers).toMatchObject([{ status: 'not-here' }])
  expect(exit(notAsked)).toBe(EXIT.conforms)
})

test('a waiver covers nothing that could not be judged, and nothing of a model', () => {
  const broken = recordOf({}, [header(), plan(at, [failing]), result(at, failing, { state: 'could-not-run', because: 'x' }), footer()])
  expect(broken.totals).toMatchObject({ 'could-not-run': 1, waived: 0 })
  const model = instance('milvus', { evidence: 'model' })
  expect(recordOf({}, [header(), plan(model, [failing]), result(model, failing, deviates, { verdict: verdicts.deviates }), footer()]).modelTotals.waived).toBe(
    0,
  )
})
