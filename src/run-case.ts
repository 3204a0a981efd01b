import { isDeepStrictEqual } from 'node:util'
import { probeKey, type Case, type Probe } from './case.ts'
import { NotHere, type Clock, type Driver, type Scope } from './driver.ts'
import { HarnessError, messageOf } from './errors.ts'
import type { Json } from './json.ts'
import type { Meddling } from './launch.ts'
import type { Effect, Exchange, Outcome, Stage } from './outcome.ts'
import { Vault, type Secret } from './secret.ts'
import type { AskedTwin, Twins } from './twins.ts'
import { judge, type Observation, type Verdict } from './verdict.ts'

const MOST_PROBES = 5
/** Keys of an outcome and an effect whose values are ours, not the server's. */
const ownWords: ReadonlySet<string> = new Set(['kind', 'by', 'code'])

export interface RunCaseOptions {
  /** The case's own name for what it makes; see `Scope.name`. */
  readonly name: string
  readonly vault: Vault
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly requestTimeoutMs: number
  /** See `Scope.meddling`. */
  readonly meddling?: Meddling
  /** Is told of each secret that the case makes. */
  readonly onSecret?: (secret: Secret) => void
  /** Absent: the case asks a twin of its own. */
  readonly twins?: Twins
}

export interface CaseResult {
  readonly verdict: Verdict
  readonly observation: Observation | undefined
  readonly exchanges: readonly Exchange[]
  readonly startedAt: string
  readonly ms: number
}

/**
 * One case, from nothing to a verdict: set up → probe → effect → twin → its effect. Knows no test runner and no product.
 * Never throws for what a server did; an exception that is not ours is a `defect`.
 */
export async function runCase(driver: Driver, row: Case, options: RunCaseOptions): Promise<CaseResult> {
  const started = options.clock.now()
  const exchanges: Exchange[] = []
  const attempt = new Attempt(driver, { ...options, vault: new Vault(options.vault, options.onSecret) }, exchanges)
  const { verdict, observation } = await conclude(attempt, row)
  return { verdict, observation, exchanges, startedAt: new Date(started).toISOString(), ms: options.clock.now() - started }
}

async function conclude(attempt: Attempt, row: Case): Promise<{ verdict: Verdict; observation: Observation | undefined }> {
  try {
    const observation = await observe(attempt, row)
    return { verdict: judge(row.expect, observation), observation }
  } catch (thrown) {
    if (thrown instanceof NotHere && attempt.stage === 'set-up')
      return { verdict: { kind: 'not-applicable', reason: 'runtime', because: attempt.redact(thrown.message) }, observation: undefined }
    const ours = thrown instanceof HarnessError && thrown.code !== 'HARNESS_DEFECT'
    const because = ours ? thrown.message : `${attempt.stage}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`
    return { verdict: { kind: ours ? 'inconclusive' : 'defect', because: attempt.redact(because) }, observation: undefined }
  }
}

async function observe(attempt: Attempt, row: Case): Promise<Observation> {
  const probed = await attempt.ask(probeOf(row), 'probe')
  const exempt = row.effect === undefined ? undefined : ({ kind: 'exempt', exemption: row.effect.exempt } as const)
  const twin = await askTwin(attempt, row, probed.outcome)
  return { surface: row.surface, probe: probed.outcome, effect: exempt ?? probed.effect, twin }
}

/** The case without what is expected of it: all that a driver may know. */
const probeOf = ({ operation, principal, surface, input }: Case): Probe => ({ operation, principal, surface, input })

async function askTwin(attempt: Attempt, row: Case, probe: Outcome): Promise<Observation['twin']> {
  if (row.twin === undefined || row.expect.kind === 'allowed') return { kind: 'not-asked' }
  if ('exempt' in row.twin) return { kind: 'exempt', exemption: row.twin.exempt }
  // The verdict cannot depend on it: a grant deviates, a broken answer is inconclusive, whatever the twin says.
  if (probe.kind !== 'refused') return { kind: 'not-asked' }
  const { outcome, effect } = await attempt.askTwin({ ...row, ...row.twin })
  return { kind: 'asked', outcome, effect }
}

/** The driver at work on one case; holds the names, the secrets and the record that its steps share. */
class Attempt {
  readonly #driver: Driver
  readonly #options: RunCaseOptions
  readonly #exchanges: Exchange[]
  stage: Stage = 'set-up'

  constructor(driver: Driver, options: RunCaseOptions, exchanges: Exchange[]) {
    this.#driver = driver
    this.#options = options
    this.#exchanges = exchanges
  }

  redact(text: string): string {
    return this.#options.vault.redact(text)
  }

  /** Asks on a resource of its own, and again where the answer is void. */
  async ask(probe: Probe, as: 'probe' | 'twin'): Promise<{ outcome: Outcome; effect: Effect }> {
    let seen = await this.#askOnce(probe, as, 0)
    for (let again = 1; again < MOST_PROBES && seen.outcome.kind === 'void'; again++) seen = await this.#askOnce(probe, as, again)
    return seen
  }

  /** On a resource of its own, or as it was answered for another case: what runs alone may have changed what it asks about. */
  async askTwin(row: Case): Promise<Pick<AskedTwin, 'outcome' | 'effect'>> {
    const { twins } = this.#options
    if (twins === undefined || row.exclusive === true) return this.ask(probeOf(row), 'twin')
    const twin = await twins.ask(probeKey(row), () => this.#askTwinAnew(row))
    if (twin.caseId !== row.id)
      this.#exchanges.push(...twin.exchanges.filter(({ stage }) => stage === 'twin').map((one) => ({ ...one, askedFor: twin.caseId })))
    return twin
  }

  async #askTwinAnew(row: Case): Promise<AskedTwin> {
    const from = this.#exchanges.length
    const asked = await this.ask(probeOf(row), 'twin')
    return { ...asked, exchanges: this.#exchanges.slice(from), caseId: row.id, endedAt: this.#options.clock.now() }
  }

  async #askOnce(probe: Probe, as: 'probe' | 'twin', round: number): Promise<{ outcome: Outcome; effect: Effect }> {
    const name = `${this.#options.name}${as === 'twin' ? 't' : 'p'}${round === 0 ? '' : round}`
    const resource = await this.#driver.prepare(probe, this.#scope('set-up', name))
    try {
      const before = await this.#look(probe, resource, name)
      const outcome = await this.#driver.perform(probe, resource, this.#scope(as, name))
      const after = await this.#look(probe, resource, name)
      const effect = this.#driver.effect(probe, resource, { before, after, outcome })
      return this.#redacted({ outcome, effect: soundEffect(this.#driver.nature(probe), before, after, effect) })
    } finally {
      await this.#cleanUp(probe, resource, name)
    }
  }

  async #look(probe: Probe, resource: unknown, name: string): Promise<Json> {
    return this.#driver.nature(probe) === 'read' ? null : this.#driver.look(probe, resource, this.#scope('effect', name))
  }

  /** A server may echo a credential in the very message that its refusal is recognised by. */
  #redacted<Seen extends object>(seen: Seen): Seen {
    return this.#clean(seen, '') as Seen
  }

  #clean(value: unknown, key: string): unknown {
    if (typeof value === 'string') return ownWords.has(key) ? value : this.redact(value)
    if (Array.isArray(value)) return value.map((item) => this.#clean(item, key))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, this.#clean(inner, name)]])))
  }

  /** A clean-up that fails spoils no verdict: what it leaves has a name that no other case uses. */
  async #cleanUp(probe: Probe, resource: unknown, name: string): Promise<void> {
    try {
      await this.#driver.cleanUp?.(probe, resource, this.#scopeOf('clean-up', name))
    } catch (thrown) {
      this.#exchanges.push({
        stage: 'clean-up',
        surface: probe.surface,
        request: 'clean-up',
        headers: {},
        body: '',
        status: this.redact(messageOf(thrown)),
        answer: '',
        ms: 0,
      })
    }
  }

  /** Enters a stage: what is thrown from now on is said to come from it. */
  #scope(stage: Stage, name: string): Scope {
    this.stage = stage
    return this.#scopeOf(stage, name)
  }

  #scopeOf(stage: Stage, name: string): Scope {
    const { vault, clock, signal, requestTimeoutMs, meddling } = this.#options
    const meddled = meddling === undefined ? {} : { meddling }
    return { name, stage, vault, clock, signal, requestTimeoutMs, ...meddled, record: (exchange) => void this.#exchanges.push(exchange) }
  }
}

/** A driver may not call a changed state unchanged, nor an unchanged one changed. */
function soundEffect(nature: 'read' | 'write', before: Json, after: Json, effect: Effect): Effect {
  if (nature === 'read') return effect
  const same = isDeepStrictEqual(before, after)
  if (effect.kind === 'none' && !same) return { kind: 'unclear', because: 'the state changed, though not as the operation would change it' }
  if (effect.kind === 'seen' && same) return { kind: 'unclear', because: 'the state is the same before and after' }
  return effect
}
