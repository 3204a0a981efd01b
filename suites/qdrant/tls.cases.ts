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

/** qdrant-security, TLS: on the setting's words, what a reader expects of gRPC too. */
const mutual: readonly Row[] = (['rest', 'grpc'] as const).flatMap((surface) => {
  const rule = surface === 'rest' ? 'QDR-TLS-CLIENT-02' : 'QDR-TLS-CLIENT-03'
  return [
    { detail: 'with-the-right-certificate', rule, profile: 'tls-mutual', input: { certificate: 'right' }, expect: allowed, surfaces: [surface] },
    { detail: 'without-a-certificate', rule, profile: 'tls-mutual', input: { certificate: 'none' }, expect: handshake, surfaces: [surface] },
    {
      detail: 'with-a-certificate-of-another-authority',
      rule,
      profile: 'tls-mutual',
      input: { certificate: 'of-another-authority' },
      expect: handshake,
      surfaces: [surface],
    },
    { detail: 'with-an-expired-certificate', rule, profile: 'tls-mutual', input: { certificate: 'expired' }, expect: handshake, surfaces: [surface] },
    {
      detail: 'by-tls-1.2-without-a-certificate',
      rule,
      profile: 'tls-mutual',
      input: { version: 'TLSv1.2', certificate: 'none' },
      expect: handshake,
      surfaces: [surface],
    },
  ] as const
})

export const tlsCases: readonly Case[] = [...versions, ...mutual].flatMap(({ detail, rule, profile, input, expect, surfaces }) =>
  (surfaces ?? (['rest', 'grpc'] as const)).map((surface): Case => {
    const operation = `connect-${surface}`
    const twin = profile === 'tls-mutual' ? { ...(input.version === undefined ? {} : { version: input.version }), certificate: 'right' } : {}
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
