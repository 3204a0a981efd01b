import { expect, test } from 'vitest'
import { holdsFor } from '../../src/plan.ts'
import type { Operations } from './operation.ts'
import { operations } from './operations.ts'
import { specifications, withoutCases, withoutCasesOn } from './specification.ts'
import { weaviateSuite } from './suite.ts'
import { casesOf } from '../../src/product.ts'

const asked = new Set(casesOf(weaviateSuite).map(({ operation }) => operation))
/** What is asked of a server of that version, as its specification names it. */
const coveredOn = (version: string): ReadonlySet<string> =>
  new Set(
    Object.entries(operations as Operations)
      .filter(([name, { surface, versions = '*' }]) => asked.has(name) && surface !== 'grpc' && holdsFor(versions, version))
      .map(([, { spec }]) => spec),
  )
const covered = new Set<string>(Object.keys(specifications).flatMap((version) => [...coveredOn(version)]))

test.each(Object.entries(specifications))('every operation that Weaviate %s lists has a case there, or a reason why it has none', (version, specified) => {
  const reasons = { ...withoutCases, ...withoutCasesOn[version] }
  expect(specified.filter((operation) => !coveredOn(version).has(operation) && reasons[operation] === undefined)).toEqual([])
})

test.each(Object.entries(withoutCasesOn))('no reason for Weaviate %s stands for an operation that has a case there', (version, reasons) => {
  expect(Object.keys(reasons).filter((operation) => coveredOn(version).has(operation))).toEqual([])
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
