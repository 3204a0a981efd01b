import { readFileSync } from 'node:fs'
import { Client, Metadata, credentials, status, type ServiceError } from '@grpc/grpc-js'
import type { Scope } from '../driver.ts'
import type { Endpoint } from '../instance.ts'
import { Secret } from '../secret.ts'
import { cut, type HeaderValue } from './rest.ts'

/** One unary method, with the codec that its product's descriptors give. */
export interface GrpcMethod<Request, Answer> {
  /** `/qdrant.Points/Upsert`. */
  readonly path: string
  encode(request: Request): Buffer
  decode(bytes: Buffer): Answer
}

export interface GrpcRequest<Request> {
  readonly message: Request
  readonly metadata?: Readonly<Record<string, HeaderValue>>
}

/** Code 0 comes with its message; every other status that the server itself sent comes without. */
export type GrpcAnswer<Answer> =
  | { readonly kind: 'answered'; readonly code: 0; readonly message: Answer; readonly details: '' }
  | { readonly kind: 'answered'; readonly code: number; readonly message: undefined; readonly details: string }
  | { readonly kind: 'unanswered'; readonly cause: string }

/**
 * Statuses that grpc-js makes by itself out of a lost connection, a deadline, or an answer that is no gRPC (its mapping
 * of plain HTTP statuses to UNAUTHENTICATED or PERMISSION_DENIED included): none of them is a refusal by the server.
 */
const madeByTheClient = [
  /^No connection established/, /^Received HTTP status code/, /^Received RST_STREAM/, /^Stream refused by server/, /^Connection dropped/,
  /^Deadline exceeded/, /^Cancelled on client/, /^Call cancelled/, /^Unhandled parsing error/, /^Error parsing response/, /^Response message parsing error/,
  /^Bandwidth exhausted/, /^Name resolution failed/, /^Unhandled error/, /^Unknown error/, /^Received message larger than/, /^Call ended without gRPC status/,
]

export interface GrpcClientOptions {
  readonly clientCertificate?: boolean
}

/** One HTTP/2 channel over TLS, verified against the run's authority, recorded. */
export class GrpcClient implements AsyncDisposable {
  readonly #client: Client
  readonly #at: string

  constructor(endpoint: Endpoint, port: string, options: GrpcClientOptions = {}) {
    const { host, address, pki } = endpoint
    this.#at = `${host}:${endpoint.ports[port] ?? 0}`
    const tls = options.clientCertificate === true ? credentials.createSsl(readFileSync(pki.ca), readFileSync(pki.clientKey), readFileSync(pki.clientCert)) : credentials.createSsl(readFileSync(pki.ca))
    this.#client = new Client(`${address}:${endpoint.ports[port] ?? 0}`, tls, {
      'grpc.ssl_target_name_override': host,
      'grpc.default_authority': host,
      'grpc.enable_retries': 0,
      'grpc.service_config_disable_resolution': 1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 500,
      'grpc.use_local_subchannel_pool': 1,
    })
  }

  /** Asks once. Never throws for what the other side does. */
  async unary<Request, Answer>(method: GrpcMethod<Request, Answer>, request: GrpcRequest<Request>, scope: Scope): Promise<GrpcAnswer<Answer>> {
    const started = performance.now()
    const answer = await this.#exchange(method, request, scope)
    scope.record({
      stage: scope.stage,
      surface: 'grpc',
      request: `${method.path} at ${this.#at}`,
      headers: shownMetadata(request.metadata ?? {}, scope),
      body: cut(scope.vault.redact(asText(request.message))),
      status: scope.vault.redact(statusLine(answer)),
      answer: answer.kind === 'answered' && answer.code === 0 ? cut(scope.vault.redact(asText(answer.message))) : '',
      ms: performance.now() - started,
    })
    return answer
  }

  #exchange<Request, Answer>(method: GrpcMethod<Request, Answer>, request: GrpcRequest<Request>, scope: Scope): Promise<GrpcAnswer<Answer>> {
    const { promise, resolve } = Promise.withResolvers<GrpcAnswer<Answer>>()
    let metadata: Metadata
    try {
      metadata = wireMetadata(request.metadata ?? {})
    } catch (thrown) {
      return Promise.resolve({ kind: 'unanswered', cause: `the client cannot send this metadata: ${String(thrown)}` })
    }
    const call = this.#client.makeUnaryRequest(
      method.path,
      (message: Request) => method.encode(message),
      (bytes) => method.decode(bytes),
      request.message,
      metadata,
      { deadline: Date.now() + scope.requestTimeoutMs },
      (error, value) => {
        scope.signal.removeEventListener('abort', cancel)
        resolve(error === null ? answeredOk(value) : failed(error))
      },
    )
    const cancel = (): void => call.cancel()
    scope.signal.addEventListener('abort', cancel, { once: true })
    return promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close()
  }
}

function answeredOk<Answer>(message: Answer | undefined): GrpcAnswer<Answer> {
  if (message === undefined) return { kind: 'unanswered', cause: 'status OK without a message' }
  return { kind: 'answered', code: 0, message, details: '' }
}

function failed(error: ServiceError): GrpcAnswer<never> {
  const details = error.details === '' ? error.message : error.details
  if (madeByTheClient.some((pattern) => pattern.test(details))) return { kind: 'unanswered', cause: `${status[error.code]}: ${details}` }
  return { kind: 'answered', code: error.code, message: undefined, details }
}

function wireMetadata(entries: Readonly<Record<string, HeaderValue>>): Metadata {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(entries)) {
    for (const one of Array.isArray(value) ? value : [value]) metadata.add(name, one instanceof Secret ? one.reveal() : String(one))
  }
  return metadata
}

function shownMetadata(entries: Readonly<Record<string, HeaderValue>>, scope: Scope): Record<string, string> {
  const show = (one: string | Secret): string => (one instanceof Secret ? `‹${one.label}›` : scope.vault.redact(one))
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(show).join(', ')]))
}

const statusLine = (answer: GrpcAnswer<unknown>): string =>
  answer.kind === 'answered' ? `grpc ${answer.code}${answer.code === 0 ? '' : ` ${status[answer.code]}: ${answer.details}`}` : answer.cause

/** A message as readable JSON: bytes as base64, 64-bit integers as digits. */
function asText(message: unknown): string {
  return JSON.stringify(message, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value)) ?? ''
}
