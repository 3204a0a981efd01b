import { states, type State } from '../src/deviation.ts'
import { productNames, severities, type ProductName, type Severity } from '../src/rule.ts'
import type { RunRecord } from './run-schema.ts'

/** As the products write themselves. */
export const productTitles = { qdrant: 'Qdrant', milvus: 'Milvus', weaviate: 'Weaviate', keycloak: 'Keycloak' } as const satisfies Record<ProductName, string>

/** A state as it stands after a number: `3 conform`. */
const verbs = {
  conforms: ['conforms', 'conform'],
  deviates: ['deviates', 'deviate'],
  'known-deviation': ['is a known deviation', 'are known deviations'],
  waived: ['is waived', 'are waived'],
  'not-applicable': ['is not applicable', 'are not applicable'],
  'could-not-run': ['could not run', 'could not run'],
  'harness-defect': ['is a harness defect', 'are harness defects'],
} as const satisfies Record<State, readonly [string, string]>

export type HeadlineFacts = Pick<
  RunRecord,
  'complete' | 'interrupted' | 'instances' | 'totals' | 'cases' | 'knownDeviations' | 'staleDeviations' | 'notJudged' | 'defects'
>

/** One true sentence: what was real, what conforms, deviates and is known, and what was not judged. */
export function headlineOf(facts: HeadlineFacts): string {
  const frame = facts.interrupted ? 'Interrupted: ' : facts.complete ? '' : 'Incomplete: '
  const parts = [judged(facts), ...stale(facts), ...notJudgedHere(facts), ...unjudged(facts), ...notJudged(facts), ...defects(facts)]
  const sentence = `${parts.join('; ')}.`
  return frame === '' ? `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}` : `${frame}${sentence}`
}

function judged(facts: HeadlineFacts): string {
  const real = judgedVersions(facts)
  const all = sum(facts.totals)
  if (real.length === 0) return all === 0 ? 'nothing real ran' : `nothing real could be judged: of ${cases(all)}, ${counts(facts)}`
  return `${list(real)} ran for real: of ${cases(all)}, ${counts(facts)}`
}

/** `Milvus 2.3.5` for each real version that has at least one judged case. */
const judgedVersions = (facts: HeadlineFacts): readonly string[] => realVersions(facts, judgedInstances(facts))

const judgedInstances = ({ cases: rows }: HeadlineFacts): ReadonlySet<string> =>
  new Set(rows.filter(({ state }) => wasJudged(state)).map(({ instance }) => instance))

function realVersions({ instances }: HeadlineFacts, among: ReadonlySet<string>): readonly string[] {
  const real = instances.filter(({ id, evidence }) => evidence === 'real' && among.has(id))
  return [...new Set(real.map(({ product, version }) => `${productTitles[product]} ${version}`))]
}

/** Real versions that were planned and of which no case at all was judged, where others were. */
function unjudged(facts: HeadlineFacts): readonly string[] {
  const judgedOnes = judgedVersions(facts)
  const none = realVersions(facts, new Set(facts.cases.map(({ instance }) => instance))).filter((version) => !judgedOnes.includes(version))
  return judgedOnes.length === 0 || none.length === 0 ? [] : [`nothing of ${list(none)} could be judged`]
}

export const wasJudged = (state: State): boolean => state !== 'could-not-run' && state !== 'harness-defect' && state !== 'not-applicable'

/** Conforming and deviating are always said; the rest where there are any. */
function counts({ totals, knownDeviations }: HeadlineFacts): string {
  const worst = highest(knownDeviations.map(({ severity }) => severity))
  const said = states.filter((state) => state === 'conforms' || state === 'deviates' || totals[state] > 0)
  return list(
    said.map(
      (state) =>
        `${figure(totals[state])} ${verbs[state][totals[state] === 1 ? 0 : 1]}${state === 'known-deviation' && worst !== undefined ? ` (highest severity: ${worst})` : ''}`,
    ),
  )
}

export const highest = (found: readonly Severity[]): Severity | undefined => severities.findLast((severity) => found.includes(severity))

const stale = ({ staleDeviations }: HeadlineFacts): readonly string[] =>
  staleDeviations.length === 0 ? [] : [`${staleDeviations.length} known ${staleDeviations.length === 1 ? 'deviation was' : 'deviations were'} no longer seen`]

function notJudgedHere({ cases: rows, instances }: HeadlineFacts): readonly string[] {
  const real = new Set(instances.filter(({ evidence }) => evidence === 'real').map(({ id }) => id))
  const here = rows.filter(({ reason, instance }) => (reason === 'runtime' || reason === 'safety') && real.has(instance)).length
  return here === 0 ? [] : [`${cases(here)} not judged here`]
}

function notJudged({ notJudged: products, instances }: HeadlineFacts): readonly string[] {
  const names = productNames.filter((product) => products.some((line) => line.product === product))
  if (names.length === 0) return []
  const onModel = names.every((product) => instances.some((instance) => instance.product === product && instance.evidence === 'model'))
  return [`${list(names.map((product) => productTitles[product]))} ${names.length === 1 ? 'was' : 'were'} not judged${onModel ? ' (model only)' : ''}`]
}

const defects = (facts: HeadlineFacts): readonly string[] =>
  facts.defects.length === 0 ? [] : [`${facts.defects.length} ${facts.defects.length === 1 ? 'fault' : 'faults'} of the harness itself`]

const cases = (n: number): string => `${figure(n)} ${n === 1 ? 'case' : 'cases'}`
const figure = (n: number): string => n.toLocaleString('en-GB')
const sum = (totals: RunRecord['totals']): number => states.reduce((all, state) => all + totals[state], 0)
const sentences = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const list = (items: readonly string[]): string => sentences.format(items)
