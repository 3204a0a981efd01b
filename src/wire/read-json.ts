import { systemClock } from '../driver.ts'
import type { Endpoint } from '../instance.ts'
import { Vault } from '../secret.ts'
import { RestClient } from './rest.ts'

const TIMEOUT_MS = 10_000

export interface ReadJsonOptions {
  readonly port: string
  readonly path: string
  readonly clientCertificate?: boolean
  readonly signal: AbortSignal
}

/**
 * What a server publishes to everybody at that path; nothing of it is recorded.
 *
 * @throws where it does not answer
 */
export async function readJson(endpoint: Endpoint, { port, path, clientCertificate = false, signal }: ReadJsonOptions): Promise<unknown> {
  await using client = new RestClient(endpoint, port, { clientCertificate })
  const tools = { vault: new Vault(), clock: systemClock, signal, requestTimeoutMs: TIMEOUT_MS, record: () => undefined }
  const answer = await client.send({ method: 'GET', path }, { name: 'census', stage: 'probe', ...tools })
  if (answer.kind === 'unanswered') throw new Error(answer.cause)
  if (answer.status !== 200) throw new Error(`GET ${path}: status ${answer.status}`)
  return answer.json
}
