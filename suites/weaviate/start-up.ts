import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache, defaultCacheRoot } from '../../containers/cache.ts'
import { PROCESS_RECORD } from '../../containers/run-folder.ts'
import { freePorts } from '../../containers/runtimes/ports.ts'
import { ProcessGroup } from '../../containers/runtimes/process-group.ts'
import type { Placement } from '../../containers/server.ts'
import { argumentsOf, bareEnvironment } from '../../containers/weaviate/environment.ts'
import { weaviateNative } from '../../containers/weaviate/native.ts'
import type { Environment } from '../../containers/weaviate/profiles.ts'
import { weaviateReady } from '../../containers/weaviate/ready.ts'
import { weaviateServer } from '../../containers/weaviate/server.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Outcome } from '../../src/outcome.ts'
import { text } from './shapes.ts'

const LONGEST_START_MS = 60_000
const POLL_MS = 100

const off = { AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'false' }
const keysOn = { ...off, AUTHENTICATION_APIKEY_ENABLED: 'true' }
const oneKey = { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one', AUTHENTICATION_APIKEY_USERS: 'one' }
const oidcOn = { ...off, AUTHENTICATION_OIDC_ENABLED: 'true' }
const UNREACHABLE = 'https://localhost:1/realms/nobody'

/** Settings by what is special about them; none of the values is a credential of anything that stays. */
export const startUps = {
  'keys-without-keys': { ...keysOn, AUTHENTICATION_APIKEY_USERS: 'one' },
  'keys-without-users': { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one' },
  'an-empty-key': { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,', AUTHENTICATION_APIKEY_USERS: 'one,two' },
  'an-empty-user': { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,key-of-two', AUTHENTICATION_APIKEY_USERS: 'one,' },
  'more-keys-than-users': { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,key-of-two,key-of-three', AUTHENTICATION_APIKEY_USERS: 'one,two' },
  'more-users-than-keys': { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one', AUTHENTICATION_APIKEY_USERS: 'one,two' },
  'one-key-for-two-users': { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-both,key-of-both', AUTHENTICATION_APIKEY_USERS: 'one,two' },
  'two-keys-of-one-user': { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,other-key-of-one', AUTHENTICATION_APIKEY_USERS: 'one' },
  'oidc-without-issuer': { ...oidcOn, AUTHENTICATION_OIDC_CLIENT_ID: 'weaviate', AUTHENTICATION_OIDC_USERNAME_CLAIM: 'email' },
  'oidc-without-client-id': { ...oidcOn, AUTHENTICATION_OIDC_ISSUER: UNREACHABLE, AUTHENTICATION_OIDC_USERNAME_CLAIM: 'email' },
  'oidc-without-username-claim': { ...oidcOn, AUTHENTICATION_OIDC_ISSUER: UNREACHABLE, AUTHENTICATION_OIDC_CLIENT_ID: 'weaviate' },
  'oidc-with-unreachable-issuer': { ...oidcOn, AUTHENTICATION_OIDC_ISSUER: UNREACHABLE, AUTHENTICATION_OIDC_CLIENT_ID: 'weaviate', AUTHENTICATION_OIDC_USERNAME_CLAIM: 'email' },
  'oidc-off-with-fields-missing': { ...oneKey, AUTHENTICATION_OIDC_ENABLED: 'false', AUTHENTICATION_OIDC_ISSUER: 'no address at all' },
  'oidc-absent-with-fields-missing': { ...oneKey, AUTHENTICATION_OIDC_ISSUER: 'no address at all' },
  'a-user-in-both-lists': { ...oneKey, AUTHORIZATION_ADMINLIST_ENABLED: 'true', AUTHORIZATION_ADMINLIST_USERS: 'one', AUTHORIZATION_ADMINLIST_READONLY_USERS: 'one' },
  'admin-list-and-rbac': { ...oneKey, AUTHORIZATION_ADMINLIST_ENABLED: 'true', AUTHORIZATION_ADMINLIST_USERS: 'one', AUTHORIZATION_RBAC_ENABLED: 'true', AUTHORIZATION_RBAC_ROOT_USERS: 'one' },
  'rbac-and-anonymous': { ...oneKey, AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'true', AUTHORIZATION_RBAC_ENABLED: 'true', AUTHORIZATION_RBAC_ROOT_USERS: 'one' },
} as const satisfies Readonly<Record<string, Environment>>

export type StartUp = keyof typeof startUps

/** Starts a server of its own with those settings: allowed where it comes to be ready, refused where it ends and says why. */
export async function start(name: string, instance: InstanceInfo, scope: Scope): Promise<Outcome> {
  const settings: Environment | undefined = (startUps as Readonly<Record<string, Environment>>)[name]
  if (settings === undefined) throw new HarnessError('HARNESS_DEFECT', `Weaviate has no start-up ${name}`)
  if (instance.runtime !== 'native') throw new HarnessError('RUNTIME_UNAVAILABLE', 'a start-up that fails is asked where the server is a process of this machine', { hint: 'use --runtime native' })
  const { program } = await weaviateNative.locate(instance.version, new Cache(defaultCacheRoot()))
  const at = await placementOf(instance, scope)
  try {
    return await run(program, at, settings, scope)
  } finally {
    await rm(at.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function placementOf({ endpoint }: InstanceInfo, { name }: Scope): Promise<Placement> {
  // Beside the certificates, in the run's own folder: what a killed run leaves there is found again.
  const folder = join(dirname(endpoint.pki.folder), `start-up-${name}`)
  mkdirSync(join(folder, 'cwd'), { recursive: true, mode: 0o700 })
  const ports = await freePorts(Object.keys(weaviateServer.ports))
  return { runtime: 'native', folder, bind: '127.0.0.1', host: 'localhost', ports, publicPorts: ports, pki: endpoint.pki }
}

async function run(program: string, at: Placement, settings: Environment, scope: Scope): Promise<Outcome> {
  const started = performance.now()
  await using group = new ProcessGroup({
    program,
    args: argumentsOf(at),
    env: { HOME: at.folder, ...bareEnvironment(at), ...settings },
    cwd: join(at.folder, 'cwd'),
    logFile: join(at.folder, 'server.log'),
    recordFile: join(at.folder, PROCESS_RECORD),
  })
  const outcome = await outcomeOf(group, at, scope)
  scope.record({
    stage: scope.stage,
    surface: 'process',
    request: `weaviate-server with ${Object.entries(settings).map(([key, value]) => `${key}='${value}'`).join(' ')}`,
    headers: {},
    body: '',
    status: outcome.kind === 'allowed' ? 'ready' : outcome.kind === 'refused' ? outcome.code : outcome.cause,
    answer: scope.vault.redact(group.logTail().slice(-5).join('\n')),
    ms: performance.now() - started,
  })
  return outcome
}

async function outcomeOf(group: ProcessGroup, at: Placement, scope: Scope): Promise<Outcome> {
  let ended: string | undefined
  void group.ended.then((how) => (ended = how))
  const endpoint = { host: at.host, address: at.bind, ports: at.ports, pki: at.pki, credentials: {}, facts: {} }
  let reason = 'never asked'
  for (const until = Date.now() + LONGEST_START_MS; Date.now() < until; ) {
    scope.signal.throwIfAborted()
    if (ended !== undefined) return endOf(ended, group.logTail())
    try {
      await weaviateReady(endpoint, AbortSignal.timeout(2000))
      return { kind: 'allowed', code: 'ready' }
    } catch (thrown) {
      reason = messageOf(thrown)
    }
    await delay(POLL_MS, undefined, { signal: scope.signal })
  }
  return { kind: 'broken', cause: `neither ready nor ended after ${LONGEST_START_MS / 1000} s: ${reason}` }
}

/** A refusal ends with a code of its own and says what it does not like in a line of level error or fatal. */
function endOf(how: string, lines: readonly string[]): Outcome {
  const code = /^ended with exit code ([1-9]\d*)$/.exec(how)?.[1]
  const complaint = lines.map(parsed).findLast((line) => ['error', 'fatal', 'panic'].includes(text(line, 'level') ?? ''))
  if (code === undefined || complaint === undefined) return { kind: 'broken', cause: `${how}: ${lines.at(-1) ?? 'no output'}` }
  return { kind: 'refused', by: 'start-up', code: `exit ${code}`, message: [text(complaint, 'error'), text(complaint, 'msg')].filter((part) => part !== undefined).join(': ') }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

