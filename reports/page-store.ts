import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import type { State } from '../src/deviation.ts'
import { trusted, type Html } from './html.ts'

const CHARACTERS_IN_A_CHUNK = 192 * 1024
const WAITING_AT_MOST = 4
const OPEN_AT_MOST = 100

/** Between the pieces of a chunk. */
const BETWEEN = '\u0000'

const deflate = promisify(deflateRaw)

/**
 * Markup that the page keeps compressed until someone opens it. `put` gives the place of a piece as `chunk:index`;
 * `blocks`, called at the end, gives the elements that hold the chunks, which no browser runs or shows.
 */
export class PageStore {
  readonly #onText: (text: string) => void
  readonly #full: Promise<string>[] = []
  readonly #waiting = new Set<Promise<string>>()
  #chunk: string[] = []
  #length = 0
  #open = 0

  /** @param onText is told all that goes into the page out of sight */
  constructor(onText: (text: string) => void) {
    this.#onText = onText
  }

  /**
   * Whether one more case in that state goes into the page as it is: what does not conform does, so that it can be
   * read and searched without a script, as long as the page stays quick to open.
   */
  isOpenFor(state: State): boolean {
    if (state === 'conforms' || state === 'not-applicable' || this.#open === OPEN_AT_MOST) return false
    this.#open++
    return true
  }

  put(piece: Html): string {
    if (this.#length > CHARACTERS_IN_A_CHUNK) this.#seal()
    this.#chunk.push(piece.markup)
    this.#length += piece.markup.length
    return `${this.#full.length}:${this.#chunk.length - 1}`
  }

  /** Waits until no more than a few chunks are being compressed: memory does not grow with what was put. */
  async settled(): Promise<void> {
    while (this.#waiting.size > WAITING_AT_MOST) await Promise.race(this.#waiting)
  }

  /** @param index what the page's script finds cases by */
  async *blocks(index: unknown): AsyncGenerator<Html> {
    if (this.#chunk.length > 0) this.#seal()
    for (const [number, packed] of this.#full.entries()) yield block(String(number), await packed)
    const text = JSON.stringify(index)
    this.#onText(text)
    yield block('index', await pack(text))
  }

  #seal(): void {
    // No piece holds one: what servers said is made visible before it is markup.
    const text = this.#chunk.join(BETWEEN)
    this.#onText(text)
    const packed = pack(text)
    this.#full.push(packed)
    this.#waiting.add(packed)
    void packed.finally(() => this.#waiting.delete(packed))
    this.#chunk = []
    this.#length = 0
  }
}

/** On a thread of its own; the quickest level that is not much longer. */
const pack = async (text: string): Promise<string> => (await deflate(text, { level: 5 })).toString('base64')

const block = (name: string, packed: string): Html => trusted(`<script type="application/octet-stream" id="chunk-${name}">${packed}</script>\n`)
