import { HarnessError } from '../../src/errors.ts'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { HeaderValue } from '../../src/wire/rest.ts'

/** What a principal puts on the wire; gRPC sends the same as metadata. */
export interface Credential {
  readonly headers: Readonly<Record<string, HeaderValue>>
  /** Added to the path's query. */
  readonly query?: string
}

export type CredentialMaker = (endpoint: Endpoint, scope: Scope) => Credential

const keyOf = ({ credentials }: Endpoint, user: string): string => {
  const key = credentials[`${user}-key`]
  if (key === undefined) throw new HarnessError('CONFIG_INVALID', `no API key of ${user} was given`)
  return key
}

const authorization = (value: string, label: string, scope: Scope): Credential => ({ headers: { authorization: scope.vault.secret(value, label) } })
export const bearer = (token: string, label: string, scope: Scope): Credential => {
  scope.vault.secret(token, label)
  return authorization(`Bearer ${token}`, label, scope)
}

/** The last character is another one: as near to the right key as can be. */
const almost = (key: string): string => `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`
const upperHalf = (key: string): string => (key.toUpperCase() === key ? key.toLowerCase() : key.toUpperCase())
const NEVER_ISSUED = 'neverIssuedByAnyone0123456789abc'

export const keyHolder =
  (user: string): CredentialMaker =>
  (endpoint, scope) =>
    bearer(keyOf(endpoint, user), `${user}'s key`, scope)

/** Callers by the form of their credential; all but the named users are nobody whom the server knows. */
const principals = {
  anonymous: () => ({ headers: {} }),
  // A profile without credentials has no other administrator.
  admin: (endpoint, scope) => (Object.keys(endpoint.credentials).length === 0 ? { headers: {} } : keyHolder('admin')(endpoint, scope)),
  reader: keyHolder('reader'),
  unlisted: keyHolder('unlisted'),
  manager: keyHolder('manager'),
  'wrong-key': (_endpoint, scope) => bearer(NEVER_ISSUED, 'a key that was never issued', scope),
  'almost-right-key': (endpoint, scope) => bearer(almost(keyOf(endpoint, 'admin')), 'almost the key of admin', scope),
  'shortened-key': (endpoint, scope) => bearer(keyOf(endpoint, 'admin').slice(0, -1), 'the start of the key of admin', scope),
  'lengthened-key': (endpoint, scope) => bearer(`${keyOf(endpoint, 'admin')}a`, 'the key of admin and more', scope),
  'other-case-key': (endpoint, scope) => bearer(upperHalf(keyOf(endpoint, 'admin')), 'the key of admin in the other case', scope),
  'empty-bearer': () => ({ headers: { authorization: 'Bearer ' } }),
  'scheme-alone': () => ({ headers: { authorization: 'Bearer' } }),
  'user-name-as-key': (_endpoint, scope) => bearer('assay-admin', 'a user name', scope),
  'both-keys': (endpoint, scope) => bearer(`${keyOf(endpoint, 'admin')},${keyOf(endpoint, 'reader')}`, 'two keys in one', scope),
  'key-without-scheme': (endpoint, scope) => authorization(keyOf(endpoint, 'admin'), 'the key of admin', scope),
  'basic-scheme': (endpoint, scope) =>
    authorization(`Basic ${Buffer.from(`assay-admin:${keyOf(endpoint, 'admin')}`).toString('base64')}`, 'basic admin', scope),
  'token-scheme': (endpoint, scope) => authorization(`Token ${keyOf(endpoint, 'admin')}`, 'the key of admin', scope),
  'api-key-header': (endpoint, scope) => ({ headers: { 'api-key': scope.vault.secret(keyOf(endpoint, 'admin'), "admin's key") } }),
  'x-api-key-header': (endpoint, scope) => ({ headers: { 'x-api-key': scope.vault.secret(keyOf(endpoint, 'admin'), "admin's key") } }),
  'key-in-cookie': (endpoint, scope) => ({ headers: { cookie: scope.vault.secret(`authorization=${keyOf(endpoint, 'admin')}`, 'a cookie') } }),
  'key-in-query': (endpoint, scope) => ({ headers: {}, query: `access_token=${scope.vault.secret(keyOf(endpoint, 'admin'), "admin's key").reveal()}` }),
  'lower-case-scheme': (endpoint, scope) => authorization(`bearer ${keyOf(endpoint, 'admin')}`, "admin's key", scope),
  'upper-case-scheme': (endpoint, scope) => authorization(`BEARER ${keyOf(endpoint, 'admin')}`, "admin's key", scope),
} as const satisfies Readonly<Record<string, CredentialMaker>>

export type Principal = keyof typeof principals

export function credentialOf(principal: string, endpoint: Endpoint, scope: Scope): Credential {
  const maker = (principals as Readonly<Record<string, CredentialMaker>>)[principal]
  if (maker === undefined) throw new HarnessError('HARNESS_DEFECT', `no principal ${principal}`)
  return maker(endpoint, scope)
}
