import { states } from '../src/deviation.ts'
import type { Exchange } from '../src/outcome.ts'
import { productTitles, wasJudged } from './headline.ts'
import type { ReportCase, ReportModel } from './report-model.ts'
import type { RunInstance, RunRecord } from './run-schema.ts'
import { severityOf } from './exit-code.ts'
import { visibleLine } from './visible.ts'
import { element, openTag, xmlText } from './xml.ts'

type Kind = 'passed' | 'skipped' | 'failure' | 'error'

/**
 * JUnit XML, one suite for each instance and one for the run itself. Its four outcomes cannot carry seven states, so
 * nothing passes but what conforms on a real server: known deviations, waivers, what is not applicable and whatever a
 * model did are skipped with their state as the first word of the message; the state is in the output of every case too,
 * as `[[PROPERTY|state=…]]`: the schema of Jenkins's xUnit plugin, which this obeys, lets no case have properties.
 */
export function* writeJunit({ record, groups }: ReportModel): Generator<string> {
  const suites = [runSuite(record), ...groups.flatMap(({ cases }) => instanceSuites(record, cases))]
  const all = suites.map(({ counts }) => counts)
  yield `<?xml version="1.0" encoding="UTF-8"?>\n${openTag('testsuites', { name: 'vector-assay', ...withoutSkipped(attributesOf(sum(all))) })}`
  for (const suite of suites) yield* suiteParts(record, suite)
  yield '</testsuites>\n'
}

/** One suite; its cases are written when their turn comes, its figures before. */
interface TestSuite {
  readonly name: string
  readonly properties: Properties
  readonly counts: Counts
  readonly cases: Iterable<string>
}

function* suiteParts(record: RunRecord, { name, properties, counts, cases }: TestSuite): Generator<string> {
  yield `\n${openTag('testsuite', { name, timestamp: record.startedAt, ...attributesOf(counts) })}${propertiesXml(properties).join('')}`
  for (const xml of cases) yield `\n${xml}`
  yield '\n</testsuite>'
}

interface Counts {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly skipped: number
  readonly ms: number
}

function countsOf(kinds: readonly Kind[], ms: number): Counts {
  const of = (kind: Kind): number => kinds.filter((one) => one === kind).length
  return { tests: kinds.length, failures: of('failure'), errors: of('error'), skipped: of('skipped'), ms }
}

const sum = (all: readonly Counts[]): Counts => ({
  tests: all.reduce((total, { tests }) => total + tests, 0),
  failures: all.reduce((total, { failures }) => total + failures, 0),
  errors: all.reduce((total, { errors }) => total + errors, 0),
  skipped: all.reduce((total, { skipped }) => total + skipped, 0),
  ms: all.reduce((total, { ms }) => total + ms, 0),
})

const attributesOf = ({ ms, ...counts }: Counts): Readonly<Record<string, number | string>> => ({ ...counts, time: seconds(ms) })

/** The schema has the number of skipped ones on each suite, and not on all of them. */
const withoutSkipped = (counts: Readonly<Record<string, number | string>>): Readonly<Record<string, number | string>> =>
  Object.fromEntries(Object.entries(counts).filter(([name]) => name !== 'skipped'))

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

type Properties = Readonly<Record<string, string | undefined>>

function propertiesXml(properties: Properties): readonly string[] {
  const written = Object.entries(properties).flatMap(([name, value]) => (value === undefined ? [] : [element('property', { name, value })]))
  return written.length === 0 ? [] : [element('properties', {}, written)]
}

// The run itself: what no case can say

function runSuite(record: RunRecord): TestSuite {
  const cases = [
    ...(record.complete ? [] : [testCase('the-run-is-complete', 'error', record.interrupted ? 'it was interrupted' : 'it ended before it was done')]),
    ...(isAnythingReal(record) ? [] : [testCase('something-real-was-judged', 'error', 'nothing real could be judged')]),
    ...record.defects.map((defect, at) => testCase(`harness-defect-${at + 1}`, 'error', `harness-defect: ${defect}`)),
    ...record.staleDeviations.map(({ id, version }) =>
      testCase(`known-deviation.${id}.on-${version}`, 'failure', `${id} is recorded for ${version}, and was no longer seen there`),
    ),
    ...record.notJudged.map(({ product, because, hint }) => testCase(`${product}.is-judged`, 'skipped', `not judged: ${because}; ${hint}`)),
  ]
  const properties = { headline: record.headline, tool: `${record.tool.name} ${record.tool.version}`, commit: record.tool.commit }
  const kinds = cases.map(({ kind }) => kind)
  return { name: 'the run', properties, counts: countsOf(kinds, 0), cases: cases.map(({ xml }) => xml) }
}

const isAnythingReal = ({ totals }: RunRecord): boolean => states.some((state) => wasJudged(state) && totals[state] > 0)

const testCase = (name: string, kind: Kind, message: string): { readonly kind: Kind; readonly xml: string } => ({
  kind,
  xml: element('testcase', { name, classname: 'run', time: seconds(0) }, marks(kind, kind, message, '')),
})

// The servers and their cases

const instanceSuites = (record: RunRecord, cases: readonly ReportCase[]): readonly TestSuite[] =>
  [...Map.groupBy(cases, ({ instance }) => instance)].map(([instance, own]) => instanceSuite(record, instance, own))

function instanceSuite(record: RunRecord, instance: RunInstance, own: readonly ReportCase[]): TestSuite {
  const { product, version, profile, runtime, evidence, origin, digest, status, because } = instance
  const ms = own.reduce((total, { row }) => total + row.ms, 0)
  return {
    name: `${productTitles[product]} ${version} ${profile}${evidence === 'model' ? ' (model: no evidence)' : ''}`,
    properties: { product, version, profile, runtime, evidence, origin: origin ?? undefined, digest: digest ?? undefined, status, because },
    counts: countsOf(own.map(kindOf), ms),
    cases: testCases(record, own),
  }
}

function* testCases(record: RunRecord, own: readonly ReportCase[]): Generator<string> {
  for (const one of own) yield testCaseOf(record, one)
}

function testCaseOf(record: RunRecord, { row, instance, result }: ReportCase): string {
  const kind = kindOf({ row, instance })
  const properties = {
    state: row.state,
    evidence: instance.evidence,
    rules: row.rules.join(' '),
    severity: severityOf(record, row),
    surface: row.surface,
    principal: row.principal,
    operation: row.operation,
    deviation: row.deviation,
  }
  const onModel = instance.evidence === 'model' ? 'model, no evidence: ' : ''
  const evidence = kind === 'failure' || kind === 'error' ? (result?.exchanges ?? []).map(exchangeText).join('\n') : ''
  const children = [...marks(kind, row.state, `${onModel}${row.state}: ${row.because}`, evidence), element('system-out', {}, [xmlText(outputOf(properties))])]
  return element('testcase', { name: row.id, classname: instance.id, time: seconds(row.ms) }, children)
}

/** As testmo, and Jenkins with a plugin, read them. */
const outputOf = (properties: Properties): string =>
  Object.entries(properties)
    .flatMap(([name, value]) => (value === undefined ? [] : [`[[PROPERTY|${name}=${visibleLine(value)}]]`]))
    .join('\n')

function kindOf({ row, instance }: Pick<ReportCase, 'row' | 'instance'>): Kind {
  switch (row.state) {
    case 'conforms':
      return instance.evidence === 'real' ? 'passed' : 'skipped'
    case 'deviates':
      return instance.evidence === 'real' ? 'failure' : 'error'
    case 'could-not-run':
      return instance.evidence === 'real' ? 'error' : 'skipped'
    case 'harness-defect':
      return 'error'
    case 'known-deviation':
    case 'waived':
    case 'not-applicable':
      return 'skipped'
  }
}

function marks(kind: Kind, type: string, message: string, evidence: string): readonly string[] {
  switch (kind) {
    case 'passed':
      return []
    case 'skipped':
      return [element('skipped', { message: visibleLine(message) })]
    case 'failure':
    case 'error':
      return [element(kind, { type, message: visibleLine(message) }, [xmlText(`${message}\n${evidence}`)])]
  }
}

const exchangeText = ({ stage, request, body, status, answer, ms }: Exchange): string =>
  `[${stage}] ${request} (${Math.round(ms)} ms)\n${body === '' ? '' : `  sent: ${body}\n`}  got: ${status}\n${answer === '' ? '' : `  ${answer}\n`}`
