import { severityOf } from './exit-code.ts'
import { productTitles } from './headline.ts'
import { jsonParts, lazily } from './json-parts.ts'
import type { ReportCase, ReportModel } from './report-model.ts'
import type { RunRecord } from './run-schema.ts'
import { visible } from './visible.ts'

type Status = 'passed' | 'failed' | 'skipped' | 'other'

/**
 * CTRF (Common Test Report Format), with our state as `rawStatus`. Only what conforms on a real server passes; known
 * deviations, waivers and whatever a model did are `other`; what could not run fails, for it must not be green.
 */
export function writeCtrf({ record, groups }: ReportModel): Iterable<string> {
  const cases = groups.flatMap((group) => group.cases)
  const count = (status: Status): number => cases.filter((one) => statusOf(one) === status).length
  const start = Date.parse(record.startedAt)
  const stop = record.finishedAt === null ? start : Date.parse(record.finishedAt)
  const summary = {
    tests: cases.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    pending: 0,
    other: count('other'),
    start,
    stop,
    duration: stop - start,
  }
  const report = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    generatedBy: record.tool.name,
    timestamp: record.finishedAt ?? record.startedAt,
    results: {
      tool: { name: record.tool.name, version: record.tool.version },
      summary,
      tests: lazily(cases, (one) => testOf(record, one)),
      environment: { reportName: record.runId, healthy: record.complete, ...(record.tool.commit === undefined ? {} : { commit: record.tool.commit }) },
      extra: {
        headline: record.headline,
        totals: record.totals,
        modelTotals: record.modelTotals,
        notJudged: record.notJudged,
        staleDeviations: record.staleDeviations,
        defects: record.defects,
      },
    },
  }
  return jsonParts(report)
}

function testOf(record: RunRecord, one: ReportCase): { readonly status: Status } & Readonly<Record<string, unknown>> {
  const { row, instance } = one
  return {
    name: row.id,
    status: statusOf(one),
    rawStatus: instance.evidence === 'model' ? `model: ${row.state}` : row.state,
    duration: Math.round(row.ms),
    suite: [`${productTitles[instance.product]} ${instance.version}`, instance.profile],
    testId: `${instance.id}/${row.id}`,
    message: visible(row.because),
    tags: row.rules,
    labels: { severity: severityOf(record, row), surface: row.surface, principal: row.principal, operation: row.operation, evidence: instance.evidence },
  }
}

function statusOf({ row, instance }: ReportCase): Status {
  switch (row.state) {
    case 'conforms':
      return instance.evidence === 'real' ? 'passed' : 'other'
    case 'known-deviation':
    case 'waived':
      return 'other'
    case 'not-applicable':
      return 'skipped'
    case 'could-not-run':
      return instance.evidence === 'real' ? 'failed' : 'other'
    case 'deviates':
    case 'harness-defect':
      return 'failed'
  }
}
