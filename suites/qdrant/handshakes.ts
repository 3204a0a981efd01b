import { readFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { z } from 'zod'
import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { Secret } from '../../src/secret.ts'
import { causeOf } from '../../src/wire/rest.ts'
import type { ClientCertificates } from './client-certificates.ts'

/** How a connection differs from the plain one of its surface. */
export const tlsInput = z.strictObject({
  version: z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']).exactOptional(),
  certificate: z.enum(['none', 'right', 'of-another-authority', 'expired']).exactOptional(),
  /** No TLS at all. */
  plain: z.boolean().exactOptional(),
})
export type TlsInput = z.infer<typeof tlsInput>

export interface Shake {
  readonly endpoint: Endpoint
  readonly certificates: ClientCertificates
  readonly apiKey: Secret
  readonly speaks: 'rest' | 'grpc'
  readonly input: TlsInput
}

const LIST = methodOf('Collections/List')
const HTTP2_PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])])
const ALERT_RECORD = 21

/** Lists the collections over a connection of its own; the answer's text is the content. Never throws for what the server does. */
export async function shake(asked: Shake, scope: Scope): Promise<Outcome> {
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
  const pair = await certificates.of(input.certificate ?? (endpoint.facts['clientCertificate'] === true ? 'right' : 'none'))
  const socket = connectTls({
    host: endpoint.address,
    port: portOf(asked),
    servername: endpoint.host,
    ca: readFileSync(endpoint.pki.ca),
    ...pair,
    ...(speaks === 'grpc' ? { ALPNProtocols: ['h2'] } : {}),
    ...versionOf(input),
  })
  return speaks === 'rest' ? restOver(socket, asked, scope) : grpcOver(socket, asked, scope)
}

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

/** What is sent in clear is only the start of a conversation: no key leaves without TLS. */
function inClear(asked: Shake, scope: Scope): Promise<Outcome> {
  const socket = connectPlain({ host: asked.endpoint.address, port: portOf(asked) })
  const request = asked.speaks === 'rest' ? `GET /readyz HTTP/1.1\r\nhost: ${asked.endpoint.host}\r\nconnection: close\r\n\r\n` : HTTP2_PREFACE
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
  socket.setTimeout(scope.requestTimeoutMs, () => resolve({ kind: 'broken', cause: `no answer within ${scope.requestTimeoutMs} ms` }))
  socket.once(ready, () => socket.write(request))
  socket.on('data', (chunk) => {
    said += String(chunk)
    // An alert, or the settings that HTTP/2 begins with: there is no end to wait for.
    if (ready === 'connect' && said.length >= 7) resolve(conclude(said))
  })
  socket.once('error', (error) => resolve(refusalIn(error)))
  socket.once('close', () => resolve(conclude(said)))
  return promise.finally(() => socket.destroy())
}

function grpcOver(socket: Socket, { endpoint, apiKey, input }: Shake, scope: Scope): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const broken = (cause: string): void => resolve({ kind: 'broken', cause })
  socket.setTimeout(scope.requestTimeoutMs, () => broken(`no answer within ${scope.requestTimeoutMs} ms`))
  socket.once('error', (error) => resolve(refusalIn(error)))
  socket.once('close', () => resolve(hungUp(input)))
  socket.once('secureConnect', () => {
    const session = connectHttp2(`https://${endpoint.host}`, { createConnection: () => socket })
    session.once('error', (error) => resolve(refusalIn(error)))
    const stream = session.request({ ':method': 'POST', ':path': LIST.path, 'content-type': 'application/grpc', te: 'trailers', 'api-key': apiKey.reveal() })
    const chunks: Buffer[] = []
    stream.once('trailers', (trailers) => {
      const status = String(trailers['grpc-status'])
      if (status !== '0') return broken(`grpc ${status}`)
      // Five bytes of framing, then the message.
      resolve({ kind: 'allowed', code: 'grpc 0', content: LIST.client.decode(Buffer.concat(chunks).subarray(5)) })
    })
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
    stream.once('error', (error) => resolve(refusalIn(error)))
    stream.end(Buffer.alloc(5))
  })
  return promise.finally(() => socket.destroy())
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
