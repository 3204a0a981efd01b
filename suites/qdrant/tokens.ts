import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { CompactSign } from 'jose'
import { z } from 'zod'
import type { JsonObject } from '../../src/json.ts'

/** How a probe's token differs from a plain one; the input of a case. */
export const tokenInput = z.strictObject({
  /** Seconds from now to `exp`; absent: the token has no `exp`. */
  exp: z.int().optional(),
  alg: z.enum(['HS256', 'HS384', 'HS512', 'RS256', 'none']).optional(),
  /** `another-key`: signed with a key that the server does not know; `stripped`: no signature; `altered`: claims changed after signing. */
  signature: z.enum(['right', 'another-key', 'stripped', 'altered']).optional(),
  /** Claims on top of the principal's, or (null) without one of them. */
  claims: z.record(z.string(), z.json()).optional(),
  header: z.record(z.string(), z.json()).optional(),
})
type TokenInput = z.infer<typeof tokenInput>

const another = randomBytes(32).toString('hex')
let rsa: KeyObject | undefined

/** A token as the input wants it, with `exp` counted from `nowMs`. */
export async function mint(claims: JsonObject, key: string, input: TokenInput, nowMs: number): Promise<string> {
  const { exp, alg = 'HS256', signature = 'right', claims: more = {}, header = {} } = input
  const body = { ...claims, ...more, ...(exp === undefined ? {} : { exp: Math.floor(nowMs / 1000) + exp }) }
  if (alg === 'none') return `${part({ alg, typ: 'JWT', ...header })}.${part(body)}.`
  const signed = await new CompactSign(Buffer.from(JSON.stringify(body))).setProtectedHeader({ alg, typ: 'JWT', ...header }).sign(keyFor(alg, signature === 'another-key' ? another : key))
  const [head = '', , tail = ''] = signed.split('.')
  switch (signature) {
    case 'stripped':
      return signed.slice(0, signed.lastIndexOf('.') + 1)
    case 'altered':
      return `${head}.${part({ ...body, access: 'm', altered: true })}.${tail}`
    case 'right':
    case 'another-key':
      return signed
  }
}

const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function keyFor(alg: string, secret: string): Uint8Array | KeyObject {
  if (alg !== 'RS256') return Buffer.from(secret)
  rsa ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  return rsa
}
