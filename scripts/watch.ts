import { watch } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { messageOf } from '../src/errors.ts'
import type { InstanceInfo } from '../src/instance.ts'
import { codeRoot, isBuilt } from '../src/root.ts'
import type { ProductName } from '../src/rule.ts'

/** What is asked again and again, on servers that stay up: plain data, for a thread. */
export interface Watched {
  readonly infos: readonly InstanceInfo[]
  readonly pattern: string
  readonly product: ProductName
  readonly runId: string
  readonly wire: boolean
}

/** An editor writes a file in several steps, and several files at once. */
const SETTLED_MS = 150

/** Asks the cases, and again after each change of the product's files, until the signal. */
export async function watchAndReplay(watched: Watched, signal: AbortSignal): Promise<void> {
  const changes = new Changes(
    ['suites', 'fixtures', 'src'].map((folder) => join(codeRoot, folder)),
    signal,
  )
  while (!signal.aborted) {
    const seen = changes.count
    await replayFresh(watched, AbortSignal.any([signal, changes.after(seen)]))
    if (!signal.aborted) console.log(`watching suites/${watched.product}, fixtures and src; Ctrl-C ends it`)
    await changes.since(seen)
    if (!signal.aborted) console.log(`\n${changes.last} changed`)
  }
}

/** In a thread of its own: only there are the files read again. A change in the middle ends it. */
async function replayFresh(watched: Watched, signal: AbortSignal): Promise<void> {
  const worker = new Worker(join(codeRoot, 'scripts', `watch-worker.${isBuilt ? 'js' : 'ts'}`), { workerData: watched })
  const stop = (): void => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  // A file that is half written is no end of the watch.
  worker.on('error', (thrown) => console.error(`cannot be asked: ${messageOf(thrown)}`))
  await new Promise((resolve) => worker.once('exit', resolve))
  signal.removeEventListener('abort', stop)
}

/** Changes of files below some folders, counted. */
export class Changes {
  readonly #signal: AbortSignal
  #waiting: (() => void)[] = []
  count = 0
  last = ''

  constructor(folders: readonly string[], signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.#wake(), { once: true })
    for (const folder of folders) void this.#watch(folder)
  }

  /** Aborted at the first change after so many. */
  after(count: number): AbortSignal {
    const controller = new AbortController()
    void this.#changeAfter(count).then(() => controller.abort())
    return controller.signal
  }

  /** Resolves when something has changed after so many changes, and all is quiet again; or at the signal. */
  async since(count: number): Promise<void> {
    await this.#changeAfter(count)
    for (let seen = -1; seen !== this.count && !this.#signal.aborted;) {
      seen = this.count
      await delay(SETTLED_MS, undefined, { signal: this.#signal }).catch(() => undefined)
    }
  }

  async #changeAfter(count: number): Promise<void> {
    while (this.count <= count && !this.#signal.aborted) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async #watch(folder: string): Promise<void> {
    try {
      for await (const { filename } of watch(folder, { recursive: true, signal: this.#signal })) {
        if (filename === null || !/\.(ts|js|json|ya?ml)$/.test(filename)) continue
        this.count += 1
        this.last = filename
        this.#wake()
      }
    } catch (thrown) {
      if (!this.#signal.aborted) console.error(`${folder} cannot be watched: ${messageOf(thrown)}`)
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
