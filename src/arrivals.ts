/**
 * What promises resolve to, in rounds: each round holds all that arrived since the one before. A promise that rejects is
 * left out. Ends when all have settled; a round that the consumer works on does not hold up the others.
 */
export async function* arrivals<T>(promises: readonly Promise<T>[]): AsyncGenerator<readonly T[], void> {
  let arrived: T[] = []
  const open = new Set<Promise<void>>()
  for (const promise of promises) {
    const settled: Promise<void> = take(promise, (value) => arrived.push(value)).then(() => void open.delete(settled))
    open.add(settled)
  }
  while (open.size > 0 || arrived.length > 0) {
    if (arrived.length === 0) await Promise.race(open)
    const round = arrived
    arrived = []
    if (round.length > 0) yield round
  }
}

async function take<T>(promise: Promise<T>, keep: (value: T) => void): Promise<void> {
  try {
    keep(await promise)
  } catch {
    // Whoever made the promise says why; here it only does not arrive.
  }
}
