import { SignJWT, generateKeyPair } from 'jose'
import { realmFacts } from '../../containers/keycloak/facts.ts'
import { credentialNames, type UserName } from '../../containers/keycloak/profiles.ts'
import { audience, clientIds, otherRealm } from '../../containers/keycloak/realm.ts'
import { AdminApi } from '../../fixtures/keycloak/admin-api.ts'
import { addSigningKey, removeSigningKey } from '../../fixtures/keycloak/signing-key.ts'
import { Issuer } from '../../fixtures/oidc/issuer.ts'
import type { Environment } from '../../containers/weaviate/profiles.ts'
import type { Probe } from '../../src/case.ts'
import { systemClock, type Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import { Secret } from '../../src/secret.ts'
import { forgetting } from './forgetting.ts'
import type { AskAs, Trusted } from './own-driver.ts'
import { bearer } from './principals.ts'
import { text } from './shapes.ts'

const USER: UserName = 'kc-admin'
const LONGEST_CREATION_MS = 60_000

/** Under which key a token is: the one that the realm came with, the one that was added, one that it never had. */
export const rotationTokens = ['rotation-before', 'rotation-after', 'rotation-never'] as const
type RotationToken = (typeof rotationTokens)[number]

/** What has happened to the keys: another was added and signs, or it was taken away again. */
export const rotations = ['added', 'removed'] as const

interface Rotated {
  readonly tokens: Readonly<Record<RotationToken, string>>
  readonly key: string
}

/** A realm of the running Keycloak that is made for this, so that nobody else meets its keys. */
export async function trustRotating(instance: InstanceInfo, scope: Scope): Promise<Trusted> {
  const keycloak = instance.endpoint.facts['issuer'] as unknown as Endpoint | undefined
  if (keycloak === undefined) throw new HarnessError('HARNESS_DEFECT', `${instance.profile} has no issuer`)
  const realm = await Realm.create(keycloak, `rotating-${scope.name}`, scope)
  // One at a time asks, see `Case.exclusive`: its own tokens are those that count.
  let rotated: Rotated | undefined
  return {
    environment: (env) => trusting(realm.issuer.url, env),
    async credential(principal, of) {
      const token = rotated?.tokens[principal as RotationToken]
      return token === undefined ? undefined : bearer(token, principal, of)
    },
    async arrange(probe: Probe, ask: AskAs, of: Scope) {
      rotated = await realm.rotate(of)
      await ask('rotation-after')
      if (text(probe.input, 'keys') !== 'removed') return
      await realm.remove(rotated.key, of)
      await ask('rotation-never')
      await forgetting(ask, { gone: 'rotation-after', there: 'rotation-before' }, of)
    },
    async restore(_probe, of) {
      if (rotated !== undefined) await realm.remove(rotated.key, of)
    },
    [Symbol.asyncDispose]: () => realm[Symbol.asyncDispose](),
  }
}

const trusting = (issuer: string, env: Environment): Environment => ({
  AUTHENTICATION_OIDC_ENABLED: 'true',
  AUTHENTICATION_OIDC_ISSUER: issuer,
  AUTHENTICATION_OIDC_CLIENT_ID: audience,
  AUTHENTICATION_OIDC_USERNAME_CLAIM: 'preferred_username',
  AUTHORIZATION_ADMINLIST_USERS: `${env['AUTHORIZATION_ADMINLIST_USERS'] ?? ''},${USER}`,
})

class Realm implements AsyncDisposable {
  readonly issuer: Issuer
  readonly #admin: AdminApi
  readonly #name: string
  readonly #password: Secret

  private constructor(keycloak: Endpoint, name: string, admin: AdminApi) {
    this.issuer = new Issuer(keycloak, `${realmFacts(keycloak).origin}/realms/${name}`)
    this.#admin = admin
    this.#name = name
    this.#password = new Secret(keycloak.credentials[credentialNames.passwordOf(USER)] ?? '', `${USER}'s password`)
  }

  static async create(keycloak: Endpoint, name: string, scope: Scope): Promise<Realm> {
    for (const [label, value] of Object.entries(keycloak.credentials)) scope.vault.secret(value, label)
    const password = scope.vault.secret(keycloak.credentials[credentialNames.admin] ?? '', "the issuer's administrator's password")
    const admin = (): AdminApi => new AdminApi(keycloak, realmFacts(keycloak).origin, password, systemClock)
    await using creator = admin()
    // It makes the realm's keys, which may take it seconds: given ones would stand in the recorded request.
    const { components: _given, ...keyless } = otherRealm(keycloak.credentials)
    const patient = { ...scope, requestTimeoutMs: LONGEST_CREATION_MS }
    await creator.call({ method: 'POST', path: '/admin/realms', body: { ...keyless, realm: name } }, [201], patient)
    // Another one, with a token of its own: one from before the realm knows nothing of it.
    return new Realm(keycloak, name, admin())
  }

  /** A token, then another key, then a token under that. */
  async rotate(scope: Scope): Promise<Rotated> {
    const before = await this.#token(scope)
    const key = await addSigningKey(this.#admin, this.#name, scope)
    const after = await this.#token(scope)
    const { privateKey } = await generateKeyPair('RS256')
    const never = await new SignJWT({ preferred_username: USER })
      .setProtectedHeader({ alg: 'RS256', kid: scope.name })
      .setIssuer(this.issuer.url)
      .setAudience(audience)
      .setExpirationTime('5m')
      .sign(privateKey)
    return { tokens: { 'rotation-before': before, 'rotation-after': after, 'rotation-never': never }, key }
  }

  remove(key: string, scope: Scope): Promise<void> {
    return removeSigningKey(this.#admin, this.#name, key, scope)
  }

  async #token(scope: Scope): Promise<string> {
    const password = scope.vault.secret(this.#password.reveal(), this.#password.label)
    const answer = await this.issuer.password({ id: clientIds.people }, { username: USER, password }, scope)
    if (answer.kind === 'granted') return answer.tokens.access.reveal()
    throw new HarnessError('SET_UP_FAILED', `${USER} could not log in: ${answer.kind === 'denied' ? answer.description : answer.cause}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.issuer[Symbol.asyncDispose](), this.#admin[Symbol.asyncDispose]()])
  }
}
