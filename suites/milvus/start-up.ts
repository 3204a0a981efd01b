import { join } from 'node:path'
import { z } from 'zod'
import { milvusReady } from '../../containers/milvus/ready.ts'
import type { Start } from '../../containers/own-server.ts'
import type { Launch, Placement } from '../../containers/server.ts'
import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import { ownServer, withConfiguration, withTls } from './own-servers.ts'

interface Settings {
  readonly tlsMode: number | string
  readonly tls: (at: Placement) => object
  /** How a complaint about just that reads: a server that ends for another reason has not refused these settings. */
  readonly says: RegExp
}

const NOWHERE = 'nowhere.pem'
const NO_PEM = 'no-certificate.pem'
const nowhere = (at: Placement): string => join(at.folder, NOWHERE)
const noPem = (at: Placement): string => join(at.folder, NO_PEM)

/** What is wrong with the TLS settings; all the rest is as it should be. */
const startUps = {
  'one-way-without-its-certificate': { tlsMode: 1, tls: (at) => ({ serverPemPath: nowhere(at) }), says: /nowhere\.pem/ },
  'one-way-without-its-key': { tlsMode: 1, tls: (at) => ({ serverKeyPath: nowhere(at) }), says: /nowhere\.pem/ },
  'mutual-without-its-certificate': { tlsMode: 2, tls: (at) => ({ serverPemPath: nowhere(at) }), says: /nowhere\.pem/ },
  'mutual-without-its-key': { tlsMode: 2, tls: (at) => ({ serverKeyPath: nowhere(at) }), says: /nowhere\.pem/ },
  'mutual-without-its-authority': { tlsMode: 2, tls: (at) => ({ caPemPath: nowhere(at) }), says: /nowhere\.pem/ },
  'one-way-with-a-certificate-that-is-none': { tlsMode: 1, tls: (at) => ({ serverPemPath: noPem(at) }), says: /failed to find any PEM data/ },
  'mutual-with-an-authority-that-is-none': { tlsMode: 2, tls: (at) => ({ caPemPath: noPem(at) }), says: /fail to append ca to cert/ },
  "one-way-with-another's-key": { tlsMode: 1, tls: ({ pki }) => ({ serverKeyPath: pki.clientKey }), says: /private key does not match public key/ },
  'a-mode-that-there-is-not': { tlsMode: 3, tls: () => ({}), says: /tls_?mode/i },
  'a-mode-that-is-no-number': { tlsMode: 'mutual', tls: () => ({}), says: /tls_?mode|"mutual"/i },
} as const satisfies Readonly<Record<string, Settings>>

export type StartUpName = keyof typeof startUps
export const startUpNames = Object.keys(startUps) as readonly StartUpName[]

const inputShape = z.strictObject({ settings: z.enum(startUpNames) })

/** How many of these boot side by side: each takes a core for a moment. */
const AT_ONCE = 2

/** Starts servers with TLS settings that cannot work: each ends, and says why, or comes to be ready all the same. */
export class StartUp implements Driver<null> {
  readonly #instance: InstanceInfo
  readonly #lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve())
  #next = 0

  constructor(instance: InstanceInfo) {
    this.#instance = instance
  }

  nature(): 'read' {
    return 'read'
  }

  /** Throws where there can be no server of its own, before anything is asked. */
  async prepare(_probe: Probe, scope: Scope): Promise<null> {
    await using server = await ownServer(this.#instance, scope)
    void server
    return null
  }

  perform(probe: Probe, _nothing: null, scope: Scope): Promise<Outcome> {
    const lane = this.#next++ % AT_ONCE
    const turn = (this.#lanes[lane] ?? Promise.resolve()).then(() => this.#start(probe, scope))
    this.#lanes[lane] = turn.catch(() => undefined)
    return turn
  }

  async #start(probe: Probe, scope: Scope): Promise<Outcome> {
    const settings: Settings = startUps[inputShape.parse(probe.input).settings]
    const started = performance.now()
    await using server = await ownServer(this.#instance, scope, { ready: withTlsOrWithout })
    const start = await server.start({ change: (launch, at) => changed(launch, at, settings) })
    const outcome = outcomeOf(start, settings)
    scope.record({
      stage: scope.stage,
      surface: 'process',
      request: `milvus run standalone, tlsMode ${settings.tlsMode}, ${inputShape.parse(probe.input).settings}`,
      headers: {},
      body: '',
      status: start.kind === 'ended' ? start.how : start.kind === 'ready' ? 'ready' : start.because,
      answer: start.kind === 'ready' ? '' : scope.vault.redact(start.log.slice(-12).join('\n')).slice(-4096),
      ms: performance.now() - started,
    })
    return outcome
  }

  async look(): Promise<Json> {
    return null
  }

  effect(_probe: Probe, _nothing: null, { outcome }: { readonly outcome: Outcome }): Effect {
    return outcome.kind === 'allowed' ? { kind: 'seen', what: 'the server answers root' } : { kind: 'none', what: 'no server came to be ready' }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#lanes)
  }
}

/** A server that speaks without TLS is there all the same. */
const withTlsOrWithout = (endpoint: Endpoint, signal: AbortSignal): Promise<void> =>
  Promise.any([2, 0].map((tlsMode) => milvusReady({ ...endpoint, facts: { ...endpoint.facts, tlsMode } }, signal)))

const changed = (launch: Launch, at: Placement, { tlsMode, tls }: Settings): Launch => {
  const launched = withConfiguration(launch, (file) => withTls(file, tls(at), { tlsMode }))
  return { ...launched, files: { ...launched.files, [NO_PEM]: 'this is no certificate\n' } }
}

function outcomeOf(start: Start, { says }: Settings): Outcome {
  switch (start.kind) {
    case 'ready':
      return { kind: 'allowed', code: 'ready' }
    case 'hung':
      return { kind: 'broken', cause: start.because.split('\n')[0] ?? '' }
    case 'ended': {
      const line = start.log.find((text) => says.test(text))
      if (line === undefined) return { kind: 'broken', cause: `${start.how}, without a word about the setting` }
      return { kind: 'refused', by: 'start-up', code: start.how, message: complaint(line, says) }
    }
  }
}

/** The line from where it complains: what stands before is the time and the place in the program. */
const complaint = (line: string, says: RegExp): string => line.slice(Math.max(0, line.search(says) - 80)).slice(0, 240)
