import { readFileSync } from 'node:fs'
import { Agent, request } from 'undici'
import type { Endpoint } from '../../src/instance.ts'
import { realmName } from './realm.ts'

/**
 * The discovery document of the imported realm, over TLS with the run's authority: the first thing that a client
 * needs, at the same place in every version (the health path moved to a port of its own with 25).
 */
export async function keycloakReady({ host, address, ports, pki }: Endpoint, signal: AbortSignal): Promise<void> {
  const port = ports['https'] ?? 0
  const dispatcher = new Agent({ connect: { ca: readFileSync(pki.ca), servername: host } })
  try {
    const path = `/realms/${realmName}/.well-known/openid-configuration`
    const { statusCode, body } = await request(`https://${address}:${port}${path}`, { dispatcher, headers: { host: `${host}:${port}` }, signal })
    await body.dump()
    if (statusCode !== 200) throw new Error(`${path} answers ${statusCode}`)
  } finally {
    await dispatcher.destroy()
  }
}
