import { inspect } from 'node:util'

const MASK = '[secret]'
const SHORTEST_REDACTED = 4
/** Shorter runs of base64 stand in other texts by chance. */
const SHORTEST_CORE = 8

/** A value that must never reach a log, a report or an assertion message. Revealed only where bytes leave. */
export class Secret {
  readonly #value: string
  /** What it is, for a reader of the evidence: `root's password`, `api key`. */
  readonly label: string

  constructor(value: string, label = 'secret') {
    this.#value = value
    this.label = label
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [inspect.custom](): string {
    return MASK
  }
}

/**
 * Makes secrets and knows them again: whatever is recorded passes through `redact`, so that a server that echoes a
 * credential cannot put it into a report. A case has a vault of its own on top of its run's.
 */
export class Vault {
  readonly #parent: Vault | undefined
  readonly #onSecret: ((secret: Secret) => void) | undefined
  readonly #forms = new Map<string, string>()

  /** @param onSecret is told of each value, once it is known: for whoever searches all that is written for them in the end */
  constructor(parent?: Vault, onSecret?: (secret: Secret) => void) {
    this.#parent = parent
    this.#onSecret = onSecret
  }

  /** Registers a value; its escaped, percent-encoded, base64 and base64url forms are recognised too. */
  secret(value: string, label = 'secret'): Secret {
    if (value.length >= SHORTEST_REDACTED) for (const form of formsOf(value)) this.#forms.set(form, label)
    const secret = new Secret(value, label)
    this.#onSecret?.(secret)
    return secret
  }

  /** The text with every registered value replaced by `‹label›`. */
  redact(text: string): string {
    const found = this.#foundIn(text)
    if (found.size === 0) return text
    // Longest first and in one pass: a secret that begins another must not leave the rest of it behind.
    const pattern = [...found.keys()]
      .sort((a, b) => b.length - a.length)
      .map(quoted)
      .join('|')
    return text.replaceAll(new RegExp(pattern, 'g'), (form) => `‹${found.get(form) ?? 'secret'}›`)
  }

  /** Forms that are in the text, with their labels; whatever is recorded comes through here, so it allocates next to nothing. */
  #foundIn(text: string): Map<string, string> {
    const found = this.#parent === undefined ? new Map<string, string>() : this.#parent.#foundIn(text)
    for (const [form, label] of this.#forms) if (text.includes(form)) found.set(form, label)
    return found
  }
}

/** Every form in which a value may stand in what is written down. */
export function formsOf(value: string): ReadonlySet<string> {
  const bytes = Buffer.from(value, 'utf8')
  const percent = percentEncoded(value)
  const plain = [value, JSON.stringify(value).slice(1, -1), bytes.toString('base64'), bytes.toString('base64url')]
  return new Set([...plain, percent, lowerHex(percent), percent.replaceAll('%20', '+'), ...insideBase64(bytes)])
}

/** Of a value with half a surrogate pair there is no such form. */
function percentEncoded(value: string): string {
  return value.isWellFormed() ? encodeURIComponent(value) : value
}

const lowerHex = (text: string): string => text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())

/**
 * The characters that the value alone decides where it stands inside a longer text that is encoded, as in
 * `Authorization: Basic` (RFC 7617 §2): it may begin at any of three places of a group.
 */
function insideBase64(bytes: Buffer): readonly string[] {
  const cores = [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes])
    const [first, last] = [Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6)]
    return [padded.toString('base64').slice(first, last), padded.toString('base64url').slice(first, last)]
  })
  return cores.filter((core) => core.length >= SHORTEST_CORE)
}

const quoted = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
