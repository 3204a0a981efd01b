import { states, type KnownDeviation, type State } from '../src/deviation.ts'
import { productNames, severities, type ProductName, type Rule, type Severity } from '../src/rule.ts'
import type { DeviationClass } from '../src/verdict.ts'
import type { Suites } from './catalogue-counts.ts'
import { headlineOf, highest } from './headline.ts'
import type { BootLine, FooterLine, HeaderLine, JournalLine, PlanLine, PlannedCase, ResultLine } from './journal-lines.ts'
import { RUN_SCHEMA, type RunCase, type RunInstance, type RunRecord, type RunRule, type Totals } from './run-schema.ts'
import { staleDeviations } from './stale-deviations.ts'
import { turnedAwayDefects } from './turned-away.ts'
import { shortened } from './visible.ts'
import { applyWaivers } from './waivers.ts'

export interface Catalogue {
  readonly suites: Suites
}

/** From the worst: what a rule with cases in several states is said to be. */
export const worstFirst = [
  'harness-defect',
  'deviates',
  'could-not-run',
  'known-deviation',
  'waived',
  'not-applicable',
  'conforms',
] as const satisfies readonly State[]

/**
 * What a journal says, as `run.json` has it. Pure. A planned case that has no result could not run, and every planned
 * case is in exactly one state: where that does not add up, `defects` says how.
 *
 * @throws TypeError where the lines do not start with a header, which `readJournal` sees to
 */
export function toRunRecord(lines: readonly JournalLine[], catalogue: Catalogue): RunRecord {
  const [header] = lines
  if (header?.type !== 'header') throw new TypeError('a journal starts with its header')
  const footer = lines.findLast((line) => line.type === 'footer')
  const instances = instancesOf(lines)
  const unwaived = cases(lines, catalogue)
  const { waivers, ...waived } = applyWaivers(
    unwaived.cases,
    instances,
    linesOf(lines, 'waivers').flatMap((line) => line.waivers),
    Date.parse(header.startedAt),
  )
  const found: Found = { ...unwaived, cases: waived.cases }
  const real = found.cases.filter((row) => evidenceOf(instances, row) === 'real')
  const rules = ruleRecords(found.cases, instances, catalogue)
  const body = {
    instances,
    totals: count(real),
    modelTotals: count(found.cases.filter((row) => evidenceOf(instances, row) === 'model')),
    rules: rules.rules,
    cases: found.cases,
    rulesWithoutCases: rulesWithoutCases(instances, rules.rules, catalogue),
    knownDeviations: knownDeviations(real, instances, catalogue),
    staleDeviations: staleDeviations(real, instances, catalogue.suites),
    waivers,
    notJudged: notJudged(lines, instances),
    census: linesOf(lines, 'census').map(({ instance, census }) => ({ instance, census })),
    statements: header.catalogue.statements,
    exemptions: exemptions(lines, instances),
    defects: [
      ...found.defects,
      ...rules.defects,
      ...unknownDeviations(real, catalogue),
      ...modelDeviations(found.cases, instances),
      ...turnedAwayDefects(lines, instances),
    ],
  }
  const frame = frameOf(header, footer)
  return { ...frame, headline: headlineOf({ ...frame, ...body }), ...body }
}

function frameOf(
  header: HeaderLine,
  footer: FooterLine | undefined,
): Pick<RunRecord, 'schema' | 'tool' | 'runId' | 'startedAt' | 'finishedAt' | 'complete' | 'interrupted'> {
  return {
    schema: RUN_SCHEMA,
    tool: header.tool,
    runId: header.runId,
    startedAt: header.startedAt,
    finishedAt: footer?.finishedAt ?? null,
    complete: footer?.complete ?? false,
    interrupted: footer?.interrupted ?? false,
  }
}

/** Hundreds of cases may share one server's failure; its instance has it whole. */
const LONGEST_REASON = 240

const linesOf = <T extends JournalLine['type']>(lines: readonly JournalLine[], type: T): readonly Extract<JournalLine, { type: T }>[] =>
  lines.filter((line): line is Extract<JournalLine, { type: T }> => line.type === type)

/** What a case is told apart by: its id and its instance. */
export const caseKey = (instance: string, caseId: string): string => `${instance}\0${caseId}`

export function count(rows: readonly Pick<RunCase, 'state'>[]): Totals {
  const totals = Object.fromEntries(states.map((state) => [state, 0])) as Totals
  for (const { state } of rows) totals[state]++
  return totals
}

/** By a list of instances, so that a run of many servers and cases is not searched once for each. */
const evidences = new WeakMap<readonly RunInstance[], ReadonlyMap<string, RunInstance['evidence']>>()

/** The evidence of a case's instance; every case has one, its plan names it. */
export function evidenceOf(instances: readonly RunInstance[], row: Pick<RunCase, 'instance'>): RunInstance['evidence'] | undefined {
  const byId = evidences.get(instances) ?? new Map(instances.map(({ id, evidence }) => [id, evidence]))
  evidences.set(instances, byId)
  return byId.get(row.instance)
}

// The servers

function instancesOf(lines: readonly JournalLine[]): RunInstance[] {
  const boots = Map.groupBy(linesOf(lines, 'boot'), (line) => line.instance)
  const identities = new Map(linesOf(lines, 'plan').map(({ instance }) => [instance.id, instance]))
  return [...identities.values()].map((identity) => ({ ...identity, ...lifeOf(boots.get(identity.id) ?? []) }))
}

function lifeOf(boots: readonly BootLine[]): Omit<RunInstance, keyof PlanLine['instance']> {
  const started = boots.find(({ phase }) => phase === 'started')
  const ready = boots.find(({ phase }) => phase === 'ready')
  const end = boots.findLast(({ phase }) => phase === 'failed' || phase === 'died')
  const info = boots.findLast((line) => line.info !== undefined)?.info
  return {
    origin: info?.origin ?? null,
    digest: info?.digest ?? null,
    status: end?.phase === 'died' ? 'died' : end !== undefined ? 'failed' : ready !== undefined ? 'ran' : 'never-started',
    ...(end?.because === undefined ? {} : { because: end.because }),
    ...(started === undefined || ready === undefined ? {} : { bootMs: ready.atMs - started.atMs }),
  }
}

function notJudged(lines: readonly JournalLine[], instances: readonly RunInstance[]): RunRecord['notJudged'] {
  const said = linesOf(lines, 'not-judged').map(({ product, because, hint }) => ({ product, because, hint }))
  const onlyModel = productNames.filter((product) => {
    const own = instances.filter((instance) => instance.product === product)
    return own.length > 0 && own.every(({ evidence }) => evidence === 'model') && !said.some((line) => line.product === product)
  })
  return [...said, ...onlyModel.map((product) => ({ product, because: 'only its model ran', hint: 'run `assay doctor` to see what a real one needs' }))]
}

// The cases

interface Found {
  readonly cases: RunCase[]
  readonly defects: string[]
}

function cases(lines: readonly JournalLine[], { suites }: Catalogue): Found {
  const results = Map.groupBy(linesOf(lines, 'result'), (line) => caseKey(line.instance, line.caseId))
  const ends = new Map(
    linesOf(lines, 'boot')
      .filter(({ phase }) => phase === 'failed' || phase === 'died')
      .map((line) => [line.instance, line]),
  )
  const planned = new Map<string, RunCase>()
  const defects: string[] = []
  for (const { instance, cases: rows } of linesOf(lines, 'plan')) {
    for (const row of rows) {
      const key = caseKey(instance.id, row.id)
      if (planned.has(key)) defects.push(`${instance.id}: ${row.id} was planned twice`)
      if (row.rules.length === 0) defects.push(`${instance.id}: ${row.id} is under no rule`)
      const settled = settledCase(instance.id, row, results.get(key) ?? [], ends.get(instance.id))
      planned.set(
        key,
        settled.class === undefined ? settled : { ...settled, severity: severityOfDeviation(suites, instance.product, row.rules, settled.class) },
      )
    }
  }
  for (const [key, [line]] of results)
    if (!planned.has(key) && line !== undefined) defects.push(`${line.instance}: ${line.caseId} has a result and was not planned`)
  return { cases: [...planned.values()], defects }
}

function settledCase(instance: string, row: PlannedCase, results: readonly ResultLine[], end: BootLine | undefined): RunCase {
  const { id, rules, surface, principal, operation } = row
  const base = { id, rules: [...rules], instance, surface, principal, operation }
  const [line, second] = results
  if (line === undefined) return { ...base, state: 'could-not-run', because: neverRan(end), ms: 0 }
  const ms = Math.max(0, line.ms)
  if (second !== undefined) return { ...base, state: 'harness-defect', because: `it has ${results.length} results`, ms }
  if ((line.state === 'conforms') !== (line.verdict.kind === 'conforms')) {
    return { ...base, state: 'harness-defect', because: `its state is ${line.state}, its verdict ${line.verdict.kind}`, ms }
  }
  return {
    ...base,
    state: line.state,
    because: shortened(line.because),
    ...(line.verdict.kind === 'not-applicable' ? { reason: line.verdict.reason } : {}),
    ...(line.deviation === undefined ? {} : { deviation: line.deviation }),
    ...answerOf(line),
    ms,
  }
}

function answerOf({ verdict, observation }: ResultLine): Pick<RunCase, 'class' | 'code' | 'message'> {
  if (verdict.kind === 'deviates') return { class: verdict.class, code: verdict.code, message: shortened(verdict.message) }
  if (verdict.kind === 'conforms' && observation !== undefined && 'code' in observation.probe) return { code: observation.probe.code }
  return {}
}

function neverRan(end: BootLine | undefined): string {
  if (end === undefined) return 'the run ended before this case'
  const because = end.because ?? 'it did not say why'
  const start = because.length > LONGEST_REASON ? `${because.slice(0, LONGEST_REASON)}…` : because
  return `the server ${end.phase === 'died' ? 'died' : 'did not start'}: ${start}`
}

// The rules

function ruleRecords(
  rows: readonly RunCase[],
  instances: readonly RunInstance[],
  { suites }: Catalogue,
): { readonly rules: RunRule[]; readonly defects: string[] } {
  const products = new Map(instances.map(({ id, product }) => [id, product]))
  const byRule = Map.groupBy(
    rows.flatMap((row) => row.rules.map((id) => ({ id, row }))),
    ({ id }) => id,
  )
  const rules: RunRule[] = []
  const defects: string[] = []
  for (const [id, pairs] of byRule) {
    const own = pairs.map(({ row }) => row)
    const product = products.get(own[0]?.instance ?? '')
    const entry = product === undefined ? undefined : suites[product]?.rules[id]
    if (product === undefined || entry === undefined) defects.push(`rule ${id} has cases and is not in the catalogue`)
    else rules.push(ruleRecord(id, entry, own, instances))
  }
  return { rules, defects }
}

function ruleRecord(id: string, entry: Rule, own: readonly RunCase[], instances: readonly RunInstance[]): RunRule {
  const real = own.filter((row) => evidenceOf(instances, row) === 'real')
  const judged = real.length > 0 ? real : own
  return {
    id,
    product: entry.product,
    state: worstOf(judged.map(({ state }) => state)),
    severity: entry.severity,
    evidence: real.length > 0 ? 'real' : 'model',
    cases: count(judged),
  }
}

export const worstOf = (found: readonly State[]): State => worstFirst.find((state) => found.includes(state)) ?? 'could-not-run'

/** What does not apply takes nothing from what applies and conforms. */
export function worstOfApplied(found: readonly State[]): State {
  const applied = found.filter((state) => state !== 'not-applicable')
  return worstOf(applied.length === 0 ? found : applied)
}

function rulesWithoutCases(instances: readonly RunInstance[], rules: readonly RunRule[], { suites }: Catalogue): string[] {
  const covered = new Set(rules.map(({ id }) => id))
  const products = new Set(instances.map(({ product }) => product))
  return [...products].flatMap((product) => Object.keys(suites[product]?.rules ?? {})).filter((id) => !covered.has(id))
}

// Deviations and exemptions

const deviationIn = (suites: Suites, id: string): KnownDeviation | undefined =>
  Object.values(suites)
    .flatMap((suite) => suite.deviations)
    .find((known) => known.id === id)

/** A refusal that was recognised, without effect, under another code than documented is of low severity, whatever its rule. */
function severityOfDeviation(suites: Suites, product: ProductName, rules: readonly string[], kind: DeviationClass): Severity {
  if (kind === 'wrong-class') return 'low'
  return highest(rules.map((rule) => suites[product]?.rules[rule]?.severity ?? 'critical')) ?? 'critical'
}

function knownDeviations(real: readonly RunCase[], instances: readonly RunInstance[], { suites }: Catalogue): RunRecord['knownDeviations'] {
  const versions = new Map(instances.map(({ id, version }) => [id, version]))
  const shown = Map.groupBy(
    real.filter(({ state }) => state === 'known-deviation'),
    ({ deviation }) => deviation,
  )
  const found = [...shown].flatMap(([id, rows]) => {
    const known = id === undefined ? undefined : deviationIn(suites, id)
    if (known === undefined) return []
    const on = new Set(rows.flatMap(({ instance }) => versions.get(instance) ?? []))
    const { product, rule, says } = known
    return [{ id: known.id, product, rule, severity: severityOfDeviation(suites, product, [rule], known.class), count: rows.length, versions: [...on], says }]
  })
  return found.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
}

function unknownDeviations(real: readonly RunCase[], { suites }: Catalogue): readonly string[] {
  return real.flatMap(({ id, state, deviation }) => {
    if (state !== 'known-deviation' || (deviation !== undefined && deviationIn(suites, deviation) !== undefined)) return []
    return [`${id} is a known deviation that nobody recorded: ${deviation ?? 'unnamed'}`]
  })
}

/** The model is made of the documented rules: where it departs from them, the fault is ours. */
const modelDeviations = (rows: readonly RunCase[], instances: readonly RunInstance[]): readonly string[] =>
  rows
    .filter((row) => row.state === 'deviates' && evidenceOf(instances, row) === 'model')
    .map(({ id, because }) => `the model deviates from the documents in ${id}: ${because}`)

function exemptions(lines: readonly JournalLine[], instances: readonly RunInstance[]): RunRecord['exemptions'] {
  const counts: RunRecord['exemptions'] = { twin: { 'nobody-may': 0, 'started-elsewhere': 0 }, effect: { 'never-arrived': 0, invisible: 0 } }
  for (const line of linesOf(lines, 'result')) {
    if (line.verdict.kind !== 'conforms' || evidenceOf(instances, line) !== 'real') continue
    const { twin, effect } = line.verdict.proof
    if (twin !== 'allowed-with-effect' && twin !== 'not-needed') counts.twin[twin]++
    if (effect !== 'looked-at') counts.effect[effect]++
  }
  return counts
}
