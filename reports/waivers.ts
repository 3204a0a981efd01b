import { hasSignature, isAbout, isExpired, type PlacedWaiver } from '../src/waiver.ts'
import { wasJudged } from './headline.ts'
import type { RunCase, RunInstance, RunRecord } from './run-schema.ts'

export interface Waived {
  readonly cases: RunCase[]
  readonly waivers: RunRecord['waivers']
}

/**
 * Calls `waived` what deviates as a waiver that has not expired says, on a real server; what it was stays beside it. Pure.
 *
 * @param nowMs when the run began: a report made later from the same journal says the same
 */
export function applyWaivers(rows: readonly RunCase[], instances: readonly RunInstance[], waivers: readonly PlacedWaiver[], nowMs: number): Waived {
  const real = new Map(instances.filter(({ evidence }) => evidence === 'real').map((instance) => [instance.id, instance]))
  const about = (waiver: PlacedWaiver, row: RunCase): boolean => {
    const where = real.get(row.instance)
    return where !== undefined && isAbout(waiver, row, where)
  }
  const uses = new Map<PlacedWaiver, number>()
  const cases = rows.map((row) => {
    const failure = failureOf(row)
    if (failure === undefined) return row
    const waiver = waivers.find((one) => !isExpired(one, nowMs) && hasSignature(one, failure) && about(one, row))
    if (waiver === undefined) return row
    uses.set(waiver, (uses.get(waiver) ?? 0) + 1)
    return waived(row, failure.original, waiver)
  })
  const statusOf = (waiver: PlacedWaiver): RunRecord['waivers'][number]['status'] => {
    if (isExpired(waiver, nowMs)) return 'expired'
    if (uses.has(waiver)) return 'used'
    return rows.some((row) => wasJudged(row.state) && about(waiver, row)) ? 'unmatched' : 'not-here'
  }
  return { cases, waivers: waivers.map((waiver) => recordOf(waiver, statusOf(waiver), uses.get(waiver) ?? 0)) }
}

interface Failure {
  readonly original: 'deviates' | 'known-deviation'
  readonly class: NonNullable<RunCase['class']>
  readonly code: string
  readonly message: string
}

function failureOf({ state, class: kind, code = '', message = '' }: RunCase): Failure | undefined {
  if (kind === undefined || (state !== 'deviates' && state !== 'known-deviation')) return undefined
  return { original: state, class: kind, code, message }
}

const waived = (row: RunCase, original: Failure['original'], { at, owner, reason, link, expiry }: PlacedWaiver): RunCase => ({
  ...row,
  state: 'waived',
  because: `waived by ${owner} until ${expiry} (${reason}): ${row.because}`,
  waiver: { original, at, owner, reason, link, expiry },
})

const recordOf = (waiver: PlacedWaiver, status: RunRecord['waivers'][number]['status'], cases: number): RunRecord['waivers'][number] => {
  const { at, rule, case: id, product, owner, expiry } = waiver
  return { at, what: rule ?? id ?? '', product, owner, expiry, status, cases }
}
