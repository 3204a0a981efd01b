import { states } from '../src/deviation.ts'
import type { Exchange } from '../src/outcome.ts'
import { productTitles, wasJudged } from './headline.ts'
import type { JournalLine } from './journal-lines.ts'
import { reportGroups, type ReportCase, type ReportGroup } from './report-model.ts'
import type { RunInstance, RunRecord } from './run-schema.ts'
import type { Suites } from './catalogue-counts.ts'
import { severityOf } from './exit-code.ts'
import { visibleLine } from './visible.ts'
import { element, xmlText } from './xml.ts'

type Kind = 'passed' | 'skipped' | 'failure' | 'error'

interface TestCase {
  readonly kind: Kind
  readonly ms: number
  readonly xml: string
}

/**
 * JUnit XML, one suite for each instance and one for the run itself. Its four outcomes cannot carry seven states, so
 * nothing passes but what conforms on a real server: known deviations, waivers, what is not applicable and whatever a
 * model did are skipped with their state as the first word of the message; the state is in the output of every case too,
 * as `[[PROPERTY|state=…]]`: the schema of Jenkins's xUnit plugin, which this obeys, lets no case have properties.
 */
export function writeJunit(record: RunRecord, lines: readonly JournalLine[], suites: Suites): string {
  const groups = reportGroups(record, lines, suites)
  const all = [runSuite(record), ...groups.flatMap((group) => group.instances.map((instance) => instanceSuite(record, group, instance)))]
  const tests = all.flatMap(({ cases }) => cases)
  const root = element(
    'testsuites',
    { name: 'vector-assay', ...withoutSkipped(countsOf(tests)) },
    all.map(({ xml }) => `\n${xml}`),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

interface TestSuite {
  readonly cases: readonly TestCase[]
  readonly xml: string
}

function suiteOf(name: string, record: RunRecord, properties: Properties, cases: readonly TestCase[]): TestSuite {
  const attributes = { name, timestamp: record.startedAt, ...countsOf(cases) }
  return { cases, xml: element('testsuite', attributes, [...propertiesXml(properties), ...cases.map(({ xml }) => `\n${xml}`), '\n']) }
}

function countsOf(cases: readonly TestCase[]): Readonly<Record<string, number | string>> {
  const of = (kind: Kind): number => cases.filter((one) => one.kind === kind).length
  return {
    tests: cases.length,
    failures: of('failure'),
    errors: of('error'),
    skipped: of('skipped'),
    time: seconds(cases.reduce((sum, { ms }) => sum + ms, 0)),
  }
}

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
  return suiteOf('the run', record, { headline: record.headline, tool: `${record.tool.name} ${record.tool.version}`, commit: record.tool.commit }, cases)
}

const isAnythingReal = ({ totals }: RunRecord): boolean => states.some((state) => wasJudged(state) && totals[state] > 0)

const testCase = (name: string, kind: Kind, message: string): TestCase => ({
  kind,
  ms: 0,
  xml: element('testcase', { name, classname: 'run', time: seconds(0) }, marks(kind, kind, message, '')),
})

// The servers and their cases

function instanceSuite(record: RunRecord, group: ReportGroup, instance: RunInstance): TestSuite {
  const own = group.cases.filter((one) => one.instance === instance)
  const { product, version, profile, runtime, evidence, origin, digest, status, because } = instance
  const properties = { product, version, profile, runtime, evidence, origin: origin ?? undefined, digest: digest ?? undefined, status, because }
  const name = `${productTitles[product]} ${version} ${profile}${evidence === 'model' ? ' (model: no evidence)' : ''}`
  return suiteOf(
    name,
    record,
    properties,
    own.map((one) => testCaseOf(record, one)),
  )
}

function testCaseOf(record: RunRecord, { row, instance, result }: ReportCase): TestCase {
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
  return { kind, ms: row.ms, xml: element('testcase', { name: row.id, classname: instance.id, time: seconds(row.ms) }, children) }
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
