import { expect, test } from 'vitest'
import { makePlan } from '../../src/plan.ts'
import { suites } from '../registry.ts'
import { renames } from '../renames.ts'
import { digestOfSet, requirementSets, rulesOfSet } from './sets.ts'

test.each(Object.entries(requirementSets))('the set %s is as it was frozen', (_name, set) => {
  expect(digestOfSet(set)).toBe(set.digest)
})

test.each(Object.entries(requirementSets))('of the set %s every rule is still there, perhaps under another name', (_name, set) => {
  const known = new Set(Object.values(suites).flatMap(({ rules }) => Object.keys(rules)))
  expect([...rulesOfSet(set, renames)].filter((rule) => !known.has(rule))).toEqual([])
})

test('a rule that came later is not asked for by an older set, nor a case that is about one', () => {
  const { qdrant } = suites
  const [table = []] = Object.values(qdrant.tables)
  const [row] = table
  if (row === undefined) throw new Error('there is no case')
  const later = { ...row, id: 'later', rules: [row.rules[0], 'QDR-LATER-01'] as const }
  const suite = { ...qdrant, tables: { one: [row, later] } }
  const target = { product: 'qdrant', version: '1.18.3', runtime: 'model' } as const
  const requirements = { name: '2026.11', rules: rulesOfSet(requirementSets['2026.11'], renames) }
  const [instance] = makePlan({ suites: { qdrant: suite }, needs: {}, targets: [target], support: [], selection: { requirements } }).instances
  expect(instance?.cases.map(({ id }) => id)).toEqual([row.id])
})

test('a rule that was renamed stays in its set', () => {
  const set = { rules: { qdrant: ['QDR-OLD-01'], milvus: [], weaviate: [], keycloak: [] }, digest: '' }
  expect([...rulesOfSet(set, { rules: { 'QDR-OLD-01': 'QDR-NEW-01' }, cases: {} })]).toEqual(['QDR-NEW-01'])
})
