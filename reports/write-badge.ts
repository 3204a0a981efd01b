import { states } from '../src/deviation.ts'
import type { ReportModel } from './report-model.ts'
import type { RunRecord } from './run-schema.ts'

/** What the endpoint badge of shields.io reads: how many cases on real servers conform, of all that were judged there. */
export function writeBadge({ record }: Pick<ReportModel, 'record'>): string {
  const all = states.reduce((sum, state) => sum + record.totals[state], 0) - record.totals['not-applicable']
  const message = all === 0 ? 'nothing real ran' : `${record.totals.conforms} of ${all} conform`
  return `${JSON.stringify({ schemaVersion: 1, label: 'assay', message, color: colorOf(record, all) })}\n`
}

function colorOf({ totals, complete, staleDeviations, defects }: RunRecord, all: number): string {
  if (totals.deviates + totals['harness-defect'] + staleDeviations.length + defects.length > 0) return 'red'
  if (all === 0 || !complete || totals['could-not-run'] > 0) return 'lightgrey'
  return totals['known-deviation'] + totals.waived > 0 ? 'yellow' : 'brightgreen'
}
