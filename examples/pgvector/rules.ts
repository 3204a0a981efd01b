import type { Rules, SourceKind } from '../../src/rule.ts'

const of = (says: string, section: string, remediation: string, cwe: `CWE-${number}`): Rules<'pgvector'>[string] => ({
  product: 'pgvector',
  says,
  source: { kind: 'document' satisfies SourceKind, ref: `PostgreSQL 17, ${section}` },
  level: 'MUST',
  severity: 'high',
  cwe: [cwe],
  controls: ['AC-3'],
  remediation,
})

export const pgvectorRules = {
  'PGV-HBA-REJECT-01': of('Who a line with reject fits gets no connection', '20.1', 'Put the line above those that let in', 'CWE-284'),
  'PGV-HBA-SSL-01': of('A line with hostssl fits no connection without TLS', '20.1', 'Write hostssl, and no line with host', 'CWE-319'),
  'PGV-HBA-CERT-01': of('clientcert=verify-ca demands a certificate of the authority', '20.3', 'Set ssl_ca_file and clientcert', 'CWE-295'),
  'PGV-AUTH-SCRAM-01': of('scram-sha-256 lets in who knows the password, and nobody else', '20.5', 'Never write trust', 'CWE-287'),
  'PGV-PRIV-SELECT-01': of('A role reads what it was granted SELECT on', '5.8', 'GRANT SELECT', 'CWE-862'),
  'PGV-PRIV-WRITE-01': of('A role without INSERT or DELETE changes no row', '5.8', 'REVOKE INSERT, DELETE', 'CWE-862'),
  'PGV-RLS-LIST-01': of('With row security on, a role sees the rows of its policy alone', '5.9', 'ENABLE ROW LEVEL SECURITY', 'CWE-639'),
  'PGV-RLS-CHECK-01': of('With row security on, a role adds no row outside of its policy', '5.9', 'Write WITH CHECK', 'CWE-639'),
} as const satisfies Rules<'pgvector'>

export type PgvectorRule = keyof typeof pgvectorRules
