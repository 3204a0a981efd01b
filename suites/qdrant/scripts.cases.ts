import { allowed, claim, showing, type Case, type Expectation } from '../../src/case.ts'
import type { Surface } from '../../src/outcome.ts'
import type { ClusterName } from './clusters.ts'
import type { Input } from './credentials.ts'
import type { Rotation } from './rotations.ts'
import type { RuleId } from './rules.ts'
import type { ScriptName } from './scripts.ts'
import type { StartUpName } from './start-ups.ts'

interface Row {
  readonly operation: ScriptName
  readonly detail: string
  readonly rule: RuleId
  readonly principal: string
  readonly surface: Surface
  readonly input: Input
  readonly expect: Expectation
  readonly twin?: Case['twin'] & object
  readonly effect?: Case['effect'] & object
}

const stopped = { kind: 'refused', by: 'start-up' } as const satisfies Expectation

/** qdrant-security, TLS: what is needed where it is on. */
const starts = {
  'with-peers-over-tls': allowed,
  'without-its-certificate': stopped,
  'without-its-key': stopped,
  'without-any-tls-settings': stopped,
  'with-a-certificate-that-is-none': stopped,
  'with-a-key-that-is-none': stopped,
  'client-certificates-without-an-authority': stopped,
  'client-certificates-without-the-authority-file': stopped,
  'peers-without-their-certificate': stopped,
  'peers-without-their-key': stopped,
  'peers-without-an-authority': stopped,
} as const satisfies Readonly<Record<Exclude<StartUpName, 'as-documented'>, Expectation>>

const startRows = (Object.entries(starts) as [keyof typeof starts, Expectation][]).map(([start, expect]): Row => ({
  operation: 'start-server',
  detail: start,
  rule: 'QDR-TLS-START-01',
  principal: 'operator',
  surface: 'process',
  input: { start },
  expect,
  ...(expect.kind === 'refused'
    ? { twin: { input: { start: start.startsWith('peers') ? 'with-peers-over-tls' : 'as-documented' } }, effect: { exempt: 'never-arrived' } }
    : {}),
}))

const first = 'the first certificate'
const second = 'the second certificate'
const rotates: readonly (readonly [surface: 'rest' | 'grpc', Rotation, RuleId, ...shown: string[]])[] = [
  ['rest', 'replaced', 'QDR-TLS-ROTATE-01', second],
  ['rest', 'replaced-without-waiting', 'QDR-TLS-ROTATE-01', first],
  ['rest', 'replaced-under-an-open-connection', 'QDR-TLS-ROTATE-02', second, 'an answer over the open connection'],
  ['rest', 'broken', 'QDR-TLS-ROTATE-02', first],
  ['rest', 'unchanged', 'QDR-TLS-ROTATE-02', first],
  ['grpc', 'replaced', 'QDR-TLS-ROTATE-03', first],
  ['grpc', 'broken', 'QDR-TLS-ROTATE-03', first],
]

const rotationRows = rotates.map(([surface, rotation, rule, ...shown]): Row => ({
  operation: 'rotate-certificate',
  detail: rotation,
  rule,
  principal: 'anonymous',
  surface,
  input: { rotation },
  expect: showing(...shown),
}))

const unauthenticated = { kind: 'refused', by: 'unauthenticated', codes: ['grpc 16'] } as const satisfies Expectation
const forbidden = { kind: 'refused', by: 'forbidden', codes: ['grpc 7'] } as const satisfies Expectation
const handshake = { kind: 'refused', by: 'handshake' } as const satisfies Expectation

const inside = (nodes: ClusterName, rule: RuleId, principal: string, expect: Expectation, tls: Input['tls'] = { plain: true }): Row => ({
  operation: 'ask-internal-port',
  detail: [...(tls.certificate === undefined ? [] : [`with-certificate-${tls.certificate}`]), ...(tls.plain === true ? ['in-clear'] : []), `of-${nodes}`].join(
    '.',
  ),
  rule,
  principal,
  surface: 'port',
  input: { nodes, tls },
  expect,
  ...(expect.kind === 'refused'
    ? { twin: { principal: 'api-key', input: { nodes, tls: nodes === 'two-nodes-over-tls' ? { certificate: 'ours' } : { plain: true } } } }
    : {}),
})

const peers = (nodes: ClusterName, rule: RuleId): Row => ({
  operation: 'count-peers',
  detail: `of-${nodes}`,
  rule,
  principal: 'api-key',
  surface: 'rest',
  input: { nodes },
  expect: showing('two nodes'),
})

const nodeRows: readonly Row[] = [
  inside('two-nodes', 'QDR-P2P-01', 'anonymous', allowed),
  inside('two-nodes', 'QDR-P2P-01', 'wrong-key', allowed),
  peers('two-nodes', 'QDR-P2P-01'),
  inside('two-nodes-that-ask-each-other', 'QDR-P2P-02', 'anonymous', unauthenticated),
  inside('two-nodes-that-ask-each-other', 'QDR-P2P-02', 'wrong-key', unauthenticated),
  inside('two-nodes-that-ask-each-other', 'QDR-P2P-02', 'api-key', allowed),
  inside('two-nodes-that-ask-each-other', 'QDR-P2P-03', 'read-only-key', forbidden),
  peers('two-nodes-that-ask-each-other', 'QDR-P2P-02'),
  peers('two-nodes-over-tls', 'QDR-P2P-TLS-01'),
  inside('two-nodes-over-tls', 'QDR-P2P-TLS-01', 'anonymous', allowed, { certificate: 'ours' }),
  inside('two-nodes-over-tls', 'QDR-P2P-TLS-01', 'anonymous', handshake),
  inside('two-nodes-over-tls', 'QDR-P2P-TLS-01', 'anonymous', handshake, { certificate: 'none' }),
  inside('two-nodes-over-tls', 'QDR-P2P-TLS-01', 'anonymous', handshake, { certificate: 'other-authority' }),
  inside('two-nodes-over-tls', 'QDR-P2P-TLS-01', 'anonymous', handshake, { certificate: 'self-signed' }),
  inside('two-nodes-over-tls', 'QDR-P2P-TLS-01', 'anonymous', handshake, { certificate: 'not-yet-valid' }),
  inside('two-nodes-over-tls', 'QDR-P2P-TLS-01', 'anonymous', handshake, { certificate: 'expired' }),
]

/** qdrant-security, JWT Configuration, `value_exists`: the instance itself is asked, whatever it runs as. */
const revocations: readonly Case[] = (['rest', 'grpc'] as const).map((surface) => ({
  id: claim('qdrant', surface, 'jwt-user', allowed, 'revoke-users', 'at-once'),
  profile: 'keys-and-jwt',
  rules: ['QDR-JWT-VALUE-EXISTS-02'],
  operation: 'revoke-users',
  principal: 'jwt-user',
  surface,
  input: {},
  expect: showing('revoked at once', 'restored at once'),
}))

/** Each on servers that it starts by itself. */
export const scriptCases: readonly Case[] = [
  ...revocations,
  ...[...startRows, ...rotationRows, ...nodeRows].map(({ detail, rule, ...row }): Case => ({
    id: claim('qdrant', row.surface, row.principal, row.expect, row.operation, detail),
    profile: 'keys-and-jwt',
    rules: [rule],
    runtimes: ['native'],
    ...row,
  })),
]
