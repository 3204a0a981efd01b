import { expect, test } from 'vitest'
import { conforms, couldNotRun, deviates, exampleCase, header, footer, instance, plan, result, rule, suite } from './example-journal.ts'
import { matricesOf, matrixText, turnOf, writeMatrixMarkdown } from './matrix.ts'
import { toRunRecord } from './run-record.ts'
import { writeMatrixHtml } from './write-matrix-html.ts'

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
  const [matrix] = matricesOf([record])
  expect(matrix?.columns.map(({ label }) => label)).toEqual(['2.2.16', '2.10.0'])
  expect(matrix?.rows.map(({ rule: id, cells }) => [id, ...cells.map((cell) => cell?.state)])).toEqual([
    ['MIL-AUTH-01', 'deviates', 'conforms'],
    ['MIL-B-01', undefined, 'could-not-run'],
  ])
  expect(matrixText([record])).toBe('  Milvus 2.2.16: 1 deviates, 1 no case\n  Milvus 2.10.0: 1 conforms, 1 could-not-run')
  expect(writeMatrixMarkdown([record])).toContain('| MIL-AUTH-01 | ✗ | ✓ |')
})

test('what changed is said from each version to the next, by rule and by case', () => {
  expect(matricesOf([record])[0]?.changes).toMatchObject([
    {
      from: { version: '2.2.16' },
      to: { version: '2.10.0' },
      rules: [
        { id: 'MIL-AUTH-01', was: 'deviates', is: 'conforms' },
        { id: 'MIL-B-01', was: undefined, is: 'could-not-run' },
      ],
      cases: [
        { id: 'milvus.rest.b (default)', was: undefined, is: 'could-not-run' },
        { id: 'milvus.rest.a (default)', was: 'deviates', is: 'conforms' },
      ],
    },
  ])
  expect([turnOf('deviates', 'conforms'), turnOf('conforms', 'could-not-run'), turnOf(undefined, 'deviates'), turnOf('not-applicable', 'deviates')]).toEqual([
    'better',
    'worse',
    undefined,
    undefined,
  ])
})

test('several runs stand side by side; the same version of two runs is told apart by the run', () => {
  const [one, other] = ['r-1', 'r-2'].map((runId) =>
    toRunRecord([header({ runId }), plan(now, [a]), result(now, a, runId === 'r-1' ? conforms : deviates), footer()], { suites }),
  )
  if (one === undefined || other === undefined) throw new TypeError('there are two')
  const [matrix] = matricesOf([one, other])
  expect(matrix?.columns.map(({ label }) => label)).toEqual(['2.10.0 (r-1)', '2.10.0 (r-2)'])
  const page = writeMatrixHtml([one, other], { suites, pageOf: (runId) => `${runId}/index.html` })
  expect(page).toMatch('<b class="turn worse">▼ worse</b>')
  expect(page).toMatch('href="r-2/index.html#rule%3Amilvus-2.10.0%3AMIL-AUTH-01"')
})
