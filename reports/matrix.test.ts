import { expect, test } from 'vitest'
import { conforms, couldNotRun, deviates, exampleCase, header, footer, instance, plan, result, rule, suite } from './example-journal.ts'
import { matricesOf, matrixText, writeMatrixMarkdown } from './matrix.ts'
import { toRunRecord } from './run-record.ts'

const [old, now] = [instance('milvus', { version: '2.2.16' }), instance('milvus', { version: '2.10.0' })]
const model = instance('milvus', { version: '2.3.5', evidence: 'model' })
const [a, b] = [exampleCase('milvus.rest.a'), exampleCase('milvus.rest.b', { rules: ['MIL-B-01'] })]
const suites = { milvus: suite('milvus', { rules: { 'MIL-AUTH-01': rule(), 'MIL-B-01': rule() }, cases: [a, b] }) }
const record = toRunRecord(
  [
    header(),
    plan(now, [a, b]),
    plan(old, [a]),
    plan(model, [a]),
    result(now, a, conforms),
    result(now, b, couldNotRun),
    result(old, a, deviates),
    result(model, a),
    footer(),
  ],
  { suites },
)

test('each rule has the worst of its cases on each real version, in the order of the versions', () => {
  expect(matricesOf(record)).toEqual([
    {
      product: 'milvus',
      versions: ['2.2.16', '2.10.0'],
      rows: [
        { rule: 'MIL-AUTH-01', states: ['deviates', 'conforms'] },
        { rule: 'MIL-B-01', states: [undefined, 'could-not-run'] },
      ],
    },
  ])
  expect(matrixText(record)).toBe('  Milvus 2.2.16: 1 deviates, 1 no case\n  Milvus 2.10.0: 1 conforms, 1 could-not-run')
  expect(writeMatrixMarkdown(record)).toContain('| MIL-AUTH-01 | ✗ | ✓ |')
})
