import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Json } from '../../src/json.ts'
import type { Secret } from '../../src/secret.ts'
import type { RestClient, RestRequest } from '../../src/wire/rest.ts'
import { restOutcome } from './answers.ts'

/** The holder of the API key, who sets up and looks: always by REST, whatever surface is probed. */
export class Admin {
  readonly #rest: RestClient
  readonly #key: Secret

  constructor(rest: RestClient, key: Secret) {
    this.#rest = rest
    this.#key = key
  }

  /**
   * The `result` of an answer.
   *
   * @throws HarnessError `SET_UP_FAILED`
   */
  async ask(request: RestRequest, scope: Scope): Promise<Json> {
    const outcome = restOutcome(await this.#rest.send({ ...request, headers: { 'api-key': this.#key } }, scope))
    if (outcome.kind === 'allowed') return outcome.content ?? null
    const why = outcome.kind === 'refused' ? `${outcome.code}: ${outcome.message}` : outcome.cause
    throw new HarnessError('SET_UP_FAILED', `${scope.stage}: ${request.method} ${request.path} with the API key: ${why}`)
  }
}
