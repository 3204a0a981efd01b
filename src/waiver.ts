import semver from 'semver'
import { z } from 'zod'
import { holdsFor } from './plan.ts'
import { surfaces, type Surface } from './outcome.ts'
import { productNames, type ProductName } from './rule.ts'
import type { DeviationClass, Verdict } from './verdict.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Whoever accepts a deviation looks at it again within a year. */
const LONGEST_WAIVER_DAYS = 365

const deviationClass = z.enum(['allowed', 'refused', 'wrong-class', 'effect-despite-refusal', 'no-effect', 'wrong-content']) satisfies z.ZodType<DeviationClass>
const words = z.string().trim().min(1)

/** How the accepted failure looks: another failure of the same case is not covered. */
const signatureSchema = z.strictObject({
  class: deviationClass,
  /** As on the wire: `200`, `grpc 0 / 1100`. */
  code: words,
  /** The failure's message starts with this; empty where it has none. */
  message: z.string(),
})

/** Days of the calendar, UTC. */
const day = z.iso.date()

/** A user's own acceptance of one deviation: where, how it looks, who answers for it, and until when. */
export const waiverSchema = z.strictObject({
  rule: words.exactOptional(),
  case: words.exactOptional(),
  product: z.enum(productNames),
  /** A semver range. */
  versions: words,
  surface: z.enum(surfaces).exactOptional(),
  owner: words,
  reason: words,
  link: z.url({ protocol: /^https?$/ }),
  created: day,
  /** The last day on which it holds, to its end. */
  expiry: day,
  signature: signatureSchema,
})

export type Waiver = z.infer<typeof waiverSchema>

/** A waiver and where it is written: `waivers.yaml, line 3`. */
export interface PlacedWaiver extends Waiver {
  readonly at: string
}

/** What is wrong with a waiver whatever the results are, or undefined. An expired one is not wrong: it covers nothing. */
export function waiverFault(waiver: Waiver, nowMs: number): string | undefined {
  const { rule, case: id, created, expiry, versions } = waiver
  if ((rule === undefined) === (id === undefined)) return 'a waiver names one rule or one case, and not both'
  const name = rule ?? id ?? ''
  if (name.includes('*')) return `over-broad: ${name} is a pattern; name one rule or one case`
  if (semver.validRange(versions) === null) return `${JSON.stringify(versions)} is no range of versions`
  if (isEveryVersion(versions)) return `over-broad: ${JSON.stringify(versions)} holds for every version`
  if (Date.parse(created) > nowMs) return `created ${created} is still to come`
  if (expiry < created) return `expiry ${expiry} is before created ${created}`
  const days = Math.round((Date.parse(expiry) - Date.parse(created)) / DAY_MS)
  if (days > LONGEST_WAIVER_DAYS) return `expiry ${expiry} is ${days} days after created ${created}; at most ${LONGEST_WAIVER_DAYS} are possible`
  return undefined
}

const isEveryVersion = (range: string): boolean => ['0.0.0', '1.0.0', '9999.9999.9999'].every((version) => semver.satisfies(version, range))

/** It holds to the end of its last day, UTC. */
export const isExpired = ({ expiry }: Pick<Waiver, 'expiry'>, nowMs: number): boolean => nowMs >= Date.parse(expiry) + DAY_MS

export interface WaivedCase {
  readonly id: string
  readonly rules: readonly string[]
  readonly surface: Surface
}

/** Whether it is about this case on this version, however the case ended. */
export const isAbout = (waiver: Waiver, row: WaivedCase, where: { readonly product: ProductName; readonly version: string }): boolean =>
  waiver.product === where.product &&
  (waiver.rule === undefined || row.rules.includes(waiver.rule)) &&
  (waiver.case === undefined || waiver.case === row.id) &&
  (waiver.surface === undefined || waiver.surface === row.surface) &&
  holdsFor(waiver.versions, where.version)

type Failure = Pick<Extract<Verdict, { kind: 'deviates' }>, 'class' | 'code' | 'message'>

export const hasSignature = ({ signature }: Waiver, failure: Failure): boolean =>
  signature.class === failure.class && signature.code === failure.code && failure.message.startsWith(signature.message)
