import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/** What of the official SDK is used, by its own names; `connect` waits for the connection and asks for the version. */
export type SdkMethod = 'connect' | 'createUser' | 'describeUser' | 'updateUser' | 'listUsers' | 'deleteUser'

export interface SdkConfig {
  readonly address: string
  readonly ssl: boolean
  readonly tls: object
  readonly token?: string
  readonly username?: string
  readonly password?: string
  readonly maxRetries: number
  readonly timeout: number
  readonly logLevel: string
  readonly telemetry: { readonly enabled: boolean }
}

export interface SdkRequest {
  readonly id: number
  readonly config: SdkConfig
  readonly method: SdkMethod
  readonly args: object
}

export type SdkAnswer =
  | { readonly id: number; readonly kind: 'answered'; readonly answer: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly code: number | undefined; readonly details: string }

/** A user's program in a thread of its own: loading the SDK and opening a client takes seconds, in which nothing else would go on. */
export class SdkProgram implements AsyncDisposable {
  readonly #worker = new Worker(new URL(`./sdk-worker${extname(import.meta.url)}`, import.meta.url))
  readonly #waiting = new Map<number, (answer: SdkAnswer) => void>()
  #last = 0

  constructor() {
    this.#worker.on('message', (answer: SdkAnswer) => this.#settle(answer))
    this.#worker.on('error', (error) => {
      for (const id of [...this.#waiting.keys()]) this.#settle({ id, kind: 'failed', code: undefined, details: `the program ended: ${String(error)}` })
    })
    this.#worker.unref()
  }

  ask(request: Omit<SdkRequest, 'id'>, signal: AbortSignal): Promise<SdkAnswer> {
    const id = ++this.#last
    const { promise, resolve } = Promise.withResolvers<SdkAnswer>()
    this.#waiting.set(id, resolve)
    signal.addEventListener('abort', () => this.#settle({ id, kind: 'failed', code: undefined, details: 'interrupted' }), { once: true })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage({ ...request, id })
    return promise
  }

  #settle(answer: SdkAnswer): void {
    this.#waiting.get(answer.id)?.(answer)
    this.#waiting.delete(answer.id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}
