import type { State } from '../src/deviation.ts'
import { productTitles } from './headline.ts'
import { jsonParts, Lazy } from './json-parts.ts'
import { realCases, type ReportCase, type ReportModel } from './report-model.ts'
import type { RunInstance, RunRecord } from './run-schema.ts'
import { visibleLine } from './visible.ts'

/** All terms are defined here, so that a reader loads nothing. */
const context = {
  earl: 'http://www.w3.org/ns/earl#',
  dct: 'http://purl.org/dc/terms/',
  doap: 'http://usefulinc.com/ns/doap#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  assertedBy: { '@id': 'earl:assertedBy', '@type': '@id' },
  subject: { '@id': 'earl:subject', '@type': '@id' },
  test: { '@id': 'earl:test', '@type': '@id' },
  mode: { '@id': 'earl:mode', '@type': '@id' },
  outcome: { '@id': 'earl:outcome', '@type': '@id' },
  result: 'earl:result',
  info: 'earl:info',
  title: 'dct:title',
  description: 'dct:description',
  identifier: 'dct:identifier',
  source: 'dct:source',
  isPartOf: { '@id': 'dct:isPartOf', '@type': '@id' },
  date: { '@id': 'dct:date', '@type': 'xsd:dateTime' },
  revision: 'doap:revision',
}

/**
 * EARL 1.0 (a Note of the W3C) as JSON-LD: an assertion for each case on a real server. What deviates has failed, known
 * and waived included; what could not be judged `cantTell`; what this machine cannot judge is `untested`.
 */
export function writeEarl(model: ReportModel): Iterable<string> {
  const { record, suites } = model
  const cases = realCases(model)
  const servers = [...new Set(cases.map(({ instance }) => instance))]
  const used = new Set(cases.flatMap(({ row }) => row.rules))
  const rules = Object.values(suites).flatMap((suite) => Object.entries(suite.rules).filter(([id]) => used.has(id)))
  const nodes = [
    { '@id': urn('tool'), '@type': ['earl:Assertor', 'earl:Software'], title: record.tool.name, revision: record.tool.commit ?? record.tool.version },
    ...servers.map(server),
    ...rules.map(([id, { says, source }]) => ({
      '@id': urn('rule', id),
      '@type': 'earl:TestRequirement',
      identifier: id,
      description: says,
      source: source.ref,
    })),
  ]
  return jsonParts({ '@context': context, '@graph': new Lazy(graph(record, nodes, cases)) })
}

function* graph(record: RunRecord, nodes: readonly object[], cases: readonly ReportCase[]): Generator<object> {
  yield* nodes
  for (const one of distinct(cases)) yield testCase(one)
  for (const one of cases) yield assertion(record, one)
}

/** Names that hold nothing an IRI may not hold. */
const urn = (...parts: readonly string[]): string => `urn:assay:${parts.map((part) => encodeURIComponent(part.toWellFormed())).join(':')}`

const server = ({ id, product, version, profile, digest }: RunInstance): object => ({
  '@id': urn('server', id),
  '@type': ['earl:TestSubject', 'earl:Software'],
  title: `${productTitles[product]} ${version}, ${profile}`,
  revision: version,
  ...(digest === null ? {} : { identifier: digest }),
})

const distinct = (cases: readonly ReportCase[]): readonly ReportCase[] => [...new Map(cases.map((one) => [one.row.id, one])).values()]

const testCase = ({ row }: ReportCase): object => ({
  '@id': urn('case', row.id),
  '@type': 'earl:TestCase',
  title: visibleLine(row.id),
  isPartOf: row.rules.map((rule) => urn('rule', rule)),
})

const assertion = (record: RunRecord, { row, instance, result }: ReportCase): object => ({
  '@id': urn('assertion', record.runId, instance.id, row.id),
  '@type': 'earl:Assertion',
  assertedBy: urn('tool'),
  subject: urn('server', instance.id),
  test: urn('case', row.id),
  mode: 'earl:automatic',
  result: {
    '@type': 'earl:TestResult',
    outcome: row.reason === 'runtime' || row.reason === 'safety' ? 'earl:untested' : outcomes[row.state],
    info: `${row.state}: ${visibleLine(row.because)}`,
    date: result?.startedAt ?? record.startedAt,
  },
})

const outcomes = {
  conforms: 'earl:passed',
  deviates: 'earl:failed',
  'known-deviation': 'earl:failed',
  waived: 'earl:failed',
  'not-applicable': 'earl:inapplicable',
  'could-not-run': 'earl:cantTell',
  'harness-defect': 'earl:cantTell',
} as const satisfies Record<State, string>
