import type { Launch } from '../../containers/server.ts'
import type { PgvectorRule } from './rules.ts'

/** A way to misconfigure it, and the rules that must notice. */
export interface Fault {
  readonly id: string
  readonly breaks: readonly PgvectorRule[]
  readonly change: (launch: Launch) => Launch
}

const rewritten =
  (from: RegExp, to: string) =>
  (launch: Launch): Launch => ({
    ...launch,
    files: { ...launch.files, 'hba.conf': (launch.files['hba.conf'] ?? '').replaceAll(from, to) },
  })

export const pgvectorFaults: readonly Fault[] = [
  { id: 'trusts-everybody', breaks: ['PGV-AUTH-SCRAM-01'], change: rewritten(/scram-sha-256/g, 'trust') },
  { id: 'bars-nobody', breaks: ['PGV-HBA-REJECT-01'], change: rewritten(/^.*reject\n/gm, '') },
  { id: 'takes-plain-connections', breaks: ['PGV-HBA-SSL-01'], change: rewritten(/^hostssl all all /gm, 'host all all ') },
  { id: 'wants-no-certificate', breaks: ['PGV-HBA-CERT-01'], change: rewritten(/ clientcert=verify-ca/g, '') },
]
