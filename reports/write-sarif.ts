import type { State } from '../src/deviation.ts'
import type { Exchange } from '../src/outcome.ts'
import { severities, type Rule, type Severity } from '../src/rule.ts'
import type { Suites } from './catalogue-counts.ts'
import { severityOf } from './exit-code.ts'
import { productTitles } from './headline.ts'
import { jsonParts, Lazy } from './json-parts.ts'
import { realCases, type ReportCase, type ReportModel } from './report-model.ts'
import type { RunCase, RunInstance, RunRecord } from './run-schema.ts'
import { uuidOf } from './uuid.ts'
import { visible, visibleLine } from './visible.ts'

/**
 * SARIF 2.1.0 (OASIS): one result for each case on a real server, under the most severe of its rules, located at its line
 * of the journal. A known deviation fails and is marked as under review; a waiver is an accepted suppression; what
 * could not run is `open`; faults of the harness are notifications of the tool. A model's cases are no results.
 *
 * @param baseline an earlier run: each result says whether it is `new`, `unchanged` or `updated` against it, and what is gone is `absent`
 */
export function writeSarif(model: ReportModel, baseline?: RunRecord): Iterable<string> {
  const { record, suites } = model
  const cases = realCases(model)
  const rules = descriptorsOf(cases, suites)
  const run = {
    tool: { driver: driver(record, rules) },
    invocations: [invocation(record, cases)],
    taxonomies: taxonomies(rules),
    columnKind: 'utf16CodeUnits',
    ...(baseline === undefined ? {} : { baselineGuid: uuidOf(baseline.runId, 'run') }),
    automationDetails: { id: `vector-assay/${record.runId}`, guid: uuidOf(record.runId, 'run') },
    results: new Lazy(resultsOf(model, cases, rules, baseline)),
    properties: { headline: record.headline, totals: record.totals, notJudged: record.notJudged },
  }
  return jsonParts({ $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json', version: '2.1.0', runs: [run] })
}

// Rules and what they refer to

type Descriptors = readonly (readonly [id: string, rule: Rule])[]

function descriptorsOf(cases: readonly ReportCase[], suites: Suites): Descriptors {
  const used = new Set(cases.flatMap(({ row }) => row.rules))
  return Object.values(suites)
    .flatMap((suite) => Object.entries(suite.rules))
    .filter(([id]) => used.has(id))
}

const driver = ({ tool }: RunRecord, rules: Descriptors): object => ({
  name: tool.name,
  version: tool.version,
  semanticVersion: tool.version,
  rules: rules.map(descriptor),
  supportedTaxonomies: taxonomyNames.map((name) => ({ name })),
})

/** GitHub's code scanning reads `security-severity` as a CVSS-like figure: the middle of each band. */
const scores = { low: '2.0', medium: '5.5', high: '8.0', critical: '9.5' } as const satisfies Record<Severity, string>
const levels = { low: 'note', medium: 'warning', high: 'error', critical: 'error' } as const satisfies Record<Severity, string>

const descriptor = ([id, rule]: Descriptors[number]): object => ({
  id,
  shortDescription: { text: rule.says },
  fullDescription: { text: `${rule.says} ${rule.level}, after ${rule.source.ref} (${rule.source.kind}).` },
  help: { text: rule.remediation },
  defaultConfiguration: { level: levels[rule.severity] },
  relationships: [...rule.cwe.map((cwe) => relationship('CWE', cwe.slice(4))), ...rule.controls.map((control) => relationship('NIST SP 800-53 r5', control))],
  properties: {
    tags: ['security', ...rule.cwe.map((cwe) => `external/cwe/${cwe.toLowerCase()}`)],
    'security-severity': scores[rule.severity],
    severity: rule.severity,
    level: rule.level,
    product: rule.product,
  },
})

const taxonomyNames = ['CWE', 'NIST SP 800-53 r5'] as const

const relationship = (taxonomy: (typeof taxonomyNames)[number], id: string): object => ({
  target: { id, toolComponent: { name: taxonomy, index: taxonomyNames.indexOf(taxonomy) } },
  kinds: ['relevant'],
})

const unique = (ids: readonly string[]): readonly object[] => [...new Set(ids)].toSorted().map((id) => ({ id }))

function taxonomies(rules: Descriptors): readonly object[] {
  const [cwe, nist] = taxonomyNames
  return [
    {
      name: cwe,
      organization: 'MITRE',
      informationUri: 'https://cwe.mitre.org/',
      guid: uuidOf('taxonomy', cwe),
      isComprehensive: false,
      taxa: unique(rules.flatMap(([, rule]) => rule.cwe.map((id) => id.slice(4)))),
    },
    {
      name: nist,
      organization: 'NIST',
      informationUri: 'https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final',
      guid: uuidOf('taxonomy', nist),
      isComprehensive: false,
      taxa: unique(rules.flatMap(([, rule]) => [...rule.controls])),
    },
  ]
}

// The run

function invocation(record: RunRecord, cases: readonly ReportCase[]): object {
  const faults = [...record.defects, ...cases.filter(({ row }) => row.state === 'harness-defect').map(({ row }) => `${row.id}: ${row.because}`)]
  return {
    executionSuccessful: record.complete && faults.length === 0,
    startTimeUtc: record.startedAt,
    ...(record.finishedAt === null ? {} : { endTimeUtc: record.finishedAt }),
    toolExecutionNotifications: faults.map((fault) => ({ level: 'error', message: { text: visibleLine(fault) } })),
  }
}

// The cases

const kinds = {
  conforms: 'pass',
  deviates: 'fail',
  'known-deviation': 'fail',
  waived: 'fail',
  'not-applicable': 'notApplicable',
  'could-not-run': 'open',
  'harness-defect': undefined,
} as const satisfies Record<State, string | undefined>

function* resultsOf({ record, suites }: ReportModel, cases: readonly ReportCase[], rules: Descriptors, baseline: RunRecord | undefined): Generator<object> {
  const places = new Map(rules.map(([id, rule], index) => [id, { index, rank: severities.indexOf(rule.severity) }]))
  const says = new Map(Object.values(suites).flatMap((suite) => suite.deviations.map((known) => [known.id, known.says] as const)))
  const before = baselineOf(baseline)
  for (const one of cases) {
    const kind = kinds[one.row.state]
    const ruleId = gravest(one.row.rules, places)
    if (kind === undefined || ruleId === undefined) continue
    yield {
      ruleId,
      ruleIndex: places.get(ruleId)?.index,
      ...resultOf(record, one, kind),
      ...before(one),
      ...suppressions(one, says.get(one.row.deviation ?? '')),
    }
  }
  yield* absent(cases, places, baseline)
}

/** By rule: where it stands among the descriptors, and how severe it is. */
type Places = ReadonlyMap<string, { readonly index: number; readonly rank: number }>

// The run before

type Baseline = (one: ReportCase) => { readonly baselineState?: 'new' | 'unchanged' | 'updated' }

/** A case is the same one in another version: what it is compared by names no version. */
const acrossVersions = (instance: RunInstance | undefined, id: string): string => `${instance?.product}/${instance?.profile}/${id}`

function statesOf(baseline: RunRecord): ReadonlyMap<string, RunCase> {
  const instances = new Map(baseline.instances.filter(({ evidence }) => evidence === 'real').map((instance) => [instance.id, instance]))
  return new Map(baseline.cases.filter((row) => instances.has(row.instance)).map((row) => [acrossVersions(instances.get(row.instance), row.id), row]))
}

function baselineOf(baseline: RunRecord | undefined): Baseline {
  if (baseline === undefined) return () => ({})
  const before = statesOf(baseline)
  return ({ row, instance }) => {
    const then = before.get(acrossVersions(instance, row.id))
    if (then === undefined) return { baselineState: 'new' }
    return { baselineState: then.state === row.state ? 'unchanged' : 'updated' }
  }
}

function absent(cases: readonly ReportCase[], rules: Places, baseline: RunRecord | undefined): readonly object[] {
  if (baseline === undefined) return []
  const here = new Set(cases.map(({ row, instance }) => acrossVersions(instance, row.id)))
  return [...statesOf(baseline)].flatMap(([key, row]) => {
    const rule = gravest(row.rules, rules) ?? row.rules[0]
    if (here.has(key) || rule === undefined) return []
    return [
      {
        ruleId: rule,
        baselineState: 'absent',
        kind: 'notApplicable',
        level: 'none',
        message: { text: `${visibleLine(row.id)} was ${row.state}, and is not in this run` },
        partialFingerprints: { 'assayCase/v1': key },
      },
    ]
  })
}

/** Of several as severe, the one that the catalogue has first. */
function gravest(ids: readonly string[], rules: Places): string | undefined {
  const own = ids.flatMap((id) => {
    const place = rules.get(id)
    return place === undefined ? [] : [{ id, ...place }]
  })
  return own.toSorted((a, b) => b.rank - a.rank || a.index - b.index)[0]?.id
}

function resultOf(record: RunRecord, one: ReportCase, kind: string): object {
  const { row, instance, line } = one
  return {
    kind,
    level: kind === 'fail' ? levels[severityOf(record, row)] : 'none',
    message: { text: `${row.id} on ${productTitles[instance.product]} ${instance.version}: ${visible(row.because)}` },
    locations: [
      {
        ...(line === undefined ? {} : { physicalLocation: { artifactLocation: { uri: 'journal.ndjson' }, region: { startLine: line } } }),
        logicalLocations: [{ name: row.id, fullyQualifiedName: `${instance.id}/${row.id}`, kind: 'case' }],
      },
    ],
    partialFingerprints: { 'assayCase/v1': acrossVersions(instance, row.id) },
    ...(kind === 'fail' ? webExchange(one) : {}),
    properties: {
      state: row.state,
      rules: row.rules,
      instance: instance.id,
      surface: row.surface,
      principal: row.principal,
      operation: row.operation,
      ms: row.ms,
    },
  }
}

function suppressions({ row }: ReportCase, says: string | undefined): object {
  if (row.state === 'waived') return { suppressions: [{ kind: 'external', status: 'accepted', justification: waiverText(row) }] }
  if (row.state === 'known-deviation')
    return { suppressions: [{ kind: 'external', status: 'underReview', justification: `known, not accepted: ${says ?? row.deviation}` }] }
  return {}
}

const waiverText = ({ waiver, because }: RunCase): string =>
  waiver === undefined ? visible(because) : visible(`${waiver.reason} (${waiver.owner}, until ${waiver.expiry}, ${waiver.link}): ${because}`)

/** The probe, where it was HTTP and was answered. */
function webExchange({ result }: ReportCase): object {
  const probe = result?.exchanges.findLast(({ stage }) => stage === 'probe')
  if (probe === undefined || !/^\d{3}\b/.test(probe.status)) return {}
  return {
    webRequest: webRequest(probe),
    webResponse: { protocol: 'HTTP', statusCode: Number(probe.status.slice(0, 3)), body: { text: visible(probe.answer) } },
  }
}

function webRequest({ request, headers, body }: Exchange): object {
  const at = request.indexOf(' ')
  const shown = Object.fromEntries(Object.entries(headers).map(([name, value]) => [visibleLine(name), visibleLine(value)]))
  return { protocol: 'HTTP', method: request.slice(0, at), target: visibleLine(request.slice(at + 1)), headers: shown, body: { text: visible(body) } }
}
