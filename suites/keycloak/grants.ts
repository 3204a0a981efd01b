import { createHash } from 'node:crypto'
import { clientIds, realmName, redirectUris } from '../../containers/keycloak/realm.ts'
import { logIn } from '../../fixtures/oidc/login-page.ts'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Secret } from '../../src/secret.ts'
import type { RestAnswer, Unanswered } from '../../src/wire/rest.ts'
import type { Person } from '../../fixtures/keycloak/admin-api.ts'
import { forged, holder, type Holder } from './holders.ts'
import { none, text, unclear, type Operation } from './operation.ts'
import type { Place } from './place.ts'
import { grantsTo, outcomeOf, outcomeOfRaw } from './tokens.ts'

interface Refreshing extends Holder {
  readonly token: Secret
}

async function refreshing(at: Place, probe: Probe, scope: Scope): Promise<Refreshing> {
  const made = await holder(at, scope)
  const { person, tokens } = made
  const token = tokens.refresh
  if (token === undefined) throw new HarnessError('SET_UP_FAILED', 'the password flow came without a refresh token')
  switch (probe.principal) {
    case 'holder-of-tampered-token':
      return { ...made, token: forged.tampered(token, scope) }
    case 'holder-of-access-token':
      return { ...made, token: tokens.access }
    case 'holder-of-id-token':
      return { ...made, token: tokens.id ?? token }
    case 'logged-out-person':
      await at.admin.logOut(realmName, person, scope)
      return { ...made, token }
    case 'disabled-person':
      await at.admin.change(realmName, person, { enabled: false }, scope)
      return { ...made, token }
    case 'removed-person':
      await at.admin.removePerson(realmName, person, scope)
      return { ...made, token }
    default:
      return { ...made, token }
  }
}

/** A new access token for a refresh token. Its effect is a token that is new, and the person's. */
export const refresh: Operation<Refreshing> = {
  nature: 'read',
  prepare: refreshing,
  async perform(at, probe, { token }, scope) {
    const client = at.client(probe.principal === 'other-client' ? 'otherApp' : 'people')
    return outcomeOf(await at.issuer.refresh(client, token, scope), '', at, scope)
  },
  effect(_, { person, tokens }, { outcome }) {
    const grant = grantsTo({ username: person.username, client: clientIds.people }, outcome)
    const same = outcome.kind === 'allowed' && (outcome.content as { jti?: unknown }).jti === tokens.claims.jti
    return grant.kind === 'seen' && same ? none('it is the token that was there before') : grant
  },
  cleanUp: (at, _, { person }, scope) => at.admin.removePerson(realmName, person, scope),
}

interface Coming {
  readonly person: Person
  readonly code: Secret
  /** RFC 7636 §4.1. */
  readonly verifier: Secret
}

const verifierOf = (scope: Scope): Secret => scope.vault.secret(`${scope.name}-${'v'.repeat(43)}`, 'code verifier')

/** A person who has logged in at the page, and the code that came of it. */
async function coming(at: Place, probe: Probe, scope: Scope): Promise<Coming> {
  const person = await at.admin.createPerson({ realm: realmName, name: scope.name }, scope)
  const verifier = verifierOf(scope)
  const { code_challenge_method: method } = challenges[text(probe, 'challenge')] ?? {}
  const challenge = method === 'S256' ? createHash('sha256').update(verifier.reveal()).digest('base64url') : verifier.reveal()
  const query = {
    client_id: clientIds.people,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUris[0],
    ...(method === undefined ? {} : { code_challenge_method: method, code_challenge: challenge }),
  }
  const url = new URL(`${at.facts.issuer}/protocol/openid-connect/auth?${new URLSearchParams(query).toString()}`)
  const answer = await logIn(at.issuer.rest, url, person, scope)
  const code = answer.kind === 'redirected' ? answer.to.searchParams.get('code') : null
  if (code === null) throw new HarnessError('SET_UP_FAILED', `no code for ${person.username}: ${answer.kind === 'failed' ? answer.cause : answer.kind}`)
  const made = { person, verifier, code: scope.vault.secret(code, 'authorization code') }
  if (probe.principal === 'holder-of-used-code') await redeem(at, made, {}, scope)
  return made
}

const challenges: Readonly<Record<string, { readonly code_challenge_method: 'S256' | 'plain' }>> = {
  S256: { code_challenge_method: 'S256' },
  plain: { code_challenge_method: 'plain' },
}

function redeem(at: Place, { code }: Coming, other: Readonly<Record<string, string>>, scope: Scope): Promise<RestAnswer | Unanswered> {
  const form = { grant_type: 'authorization_code', client_id: clientIds.people, redirect_uri: redirectUris[0], code: code.reveal(), ...other }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return at.send({ method: 'POST', path: at.path('/protocol/openid-connect/token'), headers, body: new URLSearchParams(form).toString() }, scope)
}

/** What the request for a token says otherwise than the one for the code did. */
function otherwise(probe: Probe, { verifier, code }: Coming, { vault }: Scope): Readonly<Record<string, string>> {
  const verifiers: Readonly<Record<string, string>> = {
    right: verifier.reveal(),
    wrong: vault.secret(`${verifier.reveal()}x`, 'a wrong code verifier').reveal(),
  }
  const sent = verifiers[text(probe, 'verifier')]
  return {
    ...(probe.principal === 'other-client' ? { client_id: clientIds.otherApp } : {}),
    ...(probe.principal === 'holder-of-tampered-code' ? { code: vault.secret(`${code.reveal()}x`, 'a code with one letter more').reveal() } : {}),
    ...(text(probe, 'redirect') === 'other' ? { redirect_uri: redirectUris[1] } : {}),
    ...(sent === undefined ? {} : { code_verifier: sent }),
  }
}

/** Gives a code for a token. */
export const redeemCode: Operation<Coming> = {
  nature: 'read',
  prepare: coming,
  perform: async (at, probe, made, scope) => outcomeOfRaw(await redeem(at, made, otherwise(probe, made, scope), scope), '', at, scope),
  effect: (_, { person }, { outcome }) =>
    outcome.kind === 'void' ? unclear(outcome.cause) : grantsTo({ username: person.username, client: clientIds.people }, outcome),
  cleanUp: (at, _, { person }, scope) => at.admin.removePerson(realmName, person, scope),
}

/** A person whose code was given for a token, and then tried once more: their first token. */
export async function holderOfReplayedCode(at: Place, probe: Probe, scope: Scope): Promise<{ readonly person: Person; readonly token: Secret }> {
  const made = await coming(at, { ...probe, principal: 'holder' }, scope)
  const first = await redeem(at, made, {}, scope)
  const body = first.kind === 'answered' ? (first.json as { access_token?: unknown } | undefined) : undefined
  if (typeof body?.access_token !== 'string') throw new HarnessError('SET_UP_FAILED', 'the code could not be redeemed')
  await redeem(at, made, {}, scope)
  return { person: made.person, token: scope.vault.secret(body.access_token, 'access token') }
}
