import { expect, test } from 'vitest'
import { askedCalls, excusedCalls } from './inventory.ts'
import { loadCodecs } from './methods.ts'

test('every call of the service has an operation, or a reason for having none', () => {
  const asked = askedCalls()
  const known = [...loadCodecs().methods.keys()]
  expect(known.filter((rpc) => !asked.has(rpc) && !excusedCalls.has(rpc))).toEqual([])
  expect([...excusedCalls].filter((rpc) => asked.has(rpc) || !known.includes(rpc))).toEqual([])
})
