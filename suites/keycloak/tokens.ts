import { decodeProtectedHeader, type JWTPayload } from 'jose'
import { z } from 'zod'
import type { Tokens, TokenAnswer } from '../../fixtures/oidc/tokens.ts'
import { tokensOf } from '../../fixtures/oidc/tokens.ts'
import type { Scope } from '../../src/driver.ts'
import { messageOf } from '../../src/errors.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Secret } from '../../src/secret.ts'
import type { RestAnswer, Unanswered } from '../../src/wire/rest.ts'
import { none, seen, unclear } from './operation.ts'
import type { Place } from './place.ts'
import { oauthRefusal, refusalOf } from './refusals.ts'

/** What a granted token was found to be: verified against the keys that the realm publishes. */
export interface Granted {
  readonly verified: boolean
  readonly why: string
  readonly username: string
  readonly client: string
  readonly jti: string
}

/** Parts of an answer that a case may ask to be shown, as labels that do not differ from run to run. */
const parts: Readonly<Record<string, (tokens: Tokens, claims: JWTPayload, at: Place) => readonly string[]>> = {
  audience: (_, claims) => list(claims.aud),
  groups: (_, claims) => list(claims['groups']),
  issuer: (_, { iss = 'none' }, at) => [iss === at.facts.issuer ? "the realm's" : iss],
  lifetime: (_, { exp = 0, iat = 0 }) => [`${exp - iat} s`],
  'expires-in': ({ expiresInSeconds = Number.NaN }, { exp = 0, iat = 0 }) => [
    Math.abs(expiresInSeconds - (exp - iat)) <= 1 ? 'the life of the token' : `${expiresInSeconds} s`,
  ],
  client: (_, claims) => list(claims['azp']),
  type: ({ type }) => [type.toLowerCase()],
  algorithm: ({ access }) => [decodeProtectedHeader(access.reveal()).alg ?? 'none'],
  'refresh-token': ({ refresh }) => (refresh === undefined ? [] : ['refresh token']),
  'id-token': ({ id, idClaims }, _, at) =>
    id === undefined ? [] : [idClaims?.iss === at.facts.issuer ? "the realm's" : String(idClaims?.iss), ...list(idClaims?.aud)],
}

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(shownAs) : value === undefined ? [] : [shownAs(value)])

/** What is no text is shown as JSON, so that it is not taken for one. */
const shownAs = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** The outcome of an exchange with the token endpoint; what it granted is verified. */
export async function outcomeOf(answer: TokenAnswer, shows: string, at: Place, scope: Scope): Promise<Outcome> {
  if (answer.kind !== 'granted') return refusalOf(answer)
  const { tokens } = answer
  // Where its issuer is what is asked about, another one is content to be compared: the signature is the realm's or not.
  const granted = await grantedOf(tokens, shows === 'issuer' ? { issuer: tokens.claims.iss } : {}, at, scope)
  const shown = parts[shows]?.(tokens, tokens.claims, at)
  return { kind: 'allowed', code: '200', content: { ...granted }, ...(shown === undefined ? {} : { shown }) }
}

const grantedOf = ({ access, claims }: Tokens, by: { readonly issuer?: string | undefined }, at: Place, scope: Scope): Promise<Granted> =>
  foundToBe(at.verified(access, scope, by), { username: list(claims['preferred_username']).join(), client: list(claims['azp']).join(), jti: claims.jti ?? '' })

const foundToBe = (verifying: Promise<unknown>, facts: Omit<Granted, 'verified' | 'why'>): Promise<Granted> =>
  verifying.then(
    () => ({ verified: true, why: '', ...facts }),
    (thrown: unknown) => ({ verified: false, why: messageOf(thrown), ...facts }),
  )

/** What an ID token alone grants: who it is about, and for which client. */
export async function outcomeOfIdToken(token: Secret, claims: JWTPayload, at: Place, scope: Scope): Promise<Outcome> {
  const facts = { username: list(claims['preferred_username']).join(), client: list(claims.aud).join(), jti: claims.jti ?? '' }
  return { kind: 'allowed', code: '302', content: { ...(await foundToBe(at.verified(token, scope), facts)) } }
}

const tokenBody = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string(),
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
  expires_in: z.number().optional(),
})

/** The outcome of a request to the token endpoint that no client library would send. */
export async function outcomeOfRaw(answer: RestAnswer | Unanswered, shows: string, at: Place, scope: Scope): Promise<Outcome> {
  const body = answer.kind === 'answered' && answer.status === 200 ? tokenBody.safeParse(answer.json) : undefined
  if (body?.success !== true) return oauthRefusal(answer)
  const { access_token, token_type, refresh_token, id_token, expires_in } = body.data
  const found = {
    access_token,
    token_type: token_type.toLowerCase() as Lowercase<string>,
    ...(refresh_token === undefined ? {} : { refresh_token }),
    ...(id_token === undefined ? {} : { id_token }),
    ...(expires_in === undefined ? {} : { expires_in }),
  }
  return outcomeOf({ kind: 'granted', tokens: tokensOf(found, scope.vault) }, shows, at, scope)
}

export interface Due {
  readonly username: string
  readonly client: string
}

/** Whether an answer holds a token that the realm signed for that person and that client. */
export function grantsTo(due: Due, outcome: Outcome): Effect {
  if (outcome.kind !== 'allowed') return none('no token was given')
  const granted = outcome.content as Readonly<Partial<Record<keyof Granted, unknown>>> | undefined
  if (granted?.verified !== true) return unclear(`a token was given that does not verify: ${String(granted?.why)}`)
  // What a token says of itself is compared with what is expected to be shown, where the case asks for that.
  const isDue = granted.username === due.username && (granted.client === due.client || outcome.shown !== undefined)
  if (!isDue) return unclear(`the token is for ${String(granted.username)} at ${String(granted.client)}`)
  return seen(`a token for ${due.username} at ${due.client}, signed by the realm`)
}
