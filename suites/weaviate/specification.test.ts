import { expect, test } from 'vitest'
import { operations } from './operations.ts'
import { specifications, withoutCases } from './specification.ts'
import { weaviateSuite } from './suite.ts'
import { casesOf } from '../../src/product.ts'

const asked = new Set(casesOf(weaviateSuite).map(({ operation }) => operation))
const covered = new Set<string>(Object.entries(operations).flatMap(([name, { surface, spec }]) => (asked.has(name) && surface !== 'grpc' ? [spec] : [])))

test.each(Object.entries(specifications))('every operation that Weaviate %s lists has a case, or a reason why it has none', (_version, specified) => {
  expect(specified.filter((operation) => !covered.has(operation) && withoutCases[operation] === undefined)).toEqual([])
})

test('no reason stands for an operation that has a case, or that no version lists', () => {
  const listed = new Set<string>(Object.values(specifications).flat())
  expect(Object.keys(withoutCases).filter((operation) => covered.has(operation) || !listed.has(operation))).toEqual([])
})

test('every operation of the driver has a case', () => {
  expect(Object.keys(operations).filter((name) => !asked.has(name))).toEqual([])
})

test('ids are unique, and rules and twins are known', () => {
  const rows = casesOf(weaviateSuite)
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  expect(rows.flatMap(({ rules }) => rules).filter((rule) => !(rule in weaviateSuite.rules))).toEqual([])
  expect(rows.filter(({ expect: { kind }, twin }) => kind === 'refused' && twin === undefined)).toEqual([])
})
