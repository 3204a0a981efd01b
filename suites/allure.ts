import { label, logStep, parameter, parentSuite, severity, suite, tag, Status } from 'allure-js-commons'
import type { Case } from '../src/case.ts'
import { states } from '../src/deviation.ts'
import { severities, type Rules } from '../src/rule.ts'
import type { Report } from '../src/session.ts'

/** Allure's own severities, from the least. */
const allureSeverities = ['minor', 'normal', 'critical', 'blocker'] as const

/**
 * Tells Allure what its site shows of a case: its table and rules, who asked on which surface, its state, and one step for each
 * request. Everything comes from the recorded exchanges, which are redacted: no credential can reach it.
 */
export async function tellAllure(row: Case, place: { readonly product: string; readonly table: string }, rules: Rules, report: Report): Promise<void> {
  const worst = severities.findLast((one) => row.rules.some((rule) => rules[rule]?.severity === one)) ?? 'low'
  await parentSuite(place.product)
  await suite(place.table)
  await severity(allureSeverities[severities.indexOf(worst)] ?? 'normal')
  await label('state', states.find((state) => state === report.state) ?? 'could-not-run')
  for (const rule of row.rules) await tag(rule)
  await parameter('principal', row.principal)
  await parameter('surface', row.surface)
  for (const { stage, request, status } of report.exchanges) await logStep(`${stage}: ${request} → ${status}`, Status.PASSED)
  await logStep(`verdict: ${report.because}`, report.state === 'conforms' ? Status.PASSED : Status.FAILED)
}
