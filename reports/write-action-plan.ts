import { csvRecord } from './csv.ts'
import { highest, productTitles } from './headline.ts'
import type { ReportGroup, ReportModel, ReportRule } from './report-model.ts'

const head = [
  'product',
  'version',
  'rule',
  'severity',
  'state',
  'cases that deviate',
  'promise',
  'source',
  'what to do',
  'CWE',
  'NIST SP 800-53',
  'for example',
  'because',
  'owner',
  'due',
  'remarks',
]

/** CSV of the MUST rules that a real server broke, known or not, from the worst, with columns for whoever takes them on. */
export function writeActionPlan(model: ReportModel): string {
  const groups = model.groups.filter(({ evidence }) => evidence === 'real')
  const rows = groups.flatMap((group) => group.rules.filter(isBroken).map((rule) => rowOf(group, rule)))
  return [head, ...rows].map(csvRecord).join('')
}

const isBroken = ({ rule, totals }: ReportRule): boolean => rule?.level === 'MUST' && totals.deviates + totals['known-deviation'] > 0

function rowOf({ product, version }: ReportGroup, { id, rule, totals, cases }: ReportRule): readonly (string | number)[] {
  const broken = cases.map(({ row }) => row).filter((row) => row.state === 'deviates' || row.state === 'known-deviation')
  const [first] = broken
  const state = totals.deviates > 0 ? 'deviates' : 'known-deviation'
  const about = rule === undefined ? ['', '', '', '', ''] : [rule.says, rule.source.ref, rule.remediation, rule.cwe.join(' '), rule.controls.join(' ')]
  return [
    productTitles[product],
    version,
    id,
    highest(broken.flatMap(({ severity }) => severity ?? [])) ?? '',
    state,
    broken.length,
    ...about,
    first?.id ?? '',
    first?.because ?? '',
    '',
    '',
    '',
  ]
}
