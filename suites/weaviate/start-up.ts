import { mkdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache, defaultCacheRoot } from '../../containers/cache.ts'
import { PROCESS_RECORD } from '../../containers/run-folder.ts'
import { freePorts } from '../../containers/runtimes/ports.ts'
import { ProcessGroup } from '../../containers/runtimes/process-group.ts'
import type { Launch, Placement } from '../../containers/server.ts'
import { argumentsOf, bareEnvironment } from '../../containers/weaviate/environment.ts'
import { weaviateNative } from '../../containers/weaviate/native.ts'
import type { Environment } from '../../containers/weaviate/profiles.ts'
import { weaviateReady } from '../../containers/weaviate/ready.ts'
import { weaviateServer } from '../../containers/weaviate/server.ts'
import { RogueIssuer } from '../../fixtures/oidc/rogue-issuer.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import type { JsonObject } from '../../src/json.ts'
import type { Outcome } from '../../src/outcome.ts'
import { RestClient } from '../../src/wire/rest.ts'
import { askClusterPort, shakeHands } from './ports.ts'
import { GrpcSurface, grpcOperations } from './grpc.ts'
import { namePlanted, placeOf } from './place.ts'
import { text } from './shapes.ts'

const LOG = 'server.log'
const LONGEST_START_MS = 60_000
const POLL_MS = 100

const off = { AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'false' }
const keysOn = { ...off, AUTHENTICATION_APIKEY_ENABLED: 'true' }
const oneKey = { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one', AUTHENTICATION_APIKEY_USERS: 'one' }
const oidcOn = { ...off, AUTHENTICATION_OIDC_ENABLED: 'true' }
const UNREACHABLE = 'https://localhost:1/realms/nobody'

/** What some settings are made of. */
interface Ground {
  readonly at: Placement
  readonly issuer: RogueIssuer | undefined
}

interface Settings {
  readonly settings: Environment | ((ground: Ground) => Environment)
  /** The whole command line; absent: REST over TLS by flags. */
  readonly args?: (at: Placement) => readonly string[]
  /** An issuer of ours runs beside it, of which this is to be said in its discovery document. */
  readonly issuer?: JsonObject
  /** How a complaint about just that reads: a server that ends for another reason has not refused these settings. */
  readonly names?: RegExp
  /** Asked once the server is ready: the question is whether it is there afterwards, or what is returned. */
  readonly asked?: (endpoint: Endpoint, scope: Scope) => Promise<Outcome | undefined>
}

const oidcFull = { ...oidcOn, AUTHENTICATION_OIDC_ISSUER: UNREACHABLE, AUTHENTICATION_OIDC_CLIENT_ID: 'weaviate', AUTHENTICATION_OIDC_USERNAME_CLAIM: 'email' }
const oidcAt = (issuer: RogueIssuer | undefined): Environment => ({ ...oidcFull, AUTHENTICATION_OIDC_ISSUER: issuer?.url ?? '' })
const without = (settings: Environment, name: string): Environment => Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name))

const aboutOidc = /\boidc\b|\bissuer\b|client_?id|username_?claim/i
const aboutTls = /certificate|x509|\btls\b/i

/** Settings by what is special about them; none of the values is a credential of anything that stays. */
const startUps = {
  'keys-without-keys': { settings: without(oneKey, 'AUTHENTICATION_APIKEY_ALLOWED_KEYS'), names: /\bkey/i },
  'keys-without-users': { settings: without(oneKey, 'AUTHENTICATION_APIKEY_USERS'), names: /\buser/i },
  'an-empty-key': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,', AUTHENTICATION_APIKEY_USERS: 'one,two' },
    names: /\bkeys?\b.*\b(length|empty)/i,
  },
  'an-empty-user': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,key-of-two', AUTHENTICATION_APIKEY_USERS: 'one,' },
    names: /\busers?\b.*\b(length|empty)/i,
  },
  'more-keys-than-users': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,key-of-two,key-of-three', AUTHENTICATION_APIKEY_USERS: 'one,two' },
    names: /users and keys|keys and users/i,
  },
  'more-users-than-keys': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one', AUTHENTICATION_APIKEY_USERS: 'one,two' },
    names: /users and keys|keys and users/i,
  },
  'one-key-for-two-users': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-both,key-of-both', AUTHENTICATION_APIKEY_USERS: 'one,two' },
    names: /\bkeys?\b.*\b(unique|twice|same)/i,
  },
  'two-keys-of-one-user': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,other-key-of-one', AUTHENTICATION_APIKEY_USERS: 'one' },
    names: /users and keys|keys and users/i,
  },
  'oidc-without-issuer': { settings: without(oidcFull, 'AUTHENTICATION_OIDC_ISSUER'), names: /\bissuer\b/i },
  'oidc-without-client-id': { settings: without(oidcFull, 'AUTHENTICATION_OIDC_CLIENT_ID'), names: /client_?id/i },
  'oidc-without-username-claim': { settings: without(oidcFull, 'AUTHENTICATION_OIDC_USERNAME_CLAIM'), names: /username_?claim/i },
  'oidc-with-unreachable-issuer': { settings: oidcFull, names: /localhost:1\b/ },
  'oidc-off-with-fields-missing': {
    settings: { ...oneKey, AUTHENTICATION_OIDC_ENABLED: 'false', AUTHENTICATION_OIDC_ISSUER: 'no address at all' },
    names: aboutOidc,
  },
  'oidc-absent-with-fields-missing': { settings: { ...oneKey, AUTHENTICATION_OIDC_ISSUER: 'no address at all' }, names: aboutOidc },
  'a-user-in-both-lists': {
    settings: { ...oneKey, AUTHORIZATION_ADMINLIST_ENABLED: 'true', AUTHORIZATION_ADMINLIST_USERS: 'one', AUTHORIZATION_ADMINLIST_READONLY_USERS: 'one' },
    names: /'?one'?.*\bboth\b/i,
  },
  'admin-list-and-rbac': {
    settings: {
      ...oneKey,
      AUTHORIZATION_ADMINLIST_ENABLED: 'true',
      AUTHORIZATION_ADMINLIST_USERS: 'one',
      AUTHORIZATION_RBAC_ENABLED: 'true',
      AUTHORIZATION_RBAC_ROOT_USERS: 'one',
    },
    names: /admin ?list.*\brbac\b|\brbac\b.*admin ?list/i,
  },
  'rbac-and-anonymous': {
    settings: { ...oneKey, AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'true', AUTHORIZATION_RBAC_ENABLED: 'true', AUTHORIZATION_RBAC_ROOT_USERS: 'one' },
    names: /anonymous.*\brbac\b|\brbac\b.*anonymous/i,
  },
  'oidc-with-trusted-issuer': { issuer: {}, settings: ({ at, issuer }) => ({ ...oidcAt(issuer), SSL_CERT_FILE: at.pki.ca }), names: aboutTls },
  'oidc-with-its-authority-in-the-environment': {
    issuer: {},
    settings: ({ at, issuer }) => ({ ...oidcAt(issuer), SSL_CERT_FILE: '', AUTHENTICATION_OIDC_CERTIFICATE: readFileSync(at.pki.ca, 'utf8') }),
    names: aboutTls,
  },
  'oidc-with-untrusted-issuer': {
    issuer: {},
    settings: ({ issuer }) => ({ ...oidcAt(issuer), SSL_CERT_FILE: '' }),
    names: /certificate|x509|unknown authority/i,
  },
  'oidc-with-issuer-that-names-another': {
    issuer: { issuer: 'https://someone-else.assay.test' },
    settings: ({ at, issuer }) => ({ ...oidcAt(issuer), SSL_CERT_FILE: at.pki.ca }),
    names: /issuer/i,
  },
  'tls-by-environment': {
    settings: ({ at }) => ({
      ...oneKey,
      TLS_HOST: at.bind,
      TLS_PORT: String(at.ports['rest'] ?? 0),
      TLS_CERTIFICATE: at.pki.serverCert,
      TLS_PRIVATE_KEY: at.pki.serverKey,
    }),
    args: (at) => ['--scheme', 'https', '--host', at.bind],
    names: aboutTls,
  },
  'tls-for-rest-alone': { settings: { ...oneKey, GRPC_CERT_FILE: '', GRPC_KEY_FILE: '' }, asked: speakPlainGrpc },
  'nothing-said-of-profiling': {
    settings: ({ at }) => ({ ...oneKey, GO_PROFILING_DISABLE: '', GO_PROFILING_PORT: String(at.ports['debug'] ?? 0) }),
    asked: readProfiles,
  },
  // Exclusive to a server of its own: on 1.35.2 it ends the server for everybody.
  'asked-for-tenants-by-a-stranger': {
    settings: { ...oneKey, AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'true', AUTHORIZATION_ADMINLIST_ENABLED: 'true', AUTHORIZATION_ADMINLIST_USERS: 'one' },
    names: /nil pointer/,
    asked: askForTenants,
  },
} as const satisfies Readonly<Record<string, Settings>>

/** TenantsGet of a collection that is there, without a credential, where anonymous access is on and the list does not name it. */
async function askForTenants(endpoint: Endpoint, scope: Scope): Promise<undefined> {
  await using rest = new RestClient(endpoint, 'rest')
  await using grpc = new GrpcSurface(endpoint)
  const headers = { authorization: scope.vault.secret(`Bearer ${oneKey.AUTHENTICATION_APIKEY_ALLOWED_KEYS}`, 'the key of one') }
  const at = placeOf(namePlanted(), scope.name)
  await rest.send(
    { method: 'POST', path: '/v1/schema', headers, body: { class: at.tenants, vectorizer: 'none', multiTenancyConfig: { enabled: true } } },
    scope,
  )
  await rest.send({ method: 'POST', path: `/v1/schema/${at.tenants}/tenants`, headers, body: [{ name: at.tenant }] }, scope)
  await grpc.ask(grpcOperations['grpc-tenants-get'], at, { headers: {} }, scope)
}

/** Whether gRPC answers in the clear. */
function speakPlainGrpc(endpoint: Endpoint, scope: Scope): Promise<Outcome> {
  return shakeHands({ port: 'grpc', transport: 'plain' }, endpoint, { scope, shown: {} })
}

const profiles = ['/debug/pprof/', '/debug/pprof/cmdline', '/debug/pprof/heap?debug=1'] as const

/** Which profiles a stranger reads at the listener for debugging. */
async function readProfiles(endpoint: Endpoint, scope: Scope): Promise<Outcome> {
  const shown: string[] = []
  for (const path of profiles) {
    const answer = await askClusterPort(path, { ...endpoint, ports: { data: endpoint.ports['debug'] ?? 0 } }, scope)
    if (!('cause' in answer) && answer.status === 200 && answer.body.length > 0) shown.push(path)
  }
  return { kind: 'allowed', code: 'ready', shown }
}

export type StartUp = keyof typeof startUps

/** Starts a server of its own with those settings: allowed where it comes to be ready, refused where it ends and says why. */
export async function start(name: string, instance: InstanceInfo, scope: Scope): Promise<Outcome> {
  const scenario: Settings | undefined = (startUps as Readonly<Record<string, Settings>>)[name]
  if (scenario === undefined) throw new HarnessError('HARNESS_DEFECT', `Weaviate has no start-up ${name}`)
  if (instance.runtime !== 'native')
    throw new HarnessError('RUNTIME_UNAVAILABLE', 'a start-up that fails is asked where the server is a process of this machine', {
      hint: 'use --runtime native',
    })
  const { program } = await weaviateNative.locate(instance.version, new Cache(defaultCacheRoot()))
  const at = await placementOf(instance, scope)
  try {
    await using issuer = scenario.issuer === undefined ? undefined : await RogueIssuer.start({ pki: at.pki, discovery: scenario.issuer })
    const settings = typeof scenario.settings === 'function' ? scenario.settings({ at, issuer }) : scenario.settings
    return await run({ program, at, version: instance.version }, { ...scenario, settings }, scope)
  } finally {
    await rm(at.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function placementOf({ endpoint }: InstanceInfo, { name }: Scope): Promise<Placement> {
  // Beside the certificates, in the run's own folder: what a killed run leaves there is found again.
  const folder = join(dirname(endpoint.pki.folder), `start-up-${name}`)
  mkdirSync(join(folder, 'cwd'), { recursive: true, mode: 0o700 })
  const ports = await freePorts([...Object.keys(weaviateServer.ports), 'debug'])
  return { runtime: 'native', folder, bind: '127.0.0.1', host: 'localhost', ports, publicPorts: ports, pki: endpoint.pki }
}

type Settled = Omit<Settings, 'settings'> & { readonly settings: Environment }

interface Own {
  readonly program: string
  readonly at: Placement
  readonly version: string
}

const launchOf = (at: Placement, { settings, args }: Pick<Settled, 'settings' | 'args'>): Launch => ({
  files: {},
  args: args?.(at) ?? argumentsOf(at),
  env: { HOME: at.folder, ...bareEnvironment(at), ...settings },
  facts: {},
})

async function run(own: Own, { settings, ...rest }: Settled, scope: Scope): Promise<Outcome> {
  const started = performance.now()
  const { program, at } = own
  const asked = launchOf(at, { ...rest, settings })
  const plain = launchOf(at, { settings: oneKey })
  const { args, env } = (await scope.meddling?.launched?.(asked, { at, plain, earlier: 0 })) ?? asked
  await using group = new ProcessGroup({
    program,
    args,
    env,
    cwd: join(at.folder, 'cwd'),
    logFile: join(at.folder, LOG),
    recordFile: join(at.folder, PROCESS_RECORD),
  })
  const outcome = await outcomeOf(group, own, { settings, ...rest }, scope)
  scope.record({
    stage: scope.stage,
    surface: 'process',
    request: `weaviate-server with ${Object.entries(settings)
      .map(([key, value]) => `${key}='${value}'`)
      .join(' ')}`,
    headers: {},
    body: '',
    status: outcome.kind === 'allowed' ? 'ready' : outcome.kind === 'refused' ? outcome.code : outcome.cause,
    answer: scope.vault.redact(group.logTail().slice(-5).join('\n')),
    ms: performance.now() - started,
  })
  return outcome
}

async function outcomeOf(group: ProcessGroup, { at, version }: Own, { names, asked }: Settings, scope: Scope): Promise<Outcome> {
  let ended: string | undefined
  void group.ended.then((how) => (ended = how))
  const endpoint = { host: at.host, address: at.bind, ports: at.ports, pki: at.pki, credentials: {}, facts: {} }
  let reason = 'never asked'
  let toAsk = asked
  for (const until = Date.now() + LONGEST_START_MS; Date.now() < until;) {
    scope.signal.throwIfAborted()
    if (ended !== undefined) return endOf(ended, linesOf(at), names)
    try {
      await weaviateReady(endpoint, AbortSignal.timeout(2000))
      if (toAsk === undefined) return { kind: 'allowed', code: 'ready' }
      await using standIn = await scope.meddling?.before?.({ product: 'weaviate', version, profile: 'undifferentiated' }, endpoint)
      const said = await toAsk(standIn?.endpoint ?? endpoint, scope)
      if (said !== undefined) return said
      toAsk = undefined
    } catch (thrown) {
      reason = messageOf(thrown)
    }
    await delay(POLL_MS, undefined, { signal: scope.signal })
  }
  return { kind: 'broken', cause: `neither ready nor ended after ${LONGEST_START_MS / 1000} s: ${reason}` }
}

/** All of its output: the stack that follows a panic is longer than the tail that is shown. */
const linesOf = (at: Placement): readonly string[] => readFileSync(join(at.folder, LOG), 'utf8').trimEnd().split('\n')

/** A refusal ends with a code of its own and says what it does not like in a line of level error or fatal. */
function endOf(how: string, lines: readonly string[], names: RegExp | undefined): Outcome {
  const code = /^ended with exit code ([1-9]\d*)$/.exec(how)?.[1]
  const complaints = lines.map(complaintIn).filter((line) => line !== undefined)
  const message = complaints.findLast((line) => names?.test(line) === true)
  if (code === undefined || message === undefined) return { kind: 'broken', cause: `${how}: ${complaints.at(-1) ?? lines.at(-1) ?? 'no output'}` }
  return { kind: 'refused', by: 'start-up', code: `exit ${code}`, message }
}

function complaintIn(line: string): string | undefined {
  // What the runtime of Go writes when nobody catches a panic.
  if (line.startsWith('panic: ')) return line
  const entry = parsed(line)
  if (!['error', 'fatal', 'panic'].includes(text(entry, 'level') ?? '')) return undefined
  return [text(entry, 'error'), text(entry, 'msg')].filter((part) => part !== undefined).join(': ')
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}
