import { allowed, claim, showing, type Case, type Expectation } from '../../src/case.ts'
import type { Surface } from '../../src/outcome.ts'
import type { ClusterName } from './clusters.ts'
import type { Escape } from './escapes.ts'
import type { Hardening } from './hardening-names.ts'
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
  // The document knows of no setting that could change it: the same probe, as it reads there.
  {
    ...inside('two-nodes-that-ask-each-other', 'QDR-P2P-04', 'anonymous', allowed),
    detail: 'as-the-document-still-says',
    input: { nodes: 'two-nodes-that-ask-each-other' },
  },
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

const forbiddenByRest = { kind: 'refused', by: 'forbidden', codes: ['403'] } as const satisfies Expectation
const unknownByRest = { kind: 'refused', by: 'unauthenticated', codes: ['401'] } as const satisfies Expectation

/** qdrant-security, Table of access: what one node of a cluster cannot show. */
const peerRows = (
  [
    ['api-key', 'QDR-KEY-MANAGE-01', allowed],
    ['jwt-manage', 'QDR-JWT-MANAGE-01', allowed],
    ['read-only-key', 'QDR-KEY-READ-ONLY-02', forbiddenByRest],
    ['jwt-collection-rw', 'QDR-JWT-COLLECTION-RW-02', forbiddenByRest],
    ['anonymous', 'QDR-KEY-REQUIRED-01', unknownByRest],
  ] as const
).map(([principal, rule, expect]): Row => ({
  operation: 'remove-peer',
  detail: 'of-two-nodes',
  rule,
  principal,
  surface: 'rest',
  input: {},
  expect,
  ...(expect.kind === 'refused' ? { twin: { principal: 'api-key' } } : {}),
}))

const works = 'a server that works'

/** qdrant-security, Hardening: of the vendor's own image, in containers. */
const hardened = {
  'unprivileged-image': ['QDR-HARDEN-USER-01', 'a user that is not root', works],
  'user-1000': ['QDR-HARDEN-USER-02', 'user 1000, group 0', works],
  'user-1000-2000': ['QDR-HARDEN-USER-02', 'user 1000, group 2000', works],
  'read-only-root': ['QDR-HARDEN-READ-ONLY-01', works, 'nothing outside of its volumes'],
  'no-way-out': ['QDR-HARDEN-EGRESS-01', works, 'what is outside is fetched where there is a way', 'nothing outside is fetched'],
  'cluster-without-a-way-out': ['QDR-HARDEN-EGRESS-02', 'two nodes', 'no port but the documented ones'],
} as const satisfies Readonly<Record<Hardening, readonly [RuleId, ...string[]]>>

const hardenedCases = (Object.entries(hardened) as [Hardening, (typeof hardened)[Hardening]][]).map(([hardening, [rule, ...shown]]): Case => ({
  id: claim('qdrant', 'process', 'operator', allowed, 'run-hardened', hardening),
  profile: 'keys-and-jwt',
  rules: [rule],
  operation: 'run-hardened',
  principal: 'operator',
  surface: 'process',
  runtimes: ['docker'],
  input: { hardening },
  expect: showing(...shown),
}))

const ways = {
  'by-the-name-of-a-snapshot': ['QDR-PATH-01', 'rest', 'grpc'],
  'by-the-name-of-a-shard-snapshot': ['QDR-PATH-01', 'rest'],
  'by-the-name-of-a-full-snapshot': ['QDR-PATH-01', 'rest', 'grpc'],
  'by-the-name-of-an-uploaded-file': ['QDR-PATH-02', 'rest'],
  'by-the-name-of-a-collection': ['QDR-PATH-03', 'rest'],
  'by-links-in-an-archive': ['QDR-PATH-04', 'rest'],
} as const satisfies Readonly<Record<Escape, readonly [RuleId, ...Surface[]]>>

/** Allowed in the harness's sense: it was asked, and is judged by what it shows. */
const escapeRows = (Object.entries(ways) as [Escape, (typeof ways)[Escape]][]).flatMap(([escape, [rule, ...surfaces]]) =>
  surfaces.map((surface): Row => ({
    operation: 'reach-only-snapshots',
    detail: escape,
    rule,
    principal: 'api-key',
    surface,
    input: { escape },
    expect: showing('an ordinary upload'),
  })),
)

/** GHSA-3v92-w72v-j994: a body of who may not is not taken in. */
const uploadRows = (['upload-collection-snapshot-slowly', 'upload-shard-snapshot-slowly'] as const).flatMap((operation) =>
  (
    [
      ['read-only-key', forbiddenByRest],
      ['jwt-read', forbiddenByRest],
      ['jwt-collection-r', forbiddenByRest],
      ['jwt-collection-rw', forbiddenByRest],
      ['anonymous', unknownByRest],
      ['wrong-key', unknownByRest],
    ] as const
  ).map(([principal, expect]): Case => ({
    id: claim('qdrant', 'rest', principal, expect, operation),
    profile: 'keys-and-jwt',
    rules: ['QDR-UPLOAD-01'],
    operation,
    principal,
    surface: 'rest',
    runtimes: ['docker', 'native', 'external'],
    input: {},
    expect,
    twin: { principal: 'api-key' },
  })),
)

/** Each on servers that it starts by itself. */
export const scriptCases: readonly Case[] = [
  ...revocations,
  ...uploadRows,
  ...hardenedCases,
  ...[...startRows, ...rotationRows, ...nodeRows, ...peerRows, ...escapeRows].map(({ detail, rule, ...row }): Case => ({
    id: claim('qdrant', row.surface, row.principal, row.expect, row.operation, detail),
    profile: 'keys-and-jwt',
    rules: [rule],
    runtimes: ['native'],
    ...row,
  })),
]
