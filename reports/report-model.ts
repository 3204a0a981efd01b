import { productNames, severities, type ProductName, type Rule } from '../src/rule.ts'
import type { State } from '../src/deviation.ts'
import type { Suites } from './catalogue-counts.ts'
import type { JournalLine, PlannedCase, ResultLine } from './journal-lines.ts'
import { caseKey, count, worstFirst, worstOf } from './run-record.ts'
import type { RunCase, RunInstance, RunRecord, Totals } from './run-schema.ts'

/** What every writer of a format is given: one run, its journal and the catalogue, and the same by product and version. */
export interface ReportModel {
  readonly record: RunRecord
  readonly lines: readonly JournalLine[]
  readonly suites: Suites
  /** Real before model. */
  readonly groups: readonly ReportGroup[]
}

/** @param record what `toRunRecord` made of the same lines */
export const reportModel = (record: RunRecord, lines: readonly JournalLine[], suites: Suites): ReportModel => ({
  record,
  lines,
  suites,
  groups: reportGroups(record, lines, suites),
})

/** One case as a report shows it: its row in `run.json`, with what the journal knows of it beside. */
export interface ReportCase {
  readonly row: RunCase
  readonly instance: RunInstance
  /** The line of the journal that its result is on. */
  readonly line: number | undefined
  readonly expect: PlannedCase['expect'] | undefined
  readonly result: ResultLine | undefined
}

export interface ReportRule {
  readonly id: string
  /** Undefined where the catalogue does not have it. */
  readonly rule: Rule | undefined
  readonly state: State
  readonly totals: Totals
  readonly cases: readonly ReportCase[]
}

/** A product in one version, real or model. */
export interface ReportGroup {
  /** `milvus-2.3.5`, `qdrant-1.16.0-model`. */
  readonly id: string
  readonly product: ProductName
  readonly version: string
  readonly evidence: 'real' | 'model'
  readonly instances: readonly RunInstance[]
  readonly totals: Totals
  readonly cases: readonly ReportCase[]
  /** From the worst. */
  readonly rules: readonly ReportRule[]
}

/** All that a report shows, by product and version: real before model, rules from the worst, by severity, then by id. */
function reportGroups(record: RunRecord, lines: readonly JournalLine[], suites: Suites): readonly ReportGroup[] {
  const cases = reportCases(record, lines)
  const byGroup = Map.groupBy(record.instances, groupId)
  const groups = [...byGroup].map(([id, instances]) => group(id, instances, cases, suites))
  return groups.filter((one) => one !== undefined).toSorted(byProduct)
}

const groupId = ({ product, version, evidence }: RunInstance): string => `${product}-${version}${evidence === 'model' ? '-model' : ''}`

function group(id: string, instances: readonly RunInstance[], cases: ReadonlyMap<string, readonly ReportCase[]>, suites: Suites): ReportGroup | undefined {
  const [first] = instances
  if (first === undefined) return undefined
  const own = instances.flatMap((instance) => cases.get(instance.id) ?? [])
  const { product, version, evidence } = first
  return { id, product, version, evidence, instances, totals: count(own.map(({ row }) => row)), cases: own, rules: rulesOf(own, suites[product]?.rules ?? {}) }
}

function rulesOf(cases: readonly ReportCase[], rules: Readonly<Record<string, Rule>>): readonly ReportRule[] {
  const pairs = cases.flatMap((one) => one.row.rules.map((id) => ({ id, one })))
  const byRule = Map.groupBy(pairs, ({ id }) => id)
  return [...byRule]
    .map(([id, own]) =>
      ruleOf(
        id,
        rules[id],
        own.map(({ one }) => one),
      ),
    )
    .toSorted(byGravity)
}

function ruleOf(id: string, rule: Rule | undefined, cases: readonly ReportCase[]): ReportRule {
  const rows = cases.map(({ row }) => row)
  const sorted = cases.toSorted((a, b) => gravity(a.row.state) - gravity(b.row.state))
  return { id, rule, state: worstOf(rows.map(({ state }) => state)), totals: count(rows), cases: sorted }
}

function reportCases(record: RunRecord, lines: readonly JournalLine[]): ReadonlyMap<string, readonly ReportCase[]> {
  const instances = new Map(record.instances.map((instance) => [instance.id, instance]))
  const { planned, results } = byKey(lines)
  const all = record.cases.flatMap((row) => {
    const instance = instances.get(row.instance)
    const key = caseKey(row.instance, row.id)
    const found = results.get(key)
    return instance === undefined ? [] : [{ row, instance, line: found?.number, expect: planned.get(key)?.expect, result: found?.line }]
  })
  return Map.groupBy(all, ({ row }) => row.instance)
}

interface ByKey {
  readonly planned: ReadonlyMap<string, PlannedCase>
  readonly results: ReadonlyMap<string, { readonly line: ResultLine; readonly number: number }>
}

function byKey(lines: readonly JournalLine[]): ByKey {
  const planned = new Map<string, PlannedCase>()
  const results = new Map<string, { readonly line: ResultLine; readonly number: number }>()
  for (const [at, line] of lines.entries()) {
    if (line.type === 'plan') for (const row of line.cases) planned.set(caseKey(line.instance.id, row.id), row)
    if (line.type === 'result') results.set(caseKey(line.instance, line.caseId), { line, number: at + 1 })
  }
  return { planned, results }
}

const gravity = (state: State): number => worstFirst.indexOf(state)

const byGravity = (a: ReportRule, b: ReportRule): number =>
  gravity(a.state) - gravity(b.state) || severityRank(b) - severityRank(a) || a.id.localeCompare(b.id, 'en', { numeric: true })

const severityRank = ({ rule }: ReportRule): number => (rule === undefined ? severities.length : severities.indexOf(rule.severity))

const byProduct = (a: ReportGroup, b: ReportGroup): number =>
  evidenceRank(a) - evidenceRank(b) ||
  productNames.indexOf(a.product) - productNames.indexOf(b.product) ||
  a.version.localeCompare(b.version, 'en', { numeric: true })

const evidenceRank = ({ evidence }: ReportGroup): number => (evidence === 'real' ? 0 : 1)

/** The cases on real servers, group by group. */
export const realCases = ({ groups }: Pick<ReportModel, 'groups'>): readonly ReportCase[] =>
  groups.filter(({ evidence }) => evidence === 'real').flatMap(({ cases }) => cases)
