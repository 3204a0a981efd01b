import { createLocalJWKSet, jwtVerify, type JWTPayload } from 'jose'
import { z } from 'zod'
import { realmFacts, type RealmFacts } from '../../containers/keycloak/facts.ts'
import { credentialNames } from '../../containers/keycloak/profiles.ts'
import { clientIds } from '../../containers/keycloak/realm.ts'
import { Chromium, chromiumPath } from '../../fixtures/oidc/chromium.ts'
import { Issuer, type OAuthClient } from '../../fixtures/oidc/issuer.ts'
import { guarded } from '../../fixtures/oidc/transport.ts'
import { NotHere, type Clock, type Scope } from '../../src/driver.ts'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Secret, Vault } from '../../src/secret.ts'
import { RestClient, type RestAnswer, type RestRequest, type Unanswered } from '../../src/wire/rest.ts'
import { AdminApi } from '../../fixtures/keycloak/admin-api.ts'

export interface Tools {
  readonly vault: Vault
  readonly clock: Clock
}

const LATEST_LOOK_S = 30

const keysSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })).min(1) })

/** One running Keycloak as the operations see it: its issuers, its administrator, the keys of its realm. */
export class Place implements AsyncDisposable {
  readonly facts: RealmFacts
  readonly issuer: Issuer
  readonly otherIssuer: Issuer
  readonly admin: AdminApi
  /** Health, on a port of its own. */
  readonly management: RestClient
  readonly instance: InstanceInfo
  readonly machineSecret: Secret
  readonly #vault: Vault
  #chromium: Promise<Chromium> | undefined

  constructor(instance: InstanceInfo, tools: Tools) {
    const { endpoint } = instance
    this.instance = instance
    this.facts = realmFacts(endpoint)
    this.#vault = tools.vault
    this.issuer = new Issuer(endpoint, this.facts.issuer)
    this.otherIssuer = new Issuer(endpoint, this.facts.otherIssuer)
    this.admin = new AdminApi(endpoint, this.facts.origin, this.credential(credentialNames.admin), tools.clock)
    this.management = new RestClient(endpoint, 'management', { surface: 'port' })
    this.machineSecret = this.credential(credentialNames.machineSecret)
  }

  credential(name: string): Secret {
    return this.#vault.secret(this.instance.endpoint.credentials[name] ?? '', name)
  }

  /** The realm's client of that use; the machine with its secret. */
  client(use: keyof typeof clientIds): OAuthClient {
    return use === 'machine' ? { id: clientIds.machine, secret: this.machineSecret } : { id: clientIds[use] }
  }

  /** A path under the realm. */
  path(rest: string, realm = this.facts.realm): string {
    return `/realms/${realm}${rest}`
  }

  send(request: RestRequest, scope: Scope): Promise<RestAnswer | Unanswered> {
    return this.issuer.rest.send(request, guarded(scope))
  }

  /**
   * The claims of a token that the realm has signed.
   *
   * @throws where the keys cannot be had, or the token is not of this issuer, not signed by one of its keys, or expired for half a minute:
   *   one that lives for two seconds is looked at late on a busy machine
   */
  async verified(token: Secret, scope: Scope, { issuer = this.facts.issuer }: { readonly issuer?: string | undefined } = {}): Promise<JWTPayload> {
    const keys = await this.keys(scope)
    const { payload } = await jwtVerify(token.reveal(), createLocalJWKSet(keys), {
      issuer,
      algorithms: ['RS256'],
      clockTolerance: LATEST_LOOK_S,
    })
    return payload
  }

  /** The keys that the realm publishes (RFC 7517), asked each time: they may have been rotated. */
  async keys(scope: Scope): Promise<z.infer<typeof keysSchema>> {
    const answer = await this.send({ method: 'GET', path: this.path('/protocol/openid-connect/certs') }, { ...scope, stage: 'effect' })
    const keys = answer.kind === 'answered' && answer.status === 200 ? keysSchema.safeParse(answer.json) : undefined
    if (keys?.success !== true)
      throw new HarnessError('SET_UP_FAILED', `${this.facts.issuer} shows no keys: ${answer.kind === 'answered' ? `status ${answer.status}` : answer.cause}`)
    return keys.data
  }

  /** A browser for this instance, started at the first case that wants one. Throws `NotHere` where there is none. */
  async chromium(): Promise<Chromium> {
    if (this.instance.runtime === 'external') throw new NotHere('a browser of ours trusts the certificates of its own run alone')
    const path = chromiumPath()
    if (path === undefined) throw new NotHere('no Chromium is here: install one, or name it in ASSAY_CHROMIUM')
    this.#chromium ??= Chromium.start(this.instance.endpoint, path)
    return this.#chromium.catch((cause: unknown) => {
      throw new NotHere(`${path} does not start: ${messageOf(cause).split('\n')[0]}`, { cause })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#chromium?.catch(() => undefined))?.[Symbol.asyncDispose]()
    await Promise.all([this.issuer, this.otherIssuer, this.admin, this.management].map((one) => one[Symbol.asyncDispose]()))
  }
}
