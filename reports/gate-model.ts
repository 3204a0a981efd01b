import {
  compareRuns,
  decide,
  differenceClasses,
  type Comparison,
  type DifferenceClass,
  type GateCase,
  type GateDecision,
  type GateItem,
  type GatePolicy,
  type Renames,
} from '../src/gate.ts'
import { HarnessError } from '../src/errors.ts'
import type { ProductName } from '../src/rule.ts'
import { severityOf } from './exit-code.ts'
import { productTitles } from './headline.ts'
import type { RunRecord } from './run-schema.ts'

/** Two runs, compared and decided: what every gate report shows. */
export interface GateReport {
  readonly from: GateSide
  readonly to: GateSide
  readonly policy: GatePolicy
  readonly comparison: Comparison
  readonly decision: GateDecision
  readonly items: readonly GateItem[]
  readonly headline: string
}

export interface GateSide {
  readonly runId: string
  readonly startedAt: string
  readonly tool: RunRecord['tool']
  /** `Milvus 2.2.16`. */
  readonly versions: readonly string[]
}

export interface GateInput {
  readonly from: RunRecord
  readonly to: RunRecord
  readonly items?: readonly GateItem[]
  readonly renames: Renames
  readonly policy: GatePolicy
}

/** @throws HarnessError `USAGE` where one side ran a product in several versions: which one is meant cannot be told */
export function gateReport({ from, to, items = [], renames, policy }: GateInput): GateReport {
  const sides = { from: casesOf(from, 'from'), to: casesOf(to, 'to') }
  const comparison = compareRuns({ ...sides, items, renames })
  const decision = decide(comparison, sides.to, policy)
  const parts = { from: sideOf(from), to: sideOf(to), policy, comparison, decision, items }
  return { ...parts, headline: headlineOf(parts) }
}

/** Only what real servers showed; a model's cases say nothing about an upgrade. */
function casesOf(record: RunRecord, side: string): readonly GateCase[] {
  const real = new Map(record.instances.filter(({ evidence }) => evidence === 'real').map((instance) => [instance.id, instance]))
  const versions = Map.groupBy(real.values(), ({ product }) => product)
  for (const [product, instances] of versions) refuseSeveral(side, product, new Set(instances.map(({ version }) => version)))
  return record.cases.flatMap((row): readonly GateCase[] => {
    const where = real.get(row.instance)
    if (where === undefined) return []
    const { id, rules, surface, principal, operation, state, because } = row
    const { product, version, profile } = where
    const seen = {
      ...(row.class === undefined ? {} : { class: row.class }),
      ...(row.code === undefined ? {} : { code: row.code }),
      ...(row.message === undefined ? {} : { message: row.message }),
      ...(row.reason === undefined ? {} : { reason: row.reason }),
    }
    return [{ id, rules, product, version, profile, surface, principal, operation, state, because, ...seen, severity: severityOf(record, row) }]
  })
}

function refuseSeveral(side: string, product: ProductName, versions: ReadonlySet<string>): void {
  if (versions.size < 2) return
  throw new HarnessError('USAGE', `the --${side} run has ${productTitles[product]} in several versions: ${[...versions].join(', ')}`, {
    hint: 'compare runs of one version of each product',
  })
}

const sideOf = ({ runId, startedAt, tool, instances }: RunRecord): GateSide => ({
  runId,
  startedAt,
  tool,
  versions: [...new Set(instances.filter(({ evidence }) => evidence === 'real').map(({ product, version }) => `${productTitles[product]} ${version}`))],
})

/** How many differences there are of each class; classes without any are left out. */
export const countsOf = ({ differences }: Comparison): readonly (readonly [DifferenceClass, number])[] =>
  differenceClasses.map((name) => [name, differences.filter((one) => one.class === name).length] as const).filter(([, count]) => count > 0)

const verdicts = { pass: 'Nothing stands in the way', stop: 'Stopped', incomplete: 'Not decided: something could not be judged' } as const

function headlineOf({ from, to, comparison, decision, items }: Omit<GateReport, 'headline'>): string {
  const counts = countsOf(comparison).map(([name, count]) => `${count} ${name}`)
  const carried = items.length === 0 ? '' : ` and ${items.length} things carried over`
  const level = decision.deviating.length === 0 ? '' : `; ${decision.deviating.length} cases of the newer side deviate at or above the level`
  return `${verdicts[decision.outcome]}: ${from.versions.join(', ') || 'nothing real'} to ${to.versions.join(', ') || 'nothing real'}, ${comparison.compared} cases compared${carried}, ${counts.length === 0 ? 'no difference' : counts.join(', ')}${level}.`
}
