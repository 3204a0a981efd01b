import { readFileSync } from 'node:fs'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { request } from 'undici'
import type { CertificateKind, Presented } from '../../fixtures/pki/client-certificates.ts'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Outcome } from '../../src/outcome.ts'
import { atPace, departureOf } from '../../src/wire/pace.ts'
import { causeOf, cut } from '../../src/wire/rest.ts'
import type { Answer } from './operation.ts'
import { concluded } from '../../src/wire/conversation.ts'

export interface Handshake {
  readonly port: 'rest' | 'grpc'
  readonly transport: 'tls' | 'plain'
  readonly version?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  /** The certificate that the client shows; absent: none. */
  readonly client?: CertificateKind
}

export interface HandshakeContext {
  readonly scope: Scope
  readonly shown: Presented
}

/** RFC 9113 §3.4: what a client of HTTP/2 says first; the server answers with its settings, before any call. */
const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])])
const SETTINGS_FRAME = 4
const REQUEST = 'GET /v1/schema HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

/** Opens a connection and waits for the first words of Weaviate's own protocol on it. */
export async function shakeHands(input: Handshake, endpoint: Endpoint, { scope, shown }: HandshakeContext): Promise<Outcome> {
  await atPace(endpoint.address, 'GET /v1/schema', scope.signal)
  const started = performance.now()
  const outcome = await conversation(open(input, endpoint, shown), input, scope)
  scope.record({
    stage: scope.stage,
    surface: 'port',
    request: `${input.transport === 'tls' ? (input.version ?? 'TLS') : 'no TLS'}${input.client === undefined ? '' : ` with certificate: ${input.client}`} to ${endpoint.host}:${endpoint.ports[input.port] ?? 0}`,
    headers: {},
    body: '',
    status: outcome.kind === 'allowed' ? outcome.code : outcome.kind === 'refused' ? `${outcome.code}: ${outcome.message}` : outcome.cause,
    answer: '',
    ms: performance.now() - started,
  })
  return outcome
}

function open({ port, transport, version }: Handshake, { address, host, ports, pki }: Endpoint, shown: Presented): Socket {
  const at = { host: address, port: ports[port] ?? 0 }
  if (transport === 'plain') return connectPlain(at)
  const limits = version === undefined ? {} : { minVersion: version, maxVersion: version }
  // Level 0: ours must offer what theirs is to refuse (OpenSSL's default level sends neither TLS 1.0 nor 1.1).
  return connectTls({
    ...at,
    ...limits,
    ...shown,
    servername: host,
    ca: readFileSync(pki.ca),
    ciphers: 'DEFAULT@SECLEVEL=0',
    ALPNProtocols: [port === 'grpc' ? 'h2' : 'http/1.1'],
  })
}

function conversation(socket: Socket, input: Handshake, scope: Scope): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let said = Buffer.alloc(0)
  socket.once(input.transport === 'tls' ? 'secureConnect' : 'connect', () => socket.write(input.port === 'grpc' ? PREFACE : REQUEST))
  socket.on('data', (chunk: Buffer) => {
    said = Buffer.concat([said, chunk])
    if (isOwn(said, input)) resolve({ kind: 'allowed', code: input.transport })
  })
  socket.once('error', (error) => resolve(alertIn(error)))
  socket.once('close', () => resolve(ending(said, input)))
  return concluded(socket, promise, scope)
}

/** The settings of an HTTP/2 server, or Weaviate's own refusal of a caller without a credential. */
function isOwn(said: Buffer, { port }: Handshake): boolean {
  if (port === 'grpc') return said.length >= 9 && said[3] === SETTINGS_FRAME
  return /^HTTP\/1\.1 401 [^]*"code":401,"message"/.test(said.toString('latin1'))
}

/** To bytes that are no TLS a server may hang up, send an alert (record type 21), or, as Go's does on a port for HTTP, say so. */
function ending(said: Buffer, { transport }: Handshake): Outcome {
  const refused = (code: string, message: string): Outcome => ({ kind: 'refused', by: 'handshake', code, message })
  if (transport === 'plain' && said.length === 0) return refused('closed', 'hung up without a byte')
  if (transport === 'plain' && said[0] === 21) return refused(`tls alert ${said[6] ?? 0}`, 'an alert in the clear')
  if (/^HTTP\/1\.0 400 [^]*Client sent an HTTP request to an HTTPS server/.test(said.toString('latin1')))
    return refused('400', 'Client sent an HTTP request to an HTTPS server.')
  return { kind: 'broken', cause: said.length === 0 ? 'hung up without a byte' : `another answer: ${JSON.stringify(said.toString('latin1', 0, 80))}` }
}

/** RFC 8446 §6: a fatal alert of the server is a refusal; a reset is not. */
function alertIn(error: Error): Outcome {
  const alert = /SSL alert number (\d+)/.exec(error.message)?.[1]
  if (alert === undefined) return { kind: 'broken', cause: causeOf(error) }
  return { kind: 'refused', by: 'handshake', code: `tls alert ${alert}`, message: 'a fatal alert' }
}

/** Asks the listener for the other nodes of a cluster, which speaks HTTP without TLS, as a stranger would. */
export async function askClusterPort(path: string, { address, host, ports }: Endpoint, scope: Scope): Promise<Answer | { readonly cause: string }> {
  await atPace(address, departureOf('GET', path), scope.signal)
  const started = performance.now()
  const port = ports['data'] ?? 0
  const answer = await exchange(`http://${address}:${port}${path}`, scope)
  scope.record({
    stage: scope.stage,
    surface: 'port',
    request: `GET http://${host}:${port}${path}`,
    headers: {},
    body: '',
    status: 'cause' in answer ? answer.cause : String(answer.status),
    answer: 'cause' in answer ? '' : cut(scope.vault.redact(answer.body)),
    ms: performance.now() - started,
  })
  return answer
}

async function exchange(url: string, scope: Scope): Promise<Answer | { readonly cause: string }> {
  try {
    const { statusCode, body } = await request(url, { signal: AbortSignal.any([scope.signal, AbortSignal.timeout(scope.requestTimeoutMs)]) })
    const text = await body.text()
    return { status: statusCode, body: text, json: undefined }
  } catch (thrown) {
    return { cause: causeOf(thrown) }
  }
}
