import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request as requestInClear, type ClientRequest, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { connect } from 'node:net'
import type { Endpoint } from '../../src/instance.ts'

/**
 * Ready means that it lists its collections to the holder of the API key, over TLS with our authority (storage is loaded),
 * and that something listens for gRPC.
 *
 * The fact `readyWith` names another credential of the endpoint, and `plain` a server that speaks no TLS: it is asked without any.
 */
export async function qdrantReady(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
  const asked = endpoint.facts['plain'] === true ? inClear(endpoint, signal) : overTls(endpoint, signal)
  asked.end()
  const [answer] = (await once(asked, 'response', { signal })) as [IncomingMessage]
  answer.resume()
  if (answer.statusCode !== 200) throw new Error(`GET /collections: status ${answer.statusCode}`)
  await listens(endpoint, signal)
}

/** gRPC has a listener of its own, which may come later. */
async function listens({ address, ports }: Endpoint, signal: AbortSignal): Promise<void> {
  const socket = connect({ host: address, port: ports['grpc'] ?? 0 })
  try {
    await once(socket, 'connect', { signal })
  } finally {
    socket.destroy()
  }
}

function overTls({ host, address, ports, pki, credentials, facts }: Endpoint, signal: AbortSignal): ClientRequest {
  const { readyWith } = facts
  return request({
    host: address,
    servername: host,
    port: ports['rest'] ?? 0,
    path: '/collections',
    headers: { host, 'api-key': credentials[typeof readyWith === 'string' ? readyWith : 'api-key'] ?? '' },
    ca: readFileSync(pki.ca),
    ...(facts['clientCertificate'] === true ? { cert: readFileSync(pki.clientCert), key: readFileSync(pki.clientKey) } : {}),
    agent: false,
    signal,
  })
}

const inClear = ({ host, address, ports }: Endpoint, signal: AbortSignal): ClientRequest =>
  requestInClear({ host: address, port: ports['rest'] ?? 0, path: '/collections', headers: { host }, agent: false, signal })
