import { allowed, claim, type Case, type Expectation } from '../../src/case.ts'
import type { TlsInput } from './handshakes.ts'
import type { RuleId } from './rules.ts'

/** RFC 8446 §6.2: `protocol_version`. */
const protocolVersion = { kind: 'refused', by: 'handshake', codes: ['tls alert 70'] } as const satisfies Expectation
const handshake = { kind: 'refused', by: 'handshake' } as const satisfies Expectation

interface Row {
  readonly detail: string
  readonly rule: RuleId
  readonly profile: 'keys-and-jwt' | 'tls-mutual'
  readonly input: TlsInput
  readonly expect: Expectation
  readonly surfaces?: readonly ('rest' | 'grpc')[]
}

const versions: readonly Row[] = [
  { detail: 'by-tls-1.2', rule: 'QDR-TLS-01', profile: 'keys-and-jwt', input: { version: 'TLSv1.2' }, expect: allowed },
  { detail: 'by-tls-1.3', rule: 'QDR-TLS-01', profile: 'keys-and-jwt', input: { version: 'TLSv1.3' }, expect: allowed },
  { detail: 'by-tls-1.0', rule: 'QDR-TLS-OLD-01', profile: 'keys-and-jwt', input: { version: 'TLSv1' }, expect: protocolVersion },
  { detail: 'by-tls-1.1', rule: 'QDR-TLS-OLD-01', profile: 'keys-and-jwt', input: { version: 'TLSv1.1' }, expect: protocolVersion },
  { detail: 'in-clear', rule: 'QDR-TLS-ONLY-01', profile: 'keys-and-jwt', input: { plain: true }, expect: handshake },
  { detail: 'without-a-client-certificate', rule: 'QDR-TLS-CLIENT-01', profile: 'keys-and-jwt', input: { certificate: 'none' }, expect: allowed },
]

/** Certificates that no one who verifies them may take, by how they read in a case's id. */
const flaws = {
  'with-a-certificate-of-another-authority': 'other-authority',
  'with-an-expired-certificate': 'expired',
  'with-a-certificate-that-is-not-yet-valid': 'not-yet-valid',
  'with-a-certificate-for-servers-only': 'server-only',
  'with-a-self-signed-certificate': 'self-signed',
  'with-a-certificate-issued-by-a-leaf': 'issued-by-a-leaf',
} as const satisfies Readonly<Record<string, NonNullable<TlsInput['certificate']>>>

/** qdrant-security, TLS: on the setting's words, what a reader expects of gRPC too. */
const mutual: readonly Row[] = (['rest', 'grpc'] as const).flatMap((surface): readonly Row[] => {
  const row = (detail: string, input: TlsInput, expect: Expectation): Row => ({
    detail,
    rule: surface === 'rest' ? 'QDR-TLS-CLIENT-02' : 'QDR-TLS-CLIENT-03',
    profile: 'tls-mutual',
    input,
    expect,
    surfaces: [surface],
  })
  return [
    row('with-the-right-certificate', { certificate: 'ours' }, allowed),
    row('without-a-certificate', { certificate: 'none' }, handshake),
    row('by-tls-1.2-without-a-certificate', { version: 'TLSv1.2', certificate: 'none' }, handshake),
    ...Object.entries(flaws).map(([detail, certificate]) => row(detail, { certificate }, handshake)),
  ]
})

export const tlsCases: readonly Case[] = [...versions, ...mutual].flatMap(({ detail, rule, profile, input, expect, surfaces }) =>
  (surfaces ?? (['rest', 'grpc'] as const)).map((surface): Case => {
    const operation = `connect-${surface}`
    const twin = profile === 'tls-mutual' ? { ...(input.version === undefined ? {} : { version: input.version }), certificate: 'ours' } : {}
    return {
      id: claim('qdrant', surface, 'api-key', expect, operation, detail),
      profile,
      rules: [rule],
      operation,
      principal: 'api-key',
      surface,
      input: { tls: input },
      expect,
      ...(expect.kind === 'refused' ? { twin: { input: { tls: twin } } } : {}),
    }
  }),
)
