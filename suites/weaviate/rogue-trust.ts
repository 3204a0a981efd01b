import { setTimeout as delay } from 'node:timers/promises'
import type { Environment } from '../../containers/weaviate/profiles.ts'
import { RogueIssuer, type KeyManner } from '../../fixtures/oidc/rogue-issuer.ts'
import { beyondAscii, rogueTokens, type Mint, type RogueTokenName } from '../../fixtures/oidc/rogue-tokens.ts'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Outcome } from '../../src/outcome.ts'
import { forgetting } from './forgetting.ts'
import type { AskAs, Trusted } from './own-driver.ts'
import { bearer, type Credential } from './principals.ts'
import { text } from './shapes.ts'

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

/** An issuer of ours. `input.keys` says how it publishes its keys while the probe is asked. */
export async function trustRogue({ endpoint }: InstanceInfo): Promise<Trusted> {
  const issuer = await RogueIssuer.start({ pki: endpoint.pki })
  return {
    environment: (env) => trusting(issuer, env),
    credential: (principal, scope) => credentialOf(principal, issuer, scope),
    async arrange(probe, ask, scope) {
      const keys = text(probe.input, 'keys')
      if (keys !== undefined) await publish(issuer, keys as KeyManner, { probe, ask, scope })
    },
    async restore(probe) {
      if (text(probe.input, 'keys') !== undefined) issuer.publish('right')
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  }
}

interface Publishing {
  readonly probe: Probe
  readonly ask: AskAs
  readonly scope: Scope
}

/** From here on the server has the keys of `right`, or of `keys` where they are to be seen, and the issuer publishes them so. */
async function publish(issuer: RogueIssuer, keys: KeyManner, { probe, ask, scope }: Publishing): Promise<void> {
  issuer.publish('right')
  await forgetting(ask, { gone: 'rogue-next-key', there: 'rogue-right' }, scope)
  issuer.publish(keys)
  if (text(probe.input, 'seen') === 'true') await forgetting(ask, { gone: 'rogue-right', there: 'rogue-next-key' }, scope)
  if (keys === 'silent') await hanging(issuer, () => ask('rogue-next-key'), scope)
}

const trusting = (issuer: RogueIssuer, env: Environment): Environment => ({
  AUTHENTICATION_OIDC_ENABLED: 'true',
  AUTHENTICATION_OIDC_ISSUER: issuer.url,
  AUTHENTICATION_OIDC_CLIENT_ID: AUDIENCE,
  AUTHENTICATION_OIDC_USERNAME_CLAIM: 'preferred_username',
  AUTHENTICATION_OIDC_GROUPS_CLAIM: 'groups',
  AUTHORIZATION_ADMINLIST_USERS: [env['AUTHORIZATION_ADMINLIST_USERS'] ?? '', ADMIN, beyondAscii(ADMIN)].join(','),
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
