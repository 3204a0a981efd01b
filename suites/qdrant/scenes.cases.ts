import { allowed, claim, forbidden, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { Input } from './credentials.ts'
import { surfacesOf, type OperationName } from './operations.ts'
import type { Principal } from './principals.ts'
import type { RuleId } from './rules.ts'
import type { SceneName } from './scenes.ts'

interface Row {
  readonly scene: SceneName
  readonly rule: RuleId
  readonly principal: Principal
  readonly expect: Expectation
  readonly asked: readonly OperationName[]
  readonly input?: Input
  /** What is special about the credential. */
  readonly detail?: string
  /** Who may; absent: the holder of the API key. */
  readonly twin?: Principal
}

const reads = ['list-collections', 'get-points', 'scroll-points', 'get-collection-info'] as const satisfies readonly OperationName[]
const writes = ['upsert-points', 'create-collection', 'delete-points', 'create-payload-index'] as const satisfies readonly OperationName[]
const both = [...reads, ...writes]

type Rest = Pick<Row, 'input' | 'detail' | 'twin'>
const row = (scene: SceneName, rule: RuleId, principal: Principal, expect: Expectation, asked: readonly OperationName[], rest: Rest = {}): Row => ({
  scene,
  rule,
  principal,
  expect,
  asked,
  ...rest,
})

const previousKey = { input: { key: 'previous' }, detail: 'with-the-previous-key' } as const satisfies Rest
const ofPreviousKey = { input: { token: { signature: 'previous-key' } }, detail: 'signed-with-the-previous-key' } as const satisfies Rest
const ofReadOnlyKey = {
  input: { token: { signature: 'read-only-key' } },
  detail: 'signed-with-the-read-only-key',
  twin: 'read-only-key',
} as const satisfies Rest

const environment: readonly Row[] = [
  row('keys-by-environment', 'QDR-KEY-ENV-01', 'anonymous', unauthenticated, both),
  row('keys-by-environment', 'QDR-KEY-ENV-01', 'wrong-key', unauthenticated, both),
  row('keys-by-environment', 'QDR-KEY-ENV-01', 'api-key', allowed, both),
  row('keys-by-environment', 'QDR-KEY-ENV-02', 'read-only-key', allowed, reads),
  row('keys-by-environment', 'QDR-KEY-ENV-02', 'read-only-key', forbidden, writes),
  row('keys-by-environment', 'QDR-JWT-ENV-01', 'jwt-manage', allowed, both),
  row('keys-by-environment', 'QDR-JWT-ENV-01', 'jwt-read', forbidden, writes),
  row('keys-by-environment', 'QDR-JWT-ENV-01', 'jwt-read', allowed, reads),
  row('api-key-by-environment', 'QDR-KEY-ENV-01', 'anonymous', unauthenticated, both),
  row('api-key-by-environment', 'QDR-KEY-ENV-01', 'api-key', allowed, both),
  row('environment-over-file', 'QDR-KEY-ENV-03', 'api-key', allowed, both),
  row('environment-over-file', 'QDR-KEY-ENV-03', 'api-key', unauthenticated, both, previousKey),
  row('environment-over-file', 'QDR-KEY-ENV-03', 'jwt-manage', allowed, both),
  row('environment-over-file', 'QDR-KEY-ENV-03', 'jwt-manage', unauthenticated, both, ofPreviousKey),
]

/** qdrant-security, Granular access control with JWT: a new key voids the tokens of the old one. */
const changed: readonly Row[] = [
  row('after-a-key-change', 'QDR-KEY-CHANGE-01', 'api-key', unauthenticated, both, previousKey),
  row('after-a-key-change', 'QDR-KEY-CHANGE-01', 'api-key', allowed, both),
  row('after-a-key-change', 'QDR-KEY-CHANGE-02', 'jwt-manage', unauthenticated, both, ofPreviousKey),
  row('after-a-key-change', 'QDR-KEY-CHANGE-02', 'jwt-read', unauthenticated, reads, ofPreviousKey),
  row('after-a-key-change', 'QDR-KEY-CHANGE-02', 'jwt-collection-rw', unauthenticated, ['get-points', 'upsert-points'], ofPreviousKey),
  row('after-a-key-change', 'QDR-KEY-CHANGE-02', 'jwt-manage', allowed, both),
]

/** qdrant-security, Granular access control with JWT: tokens need the API key and the switch, both. */
const readOnly: readonly Row[] = [
  row('only-a-read-only-key', 'QDR-KEY-REQUIRED-01', 'anonymous', unauthenticated, reads, { twin: 'read-only-key' }),
  row('only-a-read-only-key', 'QDR-JWT-ENABLE-02', 'read-only-key', allowed, reads),
  row('only-a-read-only-key', 'QDR-JWT-ENABLE-02', 'jwt-manage', unauthenticated, reads, { twin: 'read-only-key' }),
  row('only-a-read-only-key', 'QDR-JWT-ENABLE-02', 'jwt-manage', unauthenticated, reads, ofReadOnlyKey),
  row('only-a-read-only-key', 'QDR-JWT-ENABLE-02', 'jwt-read', unauthenticated, reads, ofReadOnlyKey),
  row('only-a-read-only-key-by-environment', 'QDR-KEY-ENV-02', 'anonymous', unauthenticated, reads, { twin: 'read-only-key' }),
  row('only-a-read-only-key-by-environment', 'QDR-KEY-ENV-02', 'wrong-key', unauthenticated, reads, { twin: 'read-only-key' }),
  row('only-a-read-only-key-by-environment', 'QDR-KEY-ENV-02', 'read-only-key', allowed, reads),
]

const emptyKey = { input: { key: 'empty' }, detail: 'with-the-empty-key', twin: 'read-only-key' } as const satisfies Rest

const empty: readonly Row[] = [
  row('with-an-empty-key', 'QDR-KEY-EMPTY-01', 'anonymous', unauthenticated, reads, { twin: 'read-only-key' }),
  row('with-an-empty-key', 'QDR-KEY-EMPTY-01', 'wrong-key', unauthenticated, reads, { twin: 'read-only-key' }),
  row('with-an-empty-key', 'QDR-KEY-EMPTY-01', 'api-key', unauthenticated, reads, emptyKey),
  row('with-an-empty-key', 'QDR-KEY-EMPTY-01', 'jwt-manage', unauthenticated, reads, {
    input: { token: { signature: 'empty-key' } },
    detail: 'signed-with-the-empty-key',
    twin: 'read-only-key',
  }),
]

function casesOf({ scene, rule, principal, expect, asked, input = {}, detail, twin = 'api-key' }: Row): readonly Case[] {
  return asked.flatMap((operation) =>
    surfacesOf(operation).map((surface): Case => ({
      id: claim('qdrant', surface, principal, expect, operation, [...(detail === undefined ? [] : [detail]), `in-scene-${scene}`].join('.')),
      profile: 'keys-and-jwt',
      rules: [rule],
      operation,
      principal,
      surface,
      runtimes: ['native'],
      input: { scene, ...input },
      expect,
      ...(expect.kind === 'refused' ? { twin: { principal: twin, input: { scene } } } : {}),
    })),
  )
}

/** qdrant-security, TLS: in clear as shipped. */
const shipped: readonly Case[] = (['rest', 'grpc'] as const).map((surface) => ({
  id: claim('qdrant', surface, 'anonymous', allowed, `connect-${surface}`, 'in-clear.in-scene-as-shipped'),
  profile: 'keys-and-jwt',
  rules: ['QDR-TLS-DEFAULT-01'],
  operation: `connect-${surface}`,
  principal: 'anonymous',
  surface,
  runtimes: ['native'],
  input: { scene: 'as-shipped', tls: { plain: true } },
  expect: allowed,
}))

export const sceneCases: readonly Case[] = [...environment, ...changed, ...readOnly, ...empty].flatMap(casesOf)
export const shippedCases = shipped
