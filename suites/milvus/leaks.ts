import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { OwnServer } from '../../containers/own-server.ts'
import type { Probe } from '../../src/case.ts'
import { NotHere, type Driver, type Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import { Vault } from '../../src/secret.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { RestClient } from '../../src/wire/rest.ts'
import { Admin, base64 } from './admin.ts'
import { answerReader } from './answers.ts'
import { passwordOf } from './inputs.ts'
import { loadCodecs } from './methods.ts'
import { ownServer, ownServerName, withConfiguration } from './own-servers.ts'
import { PlainHttp } from './plain-http.ts'
import { tokenOf, type Account, type Metadata } from './principals.ts'
import { V1 } from './reads.ts'

const LONGEST_LOG_MS = 10_000
const POLL_MS = 50
const LONGEST_LINE = 300
/** What bcrypt does not take: the server has to complain of it. */
const TOO_LONG = 100

/** The passwords that a case puts into play, by what a report may call them. */
interface Passwords {
  readonly old: Account
  readonly next: Account
  readonly wrong: Account
  readonly long: Account
}

interface Hands {
  readonly admin: Admin
  readonly rest: RestClient
  readonly port: PlainHttp
  readonly scope: Scope
}

type Call = (passwords: Passwords, hands: Hands) => Promise<string>

const grpc =
  (rpc: string, message: (passwords: Passwords) => object, as?: (passwords: Passwords, vault: Vault) => Metadata): Call =>
  async (passwords, { admin, scope }) => {
    const metadata = as?.(passwords, scope.vault) ?? tokenOf(admin.root, scope.vault)
    const answer = await admin.ask(rpc, message(passwords), metadata, scope)
    if (answer.kind === 'unanswered') throw new Unanswered(answer.cause)
    return JSON.stringify(answer)
  }

class Unanswered extends Error {
  override readonly name = 'Unanswered'
}

const http =
  (authorization: (passwords: Passwords) => string): Call =>
  async (passwords, { rest, scope }) => {
    const headers = { authorization: scope.vault.secret(authorization(passwords), 'the header of the call') }
    const answer = await rest.send({ method: 'GET', path: `${V1}/collections`, headers }, scope)
    if (answer.kind === 'unanswered') throw new Unanswered(answer.cause)
    return JSON.stringify([answer.headers, answer.body])
  }

const door =
  (method: 'GET' | 'POST' | 'PATCH', path: string, body?: (passwords: Passwords) => object): Call =>
  async (passwords, { port, scope }) => {
    const answer = await port.send({ method, path, ...(body === undefined ? {} : { body: body(passwords) }) }, {}, scope)
    if (answer.kind === 'unanswered') throw new Unanswered(answer.cause)
    return answer.body
  }

const encoded = ({ password }: Account): string => base64(password.reveal())
const created = ({ username, password }: Account): object => ({ username, password: base64(password.reveal()) })
const update =
  (given: (passwords: Passwords) => string, next: (passwords: Passwords) => string) =>
  (passwords: Passwords): object => ({ username: passwords.old.username, oldPassword: given(passwords), newPassword: next(passwords) })
const old = ({ old: account }: Passwords): string => encoded(account)
const wrong = ({ wrong: account }: Passwords): string => encoded(account)
const next = ({ next: account }: Passwords): string => encoded(account)
const connect = (as: (passwords: Passwords, vault: Vault) => Metadata): Call => grpc('Connect', () => ({}), as)
const spelt =
  (text: (passwords: Passwords) => string) =>
  (passwords: Passwords, vault: Vault): Metadata => ({
    authorization: vault.secret(text(passwords), 'the token of the call'),
  })
const clear = ({ username, password }: Account): string => `${username}:${password.reveal()}`

/** Calls that carry a password, or ask about its user, in a way that the server takes or complains of. */
const calls = {
  'create-user': grpc('CreateCredential', ({ old: { username }, next: account }) => created({ ...account, username: `${username}n` })),
  'create-user-who-is-there': grpc('CreateCredential', ({ next: account }) => created(account)),
  'create-user-with-too-long-a-password': grpc('CreateCredential', ({ long }) => created({ ...long, username: `${long.username}l` })),
  'create-user-with-a-password-in-clear': grpc('CreateCredential', ({ next: { username, password } }) => ({
    username: `${username}c`,
    password: `${password.reveal()}!`,
  })),
  'create-user-with-a-bad-name': grpc('CreateCredential', ({ next: account }) => created({ ...account, username: `1${account.username}` })),
  'update-password': grpc('UpdateCredential', update(old, next)),
  'update-password-with-a-wrong-old-one': grpc('UpdateCredential', update(wrong, next)),
  'update-password-to-one-too-long': grpc(
    'UpdateCredential',
    update(old, ({ long }) => encoded(long)),
  ),
  'update-password-in-clear': grpc(
    'UpdateCredential',
    update(
      ({ old: { password } }) => `${password.reveal()}!`,
      ({ next: { password } }) => `${password.reveal()}!`,
    ),
  ),
  'describe-user': grpc('SelectUser', ({ old: { username } }) => ({ user: { name: username }, includeRoleInfo: true })),
  'list-users': grpc('ListCredUsers', () => ({})),
  connect: connect(({ old: account }, vault) => tokenOf(account, vault)),
  'connect-with-a-wrong-password': connect(({ wrong: account }, vault) => tokenOf(account, vault)),
  'connect-in-clear': connect(spelt(({ old: account }) => clear(account))),
  'connect-with-a-scheme-word': connect(spelt(({ old: account }) => `Bearer ${base64(clear(account))}`)),
  'connect-without-a-colon': connect(spelt(({ old: { password } }) => base64(password.reveal()))),
  'show-collections-with-a-wrong-password-over-http': http(({ wrong: account }) => `Bearer ${clear(account)}`),
  'show-collections-without-a-colon-over-http': http(({ old: { password } }) => `Bearer ${password.reveal()}`),
  'show-collections-with-another-scheme-over-http': http(({ old: account }) => `Digest ${clear(account)}`),
  'show-collections-over-http': http(({ old: account }) => `Basic ${base64(clear(account))}`),
  'create-user-at-the-side-door': door('POST', '/api/v1/credential', ({ old: { username }, next: account }) =>
    created({ ...account, username: `${username}d` }),
  ),
  'create-user-in-clear-at-the-side-door': door('POST', '/api/v1/credential', ({ next: { username, password } }) => ({
    username: `${username}e`,
    password: `${password.reveal()}!`,
  })),
  'update-password-at-the-side-door': door('PATCH', '/api/v1/credential', update(wrong, next)),
  metrics: door('GET', '/metrics'),
} as const satisfies Readonly<Record<string, Call>>

/** One after the other. */
const all: Call = async (passwords, hands) => {
  const answers: string[] = []
  for (const call of Object.values(calls)) answers.push(await call(passwords, hands))
  return answers.join('\n')
}

export type LeakCall = keyof typeof calls
export const leakCalls = Object.keys(calls) as readonly LeakCall[]
export const overHttpOnly = (call: LeakCall): boolean => call.endsWith('-over-http')

const inputShape = z.strictObject({ call: z.enum([...leakCalls, 'all']) })

interface Reading {
  readonly passwords: Passwords
  readonly hands: Hands
  /** Knows the passwords of this case and no others: what it redacts has leaked. */
  readonly finder: Vault
  /** Length of the log before anything was asked, in bytes: what this case's passwords are not in. */
  readonly from: number
  read: string
  /** Whether the server that answered knows of the user whose passwords these are. */
  isKnown: boolean
}

/** A server that tells all that it can tell, with the hands that ask it. */
interface Talkative {
  readonly server: OwnServer
  /** Where it writes. */
  readonly log: string
  readonly client: GrpcClient
  readonly rest: RestClient
  readonly endpoint: Endpoint
}

/** Looks for passwords where none may be: in each answer, and in the log of a server that logs all it can. */
export class Leaks implements Driver<Reading> {
  readonly #instance: InstanceInfo
  readonly #vault: Vault
  readonly #client: GrpcClient
  readonly #rest: RestClient
  #talkative: Promise<Talkative> | undefined

  constructor(instance: InstanceInfo, vault: Vault) {
    this.#instance = instance
    this.#vault = vault
    this.#client = new GrpcClient(instance.endpoint, 'grpc')
    this.#rest = new RestClient(instance.endpoint, 'rest')
  }

  nature(): 'read' {
    return 'read'
  }

  async prepare({ operation }: Probe, scope: Scope): Promise<Reading> {
    const ofLog = operation === 'read-the-log'
    if (ofLog) this.#talkative ??= this.#start(scope)
    const talkative = ofLog ? await this.#talkative : undefined
    const from = operation === 'read-the-answer' ? 0 : await lengthOf(talkative?.log ?? this.#logOfTheRun())
    const hands = this.#hands(talkative, scope)
    const finder = new Vault()
    const passwords = passwordsOf(scope, finder)
    await hands.admin.createUser(passwords.old, scope)
    return { passwords, hands, finder, from, read: '', isKnown: false }
  }

  #hands(talkative: Talkative | undefined, scope: Scope): Hands {
    const { endpoint, version } = this.#instance
    const root = { username: 'root', password: this.#vault.secret(endpoint.credentials['root-password'] ?? '', "root's password") }
    const admin = new Admin({ client: talkative?.client ?? this.#client, methods: loadCodecs().methods, reader: answerReader(version), root })
    return { admin, rest: talkative?.rest ?? this.#rest, port: new PlainHttp(talkative?.endpoint ?? endpoint, 'health'), scope }
  }

  async #start(scope: Scope): Promise<Talkative> {
    const server = await ownServer(this.#instance, scope)
    const start = await server.start({
      change: (launch) => withConfiguration(launch, (file) => ({ ...file, log: { level: 'debug', format: 'text', stdout: true, file: { rootPath: '' } } })),
    })
    if (start.kind !== 'ready') throw new HarnessError('SET_UP_FAILED', `a server that logs all it can was not ready: ${start.kind}`)
    const { endpoint } = start
    return {
      server,
      endpoint,
      log: logFile(this.#instance, ownServerName(scope)),
      client: new GrpcClient(endpoint, 'grpc'),
      rest: new RestClient(endpoint, 'rest'),
    }
  }

  async perform({ operation, input }: Probe, reading: Reading, scope: Scope): Promise<Outcome> {
    const { call } = inputShape.parse(input)
    // Another driver may have prepared, for another endpoint: whose answer it is matters.
    const hands = operation === 'read-the-log' ? { ...reading.hands, scope } : this.#hands(undefined, scope)
    try {
      reading.read = await (call === 'all' ? all : calls[call])(reading.passwords, hands)
      reading.isKnown = await hands.admin.isListed(reading.passwords.old.username, scope)
    } catch (thrown) {
      if (thrown instanceof Unanswered) return { kind: 'broken', cause: thrown.message }
      throw thrown
    }
    if (operation !== 'read-the-answer') reading.read = await this.#logPast(reading, operation === 'read-the-log', scope)
    this.#tell(reading, scope)
    return { kind: 'allowed', code: 'read', shown: leakedIn(reading.read, reading.finder) }
  }

  /** The lines that hold a password, without it. */
  #tell({ read, finder }: Reading, scope: Scope): void {
    const lines = read.split('\n').filter((line) => finder.redact(line) !== line)
    const answer = lines
      .slice(0, 5)
      .map((line) => scope.vault.redact(line).slice(0, LONGEST_LINE))
      .join('\n')
    scope.record({
      stage: scope.stage,
      surface: 'port',
      request: 'look for passwords',
      headers: {},
      body: '',
      status: `${lines.length} lines with one`,
      answer,
      ms: 0,
    })
  }

  /** What it wrote since the case began, once it has written of something that was asked after the call. */
  async #logPast({ hands, from }: Reading, ofOwn: boolean, scope: Scope): Promise<string> {
    const talkative = await this.#talkative
    const file = ofOwn && talkative !== undefined ? talkative.log : this.#logOfTheRun()
    const marker = `${scope.name}_marker`
    await hands.admin.ask('DropCollection', { collectionName: marker }, tokenOf(hands.admin.root, scope.vault), scope)
    const deadline = Date.now() + LONGEST_LOG_MS
    while (Date.now() < deadline) {
      const log = await readFrom(file, from)
      if (log.includes(marker)) return log
      await delay(POLL_MS, undefined, { signal: scope.signal })
    }
    return ''
  }

  /** Where the native runtime lets the instance write. */
  #logOfTheRun(): string {
    return logFile(this.#instance, this.#instance.id)
  }

  async look(): Promise<Json> {
    return null
  }

  effect({ operation }: Probe, { read, hands, isKnown }: Reading): Effect {
    if (!isKnown) return { kind: 'unclear', because: 'who answered knows nothing of the user' }
    if (operation === 'read-the-answer') return { kind: 'seen', what: `an answer of ${read.length} characters was read` }
    const seen = read.includes(`${hands.scope.name}_marker`)
    return seen
      ? { kind: 'seen', what: 'the log tells of what came after the call' }
      : { kind: 'unclear', because: 'the log does not tell of what came after the call' }
  }

  async cleanUp(
    _probe: Probe,
    {
      passwords: {
        old: { username },
      },
      hands,
    }: Reading,
    scope: Scope,
  ): Promise<void> {
    for (const end of ['', 'n', 'l', 'c', 'd', 'e']) await hands.admin.dropUser(`${username}${end}`, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const talkative = await this.#talkative?.catch(() => undefined)
    await Promise.all([this.#client, this.#rest, talkative?.client, talkative?.rest].map(async (one) => one?.[Symbol.asyncDispose]()))
    await talkative?.server[Symbol.asyncDispose]()
  }
}

function passwordsOf({ name, vault }: Scope, finder: Vault): Passwords {
  const account = (label: string, length = 16): Account => {
    const value = passwordOf({ length }, `${name} ${label}`)
    finder.secret(value, label)
    return { username: name, password: vault.secret(value, `the ${label}`) }
  }
  return { old: account('old password'), next: account('new password'), wrong: account('wrong password'), long: account('long password', TOO_LONG) }
}

const logFile = ({ endpoint }: InstanceInfo, server: string): string => join(dirname(endpoint.pki.folder), server, 'server.log')

/** @throws NotHere where the server writes elsewhere */
async function lengthOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch {
    throw new NotHere("the server's log is not a file of this machine")
  }
}

/** Others write much into the same log: it is never read from its beginning. */
const readFrom = (file: string, from: number): Promise<string> => textOf(createReadStream(file, { start: from }))

/** By what they are called, each once. */
function leakedIn(text: string, finder: Vault): readonly string[] {
  const marked = finder.redact(text)
  return ['old password', 'new password', 'wrong password', 'long password'].filter((label) => marked.includes(`‹${label}›`))
}
