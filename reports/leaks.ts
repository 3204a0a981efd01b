import { formsOf, type Secret } from '../src/secret.ts'

/** Shorter ones (a documented default password) are words that stand anywhere. */
const SHORTEST_SEARCHED = 12

/** What nobody needs to have been told of to know it for a secret. */
const shapes = {
  'a private key': { holds: 'PRIVATE KEY-----', shape: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/ },
  // RFC 7515: a header that is a JSON object, a payload that is one, and a signature.
  'a signed token': { holds: '.eyJ', shape: /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}/ },
} as const

/** Longer than any signed token of ours: what is cut between two parts of a text is still found. */
const LONGEST_SHAPE = 4096
const HASHED = 4
const KEYED = 8
const BUCKETS = 1 << 20
const SPREAD = 0x9e3779b1

/**
 * Finds secrets in texts of any length: those that it is given, in any form that a vault would redact (escaped,
 * percent-encoded, base64), and whatever has the shape of one. How long it takes depends on the text, not on how many
 * secrets there are: a table of their first characters says of nearly every place that none begins there.
 */
export class LeakFinder {
  readonly #byStart = new Map<string, { readonly form: string; readonly label: string }[]>()
  readonly #mayBegin = new Uint8Array(BUCKETS)
  #longest = LONGEST_SHAPE

  constructor(secrets: readonly Secret[]) {
    const searched = secrets.filter((secret) => secret.reveal().length >= SHORTEST_SEARCHED)
    for (const secret of searched) for (const form of formsOf(secret.reveal())) this.#add(form, secret.label)
  }

  #add(form: string, label: string): void {
    const start = form.slice(0, KEYED)
    const known = this.#byStart.get(start) ?? []
    if (known.some((one) => one.form === form)) return
    this.#byStart.set(start, [...known, { form, label }])
    let window = 0
    for (let at = 0; at < HASHED; at++) window = shifted(window, form.charCodeAt(at))
    this.#mayBegin[bucketOf(window)] = 1
    this.#longest = Math.max(this.#longest, form.length)
  }

  /** A search of one text, given part by part. */
  search(): LeakSearch {
    return new LeakSearch((text, found) => this.#searchIn(text, found), this.#longest)
  }

  #searchIn(text: string, found: Set<string>): void {
    // To look for a part of it first is several times quicker, and nearly all texts have none.
    for (const [name, { holds, shape }] of Object.entries(shapes)) if (!found.has(name) && text.includes(holds) && shape.test(text)) found.add(name)
    if (this.#byStart.size === 0) return
    let window = 0
    for (let at = 0; at < text.length; at++) {
      window = shifted(window, text.charCodeAt(at))
      if (this.#mayBegin[bucketOf(window)] === 1) this.#lookAt(text, at - HASHED + 1, found)
    }
  }

  #lookAt(text: string, from: number, found: Set<string>): void {
    for (const { form, label } of this.#byStart.get(text.slice(from, from + KEYED)) ?? []) if (text.startsWith(form, from)) found.add(label)
  }
}

const shifted = (window: number, code: number): number => (window >>> 8) | (code << 24)
const bucketOf = (window: number): number => Math.imul(window, SPREAD) >>> 12

export class LeakSearch {
  readonly #searchIn: (text: string, found: Set<string>) => void
  readonly #overlap: number
  readonly #found = new Set<string>()
  #end = ''

  constructor(searchIn: (text: string, found: Set<string>) => void, overlap: number) {
    this.#searchIn = searchIn
    this.#overlap = overlap
  }

  feed(part: string): void {
    if (this.#end !== '') this.#searchIn(this.#end + part.slice(0, this.#overlap), this.#found)
    this.#searchIn(part, this.#found)
    this.#end = part.length < this.#overlap ? (this.#end + part).slice(-this.#overlap) : part.slice(-this.#overlap)
  }

  /** The labels of what was found. */
  get found(): readonly string[] {
    return [...this.#found]
  }
}
