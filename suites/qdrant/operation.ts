import type { ProtocolMethod } from '../../fixtures/models/qdrant/protocol.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import type { RestRequest } from '../../src/wire/rest.ts'
import type { Extra, Place } from './place.ts'

/** How an operation is asked on each surface that it has. */
interface Asking {
  /** What the library must have for it beside its collections. */
  readonly extra?: Extra
  /** Servers that have it, as a semver range; absent: all. */
  readonly versions?: string
  /** A release took it away, and has no such path since: that is its answer, and not a broken one. */
  readonly gone?: true
  readonly rest?: (at: Place) => RestRequest
  readonly grpc?: { readonly method: ProtocolMethod; readonly message: (at: Place) => JsonObject }
}

/** Something planted that an answer can show: its label, and the text that only it has. */
export type Labels = (at: Place) => Readonly<Record<string, string>>

/** A read discloses. */
export interface Read extends Asking {
  readonly nature: 'read'
  readonly at: 'library' | 'server'
  /** What was planted and can be shown, each by a text that nothing else holds. */
  readonly labels: Labels
  /** Labels that are not found as a text: numbers. */
  readonly counted?: (answer: Json) => readonly string[]
  /** How many items the answer lists: those without a label count as `others`. */
  readonly items?: (answer: Json) => number
}

/** Which part of the state a write changes. */
export type Look =
  | 'point'
  | 'points'
  | 'count'
  | 'arrivals'
  | 'shard-keys'
  | 'collection'
  | 'made'
  | 'info'
  | 'aliases'
  | 'snapshots'
  | 'shard-snapshots'
  | 'full-snapshots'
  | 'locks'
  | 'logger'
  | 'metadata'

/** A write changes the state. */
export interface Write extends Asking {
  readonly nature: 'write'
  /** `board`: a point of its own in a shared collection; `own`: a collection of its own. */
  readonly at: 'board' | 'own' | 'server'
  /** What its own collection must have beforehand. */
  readonly needs?: 'index' | 'snapshot' | 'shard-snapshot' | 'emptied-shard' | 'full-snapshot' | 'shard-keys' | 'metadata-key' | 'offer' | 'shard-offer'
  readonly look: Look
  /** Labels of what the state shows afterwards, where it is not enough that it changed. */
  readonly shown?: (after: Json, at: Place) => readonly string[]
  /** Whether the state has changed as the operation changes it. */
  readonly changed: (seen: { readonly before: Json; readonly after: Json }, at: Place) => boolean
}

/** A connection, and the list of collections over it. */
export interface Handshake {
  readonly nature: 'read'
  readonly at: 'library'
  readonly speaks: 'rest' | 'grpc'
  readonly labels: Labels
}

export type Operation = Read | Write | Handshake

/** `a.b.0.c` in a JSON value; `undefined` where there is no such thing. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let found = value
  for (const key of path.split('.')) found = typeof found === 'object' && found !== null ? (found as Readonly<Record<string, Json>>)[key] : undefined
  return found
}

/** How many elements the list at that path has; 0 where there is none. */
export function countAt(value: Json, path: string): number {
  const found = at(value, path)
  return Array.isArray(found) ? found.length : 0
}
