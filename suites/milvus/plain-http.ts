import { request } from 'undici'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import { Secret } from '../../src/secret.ts'
import { atPace, departureOf } from '../../src/wire/pace.ts'
import { causeOf, cut, type HeaderValue, type RestAnswer, type Unanswered } from '../../src/wire/rest.ts'
import type { RestForm } from './operation.ts'

/** HTTP without TLS, for the one port of a Milvus that never speaks it: metrics and health. */
export class PlainHttp {
  readonly #origin: string
  readonly #shown: string
  readonly #address: string

  constructor({ address, host, ports }: Endpoint, port: string) {
    this.#address = address
    this.#origin = `http://${address}:${ports[port] ?? 0}`
    this.#shown = `http://${host}:${ports[port] ?? 0}`
  }

  /** Sends once. Never throws for what the other side does. */
  async send(form: RestForm, headers: Readonly<Record<string, HeaderValue>>, scope: Scope): Promise<RestAnswer | Unanswered> {
    await atPace(this.#address, departureOf(form.method, form.path), scope.signal)
    const started = performance.now()
    const body = form.body === undefined ? '' : JSON.stringify(form.body)
    const answer = await this.#exchange(form, revealed(headers), body, scope)
    scope.record({
      stage: scope.stage,
      surface: 'port',
      request: `${form.method} ${this.#shown}${form.path}`,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, value instanceof Secret ? `‹${value.label}›` : scope.vault.redact(String(value))]),
      ),
      body: cut(scope.vault.redact(body)),
      status: answer.kind === 'answered' ? String(answer.status) : scope.vault.redact(answer.cause),
      answer: answer.kind === 'answered' ? cut(scope.vault.redact(answer.body)) : '',
      ms: performance.now() - started,
    })
    return answer
  }

  async #exchange({ method, path }: RestForm, headers: Record<string, string>, body: string, scope: Scope): Promise<RestAnswer | Unanswered> {
    const signal = AbortSignal.any([scope.signal, AbortSignal.timeout(scope.requestTimeoutMs)])
    try {
      const answer = await request(`${this.#origin}${path}`, {
        method,
        headers: { ...headers, ...(body === '' ? {} : { 'content-type': 'application/json' }) },
        body: body === '' ? null : body,
        signal,
      })
      const text = await answer.body.text()
      return { kind: 'answered', status: answer.statusCode, headers: {}, body: text, json: parsed(text) }
    } catch (thrown) {
      return { kind: 'unanswered', cause: causeOf(thrown) }
    }
  }
}

const revealed = (headers: Readonly<Record<string, HeaderValue>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : String(value)]))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
