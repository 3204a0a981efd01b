import { states } from '../src/deviation.ts'
import { highest, productTitles } from './headline.ts'
import type { ReportCase, ReportGroup, ReportModel, ReportRule } from './report-model.ts'
import type { RunRecord } from './run-schema.ts'
import { visibleLine } from './visible.ts'

/** A job's summary holds a mebibyte at most; nobody reads that much. */
const LISTED_AT_MOST = 40
const LONGEST_REASON = 300

/**
 * A summary in GitHub's Markdown for a CI job's page. What servers said stands in code spans, where it can neither
 * link, nor mention, nor load anything.
 */
export function writeMarkdown({ record, groups }: ReportModel): string {
  const parts = [
    `# Assay`,
    prose(record.headline),
    table(groups),
    ...findings(groups),
    ...known(record),
    ...stale(record),
    ...notJudged(record, groups),
    ...defects(record),
    ...statements(record),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Our own words: what Markdown, a table or HTML would take for markup is escaped. */
export const prose = (text: string): string =>
  visibleLine(text).replace(/[\\`*_[\]#|~<>&@!$]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : `\\${sign}`))

/** Anyone's words: one code span, fenced by more backticks than it holds; also in a table's cell. */
export function code(text: string): string {
  const line = visibleLine(text)
  const shown = line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = longest > 0 || shown === '' ? ' ' : ''
  return `${fence}${pad}${shown.replaceAll('|', '\\|')}${pad}${fence}`
}

function table(groups: readonly ReportGroup[]): string {
  const shown = states.filter((state) => state === 'conforms' || state === 'deviates' || groups.some(({ totals }) => totals[state] > 0))
  const head = [`| product | ${shown.join(' | ')} |`, `| --- |${shown.map(() => ' ---: |').join('')}`]
  const rows = groups.map(
    ({ product, version, evidence, totals }) =>
      `| ${productTitles[product]} ${prose(version)}${evidence === 'model' ? ' (model: no evidence)' : ''} | ${shown.map((state) => totals[state]).join(' | ')} |`,
  )
  return [...head, ...rows].join('\n')
}

function findings(groups: readonly ReportGroup[]): readonly string[] {
  const found = groups
    .filter(({ evidence }) => evidence === 'real')
    .flatMap((group) => group.rules.filter(({ totals }) => totals.deviates > 0).map((rule) => finding(group, rule)))
  return section('Deviations that were not known', found)
}

function finding(group: ReportGroup, { id, rule, totals, cases }: ReportRule): string {
  const found = cases.map(({ row }) => row).filter(({ state }) => state === 'deviates')
  const [first] = found
  const severity = highest(found.flatMap((row) => row.severity ?? [])) ?? 'critical'
  const shown = first === undefined ? '' : `\n  For example ${code(first.id)}: ${code(first.because)}`
  return `- **${prose(id)}** (${rule?.level ?? 'no rule'}, ${severity}), ${productTitles[group.product]} ${prose(group.version)}, ${totals.deviates} ${totals.deviates === 1 ? 'case' : 'cases'}. ${prose(rule?.says ?? '')}${shown}`
}

const known = ({ knownDeviations }: RunRecord): readonly string[] =>
  section(
    'Known deviations, none of them accepted',
    knownDeviations.map(
      ({ id, severity, count, says, versions }) =>
        `- **${prose(id)}** (${severity}, ${count} ${count === 1 ? 'case' : 'cases'} on ${prose(versions.join(', '))}). ${prose(says)}`,
    ),
  )

const stale = ({ staleDeviations }: RunRecord): readonly string[] =>
  section(
    'Known deviations no longer seen',
    staleDeviations.map(({ id, product, version }) => `- **${prose(id)}** on ${productTitles[product]} ${prose(version)}`),
  )

function notJudged(record: RunRecord, groups: readonly ReportGroup[]): readonly string[] {
  const products = record.notJudged.map(({ product, because, hint }) => `- **${productTitles[product]}**: ${code(because)} To judge it: ${code(hint)}`)
  const open = groups.filter(({ evidence }) => evidence === 'real').flatMap(({ cases }) => cases.filter(({ row }) => row.state === 'could-not-run'))
  const reasons = [...Map.groupBy(open, ({ row }) => `${row.instance}\0${row.because}`).values()].map(reason)
  return section('Not judged', [...products, ...reasons])
}

const reason = (rows: readonly ReportCase[]): string =>
  `- ${rows.length} ${rows.length === 1 ? 'case' : 'cases'} on ${prose(rows[0]?.instance.id ?? '')}: ${code(rows[0]?.row.because ?? '')}`

const defects = ({ defects: found }: RunRecord): readonly string[] =>
  section(
    'Faults of the harness',
    found.map((defect) => `- ${code(defect)}`),
  )

function statements({ statements: documents }: RunRecord): readonly string[] {
  const rows = Object.entries(documents).map(
    ([document, { listed, withRules, excluded, notYet }]) => `| ${prose(document)} | ${listed} | ${withRules} | ${excluded} | ${notYet} |`,
  )
  return rows.length === 0
    ? []
    : [
        '## Coverage of the documents',
        ['| document | statements | with rules | excluded | no rule yet |', '| --- | ---: | ---: | ---: | ---: |', ...rows].join('\n'),
      ]
}

function section(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return []
  const more = items.length > LISTED_AT_MOST ? [`- and ${items.length - LISTED_AT_MOST} more, in the report`] : []
  return [`## ${title}`, [...items.slice(0, LISTED_AT_MOST), ...more].join('\n')]
}
