import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conforms, couldNotRun, deviates, exampleCase, footer, header, instance, notJudged, plan, result, rule, verdicts, wholeRun } from './example-journal.ts'
import { csvRecord } from './csv.ts'
import { eachState, exampleRun } from './example-run.ts'
import type { JournalLine } from './journal-lines.ts'
import { whole } from './parts.ts'
import { writeActionPlan } from './write-action-plan.ts'
import { writeBadge } from './write-badge.ts'
import { writeCtrf } from './write-ctrf.ts'
import { validate } from './validate.ts'
import { code, prose, writeMarkdown } from './write-markdown.ts'
import { writeSarif } from './write-sarif.ts'

const rules = { 'MIL-AUTH-01': rule(), 'MIL-MINOR-01': rule({ severity: 'low', level: 'SHOULD', cwe: [] }) }
const { at, rows, lines: all, onModel, recordOf, modelOf, written: write } = exampleRun({ rules })
const hostile = '=cmd|\'/c calc\'!A1 <script>alert(1)</script> `` ![x](https://example.test/x.png) @team ]]>\u0000\u001b[31m\ud800\u202e "quoted",\r\nnext'
const hostileLines = wholeRun(at, [[exampleCase('milvus.hostile'), { ...deviates, because: hostile }]])

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

const sarifRun = async (lines: readonly JournalLine[]): Promise<SarifRun | undefined> =>
  (JSON.parse(await write(writeSarif, lines)) as { runs: SarifRun[] }).runs[0]

describe('SARIF', () => {
  test('each state has its kind; a known deviation is under review, not accepted', async () => {
    expect(
      (await sarifRun(all))?.results.map(({ kind, level, properties, suppressions }) => [properties.state, kind, level, suppressions?.[0]?.status]),
    ).toEqual([
      ['conforms', 'pass', 'none', undefined],
      ['deviates', 'fail', 'error', undefined],
      ['known-deviation', 'fail', 'error', 'underReview'],
      ['could-not-run', 'open', 'none', undefined],
      ['not-applicable', 'notApplicable', 'none', undefined],
    ])
  })

  test('a defect of the harness is a notification, and the run no success', async () => {
    expect((await sarifRun(all))?.invocations).toMatchObject([{ executionSuccessful: false, toolExecutionNotifications: [{ level: 'error' }] }])
  })

  test('each result is located at its line of the journal', async () => {
    for (const one of (await sarifRun(all))?.results ?? []) {
      const line = one.locations[0]?.physicalLocation?.region.startLine ?? 0
      expect(all[line - 1]).toMatchObject({ type: 'result', state: one.properties.state })
    }
  })

  test('a case stands under the most severe of its rules', async () => {
    const row = exampleCase('milvus.both', { rules: ['MIL-MINOR-01', 'MIL-AUTH-01'] })
    expect((await sarifRun(wholeRun(at, [[row, deviates]])))?.results).toMatchObject([{ ruleId: 'MIL-AUTH-01', level: 'error' }])
  })

  test('what a model did is no result', async () => {
    expect((await sarifRun(onModel))?.results).toEqual([])
  })
})

interface CtrfReport {
  readonly results: { readonly summary: Readonly<Record<string, number>>; readonly tests: readonly { readonly status: string; readonly rawStatus: string }[] }
}

const ctrf = async (lines: readonly JournalLine[]): Promise<CtrfReport['results']> => (JSON.parse(await write(writeCtrf, lines)) as CtrfReport).results

describe('SARIF against an earlier run', () => {
  const [a, b, c] = rows
  if (a === undefined || b === undefined || c === undefined) throw new Error('no rows')
  const baseline = recordOf(
    wholeRun(instance('milvus', { version: '2.2.16' }), [
      [a, conforms],
      [b, conforms],
      [c, deviates],
    ]),
  )
  const now = wholeRun(at, [
    [a, conforms],
    [b, deviates],
    [rows[3] ?? a, deviates],
  ])

  test('each result says whether it is new, unchanged or updated, and what is gone is absent, whatever the version', async () => {
    const written = JSON.parse(await whole(writeSarif(modelOf(now), baseline))) as { runs: { results: { baselineState: string }[] }[] }
    expect(written.runs[0]?.results.map(({ baselineState }) => baselineState)).toEqual(['unchanged', 'updated', 'new', 'absent'])
  })

  test('it is valid', async () => {
    expect(await validate('results.sarif', () => whole(writeSarif(modelOf(now), baseline)))).toMatchObject({ result: { kind: 'valid' } })
  })
})

describe('CTRF', () => {
  test('only what conforms passes, and what could not run is not green', async () => {
    expect((await ctrf(all)).tests.map(({ status, rawStatus }) => [rawStatus, status])).toEqual([
      ['conforms', 'passed'],
      ['deviates', 'failed'],
      ['known-deviation', 'other'],
      ['could-not-run', 'failed'],
      ['not-applicable', 'skipped'],
      ['harness-defect', 'failed'],
    ])
    expect((await ctrf(all)).summary).toMatchObject({ tests: 6, passed: 1, failed: 3, skipped: 1, other: 1, pending: 0 })
  })

  test('what conforms on a model does not pass', async () => {
    expect((await ctrf(onModel)).summary).toMatchObject({ passed: 0, other: 6 })
  })
})

describe('the Markdown summary', () => {
  test('says the headline, the totals, what deviates, what is known and what was not judged', async () => {
    const text = await write(writeMarkdown, [...all.slice(0, -1), notJudged('qdrant'), footer()])
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
  test('lists the MUST rules that were broken, known or not, with columns to fill in', async () => {
    const minor = exampleCase('milvus.minor', { rules: ['MIL-MINOR-01'] })
    const own = wholeRun(at, [...rows.map((row, index) => [row, eachState[index] ?? conforms] as const), [minor, deviates]])
    const lines = (await write(writeActionPlan, own)).split('\r\n')
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

test('a refusal under another code is of low severity, whatever its rule', async () => {
  const wrongClass = { ...verdicts.deviates, class: 'wrong-class' } as const
  const [row] = rows
  if (row === undefined) throw new Error('no row')
  const lines = [header(), plan(at, [row]), result(at, row, deviates, { verdict: wrongClass }), footer()]
  expect(recordOf(lines).cases).toMatchObject([{ state: 'deviates', class: 'wrong-class', severity: 'low' }])
  expect((await sarifRun(lines))?.results).toMatchObject([{ level: 'note' }])
})

const { recordOf: plainly } = exampleRun({ deviations: [] })
const badge = (lines: readonly JournalLine[]): unknown => JSON.parse(writeBadge({ record: plainly(lines) }))

test('the badge is green only where all that was judged conforms', async () => {
  const [row] = rows
  if (row === undefined) throw new Error('no row')
  expect(badge(wholeRun(at, [[row, conforms]]))).toMatchObject({ color: 'brightgreen', message: '1 of 1 conform' })
  expect(badge(wholeRun(at, [[row, couldNotRun]]))).toMatchObject({ color: 'lightgrey' })
  expect(badge(wholeRun(at, [[row, deviates]]))).toMatchObject({ color: 'red' })
  expect(badge([header(), footer()])).toMatchObject({ color: 'lightgrey', message: 'nothing real ran' })
})

test('no format lets a control character or half a character through', async () => {
  for (const writer of [writeSarif, writeCtrf, writeMarkdown, writeActionPlan]) {
    expect(await write(writer, hostileLines)).not.toMatch(/[\p{Bidi_Control}[\p{Cc}--[\t\n\r]]]|\\u001b|\\u0000|\\ud800/v)
  }
})
