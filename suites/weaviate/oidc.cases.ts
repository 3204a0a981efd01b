import { allowed, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { RuleId } from './rules.ts'
import type { OperationName } from './operations.ts'
import { adminListCases, caseOf, isRead, operationNamed, sideBySide, unknownCallers, withheld, type ListUsers } from './tables.ts'
import type { TokenKind } from './tokens.ts'

const byName = { profile: 'oidc-adminlist', twin: 'kc-admin' }
const byGroup = { profile: 'oidc-adminlist-groups', twin: 'kc-admin', over: sideBySide }

type People = { readonly [Kind in keyof ListUsers]: readonly TokenKind[] }

/** The list names users: `kc-admin`, `kc-reader` and the machine's account. */
const people: People = { admins: ['kc-admin', 'kc-admin-id-token'], readers: ['kc-reader', 'kc-machine'], others: ['kc-nobody'] }
/** The list names groups: those of `kc-admin` and of the machine, that of `kc-reader`. */
const members: People = { admins: ['kc-admin', 'kc-machine'], readers: ['kc-reader'], others: ['kc-nobody'] }

export const oidcListCases: readonly Case[] = adminListCases(byName, people)
export const oidcGroupCases: readonly Case[] = adminListCases(byGroup, members)

/** Tokens that look like one of the administrator's, each by what is wrong with it. */
const wrongTokens = {
  'other-audience-token': 'WVT-OIDC-AUDIENCE-01',
  'other-client-id-token': 'WVT-OIDC-AUDIENCE-01',
  'expired-token': 'WVT-OIDC-EXPIRY-01',
  'other-realm-token': 'WVT-OIDC-ISSUER-01',
  'refresh-token': 'WVT-OIDC-SIGNATURE-01',
  'unsigned-token': 'WVT-OIDC-SIGNATURE-01',
  'hmac-token': 'WVT-OIDC-SIGNATURE-01',
  'self-signed-token': 'WVT-OIDC-SIGNATURE-01',
  'unknown-kid-token': 'WVT-OIDC-SIGNATURE-01',
  'other-payload-token': 'WVT-OIDC-SIGNATURE-01',
  'short-signature-token': 'WVT-OIDC-SIGNATURE-01',
  'no-signature-token': 'WVT-OIDC-SIGNATURE-01',
} as const satisfies Partial<Record<TokenKind, RuleId>>

export const wrongTokenCases: readonly Case[] = unknownCallers(
  { ...byName, over: sideBySide },
  Object.fromEntries(Object.entries(wrongTokens).map(([kind, rule]) => [kind, () => [rule] as const])),
)

const some: readonly OperationName[] = [
  'dump-schema',
  'get-collection',
  'list-objects',
  'get-object',
  'create-object',
  'delete-object',
  'create-collection',
  'create-tenant',
  'graphql-get',
  'grpc-search',
  'grpc-batch-delete',
]

interface Caller {
  readonly principal: TokenKind | 'admin' | 'wrong-key'
  readonly rule: RuleId
  readonly expect: (operation: OperationName) => Expectation
}

const readOnly = (operation: OperationName): Expectation => (isRead(operation) ? allowed : withheld)

/** Users by their email, tokens for whatever audience. */
const callers: readonly Caller[] = [
  { principal: 'admin', rule: 'WVT-KEY-01', expect: () => allowed },
  { principal: 'wrong-key', rule: 'WVT-KEY-REFUSED-01', expect: () => unauthenticated },
  { principal: 'kc-admin', rule: 'WVT-OIDC-USERNAME-01', expect: () => allowed },
  { principal: 'kc-reader', rule: 'WVT-OIDC-USERNAME-01', expect: readOnly },
  { principal: 'kc-nobody', rule: 'WVT-OIDC-USERNAME-01', expect: () => withheld },
  { principal: 'kc-machine', rule: 'WVT-OIDC-USERNAME-02', expect: () => unauthenticated },
  { principal: 'other-audience-token', rule: 'WVT-OIDC-SKIP-01', expect: () => allowed },
  { principal: 'expired-token', rule: 'WVT-OIDC-SKIP-01', expect: () => unauthenticated },
  { principal: 'self-signed-token', rule: 'WVT-OIDC-SKIP-01', expect: () => unauthenticated },
  { principal: 'other-realm-token', rule: 'WVT-OIDC-SKIP-01', expect: () => unauthenticated },
]

export const oidcEmailCases: readonly Case[] = callers.flatMap(({ principal, rule, expect }) =>
  some.map((operation) =>
    caseOf({
      profile: 'oidc-email-any-audience',
      operation,
      principal,
      expect: expect(operation),
      rules: [rule === 'WVT-KEY-REFUSED-01' && operationNamed(operation).surface === 'grpc' ? 'WVT-KEY-REFUSED-02' : rule],
      twin: 'kc-admin',
    }),
  ),
)
