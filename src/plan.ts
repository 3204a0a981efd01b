import { createHash } from 'node:crypto'
import semver from 'semver'
import type { Case } from './case.ts'
import { matchesPattern } from './deviation.ts'
import type { Evidence, InstanceIdentity, RuntimeKind } from './instance.ts'
import { instanceId } from './naming.ts'
import type { Suite } from './product.ts'
import type { ProductName } from './rule.ts'
import { casesOfTier, type Tier } from './tier.ts'
import type { Verdict } from './verdict.ts'

/** One version of one product, and how this machine can run it. */
export interface Target {
  readonly product: ProductName
  readonly version: string
  readonly runtime: RuntimeKind
}

/** Patterns with `*`; absent: all. */
export interface Selection {
  readonly rules?: readonly string[]
  readonly cases?: readonly string[]
  readonly profiles?: readonly string[]
  /** A frozen set of requirements: only cases whose every rule is in it. */
  readonly requirements?: { readonly name: string; readonly rules: ReadonlySet<string> }
  /** A sample: about so many cases of each product, spread evenly, and at least one for each rule. */
  readonly sample?: number
  /** Of a sample: what is spread evenly is enough, rules without a case in it are left out. */
  readonly thin?: true
  /** A part that is asked oftener than the whole; absent: the whole. */
  readonly tier?: Tier
  /** Names an order in which cases are asked, other than that of the tables; the same number, the same order. */
  readonly seed?: number
  /** One of so many parts of the same size, counted from 1: all of them together are the whole. */
  readonly shard?: { readonly index: number; readonly count: number }
}

/** Which profiles of other products a profile needs; see `Profile.needs`. */
export type Needs = Readonly<Partial<Record<ProductName, Readonly<Record<string, Readonly<Partial<Record<ProductName, string>>>>>>>>

export interface PlannedInstance extends InstanceIdentity {
  /** Cases to ask; with those that do not apply, all that are planned here. */
  readonly cases: readonly Case[]
  readonly notApplicable: readonly NotApplicableCase[]
  /** Ids of the instances that must run first, by product. */
  readonly needs: Readonly<Partial<Record<ProductName, string>>>
}

export interface NotApplicableCase {
  readonly row: Case
  readonly verdict: Extract<Verdict, { kind: 'not-applicable' }>
}

export interface Plan {
  readonly instances: readonly PlannedInstance[]
}

export interface PlanInput {
  readonly suites: Readonly<Partial<Record<ProductName, Suite>>>
  readonly needs: Needs
  readonly targets: readonly Target[]
  /** What a needed product is run as where it is none of the targets; it must be of the same runtime as what needs it. */
  readonly support: readonly Target[]
  readonly selection: Selection
}

/**
 * What is to be booted and asked: each profile of each target once, whatever needs it. Pure.
 *
 * A case whose version range leaves the target out stays planned, as not applicable. An instance that is only needed
 * by others has no cases.
 */
export function makePlan(input: PlanInput): Plan {
  const planned = new Map<string, PlannedInstance>()
  for (const target of input.targets) {
    const suite = input.suites[target.product]
    if (suite === undefined) continue
    for (const [profile, rows] of casesByProfile(suite, input.selection)) addInstance(planned, input, target, profile, rows)
  }
  const whole = { instances: [...planned.values()] }
  return input.selection.shard === undefined ? whole : shardOf(whole, input.selection.shard)
}

/**
 * A contiguous part of the plan's cases, so that a shard boots few servers, with the servers that these need. Pure: the parts in
 * their order are the plan.
 */
function shardOf({ instances }: Plan, { index, count }: NonNullable<Selection['shard']>): Plan {
  const size = (part: PlannedInstance): number => part.cases.length + part.notApplicable.length
  const total = instances.reduce((sum, instance) => sum + size(instance), 0)
  const [from, to] = [Math.floor((total * (index - 1)) / count), Math.floor((total * index) / count)]
  let at = 0
  const take = <T>(rows: readonly T[]): readonly T[] => {
    const start = at
    at += rows.length
    return rows.slice(Math.max(0, from - start), Math.max(0, to - start))
  }
  const parts = instances.map((instance) => ({ ...instance, cases: take(instance.cases), notApplicable: take(instance.notApplicable) }))
  const asked = new Set(parts.filter((part) => size(part) > 0).map(({ id }) => id))
  return { instances: parts.filter(({ id }) => asked.has(id) || isNeededBy(parts, asked, id)) }
}

/** Through others too: what an asked one needs may need something itself. */
const isNeededBy = (parts: readonly PlannedInstance[], asked: ReadonlySet<string>, id: string): boolean =>
  parts.some((other) => Object.values(other.needs).includes(id) && (asked.has(other.id) || isNeededBy(parts, asked, other.id)))

function casesByProfile(suite: Suite, selection: Selection): ReadonlyMap<string, readonly Case[]> {
  const chosen = Object.values(suite.tables)
    .flat()
    .filter((row) => isSelected(row, selection))
  const tiered = selection.tier === undefined ? chosen : casesOfTier(chosen, selection.tier, suite.product)
  const asked = sampled(tiered, selection)
  return Map.groupBy(selection.seed === undefined ? asked : shuffled(asked, selection.seed), (row) => row.profile)
}

function shuffled(rows: readonly Case[], seed: number): readonly Case[] {
  const rank = new Map(rows.map(({ id }) => [id, createHash('sha256').update(`${seed} ${id}`).digest('hex')]))
  return [...rows].sort((a, b) => ((rank.get(a.id) ?? '') < (rank.get(b.id) ?? '') ? -1 : 1))
}

function sampled(rows: readonly Case[], { sample: size, thin }: Selection): readonly Case[] {
  const stride = size === undefined ? 1 : Math.ceil(rows.length / size)
  const seen = new Set<string>()
  return rows.filter((row, at) => {
    const isFirst = row.rules.some((rule) => !seen.has(rule))
    for (const rule of row.rules) seen.add(rule)
    return (isFirst && thin !== true) || at % stride === 0
  })
}

function isSelected(row: Case, { rules, cases, profiles, requirements }: Selection): boolean {
  if (requirements !== undefined && !row.rules.every((rule) => requirements.rules.has(rule))) return false
  const named = (patterns: readonly string[] | undefined, names: readonly string[]): boolean =>
    patterns === undefined || names.some((name) => patterns.some((pattern) => matchesPattern(pattern, name)))
  return named(rules, row.rules) && named(cases, [row.id]) && named(profiles, [row.profile])
}

function addInstance(planned: Map<string, PlannedInstance>, input: PlanInput, target: Target, profile: string, rows: readonly Case[]): string {
  const evidence: Evidence = target.runtime === 'model' ? 'model' : 'real'
  const id = instanceId(target.product, target.version, profile, evidence)
  const known = planned.get(id)
  if (known !== undefined && known.cases.length + known.notApplicable.length > 0) return id
  const needs = addNeeded(planned, input, target, profile)
  const holds = rangesOf(target.version)
  const skipped = rows.flatMap((row) => notApplicable(row, input.suites[target.product], target, holds))
  const skippedIds = new Set(skipped.map(({ row }) => row.id))
  // What it needs stands before it, also where it was planned for others before.
  planned.delete(id)
  planned.set(id, { id, ...target, profile, evidence, cases: rows.filter((row) => !skippedIds.has(row.id)), notApplicable: skipped, needs })
  return id
}

function addNeeded(planned: Map<string, PlannedInstance>, input: PlanInput, target: Target, profile: string): PlannedInstance['needs'] {
  const needs: Partial<Record<ProductName, string>> = {}
  for (const [product, neededProfile] of Object.entries(input.needs[target.product]?.[profile] ?? {}) as [ProductName, string][]) {
    const provider = [...input.targets, ...input.support].find((candidate) => candidate.product === product && candidate.runtime === target.runtime)
    if (provider === undefined) continue
    const id = instanceId(product, provider.version, neededProfile, 'real')
    needs[product] = planned.has(id) ? id : addInstance(planned, input, provider, neededProfile, [])
  }
  return needs
}

/** Thousands of cases share a few ranges: each is compared once. */
function rangesOf(version: string): (range: string) => boolean {
  const known = new Map<string, boolean>()
  return (range) => known.get(range) ?? known.set(range, holdsFor(range, version)).get(range) === true
}

function notApplicable(row: Case, suite: Suite | undefined, { version, runtime }: Target, holds: (range: string) => boolean): readonly NotApplicableCase[] {
  const ranges = [row.versions, ...row.rules.map((rule) => suite?.rules[rule]?.versions)].filter((range) => range !== undefined)
  const outside = ranges.find((range) => !holds(range))
  if (outside !== undefined) return [{ row, verdict: { kind: 'not-applicable', reason: 'version', because: `it is about ${outside}, this is ${version}` } }]
  if (row.runtimes === undefined || row.runtimes.includes(runtime)) return []
  return [{ row, verdict: { kind: 'not-applicable', reason: 'runtime', because: `it is judged on ${row.runtimes.join(', ')}, this is ${runtime}` } }]
}

/** Whether a range of versions holds for a version, its pre-releases counted as the version itself. */
export function holdsFor(range: string, version: string): boolean {
  return semver.satisfies(semver.coerce(version) ?? version, range, { includePrerelease: true })
}
