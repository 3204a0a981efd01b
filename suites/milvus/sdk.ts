import { z } from 'zod'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import { SdkProgram, type SdkMethod } from './sdk-program.ts'
import type { Library, LibraryAnswer, LibraryCall, LibraryQuestion } from './through-library.ts'

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
} as const satisfies Readonly<Record<string, LibraryCall & { readonly method: SdkMethod }>>

export type SdkCall = keyof typeof calls
export const sdkCalls = Object.keys(calls) as readonly SdkCall[]

/** Milvus's library for Node. */
export class NodeSdk implements Library {
  readonly name = '@zilliz/milvus2-sdk-node'
  readonly prefix = 'sdk-'
  readonly calls = calls
  #program: SdkProgram | undefined

  /** It is a dependency of ours: it runs wherever we do. */
  async open(): Promise<void> {}

  async ask({ endpoint, as: { username, password }, given, method, args }: LibraryQuestion, scope: Scope): Promise<LibraryAnswer> {
    this.#program ??= new SdkProgram()
    const credential = given === 'token' ? { token: `${username}:${password.reveal()}` } : { username, password: password.reveal() }
    const own = { maxRetries: 0, timeout: scope.requestTimeoutMs, logLevel: 'error', telemetry: { enabled: false } }
    const config = { ...transport(endpoint), ...credential, ...own }
    const told = await this.#program.ask({ config, method: method as SdkMethod, args }, scope.signal)
    return told.kind === 'answered' ? { kind: 'answered', message: inOurSpelling(told.answer), shown: JSON.stringify(told.answer) } : told
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program?.[Symbol.asyncDispose]()
  }
}

/** Certificates as the documents ask for them: by their paths. */
function transport({ address, host, ports, pki, facts }: Endpoint): { address: string; ssl: boolean; tls: object } {
  const own = facts['tlsMode'] === 2 ? { privateKeyPath: pki.clientKey, certChainPath: pki.clientCert } : {}
  return { address: `${address}:${ports['grpc'] ?? 0}`, ssl: true, tls: { rootCertPath: pki.ca, serverName: host, ...own } }
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
