import { setTimeout as delay } from 'node:timers/promises'

/** When the next request to an address may leave, and how far apart they are. */
interface Pace {
  readonly everyMs: number
  next: number
}

/** By address: the clients of one system are many, and what must not be exceeded is theirs together. */
const paces = new Map<string, Pace>()

/** From now on no more than so many requests a second leave for that address, until it is disposed of. */
export function limitPace(address: string, perSecond: number): Disposable {
  paces.set(address, { everyMs: 1000 / perSecond, next: 0 })
  return { [Symbol.dispose]: () => void paces.delete(address) }
}

/** Waits for the address's turn; at once where nothing limits it, or where the wait is called off. */
export async function atPace(address: string, signal: AbortSignal): Promise<void> {
  const pace = paces.get(address)
  if (pace === undefined) return
  const now = performance.now()
  const turn = Math.max(now, pace.next)
  pace.next = turn + pace.everyMs
  if (turn > now) await delay(turn - now, undefined, { signal }).catch(() => undefined)
}
