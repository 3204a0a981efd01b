import { expect, test } from 'vitest'
import type { Settled } from '../src/deviation.ts'
import { conforms, deviates, exampleCase, exchange, footer, header, instance, plan, result } from './example-journal.ts'
import { toRunRecord } from './run-record.ts'

const at = instance()
const rows = Array.from({ length: 20 }, (_, number) => exampleCase(`milvus.rest.root.may.read-${number}`))
const defectsOf = (settled: Settled, status: string): readonly string[] =>
  toRunRecord([header(), plan(at, rows), ...rows.map((row) => ({ ...result(at, row, settled), exchanges: [exchange({ status })] })), footer()], {
    suites: {},
  }).defects.filter((defect) => defect.includes('401 or 404'))

test('a product that turns every case away is a defect of the harness', () => {
  expect(defectsOf(deviates, '401 Unauthorized')).toHaveLength(1)
  expect(defectsOf(deviates, '404')).toHaveLength(1)
  expect(defectsOf(deviates, 'grpc 16 UNAUTHENTICATED: no')).toHaveLength(1)
})

test('a product that refuses as documented, or fails otherwise, is none', () => {
  expect(defectsOf(conforms, '401 Unauthorized')).toEqual([])
  expect(defectsOf(deviates, '200')).toEqual([])
})
