import { readFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { z } from 'zod'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import { messageOf } from '../../src/errors.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Secret } from '../../src/secret.ts'
import { atPace } from '../../src/wire/pace.ts'
import { causeOf } from '../../src/wire/rest.ts'
import { certificateKinds, type Certificates, type Presented } from '../../fixtures/pki/client-certificates.ts'
import { concluded } from '../../src/wire/conversation.ts'

const inputShape = z.strictObject({
  port: z.enum(['grpc', 'rest']),
  transport: z.enum(['tls', 'plain']),
  version: z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']).optional(),
  certificate: z.enum(certificateKinds).optional(),
})
type Input = z.infer<typeof inputShape>

/** RFC 9113 §3.4: what a client of HTTP/2 says first; the server answers with its settings, before any call. */
const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])])
const SETTINGS_FRAME = 4
const SHOW_COLLECTIONS = '/milvus.proto.milvus.MilvusService/ShowCollections'
/** An empty message, not compressed, as gRPC frames it. */
const EMPTY_CALL = Buffer.alloc(5)

export interface Place {
  readonly endpoint: Endpoint
  readonly certificates: Certificates
}

/** What is asked on the connection: root's own list, which must show a collection that was planted. */
export interface Question {
  readonly authorization: { readonly grpc: Secret; readonly rest: Secret }
  readonly planted: string
}

/** Opens a connection as the input says, and asks on it for what only this server knows. */
export async function shakeHands(probe: Probe, at: Place, question: Question, scope: Scope): Promise<Outcome> {
  const { endpoint, certificates } = at
  const input = inputShape.parse(probe.input)
  const certificate = await certificates.presentedBy(input.certificate ?? 'none')
  await atPace(endpoint.address, input.port === 'grpc' ? SHOW_COLLECTIONS : 'GET /v1/vector/collections', scope.signal)
  const started = performance.now()
  const outcome = await conversation(open(input, endpoint, certificate), input, question, scope)
  scope.record({
    stage: scope.stage,
    surface: probe.surface,
    request: `${input.transport === 'tls' ? (input.version ?? 'TLS') : 'no TLS'} to ${endpoint.host}:${endpoint.ports[input.port] ?? 0}, client certificate: ${input.certificate ?? 'none'}`,
    headers: {},
    body: '',
    status: outcome.kind === 'allowed' ? outcome.code : outcome.kind === 'refused' ? `${outcome.code}: ${outcome.message}` : outcome.cause,
    answer: '',
    ms: performance.now() - started,
  })
  return outcome
}

export const handshakeEffect = (outcome: Outcome): Effect =>
  outcome.kind === 'allowed' ? { kind: 'seen', what: 'the server shows what was planted in it' } : { kind: 'none', what: 'the server showed nothing' }

function open(input: Input, { address, host, ports, pki }: Endpoint, certificate: Presented): Socket {
  const at = { host: address, port: ports[input.port] ?? 0 }
  if (input.transport === 'plain') return connectPlain(at)
  const limits = input.version === undefined ? {} : { minVersion: input.version, maxVersion: input.version }
  // Level 0: ours must offer what theirs is to refuse (OpenSSL's default level sends neither TLS 1.0 nor 1.1).
  return connectTls({
    ...at,
    ...limits,
    ...certificate,
    servername: host,
    ca: readFileSync(pki.ca),
    ciphers: 'DEFAULT@SECLEVEL=0',
    ALPNProtocols: [input.port === 'grpc' ? 'h2' : 'http/1.1'],
  })
}

function conversation(socket: Socket, input: Input, question: Question, scope: Scope): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const ready = input.transport === 'tls' ? 'secureConnect' : 'connect'
  let said = Buffer.alloc(0)
  const hear = (chunk: Buffer): void => {
    said = Buffer.concat([said, chunk])
    const own = ownWords(said, input, question)
    if (own !== undefined) resolve(own)
  }
  socket.once(ready, () => ask(socket, input, question, hear, (error) => resolve(refusalIn(error))))
  socket.once('error', (error) => resolve(refusalIn(error)))
  socket.once('close', () => resolve(ending(said, input)))
  return concluded(socket, promise, scope)
}

function ask(socket: Socket, { port, transport }: Input, { authorization }: Question, hear: (chunk: Buffer) => void, fail: (error: Error) => void): void {
  if (port === 'rest' || transport === 'plain') {
    socket.on('data', hear)
    socket.write(
      port === 'grpc'
        ? PREFACE
        : `GET /v1/vector/collections HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization.rest.reveal()}\r\nConnection: close\r\n\r\n`,
    )
    return
  }
  const session = connectHttp2('https://localhost', { createConnection: () => socket }).once('error', fail)
  const call = session.request({
    ':method': 'POST',
    ':path': SHOW_COLLECTIONS,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: authorization.grpc.reveal(),
  })
  call.on('data', hear).once('error', fail).end(EMPTY_CALL)
}

/** The planted collection in the answer; without TLS on the port for gRPC, the settings of an HTTP/2 server are enough. */
function ownWords(said: Buffer, { port, transport }: Input, { planted }: Question): Outcome | undefined {
  if (port === 'grpc' && transport === 'plain') return said.length >= 9 && said[3] === SETTINGS_FRAME ? { kind: 'allowed', code: 'plain' } : undefined
  return said.includes(planted) ? { kind: 'allowed', code: transport } : undefined
}

/** To bytes that are no TLS a server may answer with an alert, hang up, or, as Go's does on the port for HTTP, say so. */
function ending(said: Buffer, { transport }: Input): Outcome {
  if (transport === 'plain' && said.length === 0) return { kind: 'refused', by: 'handshake', code: 'closed', message: 'hung up without a byte' }
  if (/^HTTP\/1\.0 400 [^]*Client sent an HTTP request to an HTTPS server/.test(said.toString('latin1')))
    return { kind: 'refused', by: 'handshake', code: '400', message: 'Client sent an HTTP request to an HTTPS server.' }
  return { kind: 'broken', cause: said.length === 0 ? 'hung up without a byte' : `another answer: ${JSON.stringify(said.toString('latin1', 0, 80))}` }
}

/** RFC 8446 §6: a fatal alert of the server is a refusal; a reset is not. */
function refusalIn(error: Error): Outcome {
  const alert = /SSL alert number (\d+)/.exec(error.message)?.[1]
  if (alert === undefined) return { kind: 'broken', cause: causeOf(error) }
  return {
    kind: 'refused',
    by: 'handshake',
    code: `tls alert ${alert}`,
    message:
      messageOf(error)
        .replace(/^.*SSL routines:[^:]*:/, '')
        .split(':')[0] ?? '',
  }
}
