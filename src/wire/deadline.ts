import type { Scope } from '../driver.ts'

/**
 * The time of one request: it passes after `requestTimeoutMs`, or when the run is interrupted. Let go of as soon as the request is
 * over, for a run has hundreds of them a second and signals that nobody heeds any more would pile up until their time.
 */
export class Deadline implements Disposable {
  readonly #own = new AbortController()
  readonly #run: AbortSignal
  readonly #timer: NodeJS.Timeout
  readonly #passed = Promise.withResolvers<never>()

  constructor({ signal, requestTimeoutMs }: Pick<Scope, 'signal' | 'requestTimeoutMs'>) {
    this.#run = signal
    this.#passed.promise.catch(() => undefined)
    this.#timer = setTimeout(() => this.#pass(new DOMException(`timeout: no answer within ${requestTimeoutMs} ms`, 'TimeoutError')), requestTimeoutMs)
    if (signal.aborted) this.#interrupt()
    else signal.addEventListener('abort', this.#interrupt, { once: true })
  }

  get signal(): AbortSignal {
    return this.#own.signal
  }

  /** undici heeds a signal only once it is connected, so its promises are raced. */
  orPassed<Result>(pending: Promise<Result>): Promise<Result> {
    return Promise.race([pending, this.#passed.promise])
  }

  readonly #interrupt = (): void => this.#pass(this.#run.reason)

  #pass(reason: unknown): void {
    this.#own.abort(reason)
    this.#passed.reject(reason)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#run.removeEventListener('abort', this.#interrupt)
  }
}
