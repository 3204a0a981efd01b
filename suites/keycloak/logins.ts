import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { clientIds, loginFailuresUntilLocked, realmName, redirectUris } from '../../containers/keycloak/realm.ts'
import { codeFlow, hybridFlow, type AuthorizationRequest } from '../../fixtures/oidc/authorization.ts'
import type { Chromium } from '../../fixtures/oidc/chromium.ts'
import type { Login, OAuthClient } from '../../fixtures/oidc/issuer.ts'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { RestRequest } from '../../src/wire/rest.ts'
import type { Person } from '../../fixtures/keycloak/admin-api.ts'
import { none, seen, text, texts, unclear, type Operation, type Seen } from './operation.ts'
import type { Place } from './place.ts'
import { refusalOf } from './refusals.ts'
import { grantsTo, outcomeOf, outcomeOfIdToken, outcomeOfRaw } from './tokens.ts'

const COUNTED_WITHIN_MS = 5000
const POLL_MS = 100

/** A person of this case alone, and what is typed for them. */
export interface Visit {
  readonly person: Person
  readonly login: Login
  /** Where the page is used in a real browser. */
  readonly browser?: Chromium
}

/** How each kind of caller differs from a person who types their own password. */
const typed: Readonly<Record<string, (person: Person, scope: Scope) => Login>> = {
  'wrong-password': ({ username }, { vault, name }) => ({ username, password: vault.secret(`wrong-${name}`, 'a wrong password') }),
  'empty-password': ({ username }, { vault }) => ({ username, password: vault.secret('', 'no password') }),
  'almost-right-password': ({ username, password }, { vault }) => ({
    username,
    password: vault.secret(`${password.reveal()}x`, 'a password with one letter more'),
  }),
  'shortened-password': ({ username, password }, { vault }) => ({
    username,
    password: vault.secret(password.reveal().slice(0, -1), 'a password with one letter less'),
  }),
  'other-letter-case': ({ username, password }, { vault }) => ({ username, password: vault.secret(password.reveal().toUpperCase(), 'a password in capitals') }),
  'unknown-person': ({ username, password }) => ({ username: `${username}-nobody`, password }),
}

const inRealm = { realm: realmName }

async function visit(at: Place, probe: Probe, scope: Scope): Promise<Visit> {
  const browser = text(probe, 'in') === 'chromium' ? await at.chromium() : undefined
  const person = await at.admin.createPerson(
    { ...inRealm, name: scope.name, groups: texts(probe, 'groups'), enabled: probe.principal !== 'disabled-person' },
    scope,
  )
  if (probe.principal === 'locked-person') await lock(at, person, scope)
  return { person, login: typed[probe.principal]?.(person, scope) ?? person, ...(browser === undefined ? {} : { browser }) }
}

/** A failure that Keycloak works on while another is on its way can be lost to its count: so many may be. */
const FAILURES_LOST = 2

/**
 * As many wrong passwords as the realm allows, each of them refused, and then some time for the server to count them; one
 * more, twice at most, where it has lost one. A server that never locks is asked all the same.
 */
async function lock(at: Place, person: Person, scope: Scope): Promise<void> {
  for (let failure = 0; failure < loginFailuresUntilLocked; failure++) await failToLogIn(at, person, scope)
  for (let lost = 0; lost < FAILURES_LOST && !(await comesToBeLocked(at, person, scope)); lost++) await failToLogIn(at, person, scope)
  await comesToBeLocked(at, person, scope)
}

async function failToLogIn(at: Place, person: Person, scope: Scope): Promise<void> {
  const wrong = { username: person.username, password: scope.vault.secret(`wrong-${scope.name}`, 'a wrong password') }
  const answer = await at.issuer.password(at.client('people'), wrong, scope)
  if (answer.kind !== 'denied') throw new HarnessError('SET_UP_FAILED', `a wrong password was not refused: ${answer.kind}`)
}

async function comesToBeLocked(at: Place, person: Person, scope: Scope): Promise<boolean> {
  const deadline = scope.clock.now() + COUNTED_WITHIN_MS
  while (scope.clock.now() < deadline) {
    if (await at.admin.isLocked(realmName, person, scope)) return true
    await delay(POLL_MS, undefined, { signal: scope.signal })
  }
  return false
}

/** The client of a probe; `people` where it names none. */
function clientOf(at: Place, probe: Probe, { vault, name: own }: Scope): OAuthClient {
  const name = text(probe, 'client')
  switch (name) {
    case 'unknown':
      return { id: 'no-such-client' }
    case 'machine-without-secret':
      return { id: clientIds.machine }
    case 'machine-with-wrong-secret':
      return { id: clientIds.machine, secret: vault.secret(`wrong-${own}`, 'a wrong client secret') }
    default:
      return at.client(name === '' ? 'people' : (name as keyof typeof clientIds))
  }
}

/** What every login has in common: a session of the person is its effect. */
const login = (perform: (at: Place, probe: Probe, made: Visit, scope: Scope) => Promise<Outcome>): Operation<Visit> => ({
  nature: 'write',
  prepare: visit,
  perform,
  look: async (at, _, { person }, scope) => ({ sessions: await at.admin.sessionsOf(realmName, person, scope) }),
  effect: (probe, { person }, shown) => loginEffect(probe, person, shown),
  cleanUp: (at, _, { person }, scope) => at.admin.removePerson(realmName, person, scope),
})

function loginEffect(probe: Probe, person: Person, { before, after, outcome }: Seen): Effect {
  const grew = JSON.stringify(before) !== JSON.stringify(after)
  if (outcome.kind !== 'allowed') return grew ? seen('a session of the person was begun') : none('no session was begun')
  const name = text(probe, 'client')
  const due = { username: person.username, client: clientIds[name === '' ? 'people' : (name as keyof typeof clientIds)] }
  const grant = grantsTo(due, outcome)
  if (grant.kind !== 'seen') return grant
  return grew ? seen(`${grant.what}; a session of the person was begun`) : unclear(`${grant.what}, but no session is to be seen`)
}

/** Requests to the token endpoint that no library would send, by the form in which they are sent. */
const forms: Readonly<Record<string, (fields: Readonly<Record<string, string>>) => Omit<RestRequest, 'path'> & { readonly query?: string }>> = {
  json: (fields) => ({ method: 'POST', body: fields }),
  query: (fields) => ({ method: 'POST', headers: urlencoded, query: encoded(fields), body: '' }),
  get: (fields) => ({ method: 'GET', query: encoded(fields) }),
  'grant-type-twice': (fields) => ({ method: 'POST', headers: urlencoded, body: `${encoded(fields)}&grant_type=password` }),
  'no-grant-type': (fields) => ({ method: 'POST', headers: urlencoded, body: encoded(without(fields, 'grant_type')) }),
  'unknown-grant-type': (fields) => ({ method: 'POST', headers: urlencoded, body: encoded({ ...fields, grant_type: 'passwords' }) }),
  'no-username': (fields) => ({ method: 'POST', headers: urlencoded, body: encoded(without(fields, 'username')) }),
  'no-password': (fields) => ({ method: 'POST', headers: urlencoded, body: encoded(without(fields, 'password')) }),
  'no-client-id': (fields) => ({ method: 'POST', headers: urlencoded, body: encoded(without(fields, 'client_id')) }),
  urlencoded: (fields) => ({ method: 'POST', headers: urlencoded, body: encoded(fields) }),
}

const without = (fields: Readonly<Record<string, string>>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }
const encoded = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString()

export const logInByPassword = login(async (at, probe, { login: asked }, scope) => {
  const form = forms[text(probe, 'form')]
  const shows = text(probe, 'shows')
  const client = clientOf(at, probe, scope)
  if (form === undefined) return outcomeOf(await at.issuer.password(client, asked, scope), shows, at, scope)
  // No scope: the document's request has none.
  const { query, ...request } = form({ grant_type: 'password', client_id: client.id, username: asked.username, password: asked.password.reveal() })
  const path = at.path('/protocol/openid-connect/token')
  return outcomeOfRaw(await at.send({ ...request, path: query === undefined ? path : `${path}?${query}` }, scope), shows, at, scope)
})

const redirects: Readonly<Record<string, string>> = {
  registered: redirectUris[0],
  'other-port': 'http://127.0.0.1:49152/callback',
  'other-path': 'http://127.0.0.1/elsewhere',
  'other-host': 'https://attacker.assay.test/callback',
  'other-scheme': 'https://127.0.0.1/callback',
  'with-user-info': 'http://127.0.0.1@attacker.assay.test/callback',
  'path-traversal': 'http://127.0.0.1/callback/../elsewhere',
}

function authorizationRequest(probe: Probe, { browser }: Visit): AuthorizationRequest {
  const parameters = probe.input['parameters']
  const redirectUri = redirects[text(probe, 'redirect')] ?? browser?.redirectUri ?? redirectUris[0]
  const request = { redirectUri, ...(browser === undefined ? {} : { browse: browser.browse }) }
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return request
  return {
    ...request,
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])),
  }
}

export const logInByCodeFlow = login(async (at, probe, made, scope) => {
  const answer = await codeFlow(at.issuer, clientOf(at, probe, scope), made.login, scope, authorizationRequest(probe, made))
  return outcomeOf(answer, text(probe, 'shows'), at, scope)
})

/** The ID token of the fragment is what the document has people use; the code is redeemed so that the whole is verified. */
export const logInByHybridFlow = login(async (at, probe, made, scope) => {
  const grant = await hybridFlow(at.issuer, clientOf(at, probe, scope), made.login, scope, authorizationRequest(probe, made))
  if (grant.kind !== 'granted') return refusalOf(grant)
  // Asked for without a nonce, the ID token is the grant: a client library would not even look at it.
  if (isWithoutNonce(probe)) return outcomeOfIdToken(grant.idToken, grant.claims, at, scope)
  const outcome = await outcomeOf(await grant.redeem(), '', at, scope)
  if (outcome.kind !== 'allowed') return { kind: 'broken', cause: `an ID token came, but its code is worth nothing: ${JSON.stringify(outcome)}` }
  const parts: Readonly<Record<string, readonly string[]>> = {
    fragment: grant.parameters.filter((name) => name === 'code' || name === 'id_token' || name === 'access_token'),
    nonce: [grant.claims['nonce'] === grant.nonce ? 'as sent' : String(grant.claims['nonce'])],
    audience: [grant.claims.aud ?? []].flat(),
  }
  const shown = parts[text(probe, 'shows')]
  return shown === undefined ? outcome : { ...outcome, shown }
})

const parametersOf = z.object({ parameters: z.looseObject({ nonce: z.string() }) })
const isWithoutNonce = ({ input }: Probe): boolean => parametersOf.safeParse(input).data?.parameters.nonce === ''
