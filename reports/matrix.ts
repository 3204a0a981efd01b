import type { State } from '../src/deviation.ts'
import { productNames, type ProductName } from '../src/rule.ts'
import { productTitles } from './headline.ts'
import { count, worstFirst, worstOfApplied } from './run-record.ts'
import type { RunCase, RunRecord, Totals } from './run-schema.ts'
import { prose } from './write-markdown.ts'

/** One product: its rules against the versions of it that ran, of one run or of several. */
export interface Matrix {
  readonly product: ProductName
  readonly columns: readonly MatrixColumn[]
  readonly rows: readonly MatrixRow[]
  /** Between each column and the one before it. */
  readonly changes: readonly MatrixChange[]
}

export interface MatrixColumn {
  readonly version: string
  readonly runId: string
  /** The version, and the run where several have that version. */
  readonly label: string
}

export interface MatrixRow {
  readonly rule: string
  /** In the order of `columns`; undefined where the rule had no case. */
  readonly cells: readonly (MatrixCell | undefined)[]
}

export interface MatrixCell {
  /** The worst of its cases that applied. */
  readonly state: State
  readonly totals: Totals
}

export interface MatrixChange {
  readonly from: MatrixColumn
  readonly to: MatrixColumn
  readonly rules: readonly Turned[]
  /** The same case in the same profile. */
  readonly cases: readonly Turned[]
}

interface Turned {
  readonly id: string
  /** Undefined where it was not there. */
  readonly was: State | undefined
  readonly is: State | undefined
}

type Rows = ReadonlyMap<string, readonly RunCase[]>

interface Column extends MatrixColumn {
  readonly byRule: Rows
  readonly byCase: ReadonlyMap<string, State>
}

/** What the real servers of runs showed, rule by rule and version by version. Pure. */
export function matricesOf(records: readonly RunRecord[]): readonly Matrix[] {
  return productNames.flatMap((product) => {
    const found = records.flatMap((record) => columnsOf(record, product)).toSorted((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))
    if (found.length === 0) return []
    const columns = found.map((column) => ({ ...column, label: labelOf(column, found) }))
    const rules = [...new Set(columns.flatMap(({ byRule }) => [...byRule.keys()]))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    const rows = rules.map((rule) => ({ rule, cells: columns.map(({ byRule }) => cellOf(byRule.get(rule))) }))
    const changes = columns.slice(1).flatMap((to, at) => changeOf(columns[at], to, at, rows))
    return [{ product, columns: columns.map(({ version, runId, label }) => ({ version, runId, label })), rows, changes }]
  })
}

function columnsOf(record: RunRecord, product: ProductName): readonly Column[] {
  const instances = new Map(record.instances.filter((one) => one.product === product && one.evidence === 'real').map((one) => [one.id, one]))
  const byVersion = Map.groupBy(
    record.cases.filter(({ instance }) => instances.has(instance)),
    ({ instance }) => instances.get(instance)?.version ?? '',
  )
  return [...byVersion].map(([version, cases]) => ({
    version,
    runId: record.runId,
    label: version,
    byRule: rulesOf(cases),
    byCase: new Map(cases.map((row) => [`${row.id} (${instances.get(row.instance)?.profile ?? ''})`, row.state])),
  }))
}

function rulesOf(cases: readonly RunCase[]): Rows {
  const pairs = cases.flatMap((row) => row.rules.map((rule) => ({ rule, row })))
  return new Map([...Map.groupBy(pairs, ({ rule }) => rule)].map(([rule, own]) => [rule, own.map(({ row }) => row)]))
}

const labelOf = ({ version, runId }: Column, all: readonly Column[]): string =>
  all.filter((other) => other.version === version).length > 1 ? `${version} (${runId})` : version

const cellOf = (rows: readonly RunCase[] | undefined): MatrixCell | undefined =>
  rows === undefined ? undefined : { state: worstOfApplied(rows.map(({ state }) => state)), totals: count(rows) }

function changeOf(from: Column | undefined, to: Column, at: number, rows: readonly MatrixRow[]): readonly MatrixChange[] {
  if (from === undefined) return []
  const rules = rows.map(({ rule, cells }) => ({ id: rule, was: cells[at]?.state, is: cells[at + 1]?.state })).filter(({ was, is }) => was !== is)
  const ids = new Set([...from.byCase.keys(), ...to.byCase.keys()])
  const cases = [...ids].map((id) => ({ id, was: from.byCase.get(id), is: to.byCase.get(id) })).filter(({ was, is }) => was !== is)
  return [{ from, to, rules, cases: cases.toSorted((a, b) => gravity(a.is) - gravity(b.is)) }]
}

const gravity = (state: State | undefined): number => (state === undefined ? worstFirst.length : worstFirst.indexOf(state))

/** Whether it got better or worse; undefined where it did neither, or was not there before or after. */
export function turnOf(was: State | undefined, is: State | undefined): 'better' | 'worse' | undefined {
  if (was === undefined || is === undefined || was === is || was === 'not-applicable' || is === 'not-applicable') return undefined
  return gravity(is) > gravity(was) ? 'better' : 'worse'
}

/** Whether there is something to set side by side. */
export const hasNeighbours = (matrices: readonly Matrix[]): boolean => matrices.some(({ columns }) => columns.length > 1)

const signs = {
  conforms: '✓',
  deviates: '✗',
  'known-deviation': '!',
  waived: '~',
  'not-applicable': '–',
  'could-not-run': '?',
  'harness-defect': '#',
} as const satisfies Record<State, string>

const legend = Object.entries(signs)
  .map(([state, sign]) => `${sign} ${state}`)
  .join(', ')

/** All rules against all versions, in GitHub's Markdown; those that are not the same everywhere first. */
export function writeMatrixMarkdown(records: readonly RunRecord[]): string {
  const parts = matricesOf(records).map(({ product, columns, rows }) => {
    const head = [`| rule | ${columns.map(({ label }) => prose(label)).join(' | ')} |`, `| --- |${columns.map(() => ' :---: |').join('')}`]
    const lines = [...rows.filter(differs), ...rows.filter((row) => !differs(row))].map(
      ({ rule, cells }) => `| ${prose(rule)} | ${cells.map((cell) => (cell === undefined ? ' ' : signs[cell.state])).join(' | ')} |`,
    )
    return `## ${productTitles[product]}\n\n${[...head, ...lines].join('\n')}`
  })
  return `${['# Assay: versions', ...records.map(({ headline }) => prose(headline)), prose(legend), ...parts].join('\n\n')}\n`
}

export const differs = ({ cells }: MatrixRow): boolean => new Set(cells.map((cell) => cell?.state)).size > 1

/** For a terminal: how many rules are in which state on each version. */
export function matrixText(records: readonly RunRecord[]): string {
  return matricesOf(records)
    .flatMap(({ product, columns, rows }) =>
      columns.map(({ label }, at) => {
        const counts = [...Map.groupBy(rows, ({ cells }) => cells[at]?.state ?? 'no case')].map(([state, own]) => `${own.length} ${state}`)
        return `  ${productTitles[product]} ${label}: ${counts.join(', ')}`
      }),
    )
    .join('\n')
}
