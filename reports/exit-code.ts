import { EXIT, worstExit, type ExitCode } from '../src/errors.ts'
import { severities, type ProductName, type Severity } from '../src/rule.ts'
import { highest, wasJudged } from './headline.ts'
import { evidenceOf } from './run-record.ts'
import type { RunCase, RunRecord } from './run-schema.ts'

export interface ExitOptions {
  /** `new`: deviations that nobody recorded; a severity: all from that one upwards, known or not, unless waived. */
  readonly failOn: 'new' | Severity
  /** Products that the user named: not to judge them is a failure. */
  readonly named: readonly ProductName[]
}

/**
 * What a run's exit code is. A known deviation that is recorded for a version and no longer seen there counts as a
 * deviation.
 */
export function exitCodeOf(record: RunRecord, options: ExitOptions): ExitCode {
  const codes: ExitCode[] = []
  if (record.interrupted) codes.push(EXIT.interrupted)
  if (hasDefects(record)) codes.push(EXIT.defect)
  if (hasDeviations(record, options.failOn)) codes.push(EXIT.deviations)
  if (record.waivers.some(({ status }) => status === 'expired' || status === 'unmatched')) codes.push(EXIT.waiver)
  if (isIncomplete(record, options.named)) codes.push(EXIT.incomplete)
  return worstExit(codes)
}

const hasDefects = ({ defects, totals, modelTotals }: RunRecord): boolean =>
  defects.length > 0 || totals['harness-defect'] > 0 || modelTotals['harness-defect'] > 0

function hasDeviations(record: RunRecord, failOn: ExitOptions['failOn']): boolean {
  if (record.staleDeviations.length > 0) return true
  if (failOn === 'new') return record.totals.deviates > 0
  return realCases(record)
    .filter(({ state }) => state === 'deviates' || state === 'known-deviation')
    .some((row) => severities.indexOf(severityOf(record, row)) >= severities.indexOf(failOn))
}

/** How bad a deviation is; of what does not deviate, the highest severity of its rules. A rule that nobody knows counts as critical. */
export function severityOf(record: Pick<RunRecord, 'rules'>, row: Pick<RunCase, 'rules' | 'severity'>): Severity {
  if (row.severity !== undefined) return row.severity
  const known = severitiesOf(record.rules)
  const own = row.rules.flatMap((id) => known.get(id) ?? [])
  return highest(own) ?? 'critical'
}

/** By a run's list of rules, so that it is not searched once for each case. */
const byRules = new WeakMap<RunRecord['rules'], ReadonlyMap<string, Severity>>()

function severitiesOf(rules: RunRecord['rules']): ReadonlyMap<string, Severity> {
  const known = byRules.get(rules) ?? new Map(rules.map(({ id, severity }) => [id, severity]))
  byRules.set(rules, known)
  return known
}

function isIncomplete(record: RunRecord, named: readonly ProductName[]): boolean {
  const judged = judgedProducts(record)
  return !record.complete || hasGaps(record) || record.totals['could-not-run'] > 0 || judged.size === 0 || named.some((product) => !judged.has(product))
}

/** An operation or a port that nothing is known of is one that nobody judged. */
const hasGaps = ({ census }: RunRecord): boolean => census.some(({ census: { state } }) => state === 'incomplete' || state === 'failed')

function judgedProducts(record: RunRecord): ReadonlySet<ProductName> {
  const judgedOn = new Set(
    realCases(record)
      .filter(({ state }) => wasJudged(state))
      .map(({ instance }) => instance),
  )
  return new Set(record.instances.filter(({ id }) => judgedOn.has(id)).map(({ product }) => product))
}

const realCases = (record: RunRecord): readonly RunCase[] => record.cases.filter((row) => evidenceOf(record.instances, row) === 'real')
