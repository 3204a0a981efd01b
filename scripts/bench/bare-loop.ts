import { readFileSync } from 'node:fs'
import { Client, Metadata, credentials } from '@grpc/grpc-js'
import pMap from 'p-map'
import { Pool } from 'undici'
import type { Endpoint } from '../../src/instance.ts'
import type { SentRequest } from '../../src/wire/sent.ts'

export interface BareResult {
  readonly ms: number
  readonly answered: number
}

type Rest = Extract<SentRequest, { kind: 'rest' }>
type Grpc = Extract<SentRequest, { kind: 'grpc' }>

/** Sends the same requests, reads and parses the same bodies, and nothing else: what the harness is measured against. */
export async function bareLoop(requests: readonly SentRequest[], { address, host, ports, pki }: Endpoint, concurrency: number): Promise<BareResult> {
  const ca = readFileSync(pki.ca)
  const pool = new Pool(`https://${address}:${ports['rest']}`, { connections: concurrency, connect: { ca, servername: host } })
  const channel = new Client(`${address}:${ports['grpc']}`, credentials.createSsl(ca), {
    'grpc.ssl_target_name_override': host,
    'grpc.default_authority': host,
  })
  const started = performance.now()
  const answered = await pMap(requests, (request) => (request.kind === 'rest' ? askRest(pool, request) : askGrpc(channel, request)), { concurrency })
  const ms = performance.now() - started
  channel.close()
  await pool.close()
  return { ms, answered: answered.filter(Boolean).length }
}

async function askRest(pool: Pool, { method, path, headers, body }: Rest): Promise<boolean> {
  const answer = await pool.request({ method, path, headers: [...headers], body: body ?? null })
  parse(await answer.body.text())
  return true
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function askGrpc(channel: Client, { path, metadata, bytes, decode }: Grpc): Promise<boolean> {
  const sent = new Metadata()
  for (const [name, value] of metadata) sent.add(name, value)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  channel.makeUnaryRequest(
    path,
    (encoded: Buffer) => encoded,
    decode,
    bytes,
    sent,
    { deadline: Date.now() + 10_000 },
    () => resolve(true),
  )
  return promise
}
