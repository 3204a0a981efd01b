import { readFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { connect, type SecureVersion } from 'node:tls'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import { messageOf } from '../../src/errors.ts'
import type { Outcome } from '../../src/outcome.ts'
import { atPace } from '../../src/wire/pace.ts'
import { causeOf } from '../../src/wire/rest.ts'
import { none, seen, text, type Operation } from './operation.ts'
import type { Place } from './place.ts'
import { concluded } from '../../src/wire/conversation.ts'

const LARGEST_BYTES = 64 * 1024

/** What is asked for on each port, and what of the answer no other server would say. */
const asked: Readonly<Record<string, (at: Place) => { readonly path: string; readonly shows: string }>> = {
  https: (at) => ({ path: at.path('/.well-known/openid-configuration'), shows: at.facts.issuer }),
  management: () => ({ path: '/health/ready', shows: '"UP"' }),
}

const requestOn = (at: Place, port: string): { readonly path: string; readonly shows: string } => asked[port]?.(at) ?? { path: '/', shows: '' }

/** One HTTP request over one version of TLS, verified against the run's authority. */
export const speakTls: Operation<null> = {
  nature: 'read',
  prepare: () => Promise.resolve(null),
  perform: async (at, probe, _, scope) => recorded(probe, scope, await overTls(at, probe, scope)),
  effect: (_probe, _made, { outcome }) => (outcome.kind === 'allowed' ? seen('the server answers as itself') : none('nothing came')),
}

/** The same request without TLS on the port that speaks it. */
export const speakPlainly: Operation<null> = {
  nature: 'read',
  prepare: () => Promise.resolve(null),
  perform: async (at, probe, _, scope) =>
    recorded(probe, scope, text(probe, 'as') === 'tls' ? await overTls(at, probe, scope) : await overPlain(at, probe, scope)),
  effect: (_probe, _made, { outcome }) => (outcome.kind === 'allowed' ? seen('the server answers as itself') : none('nothing came')),
}

async function overTls(at: Place, probe: Probe, scope: Scope): Promise<Outcome> {
  const { host, address, ports, pki } = at.instance.endpoint
  await atPace(address, `GET ${requestOn(at, text(probe, 'port')).path}`, scope.signal)
  const version = text(probe, 'version') as SecureVersion | ''
  const limits = version === '' ? {} : { minVersion: version, maxVersion: version }
  // Level 0: ours must offer what theirs is to refuse (OpenSSL's default level would not send TLS 1.1 at all).
  const socket = connect({
    host: address,
    port: ports[text(probe, 'port')] ?? 0,
    servername: host,
    ca: readFileSync(pki.ca),
    ciphers: 'DEFAULT@SECLEVEL=0',
    ...limits,
  })
  return conversation(socket, at, probe, scope, 'secureConnect')
}

async function overPlain(at: Place, probe: Probe, scope: Scope): Promise<Outcome> {
  const { address, ports } = at.instance.endpoint
  await atPace(address, `GET ${requestOn(at, text(probe, 'port')).path}`, scope.signal)
  return conversation(connectPlain({ host: address, port: ports[text(probe, 'port')] ?? 0 }), at, probe, scope, 'connect')
}

/** Sends the request once connected, and reads until the end, the deadline or an error. */
function conversation(socket: ReturnType<typeof connectPlain>, at: Place, probe: Probe, scope: Scope, ready: 'connect' | 'secureConnect'): Promise<Outcome> {
  const { path, shows } = requestOn(at, text(probe, 'port'))
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let said = ''
  socket.setEncoding('utf8')
  socket.once(ready, () => socket.write(`GET ${path} HTTP/1.1\r\nHost: ${new URL(at.facts.origin).host}\r\nConnection: close\r\n\r\n`))
  socket.on('data', (chunk) => {
    said += String(chunk)
    if (said.length > LARGEST_BYTES) socket.destroy()
  })
  socket.once('error', (error) => resolve(refusalIn(error)))
  socket.once('close', () => resolve(conclusion(said, shows, ready)))
  return concluded(socket, promise, scope)
}

function conclusion(said: string, shows: string, ready: 'connect' | 'secureConnect'): Outcome {
  if (said.startsWith('HTTP/1.1 200') && shows !== '' && said.includes(shows)) return { kind: 'allowed', code: '200', content: { shows } }
  if (said !== '') return { kind: 'broken', cause: `another answer: ${JSON.stringify(said.slice(0, 80))}` }
  // To bytes that are no TLS a server may send an alert (RFC 8446 §6.2), or just hang up: both end the handshake.
  return ready === 'connect'
    ? { kind: 'refused', by: 'handshake', code: 'closed', message: 'hung up without a byte' }
    : { kind: 'broken', cause: 'hung up without a byte' }
}

/** RFC 8446 §6: a fatal alert of the server is a refusal; a reset is not. */
function refusalIn(error: Error): Outcome {
  const alert = /SSL alert number (\d+)/.exec(error.message)?.[1]
  return alert === undefined
    ? { kind: 'broken', cause: causeOf(error) }
    : {
        kind: 'refused',
        by: 'handshake',
        code: `tls alert ${alert}`,
        message:
          messageOf(error)
            .replace(/^.*SSL routines:[^:]*:/, '')
            .split(':')[0] ?? '',
      }
}

function recorded(probe: Probe, scope: Scope, outcome: Outcome): Outcome {
  const status = outcome.kind === 'allowed' ? outcome.code : outcome.kind === 'refused' ? `${outcome.code}: ${outcome.message}` : outcome.cause
  scope.record({
    stage: scope.stage,
    surface: probe.surface,
    request: `${probe.operation} ${text(probe, 'port')} ${text(probe, 'version')}`.trim(),
    headers: {},
    body: '',
    status,
    answer: '',
    ms: 0,
  })
  return outcome
}
