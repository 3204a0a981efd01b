import { expect, test } from 'vitest'
import type { Case } from '../src/case.ts'
import type { InstanceIdentity } from '../src/instance.ts'
import { makePlan, type Plan, type PlannedInstance, type PlanInput } from '../src/plan.ts'
import { canonicalView } from './canonical.ts'
import { boot, conforms, deviates, exampleCase, footer, header, known, deviation, plan, result, rule, suite, verdicts } from './example-journal.ts'
import type { JournalLine } from './journal-lines.ts'
import { mergeJournals } from './merge-journals.ts'
import { toRunRecord } from './run-record.ts'

const named = (name: string, over: Partial<Case> = {}): Case => exampleCase(`milvus.rest.anonymous.may-not.${name}`, { operation: name, ...over })
const rows = [
  ...Array.from({ length: 7 }, (_, at) => named(`a${at}`)),
  ...Array.from({ length: 6 }, (_, at) => named(`b${at}`, { profile: 'tls', ...(at % 2 === 0 ? { versions: '>=3.0.0' } : {}) })),
]
const suites = { milvus: suite('milvus', { rules: { 'MIL-AUTH-01': rule(), 'MIL-NONE-01': rule() }, cases: rows, deviations: [deviation()] }) }

const input = (shard?: { readonly index: number; readonly count: number }): PlanInput => ({
  suites,
  needs: {},
  targets: [
    { product: 'milvus', version: '2.3.5', runtime: 'native' },
    { product: 'milvus', version: '2.2.16', runtime: 'native' },
  ],
  support: [],
  selection: shard === undefined ? {} : { shard },
})

const identityOf = ({ id, product, version, profile, runtime, evidence }: PlannedInstance): InstanceIdentity => ({
  id,
  product,
  version,
  profile,
  runtime,
  evidence,
})

/** What a run writes; its times and names are those of the machine that made it. */
function journalOf(whole: Plan, over: Parameters<typeof header>[0], salt: string): readonly JournalLine[] {
  const settledOf = (id: string): Parameters<typeof result>[2] =>
    id.endsWith('a2') ? deviates : id.endsWith('a3') ? known('milvus-anonymous-lists') : { ...conforms, because: `seen at localhost:${salt}` }
  return [
    header({ runId: `r-${salt}`, startedAt: `2026-03-01T1${salt.slice(0, 1)}:00:00.000Z`, ...over }),
    ...whole.instances.flatMap((instance) => [
      plan(identityOf(instance), [...instance.cases, ...instance.notApplicable.map(({ row }) => row)]),
      ...instance.notApplicable.map(({ row, verdict }) =>
        result(instance, row, { state: 'not-applicable', because: `${verdict.reason}: ${verdict.because}` }, { verdict }),
      ),
    ]),
    ...whole.instances.flatMap((instance) =>
      instance.cases.length === 0
        ? []
        : [boot(instance, 'started'), boot(instance, 'ready'), ...instance.cases.map((row) => result(instance, row, settledOf(row.id), { ms: Number(salt) }))],
    ),
    footer({ finishedAt: `2026-03-01T2${salt.slice(0, 1)}:00:00.000Z` }),
  ]
}

const whole = journalOf(makePlan(input()), {}, '1000')
const shards = (count: number): readonly (readonly JournalLine[])[] =>
  Array.from({ length: count }, (_, at) => {
    const shard = { index: at + 1, count }
    return journalOf(makePlan(input(shard)), { selection: { runtime: 'auto', shard } }, String(2000 + at))
  })
const view = (lines: readonly JournalLine[]): string => canonicalView(toRunRecord(lines, { suites }))

test.each([1, 2, 3, 5, 26, 40])('%i shards merged are, byte for byte, the canonical view of the whole', (count) => {
  expect(view(mergeJournals(shards(count)))).toBe(view(whole))
  expect(view(mergeJournals(shards(count).toReversed()))).toBe(view(whole))
})

test('the canonical view tells runs apart that differ in one result', () => {
  const changed = whole.map((line) => (line.type === 'result' && line.caseId.endsWith('a1') ? { ...line, ...deviates, verdict: verdicts.deviates } : line))
  expect(view(changed)).not.toBe(view(whole))
})

test('every case is in exactly one shard, and a shard boots only what its cases need', () => {
  const parts = Array.from({ length: 4 }, (_, at) => makePlan(input({ index: at + 1, count: 4 })))
  const keys = parts.flatMap((part) =>
    part.instances.flatMap((one) => [...one.cases, ...one.notApplicable.map(({ row }) => row)].map((row) => `${one.id} ${row.id}`)),
  )
  expect(new Set(keys).size).toBe(26)
  expect(keys).toHaveLength(26)
  expect(Math.max(...parts.map(({ instances }) => instances.length))).toBeLessThanOrEqual(2)
})

test('what is missing, there twice, no part, or of another run is refused', () => {
  const [a, b, c] = shards(3) as [readonly JournalLine[], readonly JournalLine[], readonly JournalLine[]]
  expect(() => mergeJournals([a, c])).toThrow('part 2 of 3 is missing')
  expect(() => mergeJournals([a, b, b, c])).toThrow('part 2 of 3 is there twice')
  expect(() => mergeJournals([whole])).toThrow('is no part of a run')
  const [first, ...rest] = c
  const other = first?.type === 'header' ? [{ ...first, tool: { ...first.tool, version: '9.9.9' } }, ...rest] : c
  expect(() => mergeJournals([a, b, other])).toThrow('differ in the version of this tool')
  expect(() => mergeJournals([])).toThrow('nothing to merge')
})

test('a part that was cut off leaves the whole incomplete', () => {
  const [a, b] = shards(2) as [readonly JournalLine[], readonly JournalLine[]]
  expect(toRunRecord(mergeJournals([a, b.slice(0, -1)]), { suites }).complete).toBe(false)
})
