import type { EffectExemption, Expectation, TwinExemption } from './case.ts'
import type { Effect, Outcome, Surface } from './outcome.ts'

/** What was recorded of one case: the only thing, beside the expectation, that a verdict rests on. */
export interface Observation {
  readonly surface: Surface
  readonly probe: Outcome
  readonly effect: Effect | { readonly kind: 'exempt'; readonly exemption: EffectExemption }
  readonly twin:
    | { readonly kind: 'asked'; readonly outcome: Outcome; readonly effect: Effect }
    | { readonly kind: 'exempt'; readonly exemption: TwinExemption }
    | { readonly kind: 'not-asked' }
}

/**
 * - `allowed`: documented as refused, was allowed
 * - `refused`: documented as allowed, was refused
 * - `wrong-class`: refused without effect, but under another code or as another class than documented
 * - `effect-despite-refusal`: the answer says no, the state or the body says yes
 * - `no-effect`: the answer says yes, and nothing happened
 * - `wrong-content`: allowed, but shows more or less than documented
 */
export type DeviationClass = 'allowed' | 'refused' | 'wrong-class' | 'effect-despite-refusal' | 'no-effect' | 'wrong-content'

/** What a refusal or grant was proven by; `conforms` cannot be made without it. */
export interface Proof {
  readonly effect: 'looked-at' | EffectExemption
  readonly twin: 'allowed-with-effect' | TwinExemption | 'not-needed'
}

export type Verdict =
  | { readonly kind: 'conforms'; readonly proof: Proof }
  | { readonly kind: 'deviates'; readonly class: DeviationClass; readonly code: string; readonly message: string; readonly because: string }
  | { readonly kind: 'inconclusive'; readonly because: string }
  | { readonly kind: 'not-applicable'; readonly reason: NotApplicable; readonly because: string }
  | { readonly kind: 'defect'; readonly because: string }

export type NotApplicable = 'version' | 'profile' | 'runtime' | 'safety'

/**
 * Compares what the documents promise with what was recorded. Pure: no I/O, no clock.
 *
 * @returns `conforms` only where the effect was looked at and, for a refusal, the twin was allowed and its effect seen,
 *   or where the case carries a typed exemption.
 */
export function judge(expected: Expectation, seen: Observation): Verdict {
  switch (seen.probe.kind) {
    case 'broken':
    case 'void':
      return inconclusive(`${seen.probe.kind === 'void' ? 'no valid probe' : 'no readable answer'}: ${seen.probe.cause}`)
    case 'allowed':
      return expected.kind === 'allowed' ? judgeGrant(expected.exactly, seen.probe, seen) : judgeUndueGrant(expected, seen.probe, seen)
    case 'refused':
      return expected.kind === 'refused' ? judgeRefusal(expected, seen.probe, seen) : judgeUndueRefusal(seen.probe)
  }
}

type Allowed = Extract<Outcome, { kind: 'allowed' }>
type Refused = Extract<Outcome, { kind: 'refused' }>
type ExpectedRefusal = Extract<Expectation, { kind: 'refused' }>

function judgeGrant(exactly: readonly string[] | undefined, probe: Allowed, seen: Observation): Verdict {
  switch (seen.effect.kind) {
    case 'unclear':
      return inconclusive(`allowed (${probe.code}), but its effect could not be seen: ${seen.effect.because}`)
    case 'none':
      return deviates('no-effect', probe.code, seen.effect.what, `allowed (${probe.code}) without effect: ${seen.effect.what}`)
    case 'seen':
    case 'exempt': {
      const content = exactly === undefined ? undefined : compareContent(exactly, probe)
      return content ?? { kind: 'conforms', proof: { effect: effectProof(seen.effect), twin: 'not-needed' } }
    }
  }
}

function compareContent(exactly: readonly string[], probe: Allowed): Verdict | undefined {
  if (probe.shown === undefined) return inconclusive('the answer was not read for its items')
  const missing = exactly.filter((label) => !probe.shown?.includes(label))
  const extra = probe.shown.filter((label) => !exactly.includes(label))
  if (missing.length === 0 && extra.length === 0) return undefined
  const message = [...missing.map((label) => `lacks ${label}`), ...extra.map((label) => `shows ${label}`)].join(', ')
  return deviates('wrong-content', probe.code, message, `documented as showing exactly ${JSON.stringify(exactly)}: ${message}`)
}

function judgeUndueGrant(expected: ExpectedRefusal, probe: Allowed, seen: Observation): Verdict {
  const effect = seen.effect.kind === 'seen' ? `, with effect: ${seen.effect.what}` : seen.effect.kind === 'none' ? `, without effect: ${seen.effect.what}` : ''
  return deviates('allowed', probe.code, '', `allowed (${probe.code})${effect}; documented as refused (${expected.by})`)
}

function judgeUndueRefusal(probe: Refused): Verdict {
  return deviates('refused', probe.code, probe.message, `refused as ${probe.by} (${probe.code}: ${probe.message}); documented as allowed`)
}

function judgeRefusal(expected: ExpectedRefusal, probe: Refused, seen: Observation): Verdict {
  if (seen.effect.kind === 'seen') {
    return deviates('effect-despite-refusal', probe.code, probe.message, `refused (${probe.code}), and yet: ${seen.effect.what}`)
  }
  if (seen.effect.kind === 'unclear') return inconclusive(`refused (${probe.code}), but the state could not be compared: ${seen.effect.because}`)
  const twin = twinProof(seen.twin)
  if (typeof twin !== 'string') return twin
  if (probe.by !== expected.by) {
    return deviates('wrong-class', probe.code, probe.message, `refused as ${probe.by} (${probe.code}: ${probe.message}); documented as ${expected.by}`)
  }
  const codes = expected.codes ?? standardCodes(expected.by, seen.surface)
  if (codes !== undefined && !codes.includes(probe.code)) {
    return deviates('wrong-class', probe.code, probe.message, `refused with ${probe.code} (${probe.message}); expected ${codes.join(' or ')}`)
  }
  return { kind: 'conforms', proof: { effect: effectProof(seen.effect), twin } }
}

function twinProof(twin: Observation['twin']): Proof['twin'] | Verdict {
  switch (twin.kind) {
    case 'not-asked':
      return inconclusive('refused, but nobody who may was asked: a refusal without its twin proves nothing')
    case 'exempt':
      return twin.exemption
    case 'asked':
      if (twin.outcome.kind === 'allowed' && twin.effect.kind === 'seen') return 'allowed-with-effect'
      return inconclusive(`refused, but so was, or nothing showed for, the caller who may: ${describe(twin.outcome, twin.effect)}`)
  }
}

function describe(outcome: Outcome, effect: Effect): string {
  switch (outcome.kind) {
    case 'allowed':
      return `allowed (${outcome.code}), effect ${effect.kind === 'unclear' ? effect.because : effect.what}`
    case 'refused':
      return `refused as ${outcome.by} (${outcome.code}: ${outcome.message})`
    case 'broken':
    case 'void':
      return outcome.cause
  }
}

/** RFC 9110 §15.5.2 and §15.5.4; gRPC status codes UNAUTHENTICATED (16) and PERMISSION_DENIED (7). */
function standardCodes(by: ExpectedRefusal['by'], surface: Surface): readonly string[] | undefined {
  if (by !== 'unauthenticated' && by !== 'forbidden') return undefined
  if (surface === 'grpc') return [by === 'unauthenticated' ? 'grpc 16' : 'grpc 7']
  return surface === 'process' ? undefined : [by === 'unauthenticated' ? '401' : '403']
}

const effectProof = (effect: Observation['effect']): Proof['effect'] => (effect.kind === 'exempt' ? effect.exemption : 'looked-at')
const inconclusive = (because: string): Verdict => ({ kind: 'inconclusive', because })
const deviates = (kind: DeviationClass, code: string, message: string, because: string): Verdict => ({ kind: 'deviates', class: kind, code, message, because })
