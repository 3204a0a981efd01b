import { describe, expect, test } from 'vitest'
import type { Settled } from '../src/deviation.ts'
import {
  conforms,
  couldNotRun,
  deviates,
  exampleCase,
  exchange,
  footer,
  header,
  known,
  notApplicable,
  notJudged,
  plan,
  result,
  wholeRun,
} from './example-journal.ts'
import { exampleRun } from './example-run.ts'
import type { JournalLine } from './journal-lines.ts'
import { validate } from './validate.ts'
import { writeCtrf } from './write-ctrf.ts'
import { writeEarl } from './write-earl.ts'
import { writeInToto } from './write-in-toto.ts'
import { writeJunit } from './write-junit.ts'
import { writeOscal } from './write-oscal.ts'
import { writeSarif } from './write-sarif.ts'

const { at, rows, lines: eachState, onModel, written: write, modelOf } = exampleRun()
const hostile = '=1 <script>alert(1)</script> ]]>\u0000\u001b[31m\ud800\u202e\uffff "quoted",\r\n&nope; <!-- \u2028'
const hostileCase = exampleCase(`milvus.${hostile}`, { principal: hostile, operation: hostile })
const [first] = rows

const journals: Readonly<Record<string, readonly JournalLine[]>> = {
  'each state': eachState,
  'nothing at all': [header(), footer({ complete: false })],
  'a run that was cut': [header(), notJudged('qdrant'), plan(at, rows)],
  'a model alone': onModel,
  'hostile answers': [
    header({ runId: hostile, command: [hostile] }),
    plan(at, [hostileCase]),
    result(
      at,
      hostileCase,
      { state: 'deviates', because: hostile },
      { exchanges: [exchange({ request: hostile, body: hostile, answer: hostile, headers: { [hostile]: hostile } })] },
    ),
    footer(),
  ],
}

const writers = {
  'junit.xml': writeJunit,
  'results.sarif': writeSarif,
  'ctrf.json': writeCtrf,
  'oscal-assessment-results.json': writeOscal,
  'earl.jsonld': writeEarl,
} as const

describe.for(Object.entries(journals))('of %s', ([, lines]) => {
  test.for(Object.entries(writers))('%s is valid by its published schema', async ([file, writer]) => {
    expect((await validate(file, () => write(writer, lines)))?.result).toEqual({ kind: 'valid' })
  })
})

test.for([
  ['junit.xml', '<testsuites><testcase/></testsuites>'],
  ['results.sarif', '{"version":"2.1.0","runs":[{"tool":{}}]}'],
  ['ctrf.json', '{"reportFormat":"CTRF"}'],
  ['oscal-assessment-results.json', '{"assessment-results":{"uuid":"1"}}'],
  ['earl.jsonld', '{"@context":{"a":"urn:a:"},"@graph":[{"@id":"urn:x","nowhere":"defined"}]}'],
  ['earl.jsonld', '{"@context":"https://example.test/context","@graph":[]}'],
] as const)('%s is refused where it is %s', async ([file, content]) => {
  expect((await validate(file, () => content))?.result.kind).not.toBe('valid')
})

const oscal = (own: readonly JournalLine[]): Promise<string> => write(writeOscal, own)

describe('OSCAL', () => {
  test('a control is satisfied only where all that applies to it conforms', async () => {
    const statusOf = async (...states: Settled[]): Promise<unknown> => {
      const lines = wholeRun(
        at,
        states.map((state, index) => [rows[index] ?? first, state]),
      )
      const written = JSON.parse(await oscal(lines)) as { 'assessment-results': { results: { findings?: { target: { status: unknown } }[] }[] } }
      return written['assessment-results'].results[0]?.findings?.[0]?.target.status
    }
    expect(await statusOf(conforms, conforms, notApplicable)).toEqual({ state: 'satisfied', reason: 'pass' })
    expect(await statusOf(conforms, deviates)).toEqual({ state: 'not-satisfied', reason: 'fail' })
    expect(await statusOf(conforms, known('milvus-anonymous-lists'))).toEqual({ state: 'not-satisfied', reason: 'fail' })
    expect(await statusOf(conforms, couldNotRun)).toMatchObject({ state: 'not-satisfied', reason: 'other' })
    expect(await statusOf(conforms, { state: 'waived', because: 'accepted' })).toMatchObject({ state: 'not-satisfied', reason: 'other' })
    expect(await statusOf(notApplicable)).toBeUndefined()
  })

  test('the same journal gives the same document', async () => {
    expect(await oscal(eachState)).toBe(await oscal(eachState))
  })
})

describe('in-toto', () => {
  const statement = (own: readonly JournalLine[]): unknown => JSON.parse(writeInToto(modelOf(own)) ?? 'null')

  test('its subjects are the digests of what ran for real', () => {
    expect(statement(wholeRun(at, [[first, conforms]]))).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'milvus 2.3.5', digest: { sha256: 'ab'.repeat(32) } }],
      predicate: { result: 'PASSED', passedTests: [`${at.id}/${first.id}`], failedTests: [] },
    })
    expect(statement(journals['a model alone'] ?? [])).toBeNull()
  })

  test.for([
    [deviates, 'FAILED'],
    [couldNotRun, 'FAILED'],
    [known('milvus-anonymous-lists'), 'WARNED'],
  ] as const)('%o makes it %s', ([state, outcome]) => {
    expect(statement(wholeRun(at, [[first, state]]))).toMatchObject({ predicate: { result: outcome } })
  })
})
