import { expect, test } from 'vitest'
import { pgvectorServer } from '../examples/pgvector/server.ts'
import { pgvectorSuite } from '../examples/pgvector/suite.ts'
import { allowed, forbidden, type Case } from '../src/case.ts'
import { problemsOf, type Catalogue } from './lint.ts'

const good: Catalogue = { suite: pgvectorSuite, server: pgvectorServer, prefix: 'PGV' }
const [first, ...rest] = Object.values(pgvectorSuite.tables).flat()
if (first === undefined) throw new Error('the example has no case')

/** The example with its first case changed, or with more cases. */
const withFirst = (change: Partial<Case>): Catalogue => withCases([{ ...first, ...change }, ...rest])
const withCases = (cases: readonly Case[]): Catalogue => ({ ...good, suite: { ...pgvectorSuite, tables: { all: cases } } })

test('a catalogue that keeps its duties has no problem', () => {
  expect(problemsOf(good)).toEqual({})
})

test.each([
  ['no case', withCases([]), 'has rules and cases'],
  ['a rule under a strange name', { ...good, prefix: 'XYZ' }, 'names its rules as rules are named'],
  ['a rule without a case', withCases(rest.filter((row) => row.rules[0] !== 'PGV-HBA-REJECT-01')), 'has a case for every rule'],
  ['a case of no rule', withFirst({ rules: ['PGV-NOTHING-01'] }), 'has cases about rules that exist'],
  ['a profile that there is not', withFirst({ profile: 'another' }), 'has cases in profiles that exist, with ranges that can be read'],
  ['an id twice', withCases([first, first, ...rest]), 'gives each case an id of its own, which begins with the product'],
  ['a probe twice', withCases([first, { ...first, id: `${first.id}.again` }, ...rest]), 'repeats no probe'],
  ['an id that claims otherwise', withFirst({ id: 'pgvector.port.reader.may-not.connect', expect: allowed }), 'claims in each id what is expected'],
  ['a refusal without a twin', withFirst({ id: 'pgvector.x', expect: forbidden }), 'gives every refusal a twin that differs from it, or an exemption by name'],
  ['a twin that is the case', withFirst({ twin: { principal: first.principal } }), 'gives every refusal a twin that differs from it, or an exemption by name'],
  ['a twin that is refused', withFirst({ twin: { principal: 'barred' } }), 'has a twin that is expected to be allowed, wherever that is a case too'],
  ['an effect that is not looked at', withFirst({ effect: { exempt: 'never-arrived' } }), 'excuses no look at the effect of what may be done'],
] as const)('%s is found', (_what, catalogue, duty) => {
  expect(Object.keys(problemsOf(catalogue))).toContain(duty)
})
