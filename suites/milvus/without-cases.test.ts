import { expect, test } from 'vitest'
import { Vault } from '../../src/secret.ts'
import { noLibrary } from './library.ts'
import { loadCodecs } from './methods.ts'
import type { Operation, Resource } from './operation.ts'
import { operations } from './operations.ts'
import { castOfRoot } from './principals.ts'
import { withoutCases } from './without-cases.ts'

test('every call of the service has an operation, or a reason for having none', () => {
  const asked = new Set(Object.values(operations).map((operation: Operation) => operation.request(resource(), {}).rpc))
  const excused = new Set<string>(Object.values(withoutCases).flat())
  const known = [...loadCodecs().methods.keys()]
  expect(known.filter((rpc) => !asked.has(rpc) && !excused.has(rpc))).toEqual([])
  expect([...excused].filter((rpc) => asked.has(rpc) || !known.includes(rpc))).toEqual([])
})

function resource(): Resource {
  const someone = { username: 'someone', password: new Vault().secret('', 'nothing') }
  const cast = castOfRoot(someone)
  return { cast, subject: someone, next: someone, given: someone, canary: 'canary', grantee: 'grantee', name: 'name', library: noLibrary, answer: '' }
}
