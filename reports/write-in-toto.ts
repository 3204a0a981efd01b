import { catalogueDigest } from './catalogue-counts.ts'
import type { State } from '../src/deviation.ts'
import { evidenceOf } from './run-record.ts'
import type { ReportModel } from './report-model.ts'
import type { RunCase, RunRecord } from './run-schema.ts'

/**
 * An in-toto Statement v1 with a test-result predicate (v0.1): its subjects are the servers that ran for real, by the
 * digest of their image or artefact. Unsigned: `assay report --bundle --key` signs. Known deviations and waivers are
 * warned of; what could not run has failed, for it must not pass. Undefined where no server has a digest: a statement is about something.
 */
export function writeInToto({ record, suites }: ReportModel): string | undefined {
  const real = record.cases.filter((row) => evidenceOf(record.instances, row) === 'real')
  const subjects = subjectsOf(record, new Set(real.map(({ instance }) => instance)))
  if (subjects.length === 0) return undefined
  const named = (...wanted: readonly State[]): readonly string[] => real.filter(({ state }) => wanted.includes(state)).map(nameOf)
  const failed = named('deviates', 'could-not-run', 'harness-defect')
  const warned = named('known-deviation', 'waived')
  const hasFailed = failed.length > 0 || !record.complete || record.defects.length > 0 || record.staleDeviations.length > 0
  const predicate = {
    result: hasFailed ? 'FAILED' : warned.length > 0 ? 'WARNED' : 'PASSED',
    configuration: [{ name: 'catalogue', digest: { sha256: catalogueDigest(suites) } }],
    passedTests: named('conforms'),
    warnedTests: warned,
    failedTests: failed,
  }
  const statement = { _type: 'https://in-toto.io/Statement/v1', subject: subjects, predicateType: 'https://in-toto.io/attestation/test-result/v0.1', predicate }
  return `${JSON.stringify(statement, null, 1)}\n`
}

const nameOf = ({ instance, id }: RunCase): string => `${instance}/${id}`

/** One for each artefact, whatever it was configured as. */
function subjectsOf({ instances }: RunRecord, ran: ReadonlySet<string>): readonly object[] {
  const found = instances.flatMap(({ id, product, version, digest }) => {
    const hex = /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1]
    return hex === undefined || !ran.has(id) ? [] : [[hex, { name: `${product} ${version}`, digest: { sha256: hex } }] as const]
  })
  return [...new Map(found).values()]
}
