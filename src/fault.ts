import type { Surface } from './outcome.ts'
import type { ProductName } from './rule.ts'
import type { DeviationClass } from './verdict.ts'

/**
 * What a fault breaks, by its own declaration. Patterns, `*` stands for any run of characters; absent: all. A rule that is named without
 * a `*` must die of it; of those that a pattern names, at least one must.
 */
export interface Reach {
  readonly rules: readonly [string, ...string[]]
  readonly principals?: readonly string[]
  readonly operations?: readonly string[]
  readonly surfaces?: readonly Surface[]
  readonly profiles?: readonly string[]
}

export const faultKinds = ['proxy', 'model', 'configuration', 'own-server'] as const
/**
 * `proxy`: what stands before the server misbehaves; `model`: a switch of the reference server; `configuration`: a wrong setting of a real one;
 * `own-server`: a server that the case starts for itself is started otherwise, or misbehaves.
 */
export type FaultKind = (typeof faultKinds)[number]

/**
 * One way in which a product could break its promises. It describes a behaviour of the product, and knows no case: which rules die of it
 * is declared beside it, and deaths that are not declared are reported.
 */
export interface Fault {
  /** `milvus-admits-anonymous-grpc`. */
  readonly id: string
  readonly product: ProductName
  /** The behaviour, one sentence. */
  readonly says: string
  readonly kind: FaultKind
  readonly breaks: Reach
  /** The deviations that it is caught by: another one is no kill, for it would be the wrong reason. */
  readonly dies: readonly [DeviationClass, ...DeviationClass[]]
}
