import type { Probe } from './case.ts'
import type { Json } from './json.ts'
import type { Meddling } from './launch.ts'
import type { Effect, Exchange, Outcome, Stage } from './outcome.ts'
import type { Vault } from './secret.ts'

/** Thrown by `Driver.prepare` where this machine has not what the probe needs: the case is not judged here. */
export class NotHere extends Error {
  override readonly name = 'NotHere'
}

/** Time as the harness sees it; injected, so that its own tests can move it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** What one case works with: its name for whatever it makes, its secrets, its deadline, its record of the wire. */
export interface Scope {
  /** Unique in the run, lower-case letters and digits, starts with a letter, at most 20 characters. */
  readonly name: string
  readonly stage: Stage
  readonly vault: Vault
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Longest wait for one answer. */
  readonly requestTimeoutMs: number
  /** What befalls the servers that the case starts for itself; absent, nothing. Only `containers/own-server.ts` looks at it. */
  readonly meddling?: Meddling
  record(exchange: Exchange): void
}

/**
 * Asks a product. One for each instance; it never sees an expectation.
 *
 * `R` is whatever `prepare` made: names, passwords, ids. `prepare` and `look` use the administrator's credential and
 * throw `HarnessError('SET_UP_FAILED')` where that does not work, and `prepare` throws `NotHere` where this machine is
 * without what it takes; `perform` never throws for what a server did or failed to do: it says `broken`.
 */
export interface Driver<R = unknown> extends AsyncDisposable {
  /** A read discloses, a write changes the state: only a write is looked at before and after. */
  nature(probe: Probe): 'read' | 'write'
  /** Makes what the probe needs and what its refusal must not disclose or change. */
  prepare(probe: Probe, scope: Scope): Promise<R>
  /** Asks once, as the probe's principal, on the probe's surface. Credentials are made at the moment of sending. */
  perform(probe: Probe, resource: R, scope: Scope): Promise<Outcome>
  /** The part of the state that the operation would change, as an administrator sees it. */
  look(probe: Probe, resource: R, scope: Scope): Promise<Json>
  /** Pure. Whether the operation's effect is to be seen in the state, or (a read) in the answer. */
  effect(probe: Probe, resource: R, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect
  /** Removes what `prepare` and the operation made, as far as later cases could notice it. */
  cleanUp?(probe: Probe, resource: R, scope: Scope): Promise<void>
}
