import { messageOf } from './errors.ts'
import type { Instance, InstanceInfo, Listener } from './instance.ts'

/** What a running server lists of itself, by its own account. */
export interface Listing {
  /** Where the list comes from: a path, a service, descriptors that the project carries. */
  readonly from: string
  readonly names: readonly string[]
}

/** Under which rules a port is looked at, or why it is open without one. */
export type Exposure = { readonly rules: readonly [string, ...string[]] } | { readonly because: string }

/** What is known of a product as a whole: whatever a server has beside that would be left out in silence. */
export interface Inventory {
  /**
   * The operations that this server says it has.
   *
   * @throws where a server that has such a list does not give it
   */
  operations(instance: InstanceInfo, signal: AbortSignal): Promise<readonly Listing[]>
  /** Operations that have cases, and those that have none for a reason, as `operations` names them. */
  knows(operation: string): boolean
  /** By the names that ports have in the product's server definition. */
  readonly exposure: Readonly<Record<string, Exposure>>
  /** Ports of any number that it opens on loopback for itself, so many at most. */
  readonly ofItsOwn?: { readonly most: number; readonly because: string }
}

export type Counted = 'operations' | 'ports'

/**
 * - `complete`: nothing was found that is unknown
 * - `incomplete`: `unknown` says what has neither cases nor a reason
 * - `failed`: it could not be looked at, though it should be possible here
 * - `not-here`: this runtime does not let it be looked at
 */
export type Census =
  | { readonly what: Counted; readonly state: 'complete'; readonly from: string; readonly listed: number }
  | { readonly what: Counted; readonly state: 'incomplete'; readonly from: string; readonly listed: number; readonly unknown: readonly string[] }
  | { readonly what: Counted; readonly state: 'failed' | 'not-here'; readonly because: string }

function censusOf(what: Counted, { from, names }: Listing, knows: (name: string) => boolean): Census {
  const unknown = [...new Set(names)].filter((name) => !knows(name)).toSorted()
  return unknown.length === 0 ? { what, state: 'complete', from, listed: names.length } : { what, state: 'incomplete', from, listed: names.length, unknown }
}

/**
 * What the running server says that it can be asked, against what has cases or a reason for having none: one for each list that it gives.
 * A list that a server should give and does not is no proof of anything: `failed`.
 */
export async function censusOfOperations({ operations, knows }: Inventory, instance: InstanceInfo, signal: AbortSignal): Promise<readonly Census[]> {
  if (instance.evidence === 'model') return [{ what: 'operations', state: 'not-here', because: 'a model has what the tables ask of it' }]
  try {
    return (await operations(instance, signal)).map((listing) => censusOf('operations', listing, knows))
  } catch (thrown) {
    return [{ what: 'operations', state: 'failed', because: `the list of operations could not be read: ${messageOf(thrown)}` }]
  }
}

/** The ports on which the server's processes listen, against those that are looked at, or open for a reason. */
export function censusOfPorts({ exposure, ofItsOwn }: Inventory, { info, listeners }: Pick<Instance, 'info' | 'listeners'>): Census {
  const found = listeners?.()
  if (found === undefined) return { what: 'ports', state: 'not-here', because: `on the ${info.runtime} runtime nobody can look at its sockets here` }
  if (found.length === 0) return { what: 'ports', state: 'failed', because: 'none of its processes listens any more' }
  const named = new Map(Object.entries(info.endpoint.ports).map(([name, port]) => [port, name]))
  const isKnown = ({ port }: Listener): boolean => Object.hasOwn(exposure, named.get(port) ?? '')
  const spare = new Set(found.filter((one) => !isKnown(one) && one.onLoopback).slice(0, ofItsOwn?.most ?? 0))
  const unknown = found.filter((one) => !isKnown(one) && !spare.has(one))
  const names = unknown.map(({ port, onLoopback }) => `port ${port}${named.has(port) ? ` (${named.get(port) ?? ''})` : ''}${onLoopback ? ', on loopback' : ''}`)
  const from = 'the listening sockets of its processes'
  return unknown.length === 0
    ? { what: 'ports', state: 'complete', from, listed: found.length }
    : { what: 'ports', state: 'incomplete', from, listed: found.length, unknown: names }
}
