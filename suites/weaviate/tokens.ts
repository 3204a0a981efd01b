import { createHmac, generateKeyPairSync } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { SignJWT, UnsecuredJWT, decodeProtectedHeader, exportSPKI, importJWK, type CryptoKey, type JWK, type JWTPayload } from 'jose'
import { credentialNames } from '../../containers/keycloak/profiles.ts'
import { realmFacts } from '../../containers/keycloak/facts.ts'
import { clientIds, redirectUris } from '../../containers/keycloak/realm.ts'
import { hybridFlow } from '../../fixtures/oidc/authorization.ts'
import { Chromium, chromiumPath } from '../../fixtures/oidc/chromium.ts'
import { Issuer, type OAuthClient } from '../../fixtures/oidc/issuer.ts'
import type { TokenAnswer, Tokens } from '../../fixtures/oidc/tokens.ts'
import { NotHere, type Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Secret } from '../../src/secret.ts'
import { items, text } from './shapes.ts'

/** A token is used again for so long: half the life that the realm gives it. */
const KEEP_MS = 120_000
const POLL_MS = 100
const GRANT_POLL_MS = 250
const MOST_GRANTS = 12

interface Kept {
  readonly token: Promise<string>
  readonly until: number
}

/** Tokens of one Keycloak by what is right or wrong about them; each is fetched or forged once and kept for a while. */
export class TokenDesk implements AsyncDisposable {
  readonly #endpoint: Endpoint
  readonly #issuer: Issuer
  readonly #otherIssuer: Issuer
  readonly #kept = new Map<string, Kept>()
  #last: Promise<void> = Promise.resolve()

  constructor(keycloak: Endpoint) {
    this.#endpoint = keycloak
    const { issuer, otherIssuer } = realmFacts(keycloak)
    this.#issuer = new Issuer(keycloak, issuer)
    this.#otherIssuer = new Issuer(keycloak, otherIssuer)
  }

  /** @throws HarnessError `SET_UP_FAILED` where the issuer does not give it */
  async token(kind: TokenKind, scope: Scope): Promise<string> {
    const known = this.#kept.get(kind)
    const kept = known !== undefined && known.until > scope.clock.now() ? known : this.#make(kind, scope)
    return kept.token
  }

  #make(kind: TokenKind, scope: Scope): Kept {
    const token = makers[kind](new Forge(this, scope))
    const kept: Kept = { token, until: scope.clock.now() + KEEP_MS }
    this.#kept.set(kind, kept)
    token.catch(() => this.#kept.delete(kind))
    return kept
  }

  async password(user: string, client: string, scope: Scope, issuer: 'own' | 'other' = 'own'): Promise<Tokens> {
    const password = this.#passwordOf(user, scope)
    const of = issuer === 'own' ? this.#issuer : this.#otherIssuer
    const answer = await this.#login(() => of.password({ id: client }, { username: user, password }, scope), scope)
    return granted(answer, `the password grant of ${user} at ${client}`)
  }

  /** The ID token that the redirect of a hybrid flow brings, as the document has people do it by hand. */
  async hybrid(user: string, how: 'http' | 'chromium', scope: Scope): Promise<string> {
    const password = this.#passwordOf(user, scope)
    await using browser = how === 'chromium' ? await this.#browser() : undefined
    const request = browser === undefined ? { redirectUri: redirectUris[0] } : { redirectUri: browser.redirectUri, browse: browser.browse }
    const grant = await this.#login(() => hybridFlow(this.#issuer, { id: clientIds.people }, { username: user, password }, scope, request), scope)
    if (grant.kind === 'granted') return grant.idToken.reveal()
    throw new HarnessError('SET_UP_FAILED', `the hybrid flow of ${user} failed: ${grant.kind === 'denied' ? grant.description : grant.cause}`)
  }

  /**
   * One at a time, and again for a while: a Keycloak with brute-force protection turns down a login that meets
   * another one of the same user, in the words of a wrong password.
   */
  async #login<Answer extends { readonly kind: string }>(login: () => Promise<Answer>, scope: Scope): Promise<Answer> {
    const asked = this.#last.then(() => askedAgain(login, scope))
    this.#last = asked.then(
      () => undefined,
      () => undefined,
    )
    return asked
  }

  #passwordOf(user: string, scope: Scope): Secret {
    return scope.vault.secret(this.#endpoint.credentials[credentialNames.passwordOf(user)] ?? '', `${user}'s password`)
  }

  async #browser(): Promise<Chromium> {
    const path = chromiumPath()
    if (path === undefined) throw new NotHere('no Chromium is here: install one, or name it in ASSAY_CHROMIUM')
    return Chromium.start(this.#endpoint, path)
  }

  async machine(scope: Scope): Promise<Tokens> {
    const secret = scope.vault.secret(this.#endpoint.credentials[credentialNames.machineSecret] ?? '', "the machine's secret")
    const client: OAuthClient = { id: clientIds.machine, secret }
    return granted(await this.#issuer.clientCredentials(client, scope), 'the client credentials grant')
  }

  /** The first signing key that the issuer publishes, as PEM. */
  async publicKey(scope: Scope): Promise<string> {
    const path = new URL((await this.#issuer.discover(scope)).jwks_uri ?? '').pathname
    const answer = await this.#issuer.rest.send({ method: 'GET', path }, scope)
    const keys = answer.kind === 'answered' ? (items(answer.json, 'keys') ?? []) : []
    const key = keys.find((one) => text(one, 'use') === 'sig')
    if (key === undefined) throw new HarnessError('SET_UP_FAILED', 'the issuer publishes no signing key')
    return exportSPKI((await importJWK(key as JWK, 'RS256', { extractable: true })) as CryptoKey)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#issuer[Symbol.asyncDispose](), this.#otherIssuer[Symbol.asyncDispose]()])
  }
}

async function askedAgain<Answer extends { readonly kind: string }>(login: () => Promise<Answer>, scope: Scope): Promise<Answer> {
  let answer = await login()
  for (let again = 0; again < MOST_GRANTS && answer.kind === 'denied'; again++) {
    await delay(GRANT_POLL_MS, undefined, { signal: scope.signal })
    answer = await login()
  }
  return answer
}

function granted(answer: TokenAnswer, what: string): Tokens {
  if (answer.kind === 'granted') return answer.tokens
  throw new HarnessError('SET_UP_FAILED', `${what} failed: ${answer.kind === 'denied' ? `${answer.error} ${answer.description}` : answer.cause}`)
}

/** What a maker of tokens works with. */
class Forge {
  readonly #desk: TokenDesk
  readonly scope: Scope

  constructor(desk: TokenDesk, scope: Scope) {
    this.#desk = desk
    this.scope = scope
  }

  password = (user: string, client: string = clientIds.people, issuer: 'own' | 'other' = 'own'): Promise<Tokens> =>
    this.#desk.password(user, client, this.scope, issuer)
  hybrid = (how: 'http' | 'chromium'): Promise<string> => this.#desk.hybrid('kc-admin', how, this.scope)
  machine = (): Promise<Tokens> => this.#desk.machine(this.scope)
  publicKey = (): Promise<string> => this.#desk.publicKey(this.scope)

  /** A good token of the administrator, its parts, to be spoilt. */
  async good(): Promise<{ readonly token: string; readonly claims: JWTPayload; readonly kid: string; readonly parts: readonly [string, string, string] }> {
    const { access, claims } = await this.password('kc-admin')
    const token = access.reveal()
    const [header = '', payload = '', signature = ''] = token.split('.')
    return { token, claims, kid: decodeProtectedHeader(token).kid ?? '', parts: [header, payload, signature] }
  }
}

const access = async (tokens: Promise<Tokens>): Promise<string> => (await tokens).access.reveal()
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

async function expired(forge: Forge): Promise<string> {
  const { access: token, claims } = await forge.password('kc-admin', clientIds.shortLived)
  const endsAt = (claims.exp ?? 0) * 1000
  // A whole second past: no bracket around the moment is needed, and the document names no leeway.
  while (forge.scope.clock.now() < endsAt + 1000) await delay(POLL_MS, undefined, { signal: forge.scope.signal })
  return token.reveal()
}

async function signedByUs(forge: Forge, kid?: string): Promise<string> {
  const good = await forge.good()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return new SignJWT(good.claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: kid ?? good.kid }).sign(privateKey)
}

/** The oldest trick: the public key, which everyone has, taken as the secret of an HMAC. */
async function hmacWithPublicKey(forge: Forge): Promise<string> {
  const good = await forge.good()
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT', kid: good.kid })}.${encoded(good.claims)}`
  return `${signed}.${createHmac('sha256', await forge.publicKey())
    .update(signed)
    .digest('base64url')}`
}

async function otherPayload(forge: Forge): Promise<string> {
  const { access: token, claims } = await forge.password('kc-nobody')
  const [header = '', , signature = ''] = token.reveal().split('.')
  return `${header}.${encoded({ ...claims, preferred_username: 'kc-admin', groups: ['admins'] })}.${signature}`
}

async function idTokenFor(forge: Forge, client: string): Promise<string> {
  const { id } = await forge.password('kc-admin', client)
  if (id === undefined) throw new HarnessError('SET_UP_FAILED', `no ID token for ${client}`)
  return id.reveal()
}

async function refreshToken(forge: Forge): Promise<string> {
  const { refresh } = await forge.password('kc-admin')
  if (refresh === undefined) throw new HarnessError('SET_UP_FAILED', 'no refresh token')
  return refresh.reveal()
}

const makers = {
  'kc-admin': (forge) => access(forge.password('kc-admin')),
  'kc-reader': (forge) => access(forge.password('kc-reader')),
  'kc-nobody': (forge) => access(forge.password('kc-nobody')),
  'kc-machine': (forge) => access(forge.machine()),
  'kc-admin-hybrid': (forge) => forge.hybrid('http'),
  'kc-admin-hybrid-in-chromium': (forge) => forge.hybrid('chromium'),
  'kc-admin-id-token': (forge) => idTokenFor(forge, clientIds.people),
  'other-audience-token': (forge) => access(forge.password('kc-admin', clientIds.otherApp)),
  'other-client-id-token': (forge) => idTokenFor(forge, clientIds.otherApp),
  'other-realm-token': (forge) => access(forge.password('kc-admin', clientIds.people, 'other')),
  'expired-token': expired,
  'refresh-token': refreshToken,
  'unsigned-token': async (forge) => new UnsecuredJWT((await forge.good()).claims).encode(),
  'hmac-token': hmacWithPublicKey,
  'self-signed-token': (forge) => signedByUs(forge),
  'unknown-kid-token': (forge) => signedByUs(forge, 'never-published'),
  'other-payload-token': otherPayload,
  'short-signature-token': async (forge) => (await forge.good()).token.slice(0, -12),
  'no-signature-token': async (forge) => `${(await forge.good()).parts.slice(0, 2).join('.')}.`,
} as const satisfies Readonly<Record<string, (forge: Forge) => Promise<string>>>

export type TokenKind = keyof typeof makers
export const isTokenKind = (name: string): name is TokenKind => name in makers
