import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen, type Listening } from '../../fixtures/null-servers/listen.ts'
import { makePki } from '../../fixtures/pki/make-pki.ts'
import { endpointAt, scopeOf } from '../../fixtures/scope.ts'
import type { Scope } from '../driver.ts'
import type { Pki } from '../instance.ts'
import { Vault } from '../secret.ts'
import { RestClient, type RestAnswer, type RestClientOptions, type RestRequest, type Unanswered } from './rest.ts'

let folder: string
let pki: Pki
let foreign: Pki

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-rest-'))
  pki = await makePki(join(folder, 'ours'), [])
  foreign = await makePki(join(folder, 'foreign'), [])
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('an answer', () => {
  test('is its status, its headers, its text and its JSON', async () => {
    await using server = await https((_, answer) => answer.writeHead(403, { 'Content-Type': 'application/json', 'X-Two': ['a', 'b'] }).end('{"no":"entry"}'))
    const seen = await send(server, { method: 'GET', path: '/' })
    expect(seen).toMatchObject({
      kind: 'answered',
      status: 403,
      body: '{"no":"entry"}',
      json: { no: 'entry' },
      headers: { 'content-type': 'application/json', 'x-two': 'a, b' },
    })
  })

  test('without JSON has none: HTML, nothing, half an object', async () => {
    for (const body of ['<html>no</html>', '', '{"half":']) {
      await using server = await https((_, answer) => answer.end(body))
      expect(await send(server, { method: 'GET', path: '/' })).toMatchObject({ kind: 'answered', status: 200, body, json: undefined })
    }
  })

  test('that redirects is not followed', async () => {
    const paths: string[] = []
    await using server = await https((asked, answer) => {
      paths.push(asked.url ?? '')
      answer.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await send(server, { method: 'GET', path: '/here' })).toMatchObject({ kind: 'answered', status: 302 })
    expect(paths).toEqual(['/here'])
  })

  test('to a HEAD has no body', async () => {
    await using server = await https((_, answer) => answer.writeHead(200, { 'content-length': 5 }).end())
    expect(await send(server, { method: 'HEAD', path: '/' })).toMatchObject({ kind: 'answered', status: 200, body: '' })
  })
})

describe('a request', () => {
  test('carries JSON for an object, and a string or bytes as they are', async () => {
    await using server = await echo()
    expect(await echoed(server, { method: 'POST', path: '/', body: { a: [1] } })).toMatchObject({ body: '{"a":[1]}', type: 'application/json' })
    expect(await echoed(server, { method: 'POST', path: '/', body: 'plain' })).toMatchObject({ body: 'plain', type: null })
    expect(await echoed(server, { method: 'POST', path: '/', body: Buffer.from('bytes') })).toMatchObject({ body: 'bytes', type: null })
    expect(await echoed(server, { method: 'POST', path: '/', body: {}, headers: { 'Content-Type': 'application/merge-patch+json' } })).toMatchObject({
      type: 'application/merge-patch+json',
    })
  })

  test('repeats a header once for each of its values', async () => {
    await using server = await echo()
    const { raw } = await echoed(server, { method: 'GET', path: '/', headers: { 'api-key': ['one', 'two'] } })
    expect(raw.filter(([name]) => name === 'api-key')).toEqual([
      ['api-key', 'one'],
      ['api-key', 'two'],
    ])
  })

  test('names the host, not the address, and another where it is told to', async () => {
    await using server = await echo()
    expect((await echoed(server, { method: 'GET', path: '/' })).raw).toContainEqual(['host', `localhost:${server.port}`])
    const { raw } = await echoed(server, { method: 'GET', path: '/', headers: { Host: 'elsewhere.test' } })
    expect(raw.filter(([name]) => name.toLowerCase() === 'host')).toEqual([['host', 'elsewhere.test']])
  })

  test('that cannot be sent is unanswered, and its value is not told', async () => {
    await using server = await echo()
    const seen = await send(server, { method: 'GET', path: '/', headers: { 'api-key': 'line\r\nbreak' } })
    expect(seen.kind).toBe('unanswered')
    expect(JSON.stringify(seen)).not.toContain('break')
  })
})

describe('no answer is', () => {
  test('a server of another authority', async () => {
    await using server = await https((_, answer) => answer.end('{}'), foreign)
    expect(await send(server, { method: 'GET', path: '/' })).toEqual(unansweredBy(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE/))
  })

  test('a server whose certificate has another name', async () => {
    await using server = await https((_, answer) => answer.end('{}'))
    await using client = new RestClient(endpointAt(pki, server.port, 'other.assay.test'), 'rest')
    expect(await client.send({ method: 'GET', path: '/' }, scopeOf())).toEqual(unansweredBy(/ERR_TLS_CERT_ALTNAME_INVALID/))
  })

  test('a server that speaks no TLS', async () => {
    await using server = await listen(createPlainServer((_, answer) => void answer.end('{}')))
    expect(await send(server, { method: 'GET', path: '/' })).toEqual(unansweredBy(/SSL|EPROTO/))
  })

  test('a port that nobody listens on', async () => {
    const server = await https((_, answer) => answer.end())
    await server[Symbol.asyncDispose]()
    expect(await send(server, { method: 'GET', path: '/' })).toEqual(unansweredBy(/ECONNREFUSED/))
  })

  test('a server that hangs, before the handshake or after the request', async () => {
    await using mute = await listen(createTcpServer())
    await using silent = await https(() => undefined)
    for (const server of [mute, silent]) expect(await send(server, { method: 'GET', path: '/' }, { requestTimeoutMs: 100 })).toEqual(unansweredBy(/[Tt]imeout/))
  })

  test('a slow drip, though its status is there', async () => {
    await using server = await https((_, answer) => {
      answer.writeHead(401)
      const drip = setInterval(() => answer.write('x'), 10)
      answer.once('close', () => clearInterval(drip))
    })
    expect(await send(server, { method: 'GET', path: '/' }, { requestTimeoutMs: 150 })).toEqual(unansweredBy(/[Tt]imeout/))
  })

  test('a reset, at once or in the middle of a body', async () => {
    await using atOnce: Listening = await https(() => atOnce.cut())
    await using halfWay: Listening = await https((_, answer) => {
      answer.writeHead(401, { 'content-length': 100 })
      answer.write('{"message":"no"', () => halfWay.cut())
    })
    await using closes = await https((asked) => asked.socket.destroy())
    for (const server of [atOnce, halfWay, closes])
      expect(await send(server, { method: 'GET', path: '/' })).toEqual(unansweredBy(/ECONNRESET|UND_ERR_SOCKET|other side closed|aborted/))
  })

  test('a body larger than any answer, and it is not read to its end', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    let sent = 0
    await using server = await https((_, answer) => {
      const more = (): void => {
        if (answer.destroyed || sent > 64) return
        sent += 1
        answer.write(chunk, more)
      }
      more()
    })
    expect(await send(server, { method: 'GET', path: '/' })).toEqual(unansweredBy(/UND_ERR_RES_EXCEEDED_MAX_SIZE/))
    expect(sent).toBeLessThan(64)
  })

  test('a request whose run was interrupted', async () => {
    await using server = await https(() => undefined)
    const run = new AbortController()
    const asked = send(server, { method: 'GET', path: '/' }, { signal: run.signal })
    run.abort()
    expect(await asked).toEqual(unansweredBy(/abort/))
  })
})

test('the client certificate is presented where it is asked for, and only there', async () => {
  const options = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(pki.ca) }
  await using server = await listen(createServer({ ...material(pki), ...options }, (_, answer) => void answer.end('{}')))
  expect(await send(server, { method: 'GET', path: '/' }, {}, { clientCertificate: true })).toMatchObject({ kind: 'answered', status: 200 })
  expect(await send(server, { method: 'GET', path: '/' })).toMatchObject({ kind: 'unanswered' })
})

describe('the record', () => {
  test('does not show a credential that the answer issues', async () => {
    await using server = await https((_, answer) => void answer.end('{"apikey":"made-by-the-server","name":"shown"}'))
    const scope = scopeOf()
    await using client = new RestClient(endpointAt(pki, server.port), 'rest', { issues: ['apikey'] })
    await client.send({ method: 'POST', path: '/users' }, scope)
    expect(scope.exchanges.map(({ answer }) => answer)).toEqual(['{"apikey":"‹apikey›","name":"shown"}'])
    expect(scope.vault.redact('made-by-the-server')).toBe('‹apikey›')
  })

  test('shows what was on the wire with every secret by its label', async () => {
    const vault = new Vault()
    const [key, password] = [vault.secret('s3cret-key-value', 'api key'), vault.secret('hunter2-hunter2', 'password')]
    await using server = await echo()
    const scope = scopeOf({ vault, stage: 'twin' })
    const request = {
      method: 'POST',
      path: '/x?token=s3cret-key-value',
      headers: { 'api-key': key, authorization: ['Bearer s3cret-key-value'] },
      body: { password: password.reveal() },
    } as const
    await using client = new RestClient(endpointAt(pki, server.port), 'rest')
    await client.send(request, scope)
    expect(scope.exchanges).toEqual([
      {
        stage: 'twin',
        surface: 'rest',
        request: `POST https://localhost:${server.port}/x?token=‹api key›`,
        headers: { 'api-key': '‹api key›', authorization: 'Bearer ‹api key›' },
        body: '{"password":"‹password›"}',
        status: '200',
        answer: expect.stringContaining('‹api key›') as unknown,
        ms: expect.any(Number) as unknown,
      },
    ])
    expect(JSON.stringify(scope.exchanges)).not.toMatch(/s3cret|hunter2/)
  })

  test('is cut, and says what went wrong where there was no answer', async () => {
    await using long = await https((_, answer) => answer.end('x'.repeat(5000)))
    const scope = scopeOf()
    await using client = new RestClient(endpointAt(pki, long.port), 'rest', { surface: 'graphql' })
    await client.send({ method: 'GET', path: '/' }, scope)
    await long[Symbol.asyncDispose]()
    await client.send({ method: 'GET', path: '/' }, scope)
    expect(scope.exchanges.map(({ answer }) => answer.length)).toEqual([4096 + '… (5000 characters)'.length, 0])
    expect(scope.exchanges[1]).toMatchObject({ surface: 'graphql', status: expect.stringContaining('ECONNREFUSED') as unknown })
  })
})

type Handler = (asked: IncomingMessage, answer: ServerResponse) => unknown

const material = (of: Pki): { cert: Buffer; key: Buffer } => ({ cert: readFileSync(of.serverCert), key: readFileSync(of.serverKey) })
const https = (handler: Handler, of = pki): Promise<Listening> => listen(createServer(material(of), (asked, answer) => void handler(asked, answer)))
const unansweredBy = (cause: RegExp): unknown => ({ kind: 'unanswered', cause: expect.stringMatching(cause) as unknown })

async function send(server: Listening, request: RestRequest, scope: Partial<Scope> = {}, options: RestClientOptions = {}): Promise<RestAnswer | Unanswered> {
  await using client = new RestClient(endpointAt(pki, server.port), 'rest', options)
  return await client.send(request, scopeOf(scope))
}

interface Echo {
  readonly body: string
  readonly type: string | null
  readonly raw: readonly (readonly [string, string])[]
}

const echo = (): Promise<Listening> =>
  https(async (asked, answer) => {
    const body = Buffer.concat(await asked.toArray()).toString()
    const raw = asked.rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, asked.rawHeaders[at + 1]]] : []))
    answer.end(JSON.stringify({ body, type: asked.headers['content-type'] ?? null, raw }))
  })

async function echoed(server: Listening, request: RestRequest): Promise<Echo> {
  const seen = await send(server, request)
  expect(seen).toMatchObject({ kind: 'answered', status: 200 })
  return (seen as RestAnswer).json as Echo
}
