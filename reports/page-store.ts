import { deflateRawSync } from 'node:zlib'
import type { State } from '../src/deviation.ts'
import { html, trusted, type Html } from './html.ts'

const IN_A_CHUNK = 100
const OPEN_AT_MOST = 300

/**
 * Markup that the page keeps compressed until someone opens it. `put` gives the place of a piece as `chunk:index`;
 * `blocks`, called at the end, gives the elements that hold the chunks, which no browser runs or shows.
 */
export class PageStore {
  readonly #full: Html[] = []
  #chunk: string[] = []
  #open = 0

  /**
   * Whether the evidence of one more case in that state goes into the page as it is: what does not conform does, so that
   * it can be read and searched without a script, as long as the page stays quick to open.
   */
  isOpenFor(state: State): boolean {
    if (state === 'conforms' || this.#open === OPEN_AT_MOST) return false
    this.#open++
    return true
  }

  put(piece: Html): string {
    if (this.#chunk.length === IN_A_CHUNK) this.#seal()
    this.#chunk.push(piece.markup)
    return `${this.#full.length}:${this.#chunk.length - 1}`
  }

  blocks(): readonly Html[] {
    if (this.#chunk.length > 0) this.#seal()
    return this.#full
  }

  #seal(): void {
    const packed = deflateRawSync(JSON.stringify(this.#chunk)).toString('base64')
    this.#full.push(html`<script type="application/octet-stream" id="chunk-${this.#full.length}">${trusted(packed)}</script>`)
    this.#chunk = []
  }
}
