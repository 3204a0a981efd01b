import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { Endpoint } from '../../src/instance.ts'

/** Ready means that it lists its collections to the holder of the API key, over TLS with our authority: storage is loaded. */
export async function qdrantReady(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
  const { host, address, pki, credentials, facts } = endpoint
  const asked = request({
    host: address,
    servername: host,
    port: endpoint.ports['rest'] ?? 0,
    path: '/collections',
    headers: { host, 'api-key': credentials['api-key'] ?? '' },
    ca: readFileSync(pki.ca),
    ...(facts['clientCertificate'] === true ? { cert: readFileSync(pki.clientCert), key: readFileSync(pki.clientKey) } : {}),
    agent: false,
    signal,
  })
  asked.end()
  const [answer] = (await once(asked, 'response', { signal })) as [IncomingMessage]
  answer.resume()
  if (answer.statusCode !== 200) throw new Error(`GET /collections: status ${answer.statusCode}`)
}
