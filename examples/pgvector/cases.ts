import { allowed, claim, showing, type Case, type Expectation } from '../../src/case.ts'
import type { JsonObject } from '../../src/json.ts'
import type { PgvectorRule } from './rules.ts'

/** PostgreSQL's own codes, or none where the connection ends before there is one. */
const notIn: Expectation = { kind: 'refused', by: 'unauthenticated', codes: ['FATAL'] }
const mayNot: Expectation = { kind: 'refused', by: 'forbidden', codes: ['42501'] }

interface Row {
  readonly operation: 'connect' | 'search' | 'insert' | 'delete'
  readonly principal: 'tenant' | 'writer' | 'reader' | 'barred' | 'certified' | 'stranger'
  readonly rule: PgvectorRule
  readonly expect: Expectation
  readonly twin?: Case['twin']
  readonly input?: JsonObject
  readonly detail?: string
}

const row = ({ operation, principal, rule, expect, twin, input = {}, detail = '' }: Row): Case => ({
  id: claim('pgvector', 'port', principal, expect, operation, detail),
  profile: 'roles',
  rules: [rule],
  operation,
  principal,
  surface: 'port',
  input,
  expect,
  ...(twin === undefined ? {} : { twin }),
})

const byWriter = { principal: 'writer' } as const

export const pgvectorCases: readonly Case[] = [
  row({ operation: 'connect', principal: 'reader', rule: 'PGV-AUTH-SCRAM-01', expect: allowed }),
  row({ operation: 'connect', principal: 'stranger', rule: 'PGV-AUTH-SCRAM-01', expect: notIn, twin: { principal: 'reader' } }),
  row({ operation: 'connect', principal: 'barred', rule: 'PGV-HBA-REJECT-01', expect: notIn, twin: { principal: 'reader' } }),
  row({ operation: 'connect', principal: 'reader', rule: 'PGV-HBA-SSL-01', expect: notIn, twin: { input: {} }, input: { tls: false }, detail: 'in-the-clear' }),
  row({ operation: 'connect', principal: 'certified', rule: 'PGV-HBA-CERT-01', expect: notIn, twin: { input: { certificate: true } } }),
  row({ operation: 'search', principal: 'reader', rule: 'PGV-PRIV-SELECT-01', expect: showing('near', 'far') }),
  row({ operation: 'search', principal: 'stranger', rule: 'PGV-AUTH-SCRAM-01', expect: notIn, twin: { principal: 'reader' } }),
  row({ operation: 'insert', principal: 'writer', rule: 'PGV-PRIV-WRITE-01', expect: allowed }),
  row({ operation: 'insert', principal: 'reader', rule: 'PGV-PRIV-WRITE-01', expect: mayNot, twin: byWriter }),
  row({ operation: 'delete', principal: 'reader', rule: 'PGV-PRIV-WRITE-01', expect: mayNot, twin: byWriter }),
  row({ operation: 'search', principal: 'tenant', rule: 'PGV-RLS-LIST-01', expect: showing('near') }),
  row({ operation: 'insert', principal: 'tenant', rule: 'PGV-RLS-CHECK-01', expect: mayNot, twin: byWriter }),
]
