import { expect, test } from 'vitest'
import type { Case } from './case.ts'
import type { PlannedInstance } from './plan.ts'
import { atLevel } from './safety.ts'

const row = (id: string, over: Partial<Case> = {}): Case => ({
  id,
  profile: 'rbac',
  rules: ['WEA-01'],
  operation: 'list',
  principal: 'anonymous',
  surface: 'rest',
  input: {},
  expect: { kind: 'refused', by: 'unauthenticated' },
  ...over,
})

const instance: PlannedInstance = {
  id: 'weaviate-1.39.0-rbac',
  product: 'weaviate',
  version: '1.39.0',
  profile: 'rbac',
  runtime: 'external',
  evidence: 'real',
  cases: [row('own'), row('whole', { exclusive: true }), row('look')],
  notApplicable: [],
  needs: {},
}

const rehearsed = [{ row: row('own'), because: 'it prepares something on the server' }, { row: row('look') }]

test.each([
  ['full', ['own', 'whole', 'look']],
  ['isolated', ['own', 'look']],
  ['observe', ['look']],
] as const)('at level %s are asked: %j', (level, expected) => {
  expect(atLevel(level, instance, rehearsed).cases.map(({ id }) => id)).toEqual(expected)
})

test('what is not asked is not applicable for its safety, with a reason, and is still there', () => {
  const { cases, notApplicable } = atLevel('observe', instance, rehearsed)
  expect(cases.length + notApplicable.length).toBe(3)
  expect(notApplicable[0]?.verdict).toEqual({
    kind: 'not-applicable',
    reason: 'safety',
    because: 'it prepares something on the server, and the level is observe',
  })
})

test('what nobody rehearsed is not observed', () => {
  expect(atLevel('observe', instance).cases).toEqual([])
})
