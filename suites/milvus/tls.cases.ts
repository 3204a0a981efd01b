import { allowed, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { JsonObject } from '../../src/json.ts'
import { certificateKinds } from '../../fixtures/pki/client-certificates.ts'
import type { MilvusRule } from './rules.ts'

const handshake = { kind: 'refused', by: 'handshake' } as const satisfies Expectation
const ports = ['grpc', 'rest'] as const
const old = ['TLSv1', 'TLSv1.1'] as const
const current = ['TLSv1.2', 'TLSv1.3'] as const

interface Row {
  readonly says: string
  readonly rule: MilvusRule
  readonly profile: string
  readonly input: JsonObject
  readonly expect: Expectation
  readonly twin?: JsonObject
}

const oneWay: readonly Row[] = ports.flatMap((port) => [
  { says: `tls.may.open-${port}`, rule: 'MLV-TLS-ON-01' as const, profile: 'authorization', input: { port, transport: 'tls' }, expect: allowed },
  {
    says: `plaintext.may-not.open-${port}`,
    rule: 'MLV-TLS-ON-01' as const,
    profile: 'authorization',
    input: { port, transport: 'plain' },
    expect: handshake,
    twin: { port, transport: 'tls' },
  },
  ...current.map((version): Row => ({
    says: `${version}.may.open-${port}`,
    rule: 'MLV-TLS-ON-01',
    profile: 'authorization',
    input: { port, transport: 'tls', version },
    expect: allowed,
  })),
  ...old.map((version): Row => ({
    says: `${version}.may-not.open-${port}`,
    rule: 'MLV-TLS-OLD-01',
    profile: 'authorization',
    input: { port, transport: 'tls', version },
    expect: handshake,
    twin: { port, transport: 'tls', version: 'TLSv1.3' },
  })),
])

const bad = certificateKinds.filter((kind) => kind !== 'ours')
const mutual: readonly Row[] = ports.flatMap((port) => [
  {
    says: `certificate-ours.may.open-${port}`,
    rule: 'MLV-TLS-MUTUAL-01' as const,
    profile: 'tls-mutual',
    input: { port, transport: 'tls', certificate: 'ours' },
    expect: allowed,
  },
  ...bad.map((certificate): Row => ({
    says: `certificate-${certificate}.may-not.open-${port}`,
    rule: 'MLV-TLS-MUTUAL-01',
    profile: 'tls-mutual',
    input: { port, transport: 'tls', certificate },
    expect: handshake,
    twin: { port, transport: 'tls', certificate: 'ours' },
  })),
  {
    says: `plaintext.may-not.open-${port}`,
    rule: 'MLV-TLS-ON-01' as const,
    profile: 'tls-mutual',
    input: { port, transport: 'plain' },
    expect: handshake,
    twin: { port, transport: 'tls', certificate: 'ours' },
  },
])

/** Neither setting of the one is needed for the other: no TLS with authorization and without, and TLS in both directions without it. */
const apart: readonly Row[] = [
  ...['plain', 'plain-open'].map((profile): Row => ({
    says: 'plaintext.may.open-grpc',
    rule: 'MLV-TLS-APART-01',
    profile,
    input: { port: 'grpc', transport: 'plain' },
    expect: allowed,
  })),
  {
    says: 'certificate-ours.may.open-grpc',
    rule: 'MLV-TLS-APART-01',
    profile: 'tls-mutual-open',
    input: { port: 'grpc', transport: 'tls', certificate: 'ours' },
    expect: allowed,
  },
  ...bad.map((certificate): Row => ({
    says: `certificate-${certificate}.may-not.open-grpc`,
    rule: 'MLV-TLS-APART-01',
    profile: 'tls-mutual-open',
    input: { port: 'grpc', transport: 'tls', certificate },
    expect: handshake,
    twin: { port: 'grpc', transport: 'tls', certificate: 'ours' },
  })),
]

/** Who gets as far as the server's own protocol, by TLS alone. */
export const handshakeCases: readonly Case[] = [...oneWay, ...mutual, ...apart].map((row) => ({
  id: `milvus.port.${row.says}.where-${row.profile}`,
  profile: row.profile,
  rules: [row.rule],
  operation: 'handshake',
  principal: 'nobody',
  surface: 'port',
  input: row.input,
  expect: row.expect,
  ...(row.twin === undefined ? {} : { twin: { input: row.twin } }),
}))

const both = ['connect', 'list-users', 'create-user', 'show-collections'] as const

/** With TLS in both directions on, a certificate stands for no credential: the documents ask for all of it. */
export const certificateAndCredentialCases: readonly Case[] = both.flatMap((operation) => [
  { ...base(operation, 'root'), id: `milvus.grpc.root.may.${operation}.with-certificate`, expect: allowed },
  ...(['anonymous', 'wrong-password', 'not-base64', 'unknown-user'] as const).map((principal) => ({
    ...base(operation, principal),
    id: `milvus.grpc.${principal}.may-not.${operation}.with-certificate`,
    expect: unauthenticated,
    twin: { principal: 'root' },
  })),
])

function base(operation: (typeof both)[number], principal: string): Omit<Case, 'id' | 'expect'> {
  return { profile: 'tls-mutual', rules: ['MLV-TLS-BOTH-01'], operation, principal, surface: 'grpc', input: {} }
}
