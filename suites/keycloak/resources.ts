import { z } from 'zod'
import { clientIds, realmName } from '../../containers/keycloak/realm.ts'
import { credentialNames } from '../../containers/keycloak/profiles.ts'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { Secret } from '../../src/secret.ts'
import type { Person } from '../../fixtures/keycloak/admin-api.ts'
import { holderOfReplayedCode } from './grants.ts'
import { forged, holder, untilExpired } from './holders.ts'
import { discloses, none, seen, text, type Operation } from './operation.ts'
import type { Place } from './place.ts'
import { bearerRefusal, oauthRefusal } from './refusals.ts'

/** Someone's own data, and the token with which it is asked for. What answered is kept, for whatever it may disclose. */
interface Claimed {
  readonly person: Person
  readonly token: Secret | undefined
  readonly bodies: string[]
}

async function claimed(at: Place, probe: Probe, scope: Scope): Promise<Claimed> {
  if (probe.principal === 'holder-of-replayed-code') return { ...(await holderOfReplayedCode(at, probe, scope)), bodies: [] }
  const short = probe.principal === 'holder-of-expired-token'
  const made = await holder(at, scope, { client: short ? 'shortLived' : 'people', oauthScope: probe.principal === 'person-without-openid' ? '' : 'openid' })
  const token = await presented(at, probe, made, scope)
  return { person: made.person, token, bodies: [] }
}

/** The token that each kind of caller sends, made ready just before. */
async function presented(at: Place, probe: Probe, { person, tokens }: Awaited<ReturnType<typeof holder>>, scope: Scope): Promise<Secret | undefined> {
  switch (probe.principal) {
    case 'anonymous':
      return undefined
    case 'holder-of-garbage':
      return scope.vault.secret('not-a-token-at-all', 'garbage')
    case 'holder-of-tampered-token':
      return forged.tampered(tokens.access, scope)
    case 'holder-of-edited-token':
      return forged.edited(tokens, scope)
    case 'holder-of-unsigned-token':
      return forged.unsigned(tokens, scope)
    case 'holder-of-foreign-token':
      return forged.foreign(tokens, scope)
    case 'holder-of-refresh-token':
      return tokens.refresh
    case 'holder-of-id-token':
      return tokens.id
    case 'holder-of-expired-token':
      await untilExpired(tokens, scope)
      return tokens.access
    case 'person-of-other-realm':
      return tokenOfOtherRealm(at, scope)
    case 'logged-out-person':
      await at.admin.logOut(realmName, person, scope)
      return tokens.access
    case 'disabled-person':
      await at.admin.change(realmName, person, { enabled: false }, scope)
      return tokens.access
    case 'removed-person':
      await at.admin.removePerson(realmName, person, scope)
      return tokens.access
    default:
      return tokens.access
  }
}

/** Someone of the same name as a person of the realm, under the other issuer. */
export async function tokenOfOtherRealm(at: Place, scope: Scope): Promise<Secret> {
  const login = { username: 'kc-admin', password: at.credential(credentialNames.passwordOf('kc-admin')) }
  const answer = await at.otherIssuer.password({ id: clientIds.people }, login, scope)
  if (answer.kind === 'granted') return answer.tokens.access
  throw new HarnessError('SET_UP_FAILED', `nobody could log in to ${at.facts.otherIssuer}`)
}

const bearer = (token: Secret | undefined, { vault }: Scope): Readonly<Record<string, Secret>> =>
  token === undefined ? {} : { authorization: vault.secret(`Bearer ${token.reveal()}`, token.label) }

/** The claims about the holder of a token, at the UserInfo endpoint. */
export const readUserInfo: Operation<Claimed> = {
  nature: 'read',
  prepare: claimed,
  async perform(at, _, { token, bodies }, scope) {
    const answer = await at.send({ method: 'GET', path: at.path('/protocol/openid-connect/userinfo'), headers: bearer(token, scope) }, scope)
    if (answer.kind === 'answered') bodies.push(answer.body)
    if (answer.kind === 'unanswered' || answer.status !== 200) return bearerRefusal(answer)
    const claims = z.object({ sub: z.string(), email: z.string().default('') }).safeParse(answer.json)
    return claims.success ? { kind: 'allowed', code: '200', content: { email: claims.data.email } } : broken('status 200 without a subject')
  },
  effect: (_, { person, bodies }, { outcome }) =>
    bodies.some((body) => body.includes(person.email)) ? seen(`it shows ${person.email}`) : discloses(person.email, outcome),
  cleanUp: (at, _, { person }, scope) => at.admin.removePerson(realmName, person, scope),
}

const broken = (cause: string): Outcome => ({ kind: 'broken', cause })

/** The clients that ask for an introspection. */
function asker(at: Place, probe: Probe, { vault, name }: Scope): Readonly<Record<string, string>> {
  const right = { client_id: clientIds.machine, client_secret: at.machineSecret.reveal() }
  switch (text(probe, 'by')) {
    case 'wrong-secret':
      return { ...right, client_secret: vault.secret(`wrong-${name}`, 'a wrong client secret').reveal() }
    case 'nobody':
      return {}
    case 'public-client':
      return { client_id: clientIds.people }
    default:
      return right
  }
}

/** RFC 7662 §2.2: of a token that is not active nothing else is told. */
const moreThanInactive = (said: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(said).filter((member) => member !== 'active' && said[member] !== '')

/** What the issuer says of a token to a client that authenticates (RFC 7662). */
export const introspect: Operation<Claimed> = {
  nature: 'read',
  prepare: claimed,
  async perform(at, probe, { token, bodies }, scope) {
    const form = { ...asker(at, probe, scope), token: token?.reveal() ?? '' }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await at.send(
      { method: 'POST', path: at.path('/protocol/openid-connect/token/introspect'), headers, body: new URLSearchParams(form).toString() },
      scope,
    )
    if (answer.kind === 'answered') bodies.push(answer.body)
    if (answer.kind === 'unanswered' || answer.status !== 200) return oauthRefusal(answer)
    const said = z.looseObject({ active: z.boolean(), username: z.string().default('') }).safeParse(answer.json)
    if (!said.success) return broken('status 200 and no `active`')
    return {
      kind: 'allowed',
      code: '200',
      shown: said.data.active ? ['active'] : ['inactive', ...moreThanInactive(said.data)],
      content: { active: said.data.active, username: said.data.username },
    }
  },
  effect(_, { person, bodies }, { outcome }) {
    if (bodies.some((body) => body.includes(person.username))) return seen(`it tells of ${person.username}`)
    const inactive = outcome.kind === 'allowed' && outcome.shown?.[0] === 'inactive'
    return inactive ? seen('it tells that the token is not active') : none(`nothing of ${person.username} is in it`)
  },
  cleanUp: (at, _, { person }, scope) => at.admin.removePerson(realmName, person, scope),
}

interface Leaving extends Claimed {
  readonly refresh: Secret | undefined
}

/** Ends the session of a refresh token. Its effect is that the person has one session less. */
export const logOut: Operation<Leaving> = {
  nature: 'write',
  async prepare(at, probe, scope) {
    const made = await holder(at, scope)
    const { refresh } = made.tokens
    const sent =
      refresh === undefined
        ? undefined
        : probe.principal === 'holder-of-tampered-token'
          ? forged.tampered(refresh, scope)
          : probe.principal === 'holder-of-garbage'
            ? scope.vault.secret('not-a-token-at-all', 'garbage')
            : refresh
    return { person: made.person, token: made.tokens.access, refresh: sent, bodies: [] }
  },
  async perform(at, probe, { refresh }, scope) {
    const form = { client_id: probe.principal === 'other-client' ? clientIds.otherApp : clientIds.people, refresh_token: refresh?.reveal() ?? '' }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await at.send(
      { method: 'POST', path: at.path('/protocol/openid-connect/logout'), headers, body: new URLSearchParams(form).toString() },
      scope,
    )
    return answer.kind === 'answered' && answer.status === 204 ? { kind: 'allowed', code: '204' } : oauthRefusal(answer)
  },
  look: async (at, _, { person }, scope) => ({ sessions: await at.admin.sessionsOf(realmName, person, scope) }),
  effect: (_probe, _made, { before, after }) =>
    JSON.stringify(before) === JSON.stringify(after) ? none('the session is still there') : seen('the session is gone'),
  cleanUp: (at, _, { person }, scope) => at.admin.removePerson(realmName, person, scope),
}
