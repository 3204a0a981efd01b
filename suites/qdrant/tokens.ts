import { createHmac, createSecretKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { CompactSign } from 'jose'
import { z } from 'zod'
import type { JsonObject } from '../../src/json.ts'

/** How a probe's token differs from a plain one; part of the input of a case. */
export const tokenInput = z.strictObject({
  /** Seconds from now to `exp`; absent: the token has no `exp`. */
  exp: z.int().exactOptional(),
  alg: z.enum(['HS256', 'HS384', 'HS512', 'RS256', 'none', 'hs256']).exactOptional(),
  /** `another-key`: signed with a key that the server does not know; `altered`: claims changed after signing. */
  signature: z.enum(['right', 'another-key', 'read-only-key', 'previous-key', 'empty-key', 'stripped', 'truncated', 'altered']).exactOptional(),
  /** Claims on top of the principal's. `$collection`, `$other`, `$alias`, `$users` and `$user` in them stand for the names at hand. */
  claims: z.record(z.string(), z.json()).exactOptional(),
  /** Header parameters on top of `alg` and `typ`. */
  header: z.record(z.string(), z.json()).exactOptional(),
  shape: z.enum(['four-parts', 'two-parts', 'padded']).exactOptional(),
})
type TokenInput = z.infer<typeof tokenInput>

export interface SigningKeys {
  readonly apiKey: string
  readonly readOnlyKey: string
  readonly previousKey?: string
}

const unknownKey = randomBytes(32).toString('hex')
let rsa: KeyObject | undefined
/** A key object is read into the crypto library once; bytes would be each time. */
const secretKeys = new Map<string, KeyObject>()

/** A token as the input wants it, with `exp` counted from `nowMs`. */
export async function mint(claims: JsonObject, keys: SigningKeys, input: TokenInput, nowMs: number): Promise<string> {
  const body = { ...claims, ...(input.exp === undefined ? {} : { exp: Math.floor(nowMs / 1000) + input.exp }) }
  const token = await signed(body, secretOf(keys, input), input)
  const [head = '', middle = '', tail = ''] = token.split('.')
  if (input.signature === 'stripped') return `${head}.${middle}.`
  if (input.signature === 'truncated') return token.slice(0, -8)
  if (input.signature === 'altered') return `${head}.${part({ ...body, altered: true })}.${tail}`
  return reshaped(token, input.shape)
}

function reshaped(token: string, shape: TokenInput['shape']): string {
  switch (shape) {
    case undefined:
      return token
    case 'four-parts':
      return `${token}.${part({ more: true })}`
    case 'two-parts':
      return token.slice(0, token.lastIndexOf('.'))
    case 'padded':
      return `${token}=`
  }
}

function secretOf({ apiKey, readOnlyKey, previousKey = '' }: SigningKeys, { signature }: TokenInput): string {
  if (signature === 'another-key') return unknownKey
  if (signature === 'empty-key') return ''
  if (signature === 'previous-key') return previousKey
  return signature === 'read-only-key' ? readOnlyKey : apiKey
}

async function signed(body: JsonObject, secret: string, { alg = 'HS256', header }: TokenInput): Promise<string> {
  const head = { alg, typ: 'JWT', ...header }
  if (alg === 'none') return `${part(head)}.${part(body)}.`
  // The library makes no token that it would not accept itself.
  if (header !== undefined || alg === 'hs256' || secret === '') return byHand(head, body, secret)
  return new CompactSign(Buffer.from(JSON.stringify(body))).setProtectedHeader(head).sign(alg === 'RS256' ? rsaKey() : secretKey(secret))
}

function byHand(head: JsonObject, body: JsonObject, secret: string): string {
  const text = `${part(head)}.${part(body)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function secretKey(secret: string): KeyObject {
  const key = secretKeys.get(secret) ?? createSecretKey(Buffer.from(secret))
  secretKeys.set(secret, key)
  return key
}

function rsaKey(): KeyObject {
  rsa ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  return rsa
}
