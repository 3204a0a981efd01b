import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Place } from './place.ts'

/** What one operation is: how it is prepared, asked, and seen to have worked. */
export interface Operation<R> {
  readonly nature: 'read' | 'write'
  prepare(at: Place, probe: Probe, scope: Scope): Promise<R>
  perform(at: Place, probe: Probe, made: R, scope: Scope): Promise<Outcome>
  look?(at: Place, probe: Probe, made: R, scope: Scope): Promise<Json>
  effect(probe: Probe, made: R, seen: Seen): Effect
  cleanUp?(at: Place, probe: Probe, made: R, scope: Scope): Promise<void>
}

export interface Seen {
  readonly before: Json
  readonly after: Json
  readonly outcome: Outcome
}

export const seen = (what: string): Effect => ({ kind: 'seen', what })
export const none = (what: string): Effect => ({ kind: 'none', what })
export const unclear = (because: string): Effect => ({ kind: 'unclear', because })

/** A part of the input, as text; empty where it is absent. */
export function text(probe: Probe, name: string): string {
  const value = probe.input[name]
  return typeof value === 'string' ? value : ''
}

export function texts(probe: Probe, name: string): readonly string[] {
  const value = probe.input[name]
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

/** Whether the answer of a read holds the name that was planted for it. */
export function discloses(canary: string, outcome: Outcome): Effect {
  const body = outcome.kind === 'allowed' ? JSON.stringify(outcome.content ?? null) : outcome.kind === 'refused' ? outcome.message : ''
  return body.includes(canary) ? seen(`it shows ${canary}`) : none(`nothing of ${canary} is in it`)
}
