import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { Scope } from '../../src/driver.ts'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Secret } from '../../src/secret.ts'
import type { RestClient, RestRequest } from '../../src/wire/rest.ts'
import { restOutcome } from './answers.ts'

/** The holder of the API key, who sets up and looks: always by REST, whatever surface is probed. */
export class Admin {
  readonly #rest: RestClient
  readonly #endpoint: Endpoint
  readonly #key: Secret
  /** Where the server keeps its snapshots, as it sees it. */
  readonly snapshotsFolder: string

  constructor(rest: RestClient, endpoint: Endpoint, key: Secret) {
    this.#rest = rest
    this.#endpoint = endpoint
    this.#key = key
    const { snapshots } = endpoint.facts
    this.snapshotsFolder = typeof snapshots === 'string' ? snapshots : ''
  }

  /**
   * The bytes of a file: an archive is no text, and what is recorded is.
   *
   * @throws HarnessError `SET_UP_FAILED`
   */
  async download(path: string, scope: Scope): Promise<Buffer> {
    const { host, address, ports, pki, facts } = this.#endpoint
    const certificate = facts['clientCertificate'] === true ? { cert: readFileSync(pki.clientCert), key: readFileSync(pki.clientKey) } : {}
    const asked = request({
      host: address,
      servername: host,
      port: ports['rest'] ?? 0,
      path,
      headers: { host, 'api-key': this.#key.reveal() },
      ca: readFileSync(pki.ca),
      agent: false,
      ...certificate,
    })
    asked.end()
    const { status, bytes } = await received(asked, scope).catch((cause: unknown) => {
      throw new HarnessError('SET_UP_FAILED', `${scope.stage}: GET ${path} with the API key: ${messageOf(cause)}`, { cause })
    })
    if (status === 200 && bytes.length > 0) return bytes
    throw new HarnessError('SET_UP_FAILED', `${scope.stage}: GET ${path} with the API key: status ${status}, ${bytes.length} bytes`)
  }

  /**
   * The `result` of an answer.
   *
   * @throws HarnessError `SET_UP_FAILED`
   */
  async ask(asked: RestRequest, scope: Scope): Promise<Json> {
    const outcome = restOutcome(await this.#rest.send({ ...asked, headers: { ...asked.headers, 'api-key': this.#key } }, scope))
    if (outcome.kind === 'allowed') return outcome.content ?? null
    const why = outcome.kind === 'refused' ? `${outcome.code}: ${outcome.message}` : outcome.cause
    throw new HarnessError('SET_UP_FAILED', `${scope.stage}: ${asked.method} ${asked.path} with the API key: ${why}`)
  }
}

async function received(asked: ClientRequest, { signal, requestTimeoutMs }: Scope): Promise<{ readonly status: number | undefined; readonly bytes: Buffer }> {
  const [answer] = (await once(asked, 'response', { signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]) })) as [IncomingMessage]
  return { status: answer.statusCode, bytes: await buffer(answer) }
}
