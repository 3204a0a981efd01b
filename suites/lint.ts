import semver from 'semver'
import type { ServerDefinition } from '../containers/server.ts'
import { probeKey, type Case } from '../src/case.ts'
import { matchesPattern, type KnownDeviation } from '../src/deviation.ts'
import { casesOf, type Suite } from '../src/product.ts'

/** What is promised of a product, and what it is run as. */
export interface Catalogue {
  readonly suite: Suite<string>
  readonly server: Pick<ServerDefinition<string>, 'profiles' | 'versions'>
  /** What the ids of its rules begin with: `QDR`. */
  readonly prefix: string
  /** Rules of other products that its statements may trace to: a page on one product may say what another has to do. */
  readonly otherRules?: ReadonlySet<string>
}

type Check = (catalogue: Catalogue) => readonly string[]

/** The duties of every catalogue, each a claim; what breaks it, by id. */
export const duties: Readonly<Record<string, Check>> = {
  'has rules and cases': ({ suite }) => [...(Object.keys(suite.rules).length > 0 ? [] : ['no rule']), ...(casesOf(suite).length > 0 ? [] : ['no case'])],

  'names its rules as rules are named': ({ suite, prefix }) =>
    Object.keys(suite.rules).filter((id) => !new RegExp(`^${prefix}-[A-Z0-9]+(-[A-Z0-9]+)*-\\d\\d$`).test(id)),

  'has rules of its own product, with ranges that can be read': ({ suite }) =>
    idsOf(suite.rules, ({ product, versions }) => product !== suite.product || !isRange(versions)),

  'has rules that say what is promised, where, and what an operator can do': ({ suite }) =>
    idsOf(suite.rules, ({ says, source, remediation }) => [says, source.ref, remediation].some(isBlank)),

  'has a case for every rule': ({ suite }) => {
    const asked = new Set(casesOf(suite).flatMap((row) => row.rules))
    return Object.keys(suite.rules).filter((id) => !asked.has(id))
  },

  'has cases about rules that exist': ({ suite }) =>
    casesWhere(suite, ({ rules }) => rules.length === 0 || rules.some((rule) => !Object.hasOwn(suite.rules, rule))),

  'has cases in profiles that exist, with ranges that can be read': ({ suite, server }) =>
    casesWhere(suite, ({ profile, versions }) => !Object.hasOwn(server.profiles, profile) || !isRange(versions)),

  'gives each case an id of its own, which begins with the product': ({ suite }) => [
    ...repeated(casesOf(suite).map((row) => row.id)),
    ...casesWhere(suite, ({ id }) => !id.startsWith(`${suite.product}.`) || /\s/.test(id)),
  ],

  'claims in each id what is expected': ({ suite }) =>
    casesWhere(suite, ({ id, expect }) => (/\.may\./.test(id) && expect.kind === 'refused') || (/\.may-not\./.test(id) && expect.kind === 'allowed')),

  'repeats no probe': ({ suite }) => [...Map.groupBy(casesOf(suite), probeKey).values()].flatMap((rows) => (rows.length > 1 ? rows.map(({ id }) => id) : [])),

  'gives every refusal a twin that differs from it, or an exemption by name': ({ suite }) => [
    ...casesWhere(suite, ({ expect, twin }) => expect.kind === 'refused' && twin === undefined),
    ...casesWhere(suite, (row) => twinKey(row) === probeKey(row)),
  ],

  'has a twin that is expected to be allowed, wherever that is a case too': ({ suite }) => {
    const byKey = new Map(casesOf(suite).map((row) => [probeKey(row), row]))
    return casesWhere(suite, (row) => byKey.get(twinKey(row) ?? '')?.expect.kind === 'refused')
  },

  'excuses no look at the effect of what may be done': ({ suite }) =>
    casesWhere(suite, ({ expect, effect }) => expect.kind === 'allowed' && effect?.exempt === 'never-arrived'),

  'gives each known deviation an id of its own, and says what was seen': ({ suite: { deviations } }) => [
    ...repeated(deviations.map(({ id }) => id)),
    ...deviationsWhere(deviations, ({ says, captured }) => isBlank(says) || isBlank(captured)),
  ],

  'describes known deviations from its own rules, on versions that there are': ({ suite, server }) => {
    const versions = new Set(server.versions.map(({ version }) => version))
    return deviationsWhere(
      suite.deviations,
      ({ product, rule, seenOn }) =>
        product !== suite.product || !Object.hasOwn(suite.rules, rule) || seenOn.length === 0 || seenOn.some((version) => !versions.has(version)),
    )
  },

  'describes known deviations on cases that there are': ({ suite }) =>
    deviationsWhere(suite.deviations, ({ rule, cases: patterns = ['*'] }) => {
      const rows = casesOf(suite)
      const isAbout = (row: Case): boolean => row.rules.includes(rule) && patterns.some((pattern) => matchesPattern(pattern, row.id))
      return !rows.some(isAbout) || patterns.some((pattern) => !rows.some((row) => matchesPattern(pattern, row.id)))
    }),

  'traces its statements to rules that exist': ({ suite, otherRules = new Set() }) => [
    ...repeated(suite.statements.map(({ id }) => id)),
    ...suite.statements.flatMap(({ id, traced }) => {
      if (typeof traced !== 'object' || !('rules' in traced)) return []
      const isTraced = traced.rules.length > 0 && traced.rules.every((rule) => Object.hasOwn(suite.rules, rule) || otherRules.has(rule))
      return isTraced ? [] : [id]
    }),
  ],

  'has one default version among those that it knows': ({ server: { versions } }) => [
    ...repeated(versions.map(({ version }) => version)),
    ...(versions.filter((entry) => entry.default === true).length === 1 ? [] : ['not one default version']),
  ],
}

/** The duties that a catalogue does not keep, each with the ids that break it: empty where all is well. */
export function problemsOf(catalogue: Catalogue): Readonly<Record<string, readonly string[]>> {
  const found = Object.entries(duties).map(([duty, check]) => [duty, check(catalogue)] as const)
  return Object.fromEntries(found.filter(([, ids]) => ids.length > 0))
}

const isBlank = (text: string): boolean => text.trim() === ''
const isRange = (range: string | undefined): boolean => range === undefined || semver.validRange(range) !== null

const casesWhere = (suite: Suite<string>, isWrong: (row: Case) => boolean): readonly string[] => casesOf(suite).flatMap((row) => (isWrong(row) ? [row.id] : []))

const idsOf = <Value>(byId: Readonly<Record<string, Value>>, isWrong: (value: Value) => boolean): readonly string[] =>
  Object.entries(byId).flatMap(([id, value]) => (isWrong(value) ? [id] : []))

type Deviations = readonly KnownDeviation<string>[]

const deviationsWhere = (deviations: Deviations, isWrong: (deviation: Deviations[number]) => boolean): readonly string[] =>
  deviations.flatMap((deviation) => (isWrong(deviation) ? [deviation.id] : []))

const twinKey = (row: Case): string | undefined => (row.twin === undefined || 'exempt' in row.twin ? undefined : probeKey({ ...row, ...row.twin }))

const repeated = (values: readonly string[]): readonly string[] => {
  const seen = new Set<string>()
  return [...new Set(values.filter((value) => seen.has(value) || !seen.add(value)))]
}
