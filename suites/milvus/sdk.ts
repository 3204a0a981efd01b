import { z } from 'zod'
import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import { answerReader, type AnswerReader } from './answers.ts'
import type { MilvusDriver } from './driver.ts'
import { shows, type Resource } from './operation.ts'
import type { Account } from './principals.ts'
import { SdkProgram, type SdkMethod } from './sdk-program.ts'

const PREFIX = 'sdk-'

/** How the program hands over its credential. */
const inputShape = z.strictObject({ given: z.enum(['token', 'username-and-password']) })

interface Call {
  readonly method: SdkMethod
  readonly args: (resource: Resource) => object
}

/** What a program in Node writes, in the order in which the page goes through it. */
const calls = {
  'sdk-connect': { method: 'connect', args: () => ({}) },
  'sdk-create-user': { method: 'createUser', args: ({ subject: { username, password } }) => ({ username, password: password.reveal() }) },
  'sdk-describe-user': { method: 'describeUser', args: ({ canary }) => ({ username: canary }) },
  'sdk-update-password': {
    method: 'updateUser',
    args: ({ subject, next, given }) => ({ username: subject.username, oldPassword: given.password.reveal(), newPassword: next.password.reveal() }),
  },
  'sdk-list-users': { method: 'listUsers', args: () => ({}) },
  'sdk-drop-user': { method: 'deleteUser', args: ({ subject }) => ({ username: subject.username }) },
} as const satisfies Readonly<Record<string, Call>>

export type SdkCall = keyof typeof calls
export const sdkCalls = Object.keys(calls) as readonly SdkCall[]

/** The same operations, set up and looked at as ever, and asked through the official SDK as a user's program would. */
export class ThroughSdk implements Driver<Resource> {
  readonly #plain: MilvusDriver
  readonly #endpoint: Endpoint
  readonly #reader: AnswerReader
  #program: SdkProgram | undefined

  constructor({ endpoint, version }: InstanceInfo, plain: MilvusDriver) {
    this.#plain = plain
    this.#endpoint = endpoint
    this.#reader = answerReader(version)
  }

  nature(probe: Probe): 'read' | 'write' {
    return this.#plain.nature(plainly(probe))
  }

  prepare(probe: Probe, scope: Scope): Promise<Resource> {
    return this.#plain.prepare(plainly(probe), scope)
  }

  async perform(probe: Probe, resource: Resource, scope: Scope): Promise<Outcome> {
    const started = performance.now()
    const outcome = await this.#ask(probe, resource, scope)
    scope.record({
      stage: scope.stage,
      surface: 'grpc',
      request: `@zilliz/milvus2-sdk-node: ${probe.operation.slice(PREFIX.length)} at ${this.#endpoint.host}:${this.#endpoint.ports['grpc'] ?? 0}`,
      headers: {},
      body: '',
      status:
        outcome.kind === 'allowed' ? outcome.code : outcome.kind === 'refused' ? `${outcome.code}: ${scope.vault.redact(outcome.message)}` : outcome.cause,
      answer: scope.vault.redact(resource.answer).slice(0, 4096),
      ms: performance.now() - started,
    })
    return outcome
  }

  async #ask(probe: Probe, resource: Resource, scope: Scope): Promise<Outcome> {
    this.#program ??= new SdkProgram()
    const { method, args } = callOf(probe)
    const own = { maxRetries: 0, timeout: scope.requestTimeoutMs, logLevel: 'error', telemetry: { enabled: false } }
    const config = { ...transport(this.#endpoint), ...credentialOf(probe, resource), ...own }
    const told = await this.#program.ask({ config, method, args: args(resource) }, scope.signal)
    if (told.kind === 'answered') {
      resource.answer = JSON.stringify(told.answer)
      return this.#reader.outcome({ kind: 'answered', code: 0, message: inOurSpelling(told.answer), details: '' })
    }
    if (told.code === undefined) return { kind: 'broken', cause: `the SDK: ${told.details}` }
    return this.#reader.outcome({ kind: 'answered', code: told.code, message: undefined, details: told.details })
  }

  look(probe: Probe, resource: Resource, scope: Scope): Promise<Json> {
    return this.#plain.look(plainly(probe), resource, scope)
  }

  effect(probe: Probe, resource: Resource, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    const { answer, canary } = resource
    switch (probe.operation as SdkCall) {
      case 'sdk-connect':
        return shows(answer, /"build_tags":"v?\d/, "the server's build")
      case 'sdk-list-users':
        return shows(answer, new RegExp(`"${canary}"`), 'the planted user')
      case 'sdk-describe-user':
        return shows(answer, new RegExp(`"roles":\\[\\],"user":\\{"name":"${canary}"`), 'the planted user, without roles')
      case 'sdk-create-user':
      case 'sdk-update-password':
      case 'sdk-drop-user':
        return this.#plain.effect(plainly(probe), resource, seen)
    }
  }

  cleanUp(probe: Probe, resource: Resource, scope: Scope): Promise<void> {
    return this.#plain.cleanUp(plainly(probe), resource, scope)
  }

  /** The plain driver is closed by whoever opened it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program?.[Symbol.asyncDispose]()
  }
}

const plainly = (probe: Probe): Probe => ({ ...probe, operation: probe.operation.slice(PREFIX.length), input: {} })

function callOf({ operation }: Probe): Call {
  const call: Call | undefined = (calls as Readonly<Record<string, Call>>)[operation]
  if (call === undefined) throw new HarnessError('HARNESS_DEFECT', `the SDK has no ${operation}`)
  return call
}

/** Certificates as the documents ask for them: by their paths. */
function transport({ address, host, ports, pki, facts }: Endpoint): { address: string; ssl: boolean; tls: object } {
  const own = facts['tlsMode'] === 2 ? { privateKeyPath: pki.clientKey, certChainPath: pki.clientCert } : {}
  return { address: `${address}:${ports['grpc'] ?? 0}`, ssl: true, tls: { rootCertPath: pki.ca, serverName: host, ...own } }
}

function credentialOf({ principal, input }: Probe, { cast }: Resource): { token: string } | { username: string; password: string } {
  const { username, password } = accountOf(principal, cast)
  return inputShape.parse(input).given === 'token' ? { token: `${username}:${password.reveal()}` } : { username, password: password.reveal() }
}

function accountOf(principal: string, { root, self, dropped, outdated, user }: Resource['cast']): Account {
  const accounts: Readonly<Record<string, Account>> = {
    root,
    self,
    'dropped-user': dropped,
    'outdated-password': outdated,
    "user-with-root's-password": { ...root, username: user.username },
  }
  const account = accounts[principal]
  if (account === undefined) throw new HarnessError('HARNESS_DEFECT', `nobody called ${principal} uses the SDK`)
  return account
}

const codes = z.object({ error_code: z.union([z.string(), z.number()]), reason: z.string(), code: z.number().default(0) })
const answered = z.union([z.object({ status: codes }), codes.transform((status) => ({ status }))])

/** The SDK spells fields with underscores, and the old codes by their names. */
function inOurSpelling(answer: unknown): unknown {
  const read = answered.safeParse(answer)
  if (!read.success) return undefined
  const { error_code, reason, code } = read.data.status
  return { status: { errorCode: error_code === 'Success' || error_code === 0 ? 0 : 1, reason, code } }
}
