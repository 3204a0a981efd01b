import { createServer } from 'node:net'
import { threadId } from 'node:worker_threads'
import { HarnessError } from '../../src/errors.ts'

// Below Linux's and macOS's ranges for outgoing connections, so that none of those takes a port between choice and bind.
const FIRST = 20_000
const LAST = 32_000
const MOST_TRIES = 200
/** Each thread draws from a slice of its own, for it knows nothing of what others have drawn and not bound yet; at last from all. */
const SLICES = 48
const SLICE = (LAST - FIRST) / SLICES

const handedOut = new Set<number>()

/**
 * Free ports on loopback and on all interfaces, by name; never the same twice in one thread.
 *
 * @param inARow those of which each is one more than the one before
 */
export async function freePorts<Name extends string>(names: readonly Name[], inARow: readonly Name[] = []): Promise<Record<Name, number>> {
  const row = await freeRow(inARow.length)
  const ports: Partial<Record<Name, number>> = {}
  for (const name of names) ports[name] = row[inARow.indexOf(name)] ?? (await freeRow(1))[0]
  return ports as Record<Name, number>
}

async function freeRow(length: number): Promise<readonly number[]> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const [from, to] = attempt < MOST_TRIES / 2 ? ownSlice() : [FIRST, LAST]
    const first = from + Math.floor(Math.random() * (to - from - length))
    const row = Array.from({ length }, (_, at) => first + at)
    if (row.some((port) => handedOut.has(port))) continue
    for (const port of row) handedOut.add(port)
    if (await areFree(row)) return row
  }
  throw new HarnessError('PORT_TAKEN', `no ${length} free ports in a row between ${FIRST} and ${LAST} in ${MOST_TRIES} tries`, {
    hint: 'end what listens there',
  })
}

/** Two processes are likely to begin elsewhere. */
function ownSlice(): readonly [from: number, to: number] {
  const from = FIRST + ((threadId + process.pid) % SLICES) * SLICE
  return [from, from + SLICE]
}

async function areFree(row: readonly number[]): Promise<boolean> {
  for (const port of row) if (!(await isFree(port, '127.0.0.1')) || !(await isFree(port, '0.0.0.0'))) return false
  return true
}

function isFree(port: number, host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  return promise
}
