import { openSync, writeSync, closeSync } from 'node:fs'
import { deviates, deviation, exampleCase, exchange, footer, header, instance, plan, result, rule, suite, conforms, known } from './example-journal.ts'
import type { Case } from '../src/case.ts'
import type { Settled } from '../src/deviation.ts'
import type { Suites } from './catalogue-counts.ts'
import type { JournalLine } from './journal-lines.ts'

// A journal of any length, for measuring what reports cost: its results are as long as half of those of real runs are.

const CASES_OF_AN_INSTANCE = 500
const RULES = 250

const ruleId = (number: number): string => `MIL-BIG-${number}`

export const largeSuites: Suites = {
  milvus: suite('milvus', {
    rules: Object.fromEntries(Array.from({ length: RULES }, (_, number) => [ruleId(number), rule({ says: `Promise ${number} is kept.` })])),
    deviations: [deviation({ rule: ruleId(0) })],
  }),
}

const points = JSON.stringify({
  result: Array.from({ length: 9 }, (_, id) => ({ id, payload: { owner: 'canary', note: 'seen by whoever may' } })),
  status: 'ok',
  time: 0.0004,
})

/** One in a hundred deviates, and as many as that are known. */
function* linesOf(results: number): Generator<JournalLine> {
  yield header({ runId: `large-${results}` })
  for (let from = 0; from < results; from += CASES_OF_AN_INSTANCE) {
    const at = instance('milvus', { profile: `profile-${from / CASES_OF_AN_INSTANCE}` })
    const rows = Array.from({ length: Math.min(CASES_OF_AN_INSTANCE, results - from) }, (_, index) => caseOf(from + index))
    yield plan(at, rows)
    for (const [index, row] of rows.entries()) yield result(at, row, settledAs(index), { exchanges })
  }
  yield footer()
}

const caseOf = (number: number): Case =>
  exampleCase(`milvus.rest.caller-${number % 10}.may-not.operation-${number}`, {
    rules: [ruleId(number % RULES)],
    principal: `caller-${number % 10}`,
    operation: `operation-${Math.floor((number % CASES_OF_AN_INSTANCE) / 10)}`,
  })

const settledAs = (index: number): Settled => (index % 100 === 0 ? deviates : index % 100 === 50 ? known('milvus-anonymous-lists') : conforms)

const exchanges = [
  exchange({ stage: 'set-up', status: '200', answer: points }),
  exchange({ body: points }),
  exchange({ stage: 'twin', status: '200', answer: points }),
]

export const largeRun = (results: number): readonly JournalLine[] => [...linesOf(results)]

/** Line by line, as a run writes it. */
export function writeLargeJournal(path: string, results: number): void {
  const fd = openSync(path, 'w')
  for (const line of linesOf(results)) writeSync(fd, `${JSON.stringify(line)}\n`)
  closeSync(fd)
}
