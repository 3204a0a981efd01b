import { readFileSync } from 'node:fs'
import { Agent, request } from 'undici'
import type { Endpoint } from '../../src/instance.ts'

/** Weaviate's own readiness path, over TLS with the run's authority; it answers 200 without a credential. */
export async function weaviateReady({ host, address, ports, pki }: Endpoint, signal: AbortSignal): Promise<void> {
  const port = ports['rest'] ?? 0
  // Shown only to a server that asks for it.
  const mine = pki.clientCert === '' ? {} : { cert: readFileSync(pki.clientCert), key: readFileSync(pki.clientKey) }
  const dispatcher = new Agent({ connect: { ca: readFileSync(pki.ca), servername: host, ...mine } })
  try {
    const { statusCode, body } = await request(`https://${address}:${port}/v1/.well-known/ready`, { dispatcher, headers: { host: `${host}:${port}` }, signal })
    await body.dump()
    if (statusCode !== 200) throw new Error(`/v1/.well-known/ready answers ${statusCode}`)
  } finally {
    await dispatcher.destroy()
  }
}
