import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { OwnServer } from '../../containers/own-server.ts'
import { profileOf } from '../../containers/weaviate/profiles.ts'
import { weaviateServer } from '../../containers/weaviate/server.ts'
import { RogueIssuer, type KeyManner } from '../../fixtures/oidc/rogue-issuer.ts'
import { rogueTokens, type Mint, type RogueTokenName } from '../../fixtures/oidc/rogue-tokens.ts'
import type { Probe } from '../../src/case.ts'
import { NotHere, type Clock, type Driver, type Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import { randomCredential } from '../../src/naming.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import type { Place } from './operation.ts'
import { WeaviateDriver } from './operations.ts'
import { bearer, type Credential } from './principals.ts'
import { text } from './shapes.ts'

const PROFILE = 'api-key-adminlist'
const AUDIENCE = 'weaviate'
const ADMIN = 'rogue-admin'
const MEMBER = 'rogue-member'
const GROUP = 'rogue-admins'
const POLL_MS = 50
/** A server that still reads the keys of the case before asks for none meanwhile. */
const LONGEST_WAIT_MS = 30_000

/** `rogue-<token>` of the administrator, `rogue-member-<token>` of one who is an administrator by group alone. */
const tokenOf = (principal: string): { readonly token: RogueTokenName; readonly username: string } | undefined => {
  const [, member, name = ''] = /^rogue-(member-)?(.+)$/.exec(principal) ?? []
  return name in rogueTokens ? { token: name as RogueTokenName, username: member === undefined ? ADMIN : MEMBER } : undefined
}

/** Which probes are for it: those whose input says `server: 'rogue-issuer'`. */
export const isForRogue = ({ input }: Probe): boolean => text(input, 'server') === 'rogue-issuer'

interface Ground extends AsyncDisposable {
  readonly issuer: RogueIssuer
  readonly driver: WeaviateDriver
}

/**
 * Asks a Weaviate of its own that trusts an issuer of ours: it is started at the first probe, and ends with the driver.
 * `input.keys` says how the issuer publishes its keys while the probe is asked; what has touched them asks alone.
 */
export class RogueDriver implements Driver<Place> {
  readonly #instance: InstanceInfo
  readonly #tools: { readonly vault: Vault; readonly clock: Clock }
  readonly #stop = new AbortController()
  #ground: Promise<Ground> | undefined
  #driver: WeaviateDriver | undefined

  constructor(instance: InstanceInfo, tools: { readonly vault: Vault; readonly clock: Clock }) {
    this.#instance = instance
    this.#tools = tools
  }

  nature(probe: Probe): 'read' | 'write' {
    return this.#asking.nature(probe)
  }

  async prepare(probe: Probe, scope: Scope): Promise<Place> {
    this.#ground ??= this.#start(scope)
    const { issuer, driver } = await this.#ground
    const at = await driver.prepare(probe, scope)
    const keys = text(probe.input, 'keys')
    if (keys !== undefined) await this.#publish(issuer, keys as KeyManner, { probe, at, scope })
    return at
  }

  perform(probe: Probe, at: Place, scope: Scope): Promise<Outcome> {
    return this.#asking.perform(probe, at, scope)
  }

  look(probe: Probe, at: Place, scope: Scope): Promise<Json> {
    return this.#asking.look(probe, at, scope)
  }

  effect(probe: Probe, at: Place, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    return this.#asking.effect(probe, at, seen)
  }

  async cleanUp(probe: Probe, at: Place, scope: Scope): Promise<void> {
    const ground = await this.#ground
    if (text(probe.input, 'keys') !== undefined) ground?.issuer.publish('right')
    await ground?.driver.cleanUp(probe, at, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    const ground = await this.#ground?.catch(() => undefined)
    await ground?.[Symbol.asyncDispose]()
  }

  /** What does not depend on a server is asked before there is one. */
  get #asking(): WeaviateDriver {
    this.#driver ??= new WeaviateDriver(this.#instance, this.#tools)
    return this.#driver
  }

  /** From here on the server has the keys of `right`, or of `after`, and the issuer publishes otherwise. */
  async #publish(
    issuer: RogueIssuer,
    keys: KeyManner,
    { probe, at, scope }: { readonly probe: Probe; readonly at: Place; readonly scope: Scope },
  ): Promise<void> {
    const ask = (principal: string): Promise<Outcome> => this.#asking.perform({ ...probe, principal }, at, scope)
    issuer.publish('right')
    // A key that it does not know makes a server look again.
    await ask('rogue-right')
    issuer.publish(keys)
    if (text(probe.input, 'seen') === 'true') await ask('rogue-next-key')
    if (keys === 'silent') await hanging(issuer, () => ask('rogue-next-key'), scope)
  }

  async #start(scope: Scope): Promise<Ground> {
    if (this.#instance.runtime !== 'native') throw new NotHere('a server that trusts an issuer of ours is started where it is a process of this machine')
    const { pki } = this.#instance.endpoint
    await using stack = new AsyncDisposableStack()
    const issuer = stack.use(await RogueIssuer.start({ pki }))
    const folder = join(dirname(pki.folder), `own-${scope.name}`)
    mkdirSync(join(folder, 'cwd'), { recursive: true, mode: 0o700 })
    const server = stack.use(
      await OwnServer.create({
        ...{ definition: weaviateServer, version: this.#instance.version, profile: PROFILE, folder, pki, signal: this.#stop.signal, meddling: scope.meddling },
        credentials: profileOf(PROFILE).credentials(randomCredential),
      }),
    )
    const start = await server.start({ change: (launch) => ({ ...launch, env: { ...launch.env, ...trusting(issuer, launch.env) } }) })
    if (start.kind !== 'ready')
      throw new HarnessError('SET_UP_FAILED', `a Weaviate that trusts our issuer did not start: ${start.kind === 'ended' ? start.how : start.because}`)
    await this.#driver?.[Symbol.asyncDispose]()
    const driver = stack.use(
      new WeaviateDriver({ ...this.#instance, profile: PROFILE, endpoint: start.endpoint }, this.#tools, (principal, of) =>
        credentialOf(principal, issuer, of),
      ),
    )
    this.#driver = driver
    const owned = stack.move()
    return { issuer, driver, [Symbol.asyncDispose]: () => owned.disposeAsync() }
  }
}

const trusting = (issuer: RogueIssuer, env: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  AUTHENTICATION_OIDC_ENABLED: 'true',
  AUTHENTICATION_OIDC_ISSUER: issuer.url,
  AUTHENTICATION_OIDC_CLIENT_ID: AUDIENCE,
  AUTHENTICATION_OIDC_USERNAME_CLAIM: 'preferred_username',
  AUTHENTICATION_OIDC_GROUPS_CLAIM: 'groups',
  AUTHORIZATION_ADMINLIST_USERS: `${env['AUTHORIZATION_ADMINLIST_USERS'] ?? ''},${ADMIN}`,
  AUTHORIZATION_ADMINLIST_GROUPS: GROUP,
})

/** Minted at the moment of sending: times in tokens count from it. */
async function credentialOf(principal: string, issuer: RogueIssuer, scope: Scope): Promise<Credential | undefined> {
  const kind = tokenOf(principal)
  if (kind === undefined) return undefined
  const { token, username } = kind
  const groups = username === MEMBER ? [GROUP] : []
  const mint: Mint = { keys: issuer.keys, issuer: issuer.url, audience: AUDIENCE, username, groups, now: Math.floor(scope.clock.now() / 1000) }
  return bearer(await rogueTokens[token](mint), `the token ${token}`, scope)
}

/** Leaves a request behind that waits for the issuer's keys. */
async function hanging(issuer: RogueIssuer, ask: () => Promise<Outcome>, scope: Scope): Promise<void> {
  const before = issuer.asked.length
  void ask().catch(() => undefined)
  for (const until = scope.clock.now() + LONGEST_WAIT_MS; issuer.asked.length === before;) {
    if (scope.clock.now() > until) throw new HarnessError('SET_UP_FAILED', 'the server does not ask for keys that it does not have')
    await delay(POLL_MS, undefined, { signal: scope.signal })
  }
}
