import { compactVerify, decodeJwt, decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { mint } from './tokens.ts'

const keys = { apiKey: 'k'.repeat(32), readOnlyKey: 'r'.repeat(32) }
const NOON = Date.UTC(2026, 0, 1, 12)
const holds = (token: string, key = keys.apiKey): Promise<boolean> =>
  compactVerify(token, Buffer.from(key)).then(
    () => true,
    () => false,
  )

test('a plain token is signed with the API key by HS256, and has no exp', async () => {
  const token = await mint({ access: 'r' }, keys, {}, NOON)
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' })
  expect(decodeJwt(token)).toEqual({ access: 'r' })
  expect(await holds(token)).toBe(true)
})

test('exp is counted from the moment of minting, in whole seconds', async () => {
  const token = await mint({}, keys, { exp: -25 }, NOON + 999)
  expect(decodeJwt(token)).toEqual({ exp: NOON / 1000 - 25 })
})

test.each(['another-key', 'stripped', 'truncated', 'altered'] as const)('a token with a signature that is %s does not hold', async (signature) => {
  expect(await holds(await mint({ access: 'm' }, keys, { signature }, NOON))).toBe(false)
})

test('a token signed with the read-only key holds only for that', async () => {
  const token = await mint({}, keys, { signature: 'read-only-key' }, NOON)
  expect([await holds(token), await holds(token, keys.readOnlyKey)]).toEqual([false, true])
})

test.each(['HS384', 'HS512', 'RS256', 'none', 'hs256'] as const)('a token says that it is signed by %s', async (alg) => {
  expect(decodeProtectedHeader(await mint({}, keys, { alg }, NOON)).alg).toBe(alg)
})

test('only the shape of a token of two or four parts is wrong', async () => {
  expect((await mint({}, keys, { shape: 'two-parts' }, NOON)).split('.')).toHaveLength(2)
  expect((await mint({}, keys, { shape: 'four-parts' }, NOON)).split('.')).toHaveLength(4)
})
