import { createHmac, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { CompactSign } from 'jose'
import { z } from 'zod'
import type { JsonObject } from '../../src/json.ts'

/** How a probe's token differs from a plain one; part of the input of a case. */
export const tokenInput = z.strictObject({
  /** Seconds from now to `exp`; absent: the token has no `exp`. */
  exp: z.int().exactOptional(),
  alg: z.enum(['HS256', 'HS384', 'HS512', 'RS256', 'PS256', 'none', 'None', 'NONE', 'hs256', 'Hs256']).exactOptional(),
  /** `another-key`: signed with a key that the server does not know; `altered`: claims changed after signing. */
  signature: z.enum(['right', 'another-key', 'read-only-key', 'previous-key', 'empty-key', 'stripped', 'truncated', 'altered']).exactOptional(),
  /** Claims on top of the principal's. `$collection`, `$other`, `$alias`, `$users` and `$user` in them stand for the names at hand. */
  claims: z.record(z.string(), z.json()).exactOptional(),
  /** Header parameters on top of `alg` and `typ`. */
  header: z.record(z.string(), z.json()).exactOptional(),
  shape: z.enum(['four-parts', 'two-parts', 'padded', 'bytes-after', 'no-json', 'access-twice']).exactOptional(),
})
type TokenInput = z.infer<typeof tokenInput>

export interface SigningKeys {
  readonly apiKey: string
  readonly readOnlyKey: string
  readonly previousKey?: string
}

const unknownKey = randomBytes(32).toString('hex')
let rsa: KeyObject | undefined

/** A token as the input wants it, with `exp` counted from `nowMs`. */
export async function mint(claims: JsonObject, keys: SigningKeys, input: TokenInput, nowMs: number): Promise<string> {
  const body = { ...claims, ...(input.exp === undefined ? {} : { exp: Math.floor(nowMs / 1000) + input.exp }) }
  const secret = secretOf(keys, input)
  const raw = rawBody(body, input.shape)
  const token = raw === undefined ? await signed(body, secret, input) : byHand({ alg: 'HS256', typ: 'JWT' }, raw, secret)
  const [head = '', middle = '', tail = ''] = token.split('.')
  if (input.signature === 'stripped') return `${head}.${middle}.`
  if (input.signature === 'truncated') return token.slice(0, -8)
  if (input.signature === 'altered') return `${head}.${part({ ...body, altered: true })}.${tail}`
  return reshaped(token, input.shape)
}

/** Claims that no JSON library would write. */
function rawBody(body: JsonObject, shape: TokenInput['shape']): string | undefined {
  if (shape === 'no-json') return 'access=m'
  if (shape !== 'access-twice') return undefined
  return `{"access":"r",${JSON.stringify(body).slice(1)}`
}

function reshaped(token: string, shape: TokenInput['shape']): string {
  switch (shape) {
    case undefined:
    case 'no-json':
    case 'access-twice':
      return token
    case 'four-parts':
      return `${token}.${part({ more: true })}`
    case 'two-parts':
      return token.slice(0, token.lastIndexOf('.'))
    case 'padded':
      return `${token}=`
    case 'bytes-after':
      return `${token}AAAA`
  }
}

function secretOf({ apiKey, readOnlyKey, previousKey = '' }: SigningKeys, { signature }: TokenInput): string {
  if (signature === 'another-key') return unknownKey
  if (signature === 'empty-key') return ''
  if (signature === 'previous-key') return previousKey
  return signature === 'read-only-key' ? readOnlyKey : apiKey
}

/** HMACs are made here, in microseconds and for every header that a case wants; the tests of this file check them with jose. */
async function signed(body: JsonObject, secret: string, { alg = 'HS256', header }: TokenInput): Promise<string> {
  const head = { alg, typ: 'JWT', ...header }
  if (alg.toLowerCase() === 'none') return `${part(head)}.${part(body)}.`
  if (alg === 'RS256' || alg === 'PS256') return new CompactSign(Buffer.from(JSON.stringify(body))).setProtectedHeader(head).sign(rsaKey())
  return byHand(head, JSON.stringify(body), secret)
}

function byHand(head: JsonObject & { readonly alg: string }, body: string, secret: string): string {
  const text = `${part(head)}.${Buffer.from(body).toString('base64url')}`
  const hash = `sha${head.alg.slice(-3)}`
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`
}

const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function rsaKey(): KeyObject {
  rsa ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  return rsa
}
