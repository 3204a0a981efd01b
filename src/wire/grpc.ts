import { readFileSync } from 'node:fs'
import { Client, Metadata, credentials, status, type ChannelCredentials, type ServiceError } from '@grpc/grpc-js'
import type { Scope } from '../driver.ts'
import type { Endpoint, Pki } from '../instance.ts'
import { Secret } from '../secret.ts'
import { cut, type HeaderValue } from './rest.ts'
import { atPace } from './pace.ts'
import { tellSent } from './sent.ts'

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
 * What grpc-js says of an answer that began as gRPC and did not end as gRPC, of one that it could not read, and of a call that it
 * ended by itself. Its statuses for plain HTTP answers are told apart by the media type, see `spokeGrpc`.
 */
const madeByTheClient = [
  /^Received HTTP status code/,
  /^No status information received/,
  /^Received RST_STREAM/,
  /^Stream refused by server/,
  /^Connection dropped/,
  /^Call cancelled/,
  /^Bandwidth exhausted or memory limit exceeded/,
  /^Protocol not secure enough/,
  /^(read|write) E[A-Z]+/,
  /^Write (error|failed)/,
  /^Deadline exceeded/,
  /^Cancelled on client/,
  /^Response message parsing error/,
  /^Received (compressed )?message/,
  /^Failed to decompress/,
  /^No message received/,
  /^Too many responses received/,
]

export interface GrpcClientOptions {
  readonly clientCertificate?: boolean
  /** For a server whose profile has no TLS. */
  readonly plaintext?: boolean
}

/** One HTTP/2 channel over TLS, verified against the run's authority, or without any where that is asked for; recorded. */
export class GrpcClient implements AsyncDisposable {
  readonly #client: Client
  readonly #at: string
  readonly #address: string

  constructor(endpoint: Endpoint, port: string, options: GrpcClientOptions = {}) {
    const { host, address } = endpoint
    this.#address = address
    this.#at = `${host}:${endpoint.ports[port] ?? 0}`
    const transport = credentialsOf(endpoint.pki, options)
    this.#client = new Client(`${address}:${endpoint.ports[port] ?? 0}`, transport, {
      'grpc.ssl_target_name_override': host,
      'grpc.default_authority': host,
      'grpc.enable_retries': 0,
      'grpc.service_config_disable_resolution': 1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 500,
      'grpc.use_local_subchannel_pool': 1,
    })
  }

  /** Asks once. Never throws for what the other side does, only what a guard of its address throws. */
  async unary<Request, Answer>(method: GrpcMethod<Request, Answer>, request: GrpcRequest<Request>, scope: Scope): Promise<GrpcAnswer<Answer>> {
    await atPace(this.#address, method.path, scope.signal)
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
    let headers = new Metadata()
    let delivered = false
    const decode = (bytes: Buffer): Answer => {
      delivered = true
      return method.decode(bytes)
    }
    // A message that has no encoding is our own fault, and is thrown: inside the call it would look like a status.
    const bytes = method.encode(request.message)
    tellSent(() => ({ kind: 'grpc', target: this.#at, path: method.path, metadata: entriesOf(request.metadata ?? {}), bytes, decode: method.decode }))
    const deadline = Date.now() + scope.requestTimeoutMs
    const call = this.#client.makeUnaryRequest(
      method.path,
      (encoded: Buffer) => encoded,
      decode,
      bytes,
      metadata,
      { deadline },
      (error, value) => {
        scope.signal.removeEventListener('abort', cancel)
        resolve(error === null ? answeredOk(value, headers) : failed(error, headers, delivered))
      },
    )
    call.on('metadata', (received: Metadata) => {
      headers = received
    })
    const cancel = (): void => call.cancel()
    if (scope.signal.aborted) cancel()
    scope.signal.addEventListener('abort', cancel, { once: true })
    return promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close()
  }
}

function credentialsOf(pki: Pki, { clientCertificate, plaintext }: GrpcClientOptions): ChannelCredentials {
  if (plaintext === true) return credentials.createInsecure()
  const ca = readFileSync(pki.ca)
  return clientCertificate === true ? credentials.createSsl(ca, readFileSync(pki.clientKey), readFileSync(pki.clientCert)) : credentials.createSsl(ca)
}

function answeredOk<Answer>(message: Answer | undefined, headers: Metadata): GrpcAnswer<Answer> {
  if (message === undefined) return { kind: 'unanswered', cause: 'status OK without a message' }
  if (!spokeGrpc(headers)) return { kind: 'unanswered', cause: `status OK in an answer of type ${typeOf(headers)}, which is no gRPC` }
  return { kind: 'answered', code: 0, message, details: '' }
}

function failed(error: ServiceError, headers: Metadata, delivered: boolean): GrpcAnswer<never> {
  const { code, details } = error
  const unanswered = (why: string): GrpcAnswer<never> => ({ kind: 'unanswered', cause: `${why} (${status[code] ?? code}: ${details})` })
  if (!(code in status)) return unanswered('a status that gRPC does not know')
  if (!spokeGrpc(headers) && !spokeGrpc(error.metadata)) return unanswered(`no gRPC answer: type ${typeOf(headers)}`)
  if (madeByTheClient.some((pattern) => pattern.test(details))) return unanswered('no status from the server')
  // grpc-js drops the message: what it disclosed cannot be judged.
  if (delivered) return unanswered('a message, and then a refusal')
  return { kind: 'answered', code, message: undefined, details }
}

/**
 * Whether the server itself said that it speaks gRPC, in its headers or, where it sends nothing but trailers, in those. Without it
 * a status is none of the server's: grpc-js makes UNAUTHENTICATED of HTTP 401, and PERMISSION_DENIED of 403.
 */
const spokeGrpc = (received: Metadata): boolean => typeOf(received).startsWith('application/grpc')
const typeOf = (received: Metadata): string => String(received.get('content-type')[0] ?? 'none')

function wireMetadata(entries: Readonly<Record<string, HeaderValue>>): Metadata {
  const metadata = new Metadata()
  for (const [name, value] of entriesOf(entries)) metadata.add(name, value)
  return metadata
}

const entriesOf = (entries: Readonly<Record<string, HeaderValue>>): readonly (readonly [string, string])[] =>
  Object.entries(entries).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, one instanceof Secret ? one.reveal() : String(one)] as const),
  )

function shownMetadata(entries: Readonly<Record<string, HeaderValue>>, scope: Scope): Record<string, string> {
  const show = (one: string | Secret): string => (one instanceof Secret ? `‹${one.label}›` : scope.vault.redact(one))
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(show).join(', ')]))
}

const statusLine = (answer: GrpcAnswer<unknown>): string =>
  answer.kind === 'answered' ? `grpc ${answer.code}${answer.code === 0 ? '' : ` ${status[answer.code]}: ${answer.details}`}` : answer.cause

/** A message as readable JSON: bytes as base64, 64-bit integers as digits. */
function asText(message: unknown): string {
  return (
    JSON.stringify(message, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ) ?? ''
  )
}
