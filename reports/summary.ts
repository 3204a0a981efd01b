import type { State } from '../src/deviation.ts'
import { productTitles } from './headline.ts'
import type { RunInstance, RunRecord } from './run-schema.ts'
import { count } from './run-record.ts'
import { visibleLine } from './visible.ts'

const columns = [
  ['conforms', 'conform'],
  ['deviates', 'deviate'],
  ['known-deviation', 'known'],
  ['waived', 'waived'],
  ['not-applicable', 'n/a'],
  ['could-not-run', 'not run'],
  ['harness-defect', 'defects'],
] as const satisfies readonly (readonly [State, string])[]

const LISTED_AT_MOST = 6

/**
 * The end of a run on a terminal: plain text, a dozen lines, no control characters.
 *
 * @param page where `index.html` is, as the reader can open it
 */
export function summaryOf(record: RunRecord, page: string): string {
  const lines = [
    record.headline,
    '',
    ...table(record),
    ...deviations(record),
    ...waivers(record),
    ...notJudged(record),
    ...statements(record),
    ...gaps(record),
    ...defects(record),
    `report: ${page}`,
  ]
  return lines.map((line) => visibleEnd(line)).join('\n')
}

const visibleEnd = (line: string): string =>
  (line.startsWith(' ') ? line.slice(0, line.length - line.trimStart().length) : '') + visibleLineKeepingColumns(line.trimStart())

/** Columns are made of spaces, which `visibleLine` would fold. */
const visibleLineKeepingColumns = (line: string): string =>
  line
    .split(/( {2,})/)
    .map((part) => (/^ {2,}$/.test(part) ? part : visibleLine(part)))
    .join('')

function table(record: RunRecord): readonly string[] {
  const realFirst = record.instances.toSorted((a, b) => Number(a.evidence === 'model') - Number(b.evidence === 'model'))
  const byRow = [...Map.groupBy(realFirst, nameOf)].map(([name, instances]) => ({ name, totals: totalsOf(record, instances) }))
  const shown = columns.filter(([state], index) => index < 2 || byRow.some(({ totals }) => totals[state] > 0))
  const width = Math.max(0, ...byRow.map(({ name }) => name.length))
  const head = `  ${' '.repeat(width)}${shown.map(([, title]) => title.padStart(10)).join('')}`
  return byRow.length === 0
    ? []
    : [head, ...byRow.map(({ name, totals }) => `  ${name.padEnd(width)}${shown.map(([state]) => String(totals[state]).padStart(10)).join('')}`)]
}

const nameOf = ({ product, version, runtime, evidence }: RunInstance): string =>
  `${productTitles[product]} ${version} (${evidence === 'model' ? 'model: no evidence' : runtime})`

function totalsOf(record: RunRecord, instances: readonly RunInstance[]): ReturnType<typeof count> {
  const ids = new Set(instances.map(({ id }) => id))
  return count(record.cases.filter(({ instance }) => ids.has(instance)))
}

function deviations({ knownDeviations, staleDeviations }: RunRecord): readonly string[] {
  const known = knownDeviations.map(({ id, severity, count: cases }) => `  ${id} (${severity}, ${cases} ${cases === 1 ? 'case' : 'cases'})`)
  const stale = staleDeviations.map(({ id, version }) => `no longer seen on ${version}: ${id} (remove that version from its list)`)
  return [...(known.length === 0 ? [] : ['known deviations:', ...known.slice(0, LISTED_AT_MOST), ...more(known)]), ...stale]
}

const waiverSays = {
  used: (cases: number) => `covers ${cases} ${cases === 1 ? 'case' : 'cases'}`,
  'not-here': () => 'none of its cases was judged here',
  expired: () => 'EXPIRED: it covers nothing',
  unmatched: () => 'UNMATCHED: nothing failed that it would cover; remove it',
} as const satisfies Record<RunRecord['waivers'][number]['status'], (cases: number) => string>

const waivers = (record: RunRecord): readonly string[] =>
  record.waivers.map(({ at, what, status, owner, expiry, cases }) => `waiver of ${what} (${owner}, until ${expiry}; ${at}): ${waiverSays[status](cases)}`)

const more = (lines: readonly string[]): readonly string[] => (lines.length > LISTED_AT_MOST ? [`  and ${lines.length - LISTED_AT_MOST} more`] : [])

const notJudged = (record: RunRecord): readonly string[] =>
  record.notJudged.map(({ product, because, hint }) => `not judged: ${productTitles[product]} (${because}); ${hint}`)

function statements(record: RunRecord): readonly string[] {
  const counts = Object.values(record.statements)
  if (counts.length === 0) return []
  const sum = (pick: (one: (typeof counts)[number]) => number): number => counts.reduce((all, one) => all + pick(one), 0)
  const listed = sum((one) => one.listed)
  return [
    `statements: ${listed} listed of ${counts.length} ${counts.length === 1 ? 'document' : 'documents'}, ${sum((one) => one.withRules)} with rules, ${sum((one) => one.excluded)} excluded, ${sum((one) => one.notYet)} without rules yet`,
  ]
}

/** Of all instances of one product and version, once. */
function gaps({ census }: RunRecord): readonly string[] {
  const lines = census.flatMap(({ instance, census: one }) => {
    if (one.state === 'failed') return [`not counted: ${one.what} of ${instance}: ${one.because}`]
    return one.state === 'incomplete' ? one.unknown.map((name) => `in no table, and excluded by nobody: ${name} (${instance})`) : []
  })
  return [...lines.slice(0, LISTED_AT_MOST), ...more(lines)]
}

const defects = (record: RunRecord): readonly string[] => record.defects.slice(0, LISTED_AT_MOST).map((defect) => `harness defect: ${defect}`)
