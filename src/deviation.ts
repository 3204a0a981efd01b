import type { Case } from './case.ts'
import type { ProductName } from './rule.ts'
import type { DeviationClass, Verdict } from './verdict.ts'

/** The seven words of a result, in `run.json` and everywhere else. */
export const states = ['conforms', 'deviates', 'known-deviation', 'waived', 'not-applicable', 'could-not-run', 'harness-defect'] as const
export type State = (typeof states)[number]

/**
 * A deviation of released versions that was seen on a real server and described. It covers a case only where rule,
 * class, code, message and version all agree; known is not accepted, and it never counts as `conforms`.
 */
export interface KnownDeviation<Product extends string = ProductName> {
  /** `milvus-password-73-bytes`. */
  readonly id: string
  readonly product: Product
  readonly rule: string
  readonly class: DeviationClass
  /** As in `Outcome.code`. */
  readonly code: string
  /** The failure's message starts with this. */
  readonly messagePrefix: string
  /** Versions on which it was seen, one by one: no ranges. */
  readonly seenOn: readonly string[]
  /** Case ids that it is about, where the rule has others that hold; `*` stands for any run of characters. */
  readonly cases?: readonly string[]
  /** Shows now and then, on a race of the server's: a run that does not see it concludes nothing from that. */
  readonly intermittent?: true
  /** What goes wrong and what it means, one or two sentences. */
  readonly says: string
  /** A captured answer, redacted: status and the start of the body. */
  readonly captured: string
}

export interface Where {
  readonly product: ProductName
  readonly version: string
  /** A model shows the documents, never a release: no known deviation holds there. */
  readonly evidence: 'real' | 'model'
}

/** What a verdict is called in the results: known deviations are told apart here, and only here. */
export function settle(row: Pick<Case, 'id' | 'rules'>, verdict: Verdict, where: Where, known: readonly KnownDeviation[]): Settled {
  switch (verdict.kind) {
    case 'conforms':
      return { state: 'conforms', because: 'as documented' }
    case 'inconclusive':
      return { state: 'could-not-run', because: verdict.because }
    case 'not-applicable':
      return { state: 'not-applicable', because: `${verdict.reason}: ${verdict.because}` }
    case 'defect':
      return { state: 'harness-defect', because: verdict.because }
    case 'deviates': {
      const match = known.find((deviation) => covers(deviation, row, verdict, where))
      if (match === undefined) return { state: 'deviates', because: verdict.because }
      return { state: 'known-deviation', because: `${match.id}: ${verdict.because}`, deviation: match.id }
    }
  }
}

export interface Settled {
  readonly state: State
  readonly because: string
  readonly deviation?: string
}

function covers(deviation: KnownDeviation, row: Pick<Case, 'id' | 'rules'>, verdict: Extract<Verdict, { kind: 'deviates' }>, where: Where): boolean {
  return (
    where.evidence === 'real' &&
    isExpectedOn(deviation, where) &&
    row.rules.includes(deviation.rule) &&
    deviation.class === verdict.class &&
    deviation.code === verdict.code &&
    verdict.message.startsWith(deviation.messagePrefix) &&
    (deviation.cases === undefined || deviation.cases.some((pattern) => matchesPattern(pattern, row.id)))
  )
}

export const isExpectedOn = (deviation: KnownDeviation, where: Pick<Where, 'product' | 'version'>): boolean =>
  deviation.product === where.product && deviation.seenOn.includes(where.version)

/** Whether `*` in the pattern, for any run of characters, makes it equal to the text. */
export function matchesPattern(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === text
  if (!text.startsWith(first)) return false
  const last = rest.at(-1) ?? ''
  let from = first.length
  for (const part of rest.slice(0, -1)) {
    const at = text.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return text.length - last.length >= from && text.endsWith(last)
}
