import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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
  notJudged,
  plan,
  result,
  rule,
  suite,
  verdicts,
  wholeRun,
} from './example-journal.ts'
import { csvRecord } from './csv.ts'
import type { JournalLine } from './journal-lines.ts'
import { toRunRecord } from './run-record.ts'
import type { RunRecord } from './run-schema.ts'
import { writeActionPlan } from './write-action-plan.ts'
import { writeBadge } from './write-badge.ts'
import { writeCtrf } from './write-ctrf.ts'
import { validate } from './validate.ts'
import { code, prose, writeMarkdown } from './write-markdown.ts'
import { writeSarif } from './write-sarif.ts'

const at = instance()
const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => exampleCase(`milvus.rest.anonymous.may-not.${name}`))
const settled = [conforms, deviates, known('milvus-anonymous-lists'), couldNotRun, notApplicable, harnessDefect]
const rules = { 'MIL-AUTH-01': rule(), 'MIL-MINOR-01': rule({ severity: 'low', level: 'SHOULD', cwe: [] }) }
const suites = { milvus: suite('milvus', { cases: rows, rules, deviations: [deviation()] }) }
const all = wholeRun(
  at,
  rows.map((row, index) => [row, settled[index] ?? conforms]),
)
const hostile = '=cmd|\'/c calc\'!A1 <script>alert(1)</script> `` ![x](https://example.test/x.png) @team ]]>\u0000\u001b[31m\ud800\u202e "quoted",\r\nnext'
const hostileLines = wholeRun(at, [[exampleCase('milvus.hostile'), { ...deviates, because: hostile }]])
const model = instance('milvus', { evidence: 'model', runtime: 'model' })
const onModel = [header(), plan(model, rows), ...rows.map((row) => result(model, row)), footer()]

type Writer = (record: RunRecord, lines: readonly JournalLine[], over: typeof suites) => string
const write = (writer: Writer, lines: readonly JournalLine[]): string => writer(toRunRecord(lines, { suites }), lines, suites)

interface SarifResult {
  readonly kind: string
  readonly level: string
  readonly ruleId: string
  readonly suppressions?: readonly { readonly status: string }[]
  readonly locations: readonly { readonly physicalLocation?: { readonly region: { readonly startLine: number } } }[]
  readonly properties: { readonly state: string }
}

interface SarifRun {
  readonly results: readonly SarifResult[]
  readonly invocations: readonly { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly unknown[] }[]
}

const sarifRun = (lines: readonly JournalLine[]): SarifRun | undefined => (JSON.parse(write(writeSarif, lines)) as { runs: SarifRun[] }).runs[0]

describe('SARIF', () => {
  test('each state has its kind; a known deviation is under review, not accepted', () => {
    expect(sarifRun(all)?.results.map(({ kind, level, properties, suppressions }) => [properties.state, kind, level, suppressions?.[0]?.status])).toEqual([
      ['conforms', 'pass', 'none', undefined],
      ['deviates', 'fail', 'error', undefined],
      ['known-deviation', 'fail', 'error', 'underReview'],
      ['could-not-run', 'open', 'none', undefined],
      ['not-applicable', 'notApplicable', 'none', undefined],
    ])
  })

  test('a defect of the harness is a notification, and the run no success', () => {
    expect(sarifRun(all)?.invocations).toMatchObject([{ executionSuccessful: false, toolExecutionNotifications: [{ level: 'error' }] }])
  })

  test('each result is located at its line of the journal', () => {
    for (const one of sarifRun(all)?.results ?? []) {
      const line = one.locations[0]?.physicalLocation?.region.startLine ?? 0
      expect(all[line - 1]).toMatchObject({ type: 'result', state: one.properties.state })
    }
  })

  test('a case stands under the most severe of its rules', () => {
    const row = exampleCase('milvus.both', { rules: ['MIL-MINOR-01', 'MIL-AUTH-01'] })
    expect(sarifRun(wholeRun(at, [[row, deviates]]))?.results).toMatchObject([{ ruleId: 'MIL-AUTH-01', level: 'error' }])
  })

  test('what a model did is no result', () => {
    expect(sarifRun(onModel)?.results).toEqual([])
  })
})

interface CtrfReport {
  readonly results: { readonly summary: Readonly<Record<string, number>>; readonly tests: readonly { readonly status: string; readonly rawStatus: string }[] }
}

const ctrf = (lines: readonly JournalLine[]): CtrfReport['results'] => (JSON.parse(write(writeCtrf, lines)) as CtrfReport).results

describe('SARIF against an earlier run', () => {
  const [a, b, c] = rows
  if (a === undefined || b === undefined || c === undefined) throw new Error('no rows')
  const baseline = toRunRecord(
    wholeRun(instance('milvus', { version: '2.2.16' }), [
      [a, conforms],
      [b, conforms],
      [c, deviates],
    ]),
    { suites },
  )
  const now = wholeRun(at, [
    [a, conforms],
    [b, deviates],
    [rows[3] ?? a, deviates],
  ])

  test('each result says whether it is new, unchanged or updated, and what is gone is absent, whatever the version', () => {
    const written = JSON.parse(writeSarif(toRunRecord(now, { suites }), now, suites, baseline)) as { runs: { results: { baselineState: string }[] }[] }
    expect(written.runs[0]?.results.map(({ baselineState }) => baselineState)).toEqual(['unchanged', 'updated', 'new', 'absent'])
  })

  test('it is valid', async () => {
    expect(await validate('results.sarif', writeSarif(toRunRecord(now, { suites }), now, suites, baseline))).toMatchObject({ result: { kind: 'valid' } })
  })
})

describe('CTRF', () => {
  test('only what conforms passes, and what could not run is not green', () => {
    expect(ctrf(all).tests.map(({ status, rawStatus }) => [rawStatus, status])).toEqual([
      ['conforms', 'passed'],
      ['deviates', 'failed'],
      ['known-deviation', 'other'],
      ['could-not-run', 'failed'],
      ['not-applicable', 'skipped'],
      ['harness-defect', 'failed'],
    ])
    expect(ctrf(all).summary).toMatchObject({ tests: 6, passed: 1, failed: 3, skipped: 1, other: 1, pending: 0 })
  })

  test('what conforms on a model does not pass', () => {
    expect(ctrf(onModel).summary).toMatchObject({ passed: 0, other: 6 })
  })
})

describe('the Markdown summary', () => {
  test('says the headline, the totals, what deviates, what is known and what was not judged', () => {
    const text = write(writeMarkdown, [...all.slice(0, -1), notJudged('qdrant'), footer()])
    expect(text).toMatch('| Milvus 2.3.5 | 1 | 1 | 1 | 1 | 1 | 1 |')
    expect(text).toMatch('## Deviations that were not known\n\n- **MIL-AUTH-01** (MUST, high), Milvus 2.3.5, 1 case.')
    expect(text).toMatch('- **milvus-anonymous-lists** (high, 1 case on 2.3.5). Anonymous callers may list collections.')
    expect(text).toMatch('- **Qdrant**: `no real server of it can be had on this machine` To judge it: `set ASSAY_QDRANT_BIN, or start Docker`')
  })

  test('what a server said stands in one code span, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const span = code(text)
        const fence = /^`+/.exec(span)?.[0] ?? ''
        expect(span).toMatch(/^[^\n\r\u2028]*$/)
        expect(span.slice(fence.length, -fence.length).split(/[^`]+/)).not.toContain(fence)
        expect(span.endsWith(fence)).toBe(true)
        expect(span).not.toMatch(/(?<!\\)\|/)
      }),
    )
  })

  test('our own words carry no markup', () => {
    expect(prose('a*b_c [x](y) <b> | # @me ![i](u) `c` & ~d~')).toBe('a\\*b\\_c \\[x\\](y) &lt;b\\> \\| \\# \\@me \\!\\[i\\](u) \\`c\\` &amp; \\~d\\~')
  })
})

describe('the action plan', () => {
  test('lists the MUST rules that were broken, known or not, with columns to fill in', () => {
    const minor = exampleCase('milvus.minor', { rules: ['MIL-MINOR-01'] })
    const lines = write(writeActionPlan, wholeRun(at, [...rows.map((row, index) => [row, settled[index] ?? conforms] as const), [minor, deviates]])).split(
      '\r\n',
    )
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/"owner","due","remarks"$/)
    expect(lines[1]).toMatch(/^"Milvus","2\.3\.5","MIL-AUTH-01","high","deviates",2,.*,"","",""$/)
  })

  test('no field is run by a spreadsheet, and none leaves its cell', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('=1+1', '+1', '-1', '@x', ' =1', '\t=1', '＝1')), (text) => {
        const field = csvRecord([text]).slice(1, -3)
        expect(field.trimStart()).not.toMatch(/^[=+\-@＝＋－＠]/)
        expect(field.replaceAll('""', '')).not.toMatch('"')
      }),
    )
  })
})

test('a refusal under another code is of low severity, whatever its rule', () => {
  const wrongClass = { ...verdicts.deviates, class: 'wrong-class' } as const
  const [row] = rows
  if (row === undefined) throw new Error('no row')
  const lines = [header(), plan(at, [row]), result(at, row, deviates, { verdict: wrongClass }), footer()]
  expect(toRunRecord(lines, { suites }).cases).toMatchObject([{ state: 'deviates', class: 'wrong-class', severity: 'low' }])
  expect(sarifRun(lines)?.results).toMatchObject([{ level: 'note' }])
})

const badge = (lines: readonly JournalLine[]): unknown => JSON.parse(writeBadge(toRunRecord(lines, { suites: { milvus: suite('milvus') } })))

test('the badge is green only where all that was judged conforms', () => {
  const [row] = rows
  if (row === undefined) throw new Error('no row')
  expect(badge(wholeRun(at, [[row, conforms]]))).toMatchObject({ color: 'brightgreen', message: '1 of 1 conform' })
  expect(badge(wholeRun(at, [[row, couldNotRun]]))).toMatchObject({ color: 'lightgrey' })
  expect(badge(wholeRun(at, [[row, deviates]]))).toMatchObject({ color: 'red' })
  expect(badge([header(), footer()])).toMatchObject({ color: 'lightgrey', message: 'nothing real ran' })
})

test('no format lets a control character or half a character through', () => {
  for (const writer of [writeSarif, writeCtrf, writeMarkdown, writeActionPlan] satisfies Writer[]) {
    expect(write(writer, hostileLines)).not.toMatch(/[\p{Bidi_Control}[\p{Cc}--[\t\n\r]]]|\\u001b|\\u0000|\\ud800/v)
  }
})
