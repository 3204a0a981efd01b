import { inspect } from 'node:util'

const MASK = '[secret]'
const SHORTEST_REDACTED = 4

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
  readonly #forms = new Map<string, string>()

  constructor(parent?: Vault) {
    this.#parent = parent
  }

  /** Registers a value; its base64, base64url and percent-encoded forms are recognised too. */
  secret(value: string, label = 'secret'): Secret {
    if (value.length >= SHORTEST_REDACTED) for (const form of formsOf(value)) this.#forms.set(form, label)
    return new Secret(value, label)
  }

  /** The text with every registered value replaced by `‹label›`. */
  redact(text: string): string {
    let clean = this.#parent === undefined ? text : this.#parent.redact(text)
    for (const [form, label] of this.#forms) if (clean.includes(form)) clean = clean.replaceAll(form, `‹${label}›`)
    return clean
  }
}

function formsOf(value: string): ReadonlySet<string> {
  const bytes = Buffer.from(value, 'utf8')
  const escaped = JSON.stringify(value).slice(1, -1)
  return new Set([value, escaped, bytes.toString('base64'), bytes.toString('base64url'), encodeURIComponent(value)])
}
