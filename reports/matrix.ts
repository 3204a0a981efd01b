import type { State } from '../src/deviation.ts'
import { productNames, type ProductName } from '../src/rule.ts'
import { productTitles } from './headline.ts'
import { evidenceOf, worstOf } from './run-record.ts'
import type { RunRecord } from './run-schema.ts'
import { prose } from './write-markdown.ts'

/** One product: its rules against the versions of it that ran. */
export interface Matrix {
  readonly product: ProductName
  readonly versions: readonly string[]
  readonly rows: readonly MatrixRow[]
}

export interface MatrixRow {
  readonly rule: string
  /** The worst of its cases on each version, in the order of `versions`; undefined where it had none. */
  readonly states: readonly (State | undefined)[]
}

/** What the real servers of a run showed, rule by rule and version by version. Pure. */
export function matricesOf(record: RunRecord): readonly Matrix[] {
  return productNames.flatMap((product) => {
    const instances = record.instances.filter((instance) => instance.product === product && instance.evidence === 'real')
    const versions = [...new Set(instances.map(({ version }) => version))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    if (versions.length === 0) return []
    const versionOf = new Map(instances.map(({ id, version }) => [id, version]))
    const cases = record.cases.filter((row) => evidenceOf(record.instances, row) === 'real' && versionOf.has(row.instance))
    const byRule = Map.groupBy(
      cases.flatMap((row) => row.rules.map((rule) => ({ rule, version: versionOf.get(row.instance), state: row.state }))),
      ({ rule }) => rule,
    )
    const rows = [...byRule].map(([rule, own]) => ({ rule, states: versions.map((version) => stateOf(own.filter((one) => one.version === version))) }))
    return [{ product, versions, rows: rows.toSorted((a, b) => a.rule.localeCompare(b.rule, 'en', { numeric: true })) }]
  })
}

const stateOf = (own: readonly { readonly state: State }[]): State | undefined => (own.length === 0 ? undefined : worstOf(own.map(({ state }) => state)))

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
export function writeMatrixMarkdown(record: RunRecord): string {
  const parts = matricesOf(record).map(({ product, versions, rows }) => {
    const head = [`| rule | ${versions.map(prose).join(' | ')} |`, `| --- |${versions.map(() => ' :---: |').join('')}`]
    const lines = [...rows.filter(differs), ...rows.filter((row) => !differs(row))].map(
      ({ rule, states }) => `| ${prose(rule)} | ${states.map((state) => (state === undefined ? ' ' : signs[state])).join(' | ')} |`,
    )
    return `## ${productTitles[product]}\n\n${[...head, ...lines].join('\n')}`
  })
  return `${['# Assay: versions', prose(record.headline), prose(legend), ...parts].join('\n\n')}\n`
}

const differs = ({ states }: MatrixRow): boolean => new Set(states).size > 1

/** For a terminal: how many rules are in which state on each version. */
export function matrixText(record: RunRecord): string {
  return matricesOf(record)
    .flatMap(({ product, versions, rows }) =>
      versions.map((version, at) => {
        const counts = [...Map.groupBy(rows, ({ states }) => states[at] ?? 'no case')].map(([state, own]) => `${own.length} ${state}`)
        return `  ${productTitles[product]} ${version}: ${counts.join(', ')}`
      }),
    )
    .join('\n')
}
