import { createServer } from 'node:net'
import { HarnessError } from '../../src/errors.ts'

// Below Linux's and macOS's ranges for outgoing connections, so that none of those takes a port between choice and bind.
const FIRST = 20_000
const LAST = 32_000
const MOST_TRIES = 200

const handedOut = new Set<number>()

/** Free ports on loopback and on all interfaces, by name; never the same twice in one process. */
export async function freePorts<Name extends string>(names: readonly Name[]): Promise<Record<Name, number>> {
  const ports: Partial<Record<Name, number>> = {}
  for (const name of names) ports[name] = await freePort()
  return ports as Record<Name, number>
}

async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (handedOut.has(port)) continue
    handedOut.add(port)
    if ((await isFree(port, '127.0.0.1')) && (await isFree(port, '0.0.0.0'))) return port
  }
  throw new HarnessError('PORT_TAKEN', `no free port between ${FIRST} and ${LAST} in ${MOST_TRIES} tries`, { hint: 'end what listens there' })
}

function isFree(port: number, host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  return promise
}
