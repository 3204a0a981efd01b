import type { State } from '../src/deviation.ts'
import { trusted, type Html } from './html.ts'
import { packPieces, type PackedEvidence } from './pack-evidence.ts'
import type { Latency } from './page-course.ts'
import type { ReportCase } from './report-model.ts'

const CHARACTERS_IN_A_CHUNK = 192 * 1024
const CASES_IN_A_CHUNK = 48
const WAITING_AT_MOST = 6
const OPEN_AT_MOST = 100

export interface PageStoreOptions {
  /** Is told all that `put` takes out of sight. */
  readonly onText: (text: string) => void
  /** Makes the evidence of a few cases, compressed, here or elsewhere. */
  readonly pack: (cases: readonly ReportCase[]) => Promise<PackedEvidence>
}

/**
 * Markup that the page keeps compressed until someone opens it. `put` and `evidenceOf` give the place of a piece as
 * `chunk:index`; `blocks`, called at the end, gives the elements that hold the chunks, which no browser runs or shows.
 */
export class PageStore {
  readonly #options: PageStoreOptions
  readonly #chunks: Promise<string>[] = []
  readonly #evidence: { readonly cases: readonly ReportCase[]; readonly packing: Promise<PackedEvidence> }[] = []
  readonly #waiting = new Set<Promise<unknown>>()
  #chunk: string[] = []
  #length = 0
  #cases: ReportCase[] = []
  #open = 0

  constructor(options: PageStoreOptions) {
    this.#options = options
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
    return `${this.#chunks.length}:${this.#chunk.length - 1}`
  }

  evidenceOf(one: ReportCase): string {
    if (this.#cases.length === CASES_IN_A_CHUNK) this.#sealCases()
    this.#cases.push(one)
    return `e${this.#evidence.length}:${this.#cases.length - 1}`
  }

  /** Waits until no more than a few chunks are being made: memory does not grow with what was put. */
  async settled(): Promise<void> {
    while (this.#waiting.size > WAITING_AT_MOST) await Promise.race(this.#waiting)
  }

  /** What the cases measured; waits until all evidence is packed, and takes no more. */
  async latencies(): Promise<readonly Latency[]> {
    if (this.#cases.length > 0) this.#sealCases()
    const found: Latency[] = []
    for (const { cases, packing } of this.#evidence) {
      for (const [at, measured] of (await packing).latencies.entries()) {
        const one = cases[at]
        if (measured !== null && one !== undefined) found.push({ one, ...measured })
      }
    }
    return found
  }

  /** @param index what the page's script finds cases by */
  async *blocks(index: unknown): AsyncGenerator<Html> {
    if (this.#chunk.length > 0) this.#seal()
    for (const [number, packed] of this.#chunks.entries()) yield block(String(number), await packed)
    for (const [number, { packing }] of this.#evidence.entries()) yield block(`e${number}`, (await packing).packed)
    yield block('index', await packPieces([JSON.stringify(index)], this.#options.onText))
  }

  #seal(): void {
    this.#chunks.push(this.#awaited(packPieces(this.#chunk, this.#options.onText)))
    this.#chunk = []
    this.#length = 0
  }

  #sealCases(): void {
    const cases = this.#cases
    this.#evidence.push({ cases, packing: this.#awaited(this.#options.pack(cases)) })
    this.#cases = []
  }

  #awaited<Made>(making: Promise<Made>): Promise<Made> {
    const ended = making.then(
      () => void this.#waiting.delete(ended),
      () => void this.#waiting.delete(ended),
    )
    this.#waiting.add(ended)
    return making
  }
}

const block = (name: string, packed: string): Html => trusted(`<script type="application/octet-stream" id="chunk-${name}">${packed}</script>\n`)
