import { states } from '../src/deviation.ts'
import type { Severity } from '../src/rule.ts'
import type { Suites } from './catalogue-counts.ts'
import { severityOf } from './exit-code.ts'
import { productTitles, wasJudged } from './headline.ts'
import { jsonParts, lazily } from './json-parts.ts'
import { realCases, type ReportCase, type ReportModel } from './report-model.ts'
import { count } from './run-record.ts'
import type { RunInstance, RunRecord } from './run-schema.ts'
import { uuidOf } from './uuid.ts'
import { visibleLine } from './visible.ts'

const OSCAL_VERSION = '1.1.3'
const NAME_SPACE = 'https://vector-assay.example/ns/oscal'

/**
 * OSCAL assessment results (NIST), in the terms that 1.1.3 and 1.2 share: one observation for each case on a real
 * server, one finding for each control of SP 800-53 that its rules name, one risk for each thing that deviates. A known
 * deviation keeps its control from being satisfied; a waiver does too, and says with its risk that it was accepted.
 * Identifiers are made of the run's, so that the same journal gives the same document.
 */
export function writeOscal(model: ReportModel): Iterable<string> {
  const { record, suites } = model
  const cases = realCases(model)
  const byControl = casesByControl(cases, suites)
  const document = {
    uuid: uuidOf(record.runId, 'assessment-results'),
    metadata: {
      title: `Access control of vector databases, run ${visibleLine(record.runId)}`,
      'last-modified': record.finishedAt ?? record.startedAt,
      version: visibleLine(record.runId),
      'oscal-version': OSCAL_VERSION,
      remarks: visibleLine(record.headline),
    },
    'import-ap': { href: `#${planOf(record)}` },
    results: [resultOf(record, cases, byControl)],
    'back-matter': {
      resources: [
        {
          uuid: planOf(record),
          title: 'The catalogue of rules that this run asked',
          description: 'The plan is the catalogue of the tool at its commit; what was asked of each server is in the journal.',
          rlinks: [{ href: 'journal.ndjson', 'media-type': 'application/x-ndjson' }],
        },
      ],
    },
  }
  return jsonParts({ 'assessment-results': document })
}

const planOf = ({ runId }: RunRecord): string => uuidOf(runId, 'plan')
const toolOf = ({ runId }: RunRecord): string => uuidOf(runId, 'tool')
const serverOf = ({ runId }: RunRecord, instance: RunInstance): string => uuidOf(runId, 'server', instance.id)

/** Each is named by its observation, by its findings and by its risk. */
const observations = new WeakMap<ReportCase, string>()

function observationOf({ runId }: RunRecord, one: ReportCase): string {
  const uuid = observations.get(one) ?? uuidOf(runId, 'case', one.row.instance, one.row.id)
  observations.set(one, uuid)
  return uuid
}

/** As NIST's catalogue writes them: `IA-5(1)` is `ia-5.1`. */
const oscalControl = (control: string): string => control.toLowerCase().replace(/\((\d+)\)/g, '.$1')

function casesByControl(cases: readonly ReportCase[], suites: Suites): ReadonlyMap<string, readonly ReportCase[]> {
  const found = new Map<string, ReportCase[]>()
  for (const one of cases) {
    const rules = suites[one.instance.product]?.rules ?? {}
    const controls = new Set(one.row.rules.flatMap((id) => rules[id]?.controls ?? []))
    for (const control of controls) listUnder(found, control).push(one)
  }
  return new Map([...found].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })))
}

function listUnder(lists: Map<string, ReportCase[]>, key: string): ReportCase[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

type ByControl = ReadonlyMap<string, readonly ReportCase[]>

function resultOf(record: RunRecord, cases: readonly ReportCase[], byControl: ByControl): object {
  const risks = risksOf(record, cases)
  const applicable = [...byControl].map(([control, own]) => ({ control, own: own.filter(({ row }) => row.state !== 'not-applicable') }))
  const findings = applicable.filter(({ own }) => own.length > 0)
  // The model forbids empty lists; a run that judged nothing has none of these.
  return {
    uuid: uuidOf(record.runId, 'result'),
    title: `Run ${visibleLine(record.runId)}`,
    description: visibleLine(record.headline),
    start: record.startedAt,
    ...(record.finishedAt === null ? {} : { end: record.finishedAt }),
    props: [prop('complete', String(record.complete))],
    'local-definitions': definitions(record, cases),
    'reviewed-controls': {
      'control-selections': [
        byControl.size === 0
          ? { description: 'Nothing was reviewed: no rule that names a control had a case on a real server.', 'include-all': {} }
          : { 'include-controls': [...byControl.keys()].map((control) => ({ 'control-id': oscalControl(control) })) },
      ],
    },
    ...(cases.length === 0 ? {} : { observations: lazily(cases, (one) => observation(record, one)) }),
    ...(risks.length === 0 ? {} : { risks }),
    ...(findings.length === 0 ? {} : { findings: lazily(findings, ({ control, own }) => finding(record, control, own)) }),
  }
}

const prop = (name: string, value: string): object => ({ name, ns: NAME_SPACE, value: visibleLine(value) || '-' })

function definitions(record: RunRecord, cases: readonly ReportCase[]): object {
  const servers = [...new Set(cases.map(({ instance }) => instance))].map((instance) => ({
    uuid: serverOf(record, instance),
    type: 'software',
    title: `${productTitles[instance.product]} ${instance.version}`,
    description: `Profile ${instance.profile}, ${instance.runtime}, ${instance.origin ?? 'of no known origin'}`,
    props: [prop('version', instance.version), prop('instance', instance.id), ...(instance.digest === null ? [] : [prop('digest', instance.digest)])],
    status: { state: instance.status === 'ran' ? 'operational' : 'other' },
  }))
  const commit = record.tool.commit === undefined ? [] : [prop('commit', record.tool.commit)]
  const tool = {
    uuid: toolOf(record),
    type: 'software',
    title: record.tool.name,
    description: 'A conformance and security test harness for the access control of vector databases.',
    props: [prop('version', record.tool.version), ...commit],
    status: { state: 'operational' },
  }
  return {
    ...(servers.length === 0 ? {} : { components: servers }),
    'assessment-assets': {
      components: [tool],
      'assessment-platforms': [
        { uuid: uuidOf(record.runId, 'platform'), title: 'The machine of the run', 'uses-components': [{ 'component-uuid': tool.uuid }] },
      ],
    },
  }
}

function observation(record: RunRecord, one: ReportCase): object {
  const { row, instance, result, line } = one
  return {
    uuid: observationOf(record, one),
    title: visibleLine(row.id),
    description: visibleLine(row.because) || row.state,
    props: [prop('state', row.state), prop('rules', row.rules.join(' ')), prop('surface', row.surface), prop('principal', row.principal)],
    methods: ['TEST'],
    types: ['control-objective'],
    origins: [{ actors: [{ type: 'tool', 'actor-uuid': toolOf(record) }] }],
    subjects: [{ 'subject-uuid': serverOf(record, instance), type: 'component' }],
    ...(line === undefined ? {} : { 'relevant-evidence': [{ href: 'journal.ndjson', description: `line ${line}` }] }),
    collected: result?.startedAt ?? record.startedAt,
  }
}

// Findings: what the cases say of a control

function finding(record: RunRecord, control: string, applicable: readonly ReportCase[]): object {
  const totals = count(applicable.map(({ row }) => row))
  const said = states.filter((state) => totals[state] > 0).map((state) => `${totals[state]} ${state}`)
  const risks = [...riskGroups(applicable).keys()].map((name) => ({ 'risk-uuid': riskUuid(record, name) }))
  return {
    uuid: uuidOf(record.runId, 'finding', control),
    title: control,
    description: `${applicable.length} cases of rules that name ${control}: ${said.join(', ')}.`,
    target: { type: 'objective-id', 'target-id': `${oscalControl(control)}_obj`, status: statusOf(applicable) },
    'related-observations': applicable.map((one) => ({ 'observation-uuid': observationOf(record, one) })),
    ...(risks.length === 0 ? {} : { 'related-risks': risks }),
  }
}

/** Satisfied only where all that applied was judged and conforms: this says what these cases showed, not that the control is met. */
function statusOf(cases: readonly ReportCase[]): object {
  const has = (...found: readonly string[]): boolean => cases.some(({ row }) => found.includes(row.state))
  if (has('deviates', 'known-deviation')) return { state: 'not-satisfied', reason: 'fail' }
  if (has('waived')) return { state: 'not-satisfied', reason: 'other', remarks: 'Only deviations that were accepted for a time: see the related risks.' }
  if (cases.some(({ row }) => !wasJudged(row.state))) return { state: 'not-satisfied', reason: 'other', remarks: 'Some cases could not be judged.' }
  return { state: 'satisfied', reason: 'pass' }
}

// Risks: what deviates, by what it is known as

const deviating: ReadonlySet<string> = new Set(['deviates', 'known-deviation', 'waived'])

/** One for each waiver, each known deviation, and each rule that deviates otherwise. */
const riskGroups = (cases: readonly ReportCase[]): ReadonlyMap<string, readonly ReportCase[]> =>
  Map.groupBy(
    cases.filter(({ row }) => deviating.has(row.state)),
    riskName,
  )

const riskUuid = ({ runId }: RunRecord, name: string): string => uuidOf(runId, 'risk', name)

function risksOf(record: RunRecord, cases: readonly ReportCase[]): readonly object[] {
  const says = new Map(record.knownDeviations.map((known) => [known.id, known.says]))
  return [...riskGroups(cases)].map(([name, own]) => riskOf(record, name, own, says))
}

function riskName({ row, instance }: ReportCase): string {
  if (row.waiver !== undefined) return `waiver ${row.waiver.at}`
  return row.deviation === undefined ? `${instance.product} ${row.rules[0] ?? ''}` : row.deviation
}

const ranks = ['low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[]

function riskOf(record: RunRecord, name: string, own: readonly ReportCase[], says: ReadonlyMap<string, string>): object {
  const [first] = own
  const waiver = first?.row.waiver
  const worst = ranks.findLast((severity) => own.some(({ row }) => severityOf(record, row) === severity)) ?? 'critical'
  const where = [...new Set(own.map(({ instance }) => `${productTitles[instance.product]} ${instance.version}`))].join(', ')
  const because = says.get(name) ?? first?.row.because ?? name
  return {
    uuid: riskUuid(record, name),
    title: visibleLine(name),
    description: visibleLine(because),
    statement: `${own.length} cases on ${where}, severity ${worst}.${waiver === undefined ? '' : ` Accepted by ${visibleLine(waiver.owner)}: ${visibleLine(waiver.reason)}`}`,
    props: [prop('severity', worst), prop('cases', String(own.length))],
    status: waiver === undefined ? 'open' : 'deviation-approved',
    ...(waiver === undefined ? {} : { deadline: `${waiver.expiry}T23:59:59.000Z`, links: [{ href: waiver.link, rel: 'waiver' }] }),
    'related-observations': own.map((one) => ({ 'observation-uuid': observationOf(record, one) })),
  }
}
