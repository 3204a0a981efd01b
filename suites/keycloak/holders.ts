import { setTimeout as delay } from 'node:timers/promises'
import { SignJWT, decodeProtectedHeader, generateKeyPair } from 'jose'
import { realmName } from '../../containers/keycloak/realm.ts'
import type { Tokens } from '../../fixtures/oidc/tokens.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Secret } from '../../src/secret.ts'
import type { Person } from '../../fixtures/keycloak/admin-api.ts'
import type { Place } from './place.ts'

const POLL_MS = 100

/** A person of this case alone, logged in. */
export interface Holder {
  readonly person: Person
  readonly tokens: Tokens
}

export async function holder(
  at: Place,
  scope: Scope,
  given: { readonly client?: 'people' | 'shortLived'; readonly oauthScope?: string } = {},
): Promise<Holder> {
  const person = await at.admin.createPerson({ realm: realmName, name: scope.name }, scope)
  return { person, tokens: await logIn(at, person, scope, given) }
}

async function logIn(
  at: Place,
  person: Person,
  scope: Scope,
  { client = 'people', oauthScope = 'openid' }: { readonly client?: 'people' | 'shortLived'; readonly oauthScope?: string },
): Promise<Tokens> {
  const answer = await at.issuer.password(at.client(client), person, scope, oauthScope)
  if (answer.kind === 'granted') return answer.tokens
  throw new HarnessError(
    'SET_UP_FAILED',
    `${person.username} could not log in: ${answer.kind === 'denied' ? `${answer.status} ${answer.error} ${answer.description}` : answer.cause}`,
  )
}

const headerOf = (token: Secret): ReturnType<typeof decodeProtectedHeader> => decodeProtectedHeader(token.reveal())

/** Ways in which a token can be another than the one that was given. */
export const forged = {
  /** One letter of the signature is another; not the last, whose low bits may carry nothing. */
  tampered: (token: Secret, { vault }: Scope): Secret => {
    const [head = '', body = '', signature = ''] = token.reveal().split('.')
    const other = signature[9] === 'A' ? 'B' : 'A'
    return vault.secret(`${head}.${body}.${signature.slice(0, 9)}${other}${signature.slice(10)}`, 'a token with another signature')
  },
  /** Other claims under the same signature. */
  edited: ({ access, claims }: Tokens, { vault }: Scope): Secret => {
    const [head = '', , signature = ''] = access.reveal().split('.')
    const body = Buffer.from(JSON.stringify({ ...claims, exp: (claims.exp ?? 0) + 60 })).toString('base64url')
    return vault.secret(`${head}.${body}.${signature}`, 'a token with other claims')
  },
  /** `alg` is `none` and there is no signature (RFC 8725 §3.1); all else is as it was, the key's name too. */
  unsigned: ({ access, claims }: Tokens, { vault }: Scope): Secret => {
    const head = Buffer.from(JSON.stringify({ ...headerOf(access), alg: 'none' })).toString('base64url')
    return vault.secret(`${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`, 'an unsigned token')
  },
  /** Signed well, by a key that nobody published, under the name of one that was. */
  foreign: async ({ access, claims }: Tokens, { vault }: Scope): Promise<Secret> => {
    const { privateKey } = await generateKeyPair('RS256')
    const token = await new SignJWT(claims).setProtectedHeader({ ...headerOf(access), alg: 'RS256' }).sign(privateKey)
    return vault.secret(token, 'a token of another key')
  },
}

/** Waits until a token's own time is over, by the second after its `exp`. */
export async function untilExpired({ claims }: Tokens, { clock, signal }: Scope): Promise<void> {
  while (clock.now() < ((claims.exp ?? 0) + 1) * 1000) await delay(POLL_MS, undefined, { signal })
}
