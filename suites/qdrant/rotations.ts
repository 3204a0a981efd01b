import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { createCert } from 'mkcert'
import { loopbackNames } from '../../fixtures/pki/make-pki.ts'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint, Pki } from '../../src/instance.ts'
import type { Outcome } from '../../src/outcome.ts'
import { messageOf } from '../../src/errors.ts'
import { ownServer, readyWith } from './own-servers.ts'
import { sceneKeys } from './scenes.ts'
import type { ScriptMaker } from './script.ts'

export const rotations = ['replaced', 'broken', 'unchanged', 'replaced-under-an-open-connection', 'replaced-without-waiting'] as const
export type Rotation = (typeof rotations)[number]

/** Short enough to wait for, several times over. */
const TTL_S = 1
const LONGEST_WAIT_MS = 12_000
const POLL_MS = 200
const HANDSHAKE_MS = 5000
const HOUR_S = 3600

interface Files {
  readonly cert: string
  readonly key: string
}

/** A server with a certificate of its own, which is changed while it runs; what it serves then is told by the certificate's name here. */
export const rotateCertificate: ScriptMaker = async ({ rotation = 'replaced' }, { instance, vault }, scope) => {
  const keys = sceneKeys()
  for (const [label, key] of Object.entries(keys)) vault.secret(key, label)
  const server = await ownServer(instance, { ...keys }, scope)
  const folder = join(dirname(instance.endpoint.pki.folder), `own-${scope.name}`, 'tls')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const { pki } = instance.endpoint
  write(files, readFileSync(pki.serverCert, 'utf8'), readFileSync(pki.serverKey, 'utf8'))
  const second = await secondPair(pki)
  const ttl = rotation === 'replaced-without-waiting' ? HOUR_S : TTL_S
  const endpoint = await readyWith(server, { file: { 'tls.cert': files.cert, 'tls.key': files.key, 'tls.cert_ttl': ttl } })
  const known = new Map([
    [fingerprintOf(readFileSync(pki.serverCert, 'utf8')), 'the first certificate'],
    [fingerprintOf(second.cert), 'the second certificate'],
  ])
  return {
    async perform({ surface }, asked) {
      const look = (at: 'rest' | 'grpc'): Promise<string> => served(endpoint, at, known)
      const started = performance.now()
      const shown = await play(rotation, { endpoint, files, second, look, log: () => server.log(), surface: surface === 'grpc' ? 'grpc' : 'rest' }, asked)
      const outcome: Outcome = { kind: 'allowed', code: 'served', shown }
      asked.record({
        stage: asked.stage,
        surface,
        request: `the certificate files ${rotation} while the server runs`,
        headers: {},
        body: '',
        status: shown.join(', '),
        answer: server.log().slice(-4).join('\n'),
        ms: performance.now() - started,
      })
      return outcome
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

interface Play {
  readonly endpoint: Endpoint
  readonly files: Files
  readonly second: { readonly cert: string; readonly key: string }
  readonly look: (at: 'rest' | 'grpc') => Promise<string>
  readonly log: () => readonly string[]
  readonly surface: 'rest' | 'grpc'
}

/** What is served after it: polled until it has changed, or for several times the period where it should not. */
async function play(rotation: Rotation, { endpoint, files, second, look, log, surface }: Play, scope: Scope): Promise<readonly string[]> {
  const isSecond = async (): Promise<boolean> => (await look('rest')) === 'the second certificate'
  switch (rotation) {
    case 'replaced':
      write(files, second.cert, second.key)
      await until(isSecond, scope)
      return [await look(surface)]
    case 'replaced-without-waiting':
      write(files, second.cert, second.key)
      return [await look(surface)]
    case 'unchanged':
      await pass(3 * TTL_S * 1000, look, scope)
      return [await look(surface)]
    case 'broken': {
      const before = log().length
      writeFileSync(files.cert, 'no certificate\n')
      // Each handshake after the period makes the server look at its files; its complaint shows that it did.
      await until(
        async () => (
          await look('rest'),
          log()
            .slice(before)
            .some((line) => /certificate/i.test(line) && /fail|error/i.test(line))
        ),
        scope,
      )
      return [await look(surface)]
    }
    case 'replaced-under-an-open-connection': {
      const open = await opened(endpoint, 'rest')
      write(files, second.cert, second.key)
      await until(isSecond, scope)
      const answers = await answered(open)
      return [await look('rest'), ...(answers ? ['an answer over the open connection'] : [])]
    }
  }
}

async function until(isSo: () => Promise<boolean>, scope: Scope): Promise<void> {
  for (const end = Date.now() + LONGEST_WAIT_MS; Date.now() < end;) {
    if (await isSo()) return
    await delay(POLL_MS, undefined, { signal: scope.signal })
  }
}

/** Handshakes all along: only they make the server look at its files. */
async function pass(ms: number, look: Play['look'], scope: Scope): Promise<void> {
  const end = Date.now() + ms
  await until(async () => (await look('rest'), Date.now() >= end), scope)
}

async function served(endpoint: Endpoint, at: 'rest' | 'grpc', known: ReadonlyMap<string, string>): Promise<string> {
  try {
    const socket = await opened(endpoint, at)
    const { fingerprint256 } = socket.getPeerCertificate()
    socket.destroy()
    return known.get(fingerprint256) ?? 'another certificate'
  } catch (thrown) {
    return `no handshake: ${messageOf(thrown)}`
  }
}

function opened({ host, address, ports, pki }: Endpoint, at: 'rest' | 'grpc'): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>()
  const socket = connect({
    host: address,
    port: ports[at] ?? 0,
    servername: host,
    ca: readFileSync(pki.ca),
    ...(at === 'grpc' ? { ALPNProtocols: ['h2'] } : {}),
  })
  socket.setTimeout(HANDSHAKE_MS, () => socket.destroy(new Error('no answer within 5 s')))
  // Afterwards it may be silent for as long as a rotation takes.
  socket.once('secureConnect', () => resolve(socket.setTimeout(0)))
  socket.on('error', reject)
  return promise
}

/** Whether a connection that was opened before still gives an answer, before its time-out. */
async function answered(socket: TLSSocket): Promise<boolean> {
  if (socket.destroyed) return false
  const { promise, resolve } = Promise.withResolvers<boolean>()
  socket.once('data', (chunk) => resolve(String(chunk).startsWith('HTTP/1.1 200')))
  socket.once('close', () => resolve(false))
  socket.setTimeout(HANDSHAKE_MS).write('GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n')
  return await promise.finally(() => socket.destroy())
}

/** Of the run's authority, as the first. */
async function secondPair({ ca, folder }: Pki): Promise<{ readonly cert: string; readonly key: string }> {
  const authority = { cert: readFileSync(ca, 'utf8'), key: readFileSync(join(folder, 'ca-key.pem'), 'utf8') }
  const { cert, key } = await createCert({ ca: authority, domains: [...loopbackNames], validity: 2, organization: 'Assay' })
  return { cert: `${cert.replaceAll('\r', '').trimEnd()}\n${authority.cert}`, key: createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }).toString() }
}

function write({ cert, key }: Files, chain: string, secret: string): void {
  writeFileSync(cert, chain, { mode: 0o600 })
  writeFileSync(key, secret, { mode: 0o600 })
}

const fingerprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256
