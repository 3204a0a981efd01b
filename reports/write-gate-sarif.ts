import type { Difference, DifferenceClass } from '../src/gate.ts'
import type { Severity } from '../src/rule.ts'
import type { Suites } from './catalogue-counts.ts'
import type { GateReport } from './gate-model.ts'
import { visible } from './visible.ts'

const levels = { low: 'note', medium: 'warning', high: 'error', critical: 'error' } as const satisfies Record<Severity, string>

/** SARIF 2.1.0 §3.27.24: against the older run. What is fixed is absent from the newer one. */
const baselineStates = {
  weaker: 'new',
  lost: 'new',
  'could-not-be-judged': 'updated',
  disagreement: 'new',
  stricter: 'updated',
  'changed-reason': 'updated',
  'new-rule': 'new',
  fixed: 'absent',
} as const satisfies Record<DifferenceClass, string>

const kinds = (one: Difference): 'fail' | 'open' | 'pass' => {
  if (one.class === 'could-not-be-judged') return 'open'
  return one.class === 'fixed' || (one.class === 'new-rule' && one.to.startsWith('conforms')) ? 'pass' : 'fail'
}

/** SARIF 2.1.0 of a comparison: a result for each difference, with its `baselineState`; deviations that both sides have are `unchanged`. */
export function writeGateSarif(report: GateReport, suites: Suites): string {
  const { comparison, decision, from, to, headline } = report
  const changed = new Set(comparison.differences.map(({ id }) => id))
  const unchanged = decision.deviating.filter(({ id }) => !changed.has(id))
  const results = [
    ...comparison.differences.map(resultOf),
    ...unchanged.map((row) => ({
      ruleId: row.rules[0] ?? 'assay',
      kind: 'fail',
      level: levels[row.severity],
      baselineState: 'unchanged',
      message: { text: visible(`${row.id}: ${row.because}`) },
      locations: [{ logicalLocations: [{ name: row.id, kind: 'case' }] }],
      partialFingerprints: { 'assayCase/v1': `${row.product}/${row.profile}/${row.id}` },
    })),
  ]
  const used = new Set(results.map(({ ruleId }) => ruleId))
  const rules = Object.values(suites).flatMap((suite) => Object.entries(suite.rules))
  const run = {
    tool: {
      driver: {
        name: to.tool.name,
        version: to.tool.version,
        rules: [
          ...rules.filter(([id]) => used.has(id)).map(([id, { says }]) => ({ id, shortDescription: { text: says } })),
          ...ownRules.filter(({ id }) => used.has(id)),
        ],
      },
    },
    invocations: [{ executionSuccessful: decision.outcome !== 'incomplete', startTimeUtc: to.startedAt }],
    results,
    properties: { headline, from: from.versions, to: to.versions },
  }
  return `${JSON.stringify({ $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json', version: '2.1.0', runs: [run] }, null, 1)}\n`
}

const ownRules = [{ id: 'assay-carried-over', shortDescription: { text: 'What an installation has works after the upgrade as before.' } }]

const resultOf = (one: Difference): { readonly ruleId: string } => ({
  ruleId: one.rules[0] ?? 'assay-carried-over',
  ...{
    kind: kinds(one),
    level: kinds(one) === 'fail' ? levels[one.severity] : 'none',
    baselineState: baselineStates[one.class],
    message: { text: visible(`${one.class}: ${one.id}: ${one.from} → ${one.to}. ${one.because}`) },
    locations: [{ logicalLocations: [{ name: one.id, kind: one.rules.length === 0 ? 'object' : 'case' }] }],
    partialFingerprints: { 'assayCase/v1': `${one.product}/${one.profile}/${one.id}` },
    ...(one.isWaived ? { suppressions: [{ kind: 'external', status: 'accepted' }] } : {}),
    properties: { class: one.class, from: one.from, to: one.to, severity: one.severity },
  },
})
