import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createSecureServer, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server, ServerCredentials, status, type handleUnaryCall } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen, type Listening } from '../../fixtures/null-servers/listen.ts'
import { makePki } from '../../fixtures/pki/make-pki.ts'
import { endpointAt, scopeOf } from '../../fixtures/scope.ts'
import type { Scope } from '../driver.ts'
import type { Pki } from '../instance.ts'
import { Vault } from '../secret.ts'
import { GrpcClient, type GrpcAnswer, type GrpcClientOptions, type GrpcMethod, type GrpcRequest } from './grpc.ts'

let folder: string
let pki: Pki
let foreign: Pki

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-grpc-'))
  pki = await makePki(join(folder, 'ours'), [])
  foreign = await makePki(join(folder, 'foreign'), [])
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Text for a message: whether a codec works is its product's business. */
const say: GrpcMethod<string, string> = { path: '/assay.Test/Say', encode: (text) => Buffer.from(text), decode: (bytes) => bytes.toString() }

describe('a status that the server sent is an answer', () => {
  test('code 0 with its message', async () => {
    await using server = await h2((stream) => gRpc(stream, 'hello', { 'grpc-status': '0' }))
    expect(await ask(server)).toEqual({ kind: 'answered', code: 0, message: 'hello', details: '' })
  })

  test.each([
    [16, 'no API key'],
    [7, 'not for you'],
    [3, 'bad input: 100 % wrong, naïve'],
    [12, ''],
  ])('code %i from trailers alone, as servers refuse', async (code, details) => {
    await using server = await h2((stream) =>
      stream.respond({ ...grpcHeaders, 'grpc-status': String(code), 'grpc-message': encodeURI(details) }, { endStream: true }),
    )
    expect(await ask(server)).toEqual({ kind: 'answered', code, message: undefined, details })
  })

  test('code 7 from trailers after headers', async () => {
    await using server = await h2((stream) => gRpc(stream, undefined, { 'grpc-status': '7', 'grpc-message': 'not for you' }))
    expect(await ask(server)).toEqual({ kind: 'answered', code: 7, message: undefined, details: 'not for you' })
  })

  test('code 16 beside HTTP 401: the status of gRPC comes first', async () => {
    await using server = await h2((stream) =>
      stream.respond({ ...grpcHeaders, ':status': 401, 'grpc-status': '16', 'grpc-message': 'who?' }, { endStream: true }),
    )
    expect(await ask(server)).toEqual({ kind: 'answered', code: 16, message: undefined, details: 'who?' })
  })

  test('from a server of grpc-js too', async () => {
    await using port = await grpcJs((call) => ({ code: status.PERMISSION_DENIED, details: `not ${call}` }))
    expect(await ask(port)).toEqual({ kind: 'answered', code: 7, message: undefined, details: 'not hello?' })
  })
})

describe('plain HTTP/2 is no refusal, whatever its status', () => {
  test.each([200, 400, 401, 403, 404, 429, 500, 503])('%i with HTML', async (code) => {
    await using server = await h2((stream) => plain(stream, { ':status': code, 'content-type': 'text/html' }, '<html>no</html>'))
    expect(await ask(server)).toEqual(unansweredBy(/no gRPC answer: type text\/html/))
  })

  test.each([200, 401, 403])('%i with JSON, or without a body', async (code) => {
    await using json = await h2((stream) => plain(stream, { ':status': code, 'content-type': 'application/json' }, '{"message":"unauthorized"}'))
    await using empty = await h2((stream) => stream.respond({ ':status': code }, { endStream: true }))
    expect(await ask(json)).toEqual(unansweredBy(/no gRPC answer/))
    expect(await ask(empty)).toEqual(unansweredBy(/no gRPC answer: type none/))
  })

  test.each([200, 401, 403])('%i under the name of gRPC, without a status of gRPC', async (code) => {
    await using empty = await h2((stream) => stream.respond({ ...grpcHeaders, ':status': code }, { endStream: true }))
    await using full = await h2((stream) => plain(stream, { ...grpcHeaders, ':status': code }, frame('hello')))
    expect(await ask(empty)).toEqual(unansweredBy(/HTTP status code/))
    expect(await ask(full)).toEqual(unansweredBy(/without gRPC status|HTTP status code/))
  })

  test('a status of gRPC in an answer of another type', async () => {
    await using server = await h2((stream) => stream.respond({ ':status': 200, 'content-type': 'text/html', 'grpc-status': '16' }, { endStream: true }))
    expect(await ask(server)).toEqual(unansweredBy(/no gRPC answer/))
  })
})

describe('no answer is', () => {
  test('status OK without a message', async () => {
    await using server = await h2((stream) => stream.respond({ ...grpcHeaders, 'grpc-status': '0' }, { endStream: true }))
    expect(await ask(server)).toEqual(unansweredBy(/No message received/))
  })

  test('a status that gRPC does not have', async () => {
    for (const code of ['99', '-1', 'no']) {
      await using server = await h2((stream) => stream.respond({ ...grpcHeaders, 'grpc-status': code }, { endStream: true }))
      expect(await ask(server)).toEqual(unansweredBy(/does not know/))
    }
  })

  test('a message and then a refusal: what it disclosed is lost', async () => {
    await using server = await h2((stream) => gRpc(stream, 'the secret list', { 'grpc-status': '7', 'grpc-message': 'not for you' }))
    expect(await ask(server)).toEqual(unansweredBy(/a message, and then a refusal/))
  })

  test('a message that cannot be decoded, or is larger than any', async () => {
    await using server = await h2((stream) => gRpc(stream, 'hello', { 'grpc-status': '0' }))
    const strict = { ...say, decode: (): string => expect.fail('not a message') }
    expect(await ask(server, {}, { message: '' }, strict)).toEqual(unansweredBy(/Response message parsing error/))
    await using huge = await h2((stream) => plain(stream, grpcHeaders, Buffer.from([0, 0x7f, 0xff, 0xff, 0xff])))
    expect(await ask(huge)).toEqual(unansweredBy(/larger than max/))
  })

  test.each([0, 1, 2, 7, 8, 11, 12, 13])('a stream that is reset with code %i, before or after its headers', async (code) => {
    await using before = await h2((stream) => stream.close(code))
    await using after = await h2((stream) => {
      stream.respond(grpcHeaders)
      stream.write(frame('hello'), () => stream.close(code))
    })
    for (const server of [before, after]) expect(await ask(server)).toMatchObject({ kind: 'unanswered' })
  })

  test('a connection that is cut', async () => {
    await using server: Listening = await h2(() => server.cut())
    expect(await ask(server)).toMatchObject({ kind: 'unanswered' })
  })

  test('a server that hangs, before the handshake or after the request', async () => {
    await using mute = await listen(createTcpServer())
    await using silent = await h2(() => undefined)
    for (const server of [mute, silent]) expect(await ask(server, { requestTimeoutMs: 150 })).toEqual(unansweredBy(/DEADLINE_EXCEEDED/))
  })

  test('a slow drip', async () => {
    await using server = await h2((stream) => {
      stream.respond(grpcHeaders)
      const drip = setInterval(() => stream.write(Buffer.from([0])), 20)
      stream.once('close', () => clearInterval(drip))
    })
    expect(await ask(server, { requestTimeoutMs: 150 })).toMatchObject({ kind: 'unanswered' })
  })

  test('a server of another authority, of another name, or without TLS', async () => {
    const greet = (stream: ServerHttp2Stream): void => gRpc(stream, 'hello', { 'grpc-status': '0' })
    await using stranger = await h2(greet, foreign)
    await using namesake = await h2(greet)
    await using open = await listen(createTcpServer((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n')))
    expect(await ask(stranger, { requestTimeoutMs: 1000 })).toMatchObject({ kind: 'unanswered' })
    await using client = new GrpcClient(endpointAt(pki, namesake.port, 'other.assay.test'), 'grpc')
    expect(await client.unary(say, { message: 'hello?' }, scopeOf({ requestTimeoutMs: 1000 }))).toMatchObject({ kind: 'unanswered' })
    expect(await ask(open, { requestTimeoutMs: 1000 })).toMatchObject({ kind: 'unanswered' })
  })

  test('a port that nobody listens on', async () => {
    const server = await h2(() => undefined)
    await server[Symbol.asyncDispose]()
    expect(await ask(server, { requestTimeoutMs: 1000 })).toEqual(unansweredBy(/UNAVAILABLE|No connection established/))
  })

  test('a call whose run was interrupted, before it or in its middle', async () => {
    await using server = await h2(() => undefined)
    expect(await ask(server, { signal: AbortSignal.abort() })).toEqual(unansweredBy(/Cancelled on client/))
    const run = new AbortController()
    const asked = ask(server, { signal: run.signal })
    run.abort()
    expect(await asked).toEqual(unansweredBy(/Cancelled on client/))
  })

  test('metadata that cannot be sent', async () => {
    await using server = await h2(() => undefined)
    expect(await ask(server, {}, { message: '', metadata: { 'bad name': 'x' } })).toEqual(unansweredBy(/cannot send/))
  })
})

test("a message that has no encoding is the harness's own fault, and thrown", async () => {
  await using server = await h2(() => undefined)
  const broken = {
    ...say,
    encode: (): Buffer => {
      throw new TypeError('no such field')
    },
  }
  await expect(ask(server, {}, { message: '' }, broken)).rejects.toThrow('no such field')
})

test('metadata is sent once for each of its values', async () => {
  await using server = await h2((stream, headers) => gRpc(stream, JSON.stringify(headers['api-key']), { 'grpc-status': '0' }))
  expect(await ask(server, {}, { message: '', metadata: { 'api-key': ['one', 'two'] } })).toMatchObject({ code: 0, message: '"one, two"' })
})

test('the client certificate is presented where it is asked for, and only there', async () => {
  const options = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(pki.ca) }
  await using server = await h2((stream) => gRpc(stream, 'hello', { 'grpc-status': '0' }), pki, options)
  expect(await ask(server, {}, { message: '' }, say, { clientCertificate: true })).toMatchObject({ code: 0, message: 'hello' })
  expect(await ask(server, { requestTimeoutMs: 500 })).toMatchObject({ kind: 'unanswered' })
})

test('the record shows the call with every secret by its label', async () => {
  const vault = new Vault()
  const key = vault.secret('s3cret-key-value', 'api key')
  await using server = await h2((stream) =>
    stream.respond({ ...grpcHeaders, 'grpc-status': '16', 'grpc-message': 'unknown key s3cret-key-value' }, { endStream: true }),
  )
  const scope = scopeOf({ vault, stage: 'effect' })
  await using client = new GrpcClient(endpointAt(pki, server.port), 'grpc')
  await client.unary(say, { message: 's3cret-key-value', metadata: { 'api-key': key, authorization: 'Bearer s3cret-key-value' } }, scope)
  expect(scope.exchanges).toEqual([
    {
      stage: 'effect',
      surface: 'grpc',
      request: `/assay.Test/Say at localhost:${server.port}`,
      headers: { 'api-key': '‹api key›', authorization: 'Bearer ‹api key›' },
      body: '"‹api key›"',
      status: 'grpc 16 UNAUTHENTICATED: unknown key ‹api key›',
      answer: '',
      ms: expect.any(Number) as unknown,
    },
  ])
})

const grpcHeaders = { ':status': 200, 'content-type': 'application/grpc' } as const
const unansweredBy = (cause: RegExp): unknown => ({ kind: 'unanswered', cause: expect.stringMatching(cause) as unknown })

const h2 = (answer: (stream: ServerHttp2Stream, headers: OutgoingHttpHeaders) => void, of = pki, options = {}): Promise<Listening> => {
  const server = createSecureServer({ cert: readFileSync(of.serverCert), key: readFileSync(of.serverKey), ...options })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    stream.resume()
    answer(stream, headers)
  })
  server.on('sessionError', () => undefined)
  return listen(server)
}

/** RFC 9113 carries it; the prefix is a flag for compression and a length. */
function frame(text: string): Buffer {
  const body = Buffer.from(text)
  const head = Buffer.alloc(5)
  head.writeUInt32BE(body.length, 1)
  return Buffer.concat([head, body])
}

function gRpc(stream: ServerHttp2Stream, message: string | undefined, trailers: OutgoingHttpHeaders): void {
  stream.respond(grpcHeaders, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers(trailers))
  stream.end(message === undefined ? undefined : frame(message))
}

function plain(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders, body: string | Buffer): void {
  stream.respond(headers)
  stream.end(body)
}

async function grpcJs(refuse: (message: string) => { readonly code: number; readonly details: string }): Promise<Listening> {
  const server = new Server()
  const identity = <Value>(value: Value): Value => value
  const definition = {
    path: say.path,
    requestStream: false,
    responseStream: false,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  } as const
  const handler: handleUnaryCall<Buffer, Buffer> = (call, done) => done(refuse(call.request.toString()))
  server.addService({ say: definition }, { say: handler })
  const identityOf = [{ cert_chain: readFileSync(pki.serverCert), private_key: readFileSync(pki.serverKey) }]
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, identityOf), (error, port) => (error === null ? resolve(port) : reject(error)))
  return { port: await promise, cut: () => server.forceShutdown(), [Symbol.asyncDispose]: async () => server.forceShutdown() }
}

async function ask(
  server: Listening,
  scope: Partial<Scope> = {},
  request: GrpcRequest<string> = { message: 'hello?' },
  method = say,
  options: GrpcClientOptions = {},
): Promise<GrpcAnswer<string>> {
  await using client = new GrpcClient(endpointAt(pki, server.port), 'grpc', options)
  return await client.unary(method, request, scopeOf(scope))
}
