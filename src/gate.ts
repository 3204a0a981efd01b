import type { State } from './deviation.ts'
import type { Surface } from './outcome.ts'
import { severities, type ProductName, type Severity } from './rule.ts'
import type { DeviationClass, NotApplicable } from './verdict.ts'

/**
 * What a difference between two runs is called.
 *
 * - `weaker`: what was refused is granted, or more is shown than before
 * - `lost`: what worked before does not any more: a user, a role, a point
 * - `could-not-be-judged`: one of the two sides has no verdict
 * - `stricter`: what was granted is refused, or shows less
 * - `changed-reason`: refused as before, under another code or as another class
 * - `new-rule`: the older side was not asked about it
 * - `fixed`: it deviated and is as documented now
 * - `disagreement`: REST and gRPC answer the same principal and operation differently, and did not before
 */
export const differenceClasses = ['weaker', 'lost', 'could-not-be-judged', 'disagreement', 'stricter', 'changed-reason', 'new-rule', 'fixed'] as const
export type DifferenceClass = (typeof differenceClasses)[number]

/** Stops the upgrade unless the policy says otherwise. */
export const defaultStops = ['weaker', 'lost', 'could-not-be-judged', 'disagreement'] as const satisfies readonly DifferenceClass[]

/** One case of a run, as far as two runs are compared by it: no times, no wording. */
export interface GateCase {
  readonly id: string
  readonly rules: readonly string[]
  readonly product: ProductName
  readonly version: string
  readonly profile: string
  readonly surface: Surface
  readonly principal: string
  readonly operation: string
  readonly state: State
  readonly class?: DeviationClass
  readonly code?: string
  readonly message?: string
  readonly reason?: NotApplicable
  readonly because: string
  readonly severity: Severity
}

/** What happened to one thing that a real installation would have, when it was used again. */
export interface ItemState {
  readonly state: 'works' | 'refused' | 'gone' | 'broken'
  /** The answer's code, or a digest of what it shows. */
  readonly code: string
  readonly says: string
}

export interface GateItem {
  /** `user alice logs in`. */
  readonly id: string
  readonly kind: string
  readonly product: ProductName
  readonly severity: Severity
  readonly before: ItemState
  readonly after: ItemState
}

/** Ids that the catalogue gave up for others: old → new. */
export interface Renames {
  readonly rules: Readonly<Record<string, string>>
  readonly cases: Readonly<Record<string, string>>
}

export interface Difference {
  readonly class: DifferenceClass
  /** A case's id, an item's, or the two cases that disagree. */
  readonly id: string
  readonly rules: readonly string[]
  readonly product: ProductName
  readonly profile: string
  readonly severity: Severity
  readonly from: string
  readonly to: string
  readonly because: string
  /** The user accepted the failure on the newer side: it stops nothing. */
  readonly isWaived: boolean
}

export interface Comparison {
  readonly differences: readonly Difference[]
  /** Cases that both sides judged. */
  readonly compared: number
  readonly same: number
  /** Cases that neither side was to judge: of another version, or not here. */
  readonly notCompared: number
}

export interface Sides {
  readonly from: readonly GateCase[]
  readonly to: readonly GateCase[]
  readonly items?: readonly GateItem[]
  readonly renames?: Renames
}

/** Compares two runs case by case, and the things that were carried over. Pure: matched by product, profile and case id, never by counts. */
export function compareRuns({ from, to, items = [], renames = { rules: {}, cases: {} } }: Sides): Comparison {
  const older = new Map(from.map((row) => renamed(row, renames)).map((row) => [keyOf(row), row]))
  const newer = new Map(to.map((row) => [keyOf(row), row]))
  const askedRules = new Set([...older.values()].filter((row) => row.reason !== 'version' && row.reason !== 'profile').flatMap(({ rules }) => rules))
  const pairs = [...new Set([...older.keys(), ...newer.keys()])].map((key) => comparePair(older.get(key), newer.get(key), askedRules))
  const found = pairs.flatMap(({ difference }) => difference ?? [])
  const split = newDisagreements([...older.values()], to)
  return {
    differences: [...found, ...items.flatMap(itemDifference), ...split].toSorted(byGravity),
    compared: pairs.filter(({ kind }) => kind === 'compared').length,
    same: pairs.filter(({ kind, difference }) => kind === 'compared' && difference === undefined).length,
    notCompared: pairs.filter(({ kind }) => kind === 'not-compared').length,
  }
}

const keyOf = ({ product, profile, id }: GateCase): string => [product, profile, id].join('\0')

const renamed = (row: GateCase, { rules, cases }: Renames): GateCase => ({
  ...row,
  id: followRenames(row.id, cases),
  rules: row.rules.map((rule) => followRenames(rule, rules)),
})

/** An id may have been renamed several times; a circle ends where it began. */
export function followRenames(id: string, names: Readonly<Record<string, string>>): string {
  const seen = new Set<string>()
  let at = id
  for (let next = names[at]; next !== undefined && !seen.has(at); next = names[at]) {
    seen.add(at)
    at = next
  }
  return at
}

interface Pair {
  readonly kind: 'compared' | 'not-compared'
  readonly difference?: Difference
}

function comparePair(from: GateCase | undefined, to: GateCase | undefined, askedRules: ReadonlySet<string>): Pair {
  if (to === undefined) return from === undefined ? { kind: 'not-compared' } : withoutNewer(from)
  if (isJudged(to)) return from !== undefined && isJudged(from) ? compareJudged(from, to) : withoutOlder(from, to, askedRules)
  if (to.state === 'not-applicable') {
    if (from === undefined || !isJudged(from) || to.reason === 'version' || to.reason === 'profile') return { kind: 'not-compared' }
    return unjudged(from, to, `judged before, and not here any more: ${to.because}`)
  }
  return unjudged(from, to, to.because)
}

const unjudged = (from: GateCase | undefined, to: GateCase, because: string): Pair => ({
  kind: 'not-compared',
  difference: differenceOf('could-not-be-judged', from, to, because),
})

function withoutNewer(from: GateCase): Pair {
  if (!isJudged(from)) return { kind: 'not-compared' }
  return {
    kind: 'not-compared',
    difference: { ...differenceOf('could-not-be-judged', from, from, 'the newer run has no result of it'), to: 'no result' },
  }
}

function withoutOlder(from: GateCase | undefined, to: GateCase, askedRules: ReadonlySet<string>): Pair {
  const isNewRule = !to.rules.some((rule) => askedRules.has(rule))
  if (isNewRule) return { kind: 'not-compared', difference: differenceOf('new-rule', from, to, to.because) }
  if (to.class === undefined) return { kind: 'not-compared' }
  return unjudged(from, to, `it deviates now, and the older run did not judge it: ${to.because}`)
}

const isJudged = ({ state }: GateCase): boolean => state === 'conforms' || state === 'deviates' || state === 'known-deviation' || state === 'waived'

function compareJudged(from: GateCase, to: GateCase): Pair {
  const kind = changeOf(from, to)
  if (kind === undefined) return { kind: 'compared' }
  return { kind: 'compared', difference: differenceOf(kind, from, to, to.class === undefined ? `was: ${from.because}` : to.because) }
}

function changeOf(from: GateCase, to: GateCase): DifferenceClass | undefined {
  const [before, after] = [leanOf(from), leanOf(to)]
  if (to.class === undefined && from.class !== undefined) return 'fixed'
  if (after > before) return 'weaker'
  if (after < before) return 'stricter'
  if (showsMore(from, to)) return 'weaker'
  return isSameAnswer(from, to) ? undefined : 'changed-reason'
}

/** More than documented, as documented, less than documented. */
function leanOf({ class: kind, message = '' }: GateCase): -1 | 0 | 1 {
  if (kind === undefined) return 0
  switch (kind) {
    case 'wrong-class':
      return 0
    case 'allowed':
    case 'effect-despite-refusal':
      return 1
    case 'refused':
    case 'no-effect':
      return -1
    case 'wrong-content':
      return shownBy(message).size > 0 ? 1 : -1
  }
}

/** The verdict on an answer's content lists what it `lacks` and what it `shows` beyond the document. */
const shownBy = (message: string): ReadonlySet<string> => new Set(message.split(', ').filter((part) => part.startsWith('shows ')))

const showsMore = (from: GateCase, to: GateCase): boolean => {
  if (from.class !== 'wrong-content' || to.class !== 'wrong-content') return false
  const before = shownBy(from.message ?? '')
  return [...shownBy(to.message ?? '')].some((part) => !before.has(part))
}

/** Messages change with every release, and carry names of their run; class and code are what callers rely on. */
const isSameAnswer = (from: GateCase, to: GateCase): boolean =>
  from.class === to.class && (from.code === to.code || from.code === undefined || to.code === undefined)

function differenceOf(kind: DifferenceClass, from: GateCase | undefined, to: GateCase, because: string): Difference {
  return {
    class: kind,
    id: to.id,
    rules: to.rules,
    product: to.product,
    profile: to.profile,
    severity: to.severity,
    from: from === undefined ? 'not asked' : wordsOf(from),
    to: wordsOf(to),
    because,
    isWaived: to.state === 'waived',
  }
}

const wordsOf = ({ state, class: kind, code }: GateCase): string =>
  [state, kind, code === undefined ? undefined : `(${code})`].filter((part) => part !== undefined).join(' ')

// What was carried over

function itemDifference(item: GateItem): readonly Difference[] {
  const kind = itemChange(item.before, item.after)
  if (kind === undefined) return []
  const { id, product, severity, before, after } = item
  const words = ({ state, code }: ItemState): string => `${state}${code === '' ? '' : ` (${code})`}`
  return [{ class: kind, id, rules: [], product, profile: item.kind, severity, from: words(before), to: words(after), because: after.says, isWaived: false }]
}

function itemChange(before: ItemState, after: ItemState): DifferenceClass | undefined {
  if (before.state === 'broken' || after.state === 'broken') return 'could-not-be-judged'
  if (before.state === 'works') return after.state === 'works' ? (before.code === after.code ? undefined : 'lost') : 'lost'
  if (after.state === 'works') return 'weaker'
  return before.state === after.state && before.code === after.code ? undefined : 'changed-reason'
}

// REST against gRPC

/** Both surfaces were judged, the documents expect the same of both, and one grants what the other refuses. */
function disagreements(rows: readonly GateCase[]): ReadonlyMap<string, readonly [rest: GateCase, grpc: GateCase]> {
  const judged = rows.filter(isJudged)
  const grpc = new Map(judged.filter(({ surface }) => surface === 'grpc').map((row) => [twinKey(row), row]))
  const pairs = judged
    .filter(({ surface }) => surface === 'rest')
    .flatMap((rest): readonly [string, readonly [GateCase, GateCase]][] => {
      const other = grpc.get(twinKey(rest))
      return other === undefined || leanOf(rest) === leanOf(other) ? [] : [[twinKey(rest), [rest, other]]]
    })
  return new Map(pairs)
}

/** `milvus.rest.anonymous.may-not.list` and `milvus.grpc.anonymous.may-not.list`. */
const twinKey = ({ id, surface, product, profile }: GateCase): string => [product, profile, id.replace(`.${surface}.`, '.*.')].join('\0')

function newDisagreements(from: readonly GateCase[], to: readonly GateCase[]): readonly Difference[] {
  const before = disagreements(from)
  return [...disagreements(to)]
    .filter(([key]) => !before.has(key))
    .map(([, [rest, grpc]]) => ({
      ...differenceOf(
        'disagreement',
        undefined,
        leanOf(rest) > leanOf(grpc) ? rest : grpc,
        `${rest.principal} and ${rest.operation}: REST ${wordsOf(rest)}, gRPC ${wordsOf(grpc)}`,
      ),
      id: `${rest.id} against ${grpc.id}`,
      from: 'the same on both',
      to: 'REST and gRPC disagree',
    }))
}

const byGravity = (a: Difference, b: Difference): number =>
  differenceClasses.indexOf(a.class) - differenceClasses.indexOf(b.class) ||
  severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
  a.id.localeCompare(b.id, 'en', { numeric: true })

// The policy

export interface GatePolicy {
  readonly stops: readonly DifferenceClass[]
  /** `new`: only what the comparison finds; a severity: also deviations of the newer side from that one upwards, known or not, unless waived. */
  readonly failOn: 'new' | Severity
}

export interface GateDecision {
  /** Differences that stop it. */
  readonly stopping: readonly Difference[]
  /** Cases of the newer side that deviate, at least as severely as the policy allows. */
  readonly deviating: readonly GateCase[]
  readonly outcome: 'pass' | 'stop' | 'incomplete'
}

/** `incomplete`: nothing but what could not be judged is in the way, or nothing at all could be compared. */
export function decide(comparison: Comparison, to: readonly GateCase[], policy: GatePolicy): GateDecision {
  const stopping = comparison.differences.filter((one) => policy.stops.includes(one.class) && !one.isWaived)
  const { failOn } = policy
  const deviating =
    failOn === 'new'
      ? []
      : to
          .filter(({ state }) => state === 'deviates' || state === 'known-deviation')
          .filter(({ severity }) => severities.indexOf(severity) >= severities.indexOf(failOn))
  const isStopped = deviating.length > 0 || stopping.some((one) => one.class !== 'could-not-be-judged')
  return { stopping, deviating, outcome: isStopped ? 'stop' : stopping.length > 0 || comparison.compared === 0 ? 'incomplete' : 'pass' }
}
