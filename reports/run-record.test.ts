import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Census } from '../src/census.ts'
import { states, type State } from '../src/deviation.ts'
import { productNames } from '../src/rule.ts'
import {
  boot,
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
import { exampleRun } from './example-run.ts'
import { exitCodeOf, type ExitOptions } from './exit-code.ts'
import type { JournalLine } from './journal-lines.ts'
import { toRunRecord } from './run-record.ts'
import { runJsonSchema, runRecordSchema, type RunRecord } from './run-schema.ts'

const { at, rows: six } = exampleRun()
const rows = six.slice(0, 5)
const [a, b, c, d, e] = rows as [Row, Row, Row, Row, Row]
type Row = (typeof rows)[number]

const suites = { milvus: suite('milvus', { cases: rows, deviations: [deviation()] }), qdrant: suite('qdrant', { rules: {} }) }
const recordOf = (lines: readonly JournalLine[], over = suites): RunRecord => toRunRecord(lines, { suites: over })
const exit = (lines: readonly JournalLine[], options: Partial<ExitOptions> = {}): number =>
  exitCodeOf(recordOf(lines), { failOn: 'new', named: [], ...options })
const whole = wholeRun(at, [
  [a, conforms],
  [b, deviates],
  [c, known('milvus-anonymous-lists')],
  [d, couldNotRun],
  [e, notApplicable],
])

test('every case is in the state that its result says', () => {
  const record = recordOf(whole)
  expect(record.cases.map(({ state }) => state)).toEqual(['conforms', 'deviates', 'known-deviation', 'could-not-run', 'not-applicable'])
  expect(record.totals).toEqual({ conforms: 1, deviates: 1, 'known-deviation': 1, waived: 0, 'not-applicable': 1, 'could-not-run': 1, 'harness-defect': 0 })
  expect(record.cases[4]).toMatchObject({ reason: 'version', because: 'version: since 2.4.0' })
})

test('a port or an operation that nobody knows ends a run with 3, and so does a list that could not be read; one that cannot be read here does not', () => {
  const counted = (census: Census): number => exit([header(), plan(at, [a]), result(at, a), { type: 'census', instance: at.id, census }, footer()])
  const from = 'the listening sockets of its processes'
  expect(counted({ what: 'ports', state: 'complete', from, listed: 2 })).toBe(0)
  expect(counted({ what: 'ports', state: 'incomplete', from, listed: 3, unknown: ['port 6060'] })).toBe(3)
  expect(counted({ what: 'operations', state: 'failed', because: 'no answer' })).toBe(3)
  expect(counted({ what: 'ports', state: 'not-here', because: 'a container' })).toBe(0)
})

test('the headline says what is real, conforms, deviates and is known', () => {
  expect(recordOf(whole).headline).toBe(
    'Milvus 2.3.5 ran for real: of 5 cases, 1 conforms, 1 deviates, 1 is a known deviation (highest severity: high), 1 is not applicable and 1 could not run.',
  )
})

test('a planned case without a result could not run, with the reason of its server', () => {
  const cut = recordOf([header(), plan(at, [a, b]), boot(at, 'started'), boot(at, 'ready'), result(at, a)])
  expect(cut.cases[1]).toMatchObject({ state: 'could-not-run', because: 'the run ended before this case' })
  expect(cut).toMatchObject({ complete: false, finishedAt: null })
  expect(cut.headline).toMatch(/^Incomplete: Milvus 2\.3\.5 ran for real: of 2 cases, 1 conforms, 0 deviate and 1 could not run\.$/)
  const failed = recordOf([header(), plan(at, [a]), boot(at, 'started'), boot(at, 'failed', { because: 'unknown key: tlss' }), footer()])
  expect(failed.cases[0]).toMatchObject({ state: 'could-not-run', because: 'the server did not start: unknown key: tlss' })
  expect(failed.instances[0]).toMatchObject({ status: 'failed', because: 'unknown key: tlss', origin: null, digest: null })
  expect(failed.headline).toBe('Nothing real could be judged: of 1 case, 0 conform, 0 deviate and 1 could not run.')
  const died = recordOf([header(), plan(at, [a]), boot(at, 'ready'), boot(at, 'died', { because: 'panic' }), footer()])
  expect(died.cases[0]).toMatchObject({ state: 'could-not-run', because: 'the server died: panic' })
})

test('a server keeps its origin, digest and the time it took to boot', () => {
  const record = recordOf([header(), plan(at, [a]), boot(at, 'started', { atMs: 1000 }), boot(at, 'ready', { atMs: 3500 }), result(at, a), footer()])
  expect(record.instances[0]).toMatchObject({ status: 'ran', origin: 'registry', bootMs: 2500, digest: expect.stringMatching(/^sha256:/) })
})

test('a journal that does not add up is a harness defect', () => {
  const twice = [...wholeRun(at, [[a, conforms]]).slice(0, -1), result(at, a), footer()]
  expect(recordOf(twice).cases).toMatchObject([{ state: 'harness-defect', because: 'it has 2 results' }])
  expect(exit(twice)).toBe(5)
  const unplanned = [...wholeRun(at, [[a, conforms]]).slice(0, -1), result(at, b), footer()]
  expect(recordOf(unplanned).defects).toEqual(['milvus-2.3.5-default: milvus.rest.anonymous.may-not.b has a result and was not planned'])
  expect(exit(unplanned)).toBe(5)
  expect(recordOf([header(), plan(at, [a]), plan(at, [a]), result(at, a), footer()]).defects).toEqual([
    'milvus-2.3.5-default: milvus.rest.anonymous.may-not.a was planned twice',
  ])
  const liar = [header(), plan(at, [a]), result(at, a, conforms, { verdict: verdicts.deviates }), footer()]
  expect(recordOf(liar).cases[0]).toMatchObject({ state: 'harness-defect', because: 'its state is conforms, its verdict deviates' })
  const nameless = exampleCase('milvus.rest.x', { rules: ['MIL-NOBODY-99'] })
  expect(exit(wholeRun(at, [[nameless, conforms]]))).toBe(5)
  expect(exit(wholeRun(at, [[a, known('milvus-made-up')]]))).toBe(5)
})

test('the states of the planned cases add up to their number, whatever the journal holds', () => {
  const verdictFor = {
    conforms,
    deviates,
    'known-deviation': known('milvus-anonymous-lists'),
    waived: { state: 'waived', because: 'w' },
    'not-applicable': notApplicable,
    'could-not-run': couldNotRun,
    'harness-defect': harnessDefect,
  } as const
  const results = fc.array(fc.record({ row: fc.constantFrom(...rows), state: fc.constantFrom<State>(...states), model: fc.boolean() }), { maxLength: 20 })
  const model = instance('milvus', { evidence: 'model', runtime: 'model' })
  fc.assert(
    fc.property(results, fc.subarray(rows), fc.boolean(), (found, planned, done) => {
      const lines = [
        header(),
        plan(at, planned),
        plan(model, planned),
        ...found.map(({ row, state, model: onModel }) => result(onModel ? model : at, row, verdictFor[state])),
        ...(done ? [footer()] : []),
      ]
      const record = recordOf(lines)
      const sum = states.reduce((all, state) => all + record.totals[state] + record.modelTotals[state], 0)
      expect(sum).toBe(planned.length * 2)
      expect(runRecordSchema.parse(record)).toEqual(record)
    }),
  )
})

const worst = (settled: readonly (typeof conforms)[]): State | undefined =>
  recordOf(
    wholeRun(
      at,
      settled.map((one, index) => [rows[index] ?? a, one]),
    ),
  ).rules[0]?.state

test('a rule is as bad as the worst of its cases', () => {
  expect(worst([conforms, harnessDefect, deviates])).toBe('harness-defect')
  expect(worst([conforms, couldNotRun, deviates])).toBe('deviates')
  expect(worst([known('milvus-anonymous-lists'), couldNotRun])).toBe('could-not-run')
  expect(worst([known('milvus-anonymous-lists'), conforms])).toBe('known-deviation')
  expect(worst([notApplicable, conforms])).toBe('not-applicable')
  expect(worst([conforms, conforms])).toBe('conforms')
})

test('what ran on a model is counted apart and is no evidence', () => {
  const model = instance('qdrant', { evidence: 'model', runtime: 'model', version: '1.16.0' })
  const lines = [header(), plan(model, [a]), boot(model, 'ready'), result(model, a), plan(at, [b]), boot(at, 'ready'), result(at, b), footer()]
  const record = toRunRecord(lines, { suites: { ...suites, qdrant: suite('qdrant', { rules: { 'MIL-AUTH-01': rule({ product: 'qdrant' }) } }) } })
  expect(record.totals.conforms).toBe(1)
  expect(record.modelTotals.conforms).toBe(1)
  expect(record.notJudged).toMatchObject([{ product: 'qdrant', because: 'only its model ran' }])
  expect(record.headline).toBe('Milvus 2.3.5 ran for real: of 1 case, 1 conforms and 0 deviate; Qdrant was not judged (model only).')
  expect(exitCodeOf(record, { failOn: 'new', named: [] })).toBe(0)
  expect(exitCodeOf(record, { failOn: 'new', named: ['qdrant'] })).toBe(3)
})

test('a run in which nothing real ran is incomplete', () => {
  const model = instance('milvus', { evidence: 'model', runtime: 'model' })
  const lines = [header(), notJudged('milvus'), plan(model, [a]), result(model, a), footer()]
  expect(recordOf(lines).headline).toBe('Nothing real ran; Milvus was not judged (model only).')
  expect(exit(lines)).toBe(3)
  expect(exit([header(), footer()])).toBe(3)
})

test('a model that deviates is a defect of ours', () => {
  const model = instance('milvus', { evidence: 'model', runtime: 'model' })
  expect(exit([header(), plan(model, [a]), result(model, a, deviates), plan(at, [a]), result(at, a), footer()])).toBe(5)
})

test.for([
  ['all conform', [conforms], {}, 0],
  ['a new deviation', [conforms, deviates], {}, 1],
  ['a known deviation, asked for new ones', [conforms, known('milvus-anonymous-lists')], {}, 0],
  ['a known deviation as severe as asked for', [known('milvus-anonymous-lists')], { failOn: 'high' }, 1],
  ['a deviation less severe than asked for', [deviates], { failOn: 'critical' }, 0],
  ['a case that could not run', [conforms, couldNotRun], {}, 3],
  ['a deviation and a case that could not run', [deviates, couldNotRun], {}, 1],
  ['a harness defect beside a deviation', [deviates, harnessDefect], {}, 5],
  ['nothing but what is not applicable', [notApplicable], {}, 3],
  ['a named product that was judged', [conforms], { named: ['milvus'] }, 0],
  ['a named product that was not', [conforms], { named: ['weaviate'] }, 3],
] as const)('%s: the exit code follows', ([, settled, options, code]) => {
  expect(
    exit(
      wholeRun(
        at,
        settled.map((one, index) => [rows[index] ?? a, one]),
      ),
      options,
    ),
  ).toBe(code)
})

test('an interruption wins over all else', () => {
  expect(exit([header(), plan(at, [a]), result(at, a, deviates), footer({ complete: false, interrupted: true })])).toBe(130)
})

const clean = rows.map((row) => [row, conforms] as const)

test('a known deviation that all its cases no longer show turns red', () => {
  const record = recordOf(wholeRun(at, clean))
  expect(record.staleDeviations).toMatchObject([{ id: 'milvus-anonymous-lists', version: '2.3.5' }])
  expect(record.headline).toMatch('1 known deviation was no longer seen')
  expect(exit(wholeRun(at, clean))).toBe(1)
})

const staleIn = (lines: readonly JournalLine[]): readonly unknown[] => recordOf(lines).staleDeviations

test('a known deviation is not stale where its cases were not all judged, or not there', () => {
  expect(staleIn(wholeRun(at, [...clean.slice(1), [a, couldNotRun]]))).toEqual([])
  expect(staleIn(wholeRun(at, clean.slice(1)))).toEqual([])
  expect(staleIn(wholeRun(at, [...clean.slice(1), [a, known('milvus-anonymous-lists')]]))).toEqual([])
  expect(staleIn(wholeRun(instance('milvus', { version: '2.4.0' }), clean))).toEqual([])
  expect(staleIn(wholeRun(instance('milvus', { evidence: 'model', runtime: 'model' }), clean))).toEqual([])
})

test('a known deviation about some cases is judged by those alone', () => {
  const over = { ...suites, milvus: suite('milvus', { cases: rows, deviations: [deviation({ cases: ['*.a'] })] }) }
  expect(recordOf(wholeRun(at, [[a, conforms]]), over).staleDeviations).toHaveLength(1)
  expect(recordOf(wholeRun(at, [[b, conforms]]), over).staleDeviations).toEqual([])
})

test('a case of other versions does not keep a known deviation alive', () => {
  const later = exampleCase('milvus.later', { versions: '>=2.5.0' })
  const over = { ...suites, milvus: suite('milvus', { cases: [a, later], deviations: [deviation()] }) }
  expect(recordOf(wholeRun(at, [[a, conforms]]), over).staleDeviations).toHaveLength(1)
})

test('known deviations are listed with their severity and the versions that showed them', () => {
  expect(recordOf(whole).knownDeviations).toEqual([
    {
      id: 'milvus-anonymous-lists',
      product: 'milvus',
      rule: 'MIL-AUTH-01',
      severity: 'high',
      count: 1,
      versions: ['2.3.5'],
      says: 'Anonymous callers may list collections.',
    },
  ])
})

test('conforming cases that rest on an exemption are counted', () => {
  const exempt = { verdict: { kind: 'conforms', proof: { effect: 'never-arrived', twin: 'nobody-may' } } } as const
  const lines = [header(), plan(at, [a, b]), result(at, a, conforms, exempt), result(at, b), footer()]
  expect(recordOf(lines).exemptions).toEqual({ twin: { 'nobody-may': 1, 'started-elsewhere': 0 }, effect: { 'never-arrived': 1, invisible: 0 } })
})

test('rules of a product that ran and that had no case are named', () => {
  const over = { ...suites, milvus: suite('milvus', { rules: { 'MIL-AUTH-01': rule(), 'MIL-AUTH-02': rule() } }) }
  expect(recordOf(whole, over).rulesWithoutCases).toEqual(['MIL-AUTH-02'])
})

test('the JSON Schema beside the writer is the one that the types give', async () => {
  // `vitest run -u` writes it again.
  await expect(runJsonSchema()).toMatchFileSnapshot('run.schema.json')
})

test('a record is valid by its JSON Schema, and a wrong one is not', () => {
  const validate = new Ajv2020({ strict: true, validateFormats: false }).compile(JSON.parse(runJsonSchema()) as object)
  const record = recordOf(whole)
  expect(validate(JSON.parse(JSON.stringify(record)))).toBe(true)
  expect(validate({ ...record, totals: { conforms: 1 } })).toBe(false)
  expect(validate({ ...record, extra: 1 })).toBe(false)
})

test('the record of a product that the catalogue lacks is still made', () => {
  const lines = productNames.flatMap((product) => [plan(instance(product), [a]), result(instance(product), a)])
  expect(toRunRecord([header(), ...lines, footer()], { suites: {} })).toMatchObject({
    totals: { conforms: 4 },
    rules: [],
    defects: ['rule MIL-AUTH-01 has cases and is not in the catalogue'],
  })
})
