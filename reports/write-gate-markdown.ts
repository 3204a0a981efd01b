import { differenceClasses, type Difference, type DifferenceClass } from '../src/gate.ts'
import { productTitles } from './headline.ts'
import { countsOf, type GateReport } from './gate-model.ts'
import { code, prose } from './write-markdown.ts'

const LISTED_AT_MOST = 60

export const classTitles = {
  weaker: 'Weaker: what was refused is granted',
  lost: 'Lost: what worked does not any more',
  'could-not-be-judged': 'Could not be judged',
  disagreement: 'REST and gRPC disagree, and did not before',
  stricter: 'Stricter: what was granted is refused',
  'changed-reason': 'Changed reason: refused as before, in other words',
  'new-rule': 'New rules',
  fixed: 'Fixed',
} as const satisfies Record<DifferenceClass, string>

/** The comparison of two runs in GitHub's Markdown, for a CI job's page. What servers said stands in code spans. */
export function writeGateMarkdown(report: GateReport): string {
  const sections = differenceClasses.flatMap((name) => section(report, name))
  return `${['# Assay: upgrade gate', prose(report.headline), table(report), ...sections, ...deviating(report)].join('\n\n')}\n`
}

function table({ comparison, policy }: GateReport): string {
  const rows = countsOf(comparison).map(([name, count]) => `| ${name} | ${count} | ${policy.stops.includes(name) ? 'stops' : ''} |`)
  return ['| class | differences | policy |', '| --- | ---: | --- |', ...rows, `| the same | ${comparison.same} | |`].join('\n')
}

function section({ comparison }: GateReport, name: DifferenceClass): readonly string[] {
  const own = comparison.differences.filter((one) => one.class === name)
  if (own.length === 0) return []
  const more = own.length > LISTED_AT_MOST ? [`- and ${own.length - LISTED_AT_MOST} more, in the report`] : []
  return [`## ${prose(classTitles[name])} (${own.length})`, [...own.slice(0, LISTED_AT_MOST).map(line), ...more].join('\n')]
}

const line = (one: Difference): string =>
  `- ${code(one.id)} (${productTitles[one.product]}, ${prose(one.profile)}, ${one.severity}${one.isWaived ? ', waived' : ''}): ${code(one.from)} → ${code(one.to)}. ${code(one.because)}`

function deviating({ decision, policy }: GateReport): readonly string[] {
  const rows = decision.deviating
  if (rows.length === 0) return []
  const byRule = [...Map.groupBy(rows, ({ rules }) => rules[0] ?? '')]
  return [
    `## Deviations of the newer side, ${policy.failOn} or above (${rows.length})`,
    byRule.map(([rule, own]) => `- **${prose(rule)}**: ${own.length} ${own.length === 1 ? 'case' : 'cases'}, for example ${code(own[0]?.id ?? '')}`).join('\n'),
  ]
}
