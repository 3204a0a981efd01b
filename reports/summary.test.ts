import { expect, test } from 'vitest'
import {
  boot,
  conforms,
  couldNotRun,
  deviates,
  deviation,
  exampleCase,
  footer,
  header,
  instance,
  known,
  notJudged,
  plan,
  result,
  rule,
  suite,
  wholeRun,
} from './example-journal.ts'
import { duration } from './duration.ts'
import { toRunRecord } from './run-record.ts'
import { summaryOf } from './summary.ts'

const at = instance()
const rows = ['a', 'b', 'c', 'd'].map((name) => exampleCase(`milvus.${name}`))
const suites = {
  milvus: suite('milvus', { cases: rows, deviations: [deviation()] }),
  qdrant: suite('qdrant', { rules: { 'QDR-KEY-01': rule({ product: 'qdrant' }) } }),
}

test('the summary says what was real, what was found and where the page is', () => {
  const model = instance('qdrant', { evidence: 'model', runtime: 'model', version: '1.16.0' })
  const row = exampleCase('qdrant.a', { rules: ['QDR-KEY-01'] })
  const settled = [conforms, deviates, known('milvus-anonymous-lists'), couldNotRun]
  const run = wholeRun(
    at,
    rows.map((one, index) => [one, settled[index] ?? conforms]),
  ).slice(1, -1)
  const statements = { 'milvus.md': { listed: 10, withRules: 6, excluded: 3, notYet: 1 } }
  const lines = [
    header({ catalogue: { rules: {}, statements } }),
    notJudged('qdrant'),
    plan(model, [row]),
    boot(model, 'ready'),
    result(model, row),
    ...run,
    footer(),
  ]
  expect(summaryOf(toRunRecord(lines, { suites }), 'reports/out/run/index.html')).toMatchInlineSnapshot(`
    "Milvus 2.3.5 ran for real: of 4 cases, 1 conforms, 1 deviates, 1 is a known deviation (highest severity: high) and 1 could not run; Qdrant was not judged (model only).

                                           conform   deviate     known   not run
      Milvus 2.3.5 (native)                      1         1         1         1
      Qdrant 1.16.0 (model: no evidence)         1         0         0         0
    known deviations:
      milvus-anonymous-lists (high, 1 case)
    not judged: Qdrant (no real server of it can be had on this machine); set ASSAY_QDRANT_BIN, or start Docker
    statements: 10 listed of 1 document, 6 with rules, 3 excluded, 1 without rules yet
    report: reports/out/run/index.html"
  `)
})

test('a hostile reason cannot move the terminal', () => {
  const lines = [header(), notJudged('qdrant', { because: '\u001b]0;owned\u0007\u001b[2J\rgone' }), footer()]
  expect(summaryOf(toRunRecord(lines, { suites }), 'x')).not.toMatch(/[\p{Cc}--\n]/v)
})

test('what is no longer seen, and what is wrong with the harness, is said', () => {
  const clean = summaryOf(
    toRunRecord(
      wholeRun(
        at,
        rows.map((row) => [row, conforms]),
      ),
      { suites },
    ),
    'x',
  )
  expect(clean).toMatch('no longer seen on 2.3.5: milvus-anonymous-lists')
  const unplanned = [header(), plan(at, []), result(at, { id: 'milvus.x' }), footer()]
  expect(summaryOf(toRunRecord(unplanned, { suites }), 'x')).toMatch('harness defect: milvus-2.3.5-default: milvus.x has a result and was not planned')
})

test.for([
  [12.4, '12 ms'],
  [1234, '1.2 s'],
  [252_000, '4 min 12 s'],
  [3_780_000, '1 h 3 min'],
  [3_599_900, '1 h 0 min'],
] as const)('%d ms reads %s', ([ms, text]) => {
  expect(duration(ms)).toBe(text)
})
