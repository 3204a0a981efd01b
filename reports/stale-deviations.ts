import { satisfies } from 'semver'
import type { Case } from '../src/case.ts'
import { isExpectedOn, matchesPattern, type KnownDeviation } from '../src/deviation.ts'
import { casesOf, type Suite } from '../src/product.ts'
import type { Suites } from './catalogue-counts.ts'
import type { RunCase, RunInstance, RunRecord } from './run-schema.ts'

/**
 * Known deviations of a version that was judged here on a real server, all of whose cases were judged there, and that
 * none of them showed. A run of fewer cases, or one that could not run some, makes nothing stale.
 *
 * @param real the cases on real servers
 */
export function staleDeviations(real: readonly RunCase[], instances: readonly RunInstance[], suites: Suites): RunRecord['staleDeviations'] {
  return Object.values(suites).flatMap((suite) =>
    versionsOf(suite, instances).flatMap((version) =>
      suite.deviations
        .filter((known) => known.intermittent !== true && isExpectedOn(known, { product: suite.product, version }))
        .filter((known) => isStale(known, suite, version, casesAt(real, instances, suite, version)))
        .map(({ id, product, rule, says }) => ({ id, product, rule, version, says })),
    ),
  )
}

const versionsOf = (suite: Suite, instances: readonly RunInstance[]): readonly string[] => [
  ...new Set(instances.filter(({ product, evidence }) => product === suite.product && evidence === 'real').map(({ version }) => version)),
]

function casesAt(real: readonly RunCase[], instances: readonly RunInstance[], suite: Suite, version: string): ReadonlyMap<string, RunCase> {
  const here = new Set(instances.filter((instance) => instance.product === suite.product && instance.version === version).map(({ id }) => id))
  return new Map(real.filter(({ instance }) => here.has(instance)).map((row) => [row.id, row]))
}

function isStale(known: KnownDeviation, suite: Suite, version: string, ran: ReadonlyMap<string, RunCase>): boolean {
  const about = casesOf(suite).filter((row) => isAbout(known, row) && holdsFor(row, suite, version))
  const found = about.map(({ id }) => ran.get(id)).filter((row) => row?.state !== 'not-applicable')
  return found.length > 0 && found.every((row) => row !== undefined && wasJudged(row) && row.deviation !== known.id)
}

const isAbout = (known: KnownDeviation, row: Case): boolean =>
  row.rules.includes(known.rule) && (known.cases === undefined || known.cases.some((pattern) => matchesPattern(pattern, row.id)))

const holdsFor = (row: Case, suite: Suite, version: string): boolean =>
  [row.versions, ...row.rules.map((rule) => suite.rules[rule]?.versions)].every((range) => range === undefined || satisfies(version, range))

const wasJudged = ({ state }: RunCase): boolean => state === 'conforms' || state === 'deviates' || state === 'known-deviation' || state === 'waived'
