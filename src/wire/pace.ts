import { setTimeout as delay } from 'node:timers/promises'

/** When the next request to an address may leave, and how far apart they are. */
interface Pace {
  readonly everyMs: number
  next: number
}

/** What is about to leave, without its query, which may hold a credential: `GET /collections`, `/qdrant.Collections/List`. */
export type Departure = string

/** By address: the clients of one system are many, and what must not be exceeded is theirs together. */
const paces = new Map<string, Pace>()
const guards = new Map<string, (departure: Departure) => void>()

/** From now on no more than so many requests a second leave for that address, until it is disposed of. */
export function limitPace(address: string, perSecond: number): Disposable {
  paces.set(address, { everyMs: 1000 / perSecond, next: 0 })
  return { [Symbol.dispose]: () => void paces.delete(address) }
}

/** From now on nothing leaves for that address that `admit` throws at, until it is disposed of. */
export function guardDepartures(address: string, admit: (departure: Departure) => void): Disposable {
  guards.set(address, admit)
  return { [Symbol.dispose]: () => void guards.delete(address) }
}

/**
 * Waits for the address's turn; at once where nothing limits it, or where the wait is called off.
 *
 * @throws what the address's guard throws: the request must not be sent
 */
export async function atPace(address: string, departure: Departure, signal: AbortSignal): Promise<void> {
  guards.get(address)?.(departure)
  const pace = paces.get(address)
  if (pace === undefined) return
  const now = performance.now()
  const turn = Math.max(now, pace.next)
  pace.next = turn + pace.everyMs
  if (turn > now) await delay(turn - now, undefined, { signal }).catch(() => undefined)
}

/** `POST /collections/x?api-key=…` without what follows the question mark. */
export const departureOf = (method: string, path: string): Departure => `${method} ${path.split('?', 1)[0] ?? ''}`
