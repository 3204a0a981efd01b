import { readFileSync } from 'node:fs'
import { connect, type TLSSocket } from 'node:tls'
import { Pool, type Dispatcher, type buildConnector } from 'undici'
import type { Scope } from '../driver.ts'
import { messageOf } from '../errors.ts'
import type { Endpoint } from '../instance.ts'
import { EVIDENCE_BYTES, type Surface } from '../outcome.ts'
import { Secret } from '../secret.ts'
import { Deadline } from './deadline.ts'
import { atPace, departureOf } from './pace.ts'
import { tellSent } from './sent.ts'

const LARGEST_ANSWER_BYTES = 8 * 1024 * 1024
/** A connection that nobody used for so long is closed by us: servers close theirs after seconds, in the middle of a request if we are late. */
const IDLE_MS = 1000
const HANDSHAKE_TIMEOUT_MS = 10_000

/** An array sends the header once for each value. */
export type HeaderValue = string | Secret | readonly (string | Secret)[]

export interface RestRequest {
  readonly method: Dispatcher.HttpMethod
  /** With its query, as it goes on the wire. */
  readonly path: string
  readonly headers?: Readonly<Record<string, HeaderValue>>
  /** An object is sent as JSON, a string or bytes as they are. */
  readonly body?: unknown
}

export interface RestAnswer {
  readonly kind: 'answered'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The body as JSON; `undefined` where it is none. */
  readonly json: unknown
}

/** No answer that could be read: why. */
export interface Unanswered {
  readonly kind: 'unanswered'
  readonly cause: string
}

export interface RestClientOptions {
  readonly connections?: number
  /** Present the run's client certificate. */
  readonly clientCertificate?: boolean
  readonly surface?: Surface
  /** Fields of an answer in which this server issues credentials: they are known as secrets before the answer is recorded. */
  readonly issues?: readonly string[]
}

/** Kept-alive HTTPS connections (HTTP/1.1) to one port of one instance, verified against the run's authority, recorded. */
export class RestClient implements AsyncDisposable {
  readonly origin: string
  readonly #host: string
  readonly #pool: Pool
  readonly #address: string
  readonly #surface: Surface
  readonly #issues: readonly string[]
  readonly #connecting = new Set<TLSSocket>()

  constructor(endpoint: Endpoint, port: string, options: RestClientOptions = {}) {
    const at = `${endpoint.address}:${endpoint.ports[port] ?? 0}`
    this.origin = `https://${endpoint.host}:${endpoint.ports[port] ?? 0}`
    // Without the port where it is the usual one.
    this.#host = new URL(this.origin).host
    this.#address = endpoint.address
    this.#surface = options.surface ?? 'rest'
    this.#issues = options.issues ?? []
    this.#pool = new Pool(`https://${at}`, {
      connections: options.connections ?? 8,
      maxResponseSize: LARGEST_ANSWER_BYTES,
      keepAliveTimeout: IDLE_MS,
      connect: this.#connector(endpoint, options.clientCertificate === true),
    })
  }

  /** undici's own takes the name that it verifies from the Host header, and cannot be stopped in the middle of a handshake. */
  #connector({ address, host, pki }: Endpoint, mutual: boolean): buildConnector.connector {
    const trust = { ca: readFileSync(pki.ca), servername: host, ALPNProtocols: ['http/1.1'] }
    const mine = mutual ? { cert: readFileSync(pki.clientCert), key: readFileSync(pki.clientKey) } : {}
    return ({ port }, callback) => {
      const socket = connect({ ...trust, ...mine, host: address, port: Number(port) })
      this.#connecting.add(socket)
      const settle = (...result: Parameters<typeof callback>): void => void (this.#connecting.delete(socket) && callback(...result))
      socket.setNoDelay(true).setTimeout(HANDSHAKE_TIMEOUT_MS, () => socket.destroy(new Error('the TLS handshake timed out')))
      socket.once('secureConnect', () => settle(null, socket.setTimeout(0)))
      socket.on('error', (error) => settle(error, null))
    }
  }

  /** Sends once, without following redirects and without retries. Never throws for what the other side does, only what a guard of its address throws. */
  async send(request: RestRequest, scope: Scope): Promise<RestAnswer | Unanswered> {
    await atPace(this.#address, departureOf(request.method, request.path), scope.signal)
    const started = performance.now()
    const { headers, body } = prepared(request, this.#host)
    tellSent(() => ({ kind: 'rest', origin: this.origin, method: request.method, path: request.path, headers, body }))
    const result = await this.#exchange(request, headers, body, scope)
    if (result.kind === 'answered') this.#learn(result.json, scope)
    scope.record({
      stage: scope.stage,
      surface: this.#surface,
      request: scope.vault.redact(`${request.method} ${this.origin}${request.path}`),
      headers: shownHeaders(request.headers ?? {}, scope),
      body: cut(scope.vault.redact(typeof body === 'string' ? body : body === undefined ? '' : `${body.length} bytes`)),
      status: result.kind === 'answered' ? String(result.status) : scope.vault.redact(result.cause),
      answer: result.kind === 'answered' ? cut(scope.vault.redact(result.body)) : '',
      ms: performance.now() - started,
    })
    return result
  }

  #learn(json: unknown, { vault }: Scope): void {
    if (json === null || typeof json !== 'object') return
    for (const [name, value] of Object.entries(json)) if (this.#issues.includes(name) && typeof value === 'string') vault.secret(value, name)
  }

  async #exchange(request: RestRequest, headers: string[], body: string | Buffer | undefined, scope: Scope): Promise<RestAnswer | Unanswered> {
    using deadline = new Deadline(scope)
    try {
      const { signal } = deadline
      const answer = await deadline.orPassed(this.#pool.request({ method: request.method, path: request.path, headers, body: body ?? null, signal }))
      const text = await deadline.orPassed(answer.body.text())
      return { kind: 'answered', status: answer.statusCode, headers: flatHeaders(answer.headers), body: text, json: parsed(text) }
    } catch (thrown) {
      return { kind: 'unanswered', cause: `${request.method} ${this.origin}: ${causeOf(thrown)}` }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#connecting) socket.destroy(new Error('the client was closed'))
    await this.#pool.destroy()
  }
}

function prepared(request: RestRequest, host: string): { headers: string[]; body: string | Buffer | undefined } {
  const named = Object.entries(request.headers ?? {}).flatMap(([name, value]) =>
    values(value).flatMap((one) => [name, one instanceof Secret ? one.reveal() : one]),
  )
  // undici would fill in the address that it connects to; the server is known by its name.
  const given = named.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'host') ? named : ['host', host, ...named]
  const raw = request.body === undefined || typeof request.body === 'string' || Buffer.isBuffer(request.body)
  const body = raw ? request.body : JSON.stringify(request.body)
  const typed = raw || given.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-type')
  return { headers: typed ? given : [...given, 'content-type', 'application/json'], body }
}

const values = (value: HeaderValue): readonly (string | Secret)[] => (Array.isArray(value) ? value : [value as string | Secret])

function shownHeaders(headers: Readonly<Record<string, HeaderValue>>, scope: Scope): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      values(value)
        .map((one) => (one instanceof Secret ? `‹${one.label}›` : scope.vault.redact(one)))
        .join(', '),
    ]),
  )
}

const flatHeaders = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))

/** What cannot begin JSON is not tried: to build an error for each plain refusal costs more than its request. */
function parsed(text: string): unknown {
  if (!/^[\s[{"\-\dtfn]/.test(text)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** What went wrong below HTTP, with its code where it has one. */
export function causeOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? `${thrown.code}: ` : ''
  return `${code}${messageOf(thrown)}`
}

export const cut = (text: string): string => (text.length <= EVIDENCE_BYTES ? text : `${text.slice(0, EVIDENCE_BYTES)}… (${text.length} characters)`)
