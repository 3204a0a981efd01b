import { join } from 'node:path'
import type { Placement } from '../../containers/server.ts'
import type { Start } from '../../containers/own-server.ts'
import type { Scope } from '../../src/driver.ts'
import type { Outcome } from '../../src/outcome.ts'
import { ownServer } from './own-servers.ts'
import { withSettings, type Settings } from './scene-settings.ts'
import { sceneKeys } from './scenes.ts'
import type { ScriptMaker } from './script.ts'

interface StartUp {
  readonly settings: (at: Placement) => Settings
  /** How a complaint about just that reads: a server that ends for another reason has not refused these settings. */
  readonly names?: RegExp
}

const missing = (at: Placement): string => join(at.folder, 'there-is-no-such.pem')
/** A file that is there and is no certificate. */
const noPem = (at: Placement): string => join(at.folder, 'config', 'assay.yaml')
const peers = { 'cluster.enabled': true, 'cluster.p2p.enable_tls': true } as const
const peersOnly = { ...peers, 'service.enable_tls': false } as const
const aboutFile = /there-is-no-such\.pem/
/** 1.14.1 says of the files for peers that there is none, and not which: a start with peers over TLS finds all that it reads. */
const aboutPeersFile = /there-is-no-such\.pem|^Error: No such file or directory \(os error 2\)$/
/** Without the setting, the file that the program's own defaults name. */
const aboutAuthority = /\bca_?cert\b|CA certificate/i

/** Settings by what is special about them. */
const startUps = {
  'as-documented': { settings: () => ({}) },
  'with-peers-over-tls': { settings: (at) => ({ file: peers, args: ['--uri', `https://localhost:${at.ports['p2p'] ?? 0}`] }) },
  'without-its-certificate': { settings: (at) => ({ file: { 'tls.cert': missing(at) } }), names: aboutFile },
  'without-its-key': { settings: (at) => ({ file: { 'tls.key': missing(at) } }), names: aboutFile },
  'without-any-tls-settings': { settings: () => ({ file: { tls: null } }), names: /\bTLS\b|certificate/i },
  'with-a-certificate-that-is-none': { settings: (at) => ({ file: { 'tls.cert': noPem(at) } }), names: /certificate/i },
  'with-a-key-that-is-none': { settings: (at) => ({ file: { 'tls.key': noPem(at) } }), names: /private key/i },
  'client-certificates-without-an-authority': {
    settings: () => ({ file: { 'service.verify_https_client_certificate': true, 'tls.ca_cert': null } }),
    names: aboutAuthority,
  },
  'client-certificates-without-the-authority-file': {
    settings: (at) => ({ file: { 'service.verify_https_client_certificate': true, 'tls.ca_cert': missing(at) } }),
    names: aboutFile,
  },
  'peers-without-their-certificate': { settings: (at) => ({ file: { ...peersOnly, 'tls.cert': missing(at) } }), names: aboutPeersFile },
  'peers-without-their-key': { settings: (at) => ({ file: { ...peersOnly, 'tls.key': missing(at) } }), names: aboutPeersFile },
  'peers-without-an-authority': { settings: (at) => ({ file: { ...peersOnly, 'tls.ca_cert': missing(at) } }), names: aboutPeersFile },
} as const satisfies Readonly<Record<string, StartUp>>

export type StartUpName = keyof typeof startUps
export const startUpNames = Object.keys(startUps) as [StartUpName, ...StartUpName[]]

/** Starts a server with those settings: allowed where it comes to be ready, refused where it ends and says why. */
export const startServer: ScriptMaker = async ({ start = 'as-documented' }, { instance, vault }, scope) => {
  const { settings, names }: StartUp = startUps[start]
  const keys = sceneKeys()
  for (const [label, key] of Object.entries(keys)) vault.secret(key, label)
  const server = await ownServer(instance, { ...keys }, scope)
  return {
    async perform(_, asked) {
      const started = performance.now()
      const outcome = outcomeOf(await server.start({ change: (launch, at) => withSettings(launch, settings(at)) }), names)
      record(start, outcome, { started, log: server.log() }, asked)
      return outcome
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

function outcomeOf(start: Start, names: RegExp | undefined): Outcome {
  if (start.kind === 'ready') return { kind: 'allowed', code: 'ready', shown: ['a server that answers'] }
  if (start.kind === 'hung') return { kind: 'broken', cause: start.because }
  const code = /^ended with exit code ([1-9]\d*)$/.exec(start.how)?.[1]
  const complaint = start.log.findLast((line) => /\bERROR\b|^Error: |panicked/.test(line) && names?.test(line) === true)
  if (code === undefined || complaint === undefined) return { kind: 'broken', cause: `${start.how}: ${start.log.slice(-3).join(' / ')}` }
  return { kind: 'refused', by: 'start-up', code: `exit ${code}`, message: complaint.replace(/^\S+Z\s+/, '') }
}

interface Seen {
  readonly started: number
  readonly log: readonly string[]
}

function record(start: string, outcome: Outcome, { started, log }: Seen, scope: Scope): void {
  const status = outcome.kind === 'refused' ? outcome.code : outcome.kind === 'allowed' ? 'ready' : outcome.cause
  scope.record({
    stage: scope.stage,
    surface: 'process',
    request: `qdrant started ${start}`,
    headers: {},
    body: '',
    status,
    answer: scope.vault.redact(log.slice(-6).join('\n')),
    ms: performance.now() - started,
  })
}
