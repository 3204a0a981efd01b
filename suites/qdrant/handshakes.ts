import { readFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { z } from 'zod'
import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { Secret } from '../../src/secret.ts'
import { atPace } from '../../src/wire/pace.ts'
import { causeOf } from '../../src/wire/rest.ts'
import { certificateKinds, type Certificates } from '../../fixtures/pki/client-certificates.ts'
import { grpcOutcome } from './answers.ts'
import { concluded } from '../../src/wire/conversation.ts'

/** How a connection differs from the plain one of its surface. */
export const tlsInput = z.strictObject({
  version: z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']).exactOptional(),
  certificate: z.enum(certificateKinds).exactOptional(),
  /** No TLS at all. */
  plain: z.boolean().exactOptional(),
})
export type TlsInput = z.infer<typeof tlsInput>

export interface Shake {
  readonly endpoint: Endpoint
  readonly certificates: Certificates
  readonly apiKey: Secret
  readonly speaks: 'rest' | 'grpc'
  readonly input: TlsInput
}

const LIST = methodOf('Collections/List')
const HTTP2_PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])])
const ALERT_RECORD = 21

/** Lists the collections over a connection of its own; the answer's text is the content. Never throws for what the server does. */
export async function shake(asked: Shake, scope: Scope): Promise<Outcome> {
  await atPace(asked.endpoint.address, asked.speaks === 'grpc' ? LIST.path : 'GET /collections', scope.signal)
  const started = performance.now()
  const outcome = await (asked.input.plain === true ? inClear(asked, scope) : overTls(asked, scope))
  const status = outcome.kind === 'allowed' ? outcome.code : outcome.kind === 'refused' ? `${outcome.code}: ${outcome.message}` : outcome.cause
  const request = `${asked.speaks} at ${asked.endpoint.host}:${portOf(asked)} ${JSON.stringify(asked.input)}`
  scope.record({ stage: scope.stage, surface: asked.speaks, request, headers: {}, body: '', status, answer: '', ms: performance.now() - started })
  return outcome
}

const portOf = ({ endpoint, speaks }: Shake): number => endpoint.ports[speaks] ?? 0

async function overTls(asked: Shake, scope: Scope): Promise<Outcome> {
  const { endpoint, certificates, input, speaks } = asked
  const pair = await certificates.presentedBy(input.certificate ?? (endpoint.facts['clientCertificate'] === true ? 'ours' : 'none'))
  const socket = connectTls({
    host: endpoint.address,
    port: portOf(asked),
    servername: endpoint.host,
    ca: readFileSync(endpoint.pki.ca),
    ...pair,
    ...(speaks === 'grpc' ? { ALPNProtocols: ['h2'] } : {}),
    ...versionOf(input),
  })
  if (speaks === 'rest') return restOver(socket, asked, scope)
  return callOver(socket, { ...listCall(asked, 'secureConnect'), headers: { 'api-key': asked.apiKey.reveal() } }, scope)
}

const listCall = ({ endpoint, input }: Shake, ready: RawCall['ready']): Omit<RawCall, 'headers'> => ({
  host: endpoint.host,
  path: LIST.path,
  ready,
  decode: (message) => LIST.client.decode(message),
  hungUp: hungUp(input),
})

/** Level 0: ours must offer what theirs is to refuse; by default OpenSSL would not send TLS 1.1 at all. */
const versionOf = ({ version }: TlsInput): ConnectionOptions =>
  version === undefined ? {} : { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }

function restOver(socket: Socket, { endpoint, apiKey, input }: Shake, scope: Scope): Promise<Outcome> {
  const request = `GET /collections HTTP/1.1\r\nhost: ${endpoint.host}\r\napi-key: ${apiKey.reveal()}\r\nconnection: close\r\n\r\n`
  return listen(socket, 'secureConnect', request, scope, (said) => {
    if (said === '') return hungUp(input)
    return said.startsWith('HTTP/1.1 200')
      ? { kind: 'allowed', code: '200', content: said }
      : { kind: 'broken', cause: `another answer: ${JSON.stringify(said.slice(0, 80))}` }
  })
}

/** No key leaves without TLS: what is asked for in clear, only a server without keys would give. */
function inClear(asked: Shake, scope: Scope): Promise<Outcome> {
  const socket = connectPlain({ host: asked.endpoint.address, port: portOf(asked) })
  if (asked.endpoint.facts['plain'] === true && asked.speaks === 'grpc') return callOver(socket, { ...listCall(asked, 'connect'), headers: {} }, scope)
  const request = asked.speaks === 'rest' ? `GET /collections HTTP/1.1\r\nhost: ${asked.endpoint.host}\r\nconnection: close\r\n\r\n` : HTTP2_PREFACE
  return listen(socket, 'connect', request, scope, (said) => {
    if (said === '') return closed
    // RFC 8446 §6: type, version (2), length (2), level, description.
    if (said.charCodeAt(0) === ALERT_RECORD)
      return { kind: 'refused', by: 'handshake', code: `tls alert ${said.charCodeAt(6)}`, message: 'answered with an alert' }
    return { kind: 'allowed', code: 'in clear', content: said }
  })
}

function listen(
  socket: Socket,
  ready: 'connect' | 'secureConnect',
  request: string | Buffer,
  scope: Scope,
  conclude: (said: string) => Outcome,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let said = ''
  socket.setEncoding('latin1')
  socket.once(ready, () => socket.write(request))
  socket.on('data', (chunk) => {
    said += String(chunk)
    // An alert, or the settings that HTTP/2 begins with: there is no end to wait for.
    if (ready === 'connect' && said.length >= 7 && !said.startsWith('HTTP/')) resolve(conclude(said))
  })
  socket.once('error', (error) => resolve(refusalIn(error)))
  socket.once('close', () => resolve(conclude(said)))
  return concluded(socket, promise, scope)
}

/** One call over a connection of its own. */
export interface RawCall {
  readonly host: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The event after which the connection can be written to. */
  readonly ready: 'connect' | 'secureConnect'
  readonly decode: (message: Buffer) => Json
  /** What it means that the other side closes without a word. */
  readonly hungUp: Outcome
}

/** Asks once by gRPC with an empty message. Never throws for what the server does. */
export function callOver(socket: Socket, { host, path, headers, ready, decode, hungUp: silence }: RawCall, scope: Scope): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  socket.once('error', (error) => resolve(refusalIn(error)))
  socket.once('close', () => resolve(silence))
  socket.once(ready, () => {
    const session = connectHttp2(`${ready === 'connect' ? 'http' : 'https'}://${host}`, { createConnection: () => socket })
    session.once('error', (error) => resolve(refusalIn(error)))
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers })
    const chunks: Buffer[] = []
    const conclude = (trailers: Readonly<Record<string, unknown>>): void => {
      const { 'grpc-status': status, 'grpc-message': message } = trailers
      if (status === undefined) return
      if (status !== '0')
        return resolve(
          grpcOutcome({ kind: 'answered', code: Number(status), message: undefined, details: typeof message === 'string' ? decodeURIComponent(message) : '' }),
        )
      // Five bytes of framing, then the message.
      resolve({ kind: 'allowed', code: 'grpc 0', content: decode(Buffer.concat(chunks).subarray(5)) })
    }
    // A refusal may be all headers and no trailers.
    stream.once('response', conclude)
    stream.once('trailers', conclude)
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
    stream.once('error', (error) => resolve(refusalIn(error)))
    stream.end(Buffer.alloc(5))
  })
  return concluded(socket, promise, scope)
}

const closed: Outcome = { kind: 'refused', by: 'handshake', code: 'closed', message: 'hung up without a byte' }

/** A server may look at a client's certificate after the handshake, and then just close: a refusal only where one was at issue. */
const hungUp = ({ certificate }: TlsInput): Outcome => (certificate === undefined ? { kind: 'broken', cause: 'hung up without a byte' } : closed)

/** RFC 8446 §6: a fatal alert of the server is a refusal; a reset is not. */
function refusalIn(error: Error): Outcome {
  const cause = causeOf(error)
  const alert = /SSL alert number (\d+)/.exec(cause)?.[1]
  return alert === undefined ? { kind: 'broken', cause } : { kind: 'refused', by: 'handshake', code: `tls alert ${alert}`, message: 'fatal alert' }
}
