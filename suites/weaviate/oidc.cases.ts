import { allowed, showing, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { RuleId } from './rules.ts'
import { happenings, type Happening } from './issuer-people.ts'
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

const listed = byName.profile

/** Keys beside tokens, on the same server. */
const keyCallers: Readonly<Record<'admin' | 'reader' | 'unlisted' | 'wrong-key', (operation: OperationName) => Expectation>> = {
  admin: () => allowed,
  reader: readOnly,
  unlisted: () => withheld,
  'wrong-key': () => unauthenticated,
}
export const keysBesideTokensCases: readonly Case[] = Object.entries(keyCallers).flatMap(([principal, expect]) =>
  some.map((operation) => caseOf({ profile: listed, operation, principal, expect: expect(operation), rules: ['WVT-BOTH-01'] })),
)

const scopes = (profile: string, expect: Expectation): Case =>
  caseOf({ profile, operation: 'get-oidc-scopes', principal: 'anonymous', expect, rules: ['WVT-OIDC-SCOPES-01'] })
export const scopeCases: readonly Case[] = [scopes(listed, showing('openid', 'email')), scopes(byGroup.profile, showing())]

/** The document's steps by hand, over HTTP and in a browser, and what their token is worth. */
export const hybridCases: readonly Case[] = (['kc-admin-hybrid', 'kc-admin-hybrid-in-chromium'] as const).flatMap((principal) =>
  (['get-own-info', 'get-object', 'create-object', 'graphql-get', 'grpc-search'] as const).map((operation) =>
    caseOf({ profile: listed, operation, principal, expect: allowed, rules: ['WVT-OIDC-HYBRID-01'] }),
  ),
)

const passing = (operation: OperationName, since: Happening, token: 'kept' | 'anew', expect: Expectation): Case => {
  const row = caseOf({ profile: byGroup.profile, operation, principal: 'kc-member', expect, rules: ['WVT-OIDC-LIFETIME-01'] })
  const input = { since, token }
  const twin = expect.kind === 'refused' ? { twin: { input: { since: 'nothing', token } } } : {}
  return { ...row, id: `${row.id}.${since}-with-token-${token}`, input, ...twin }
}

/** An administrator by group, and what becomes of the token when the issuer changes its mind. */
export const lifetimeCases: readonly Case[] = (['get-object', 'create-object', 'graphql-get', 'grpc-search'] as const).flatMap((operation) => [
  ...happenings.map((since) => passing(operation, since, 'kept', allowed)),
  passing(operation, 'out-of-the-group', 'anew', withheld),
])

const withRoles = 'rbac-oidc'
const administration = ['create-role', 'assign-role', 'list-db-users', 'create-db-user', 'list-nodes-verbosely'] as const
/** Roles by group, by user, by group, and none but that of a namesake. */
const roleHolders: Readonly<Record<'kc-admin' | 'kc-reader' | 'kc-machine' | 'kc-nobody', (operation: OperationName) => Expectation>> = {
  'kc-admin': () => allowed,
  'kc-reader': readOnly,
  'kc-machine': readOnly,
  'kc-nobody': () => withheld,
}
export const oidcRoleCases: readonly Case[] = Object.entries(roleHolders).flatMap(([principal, expect]) =>
  [...some, ...administration].map((operation) => {
    const promise = expect(operation)
    return caseOf({
      ...{ profile: withRoles, operation, principal, expect: promise, twin: 'kc-admin' },
      rules: [promise.kind === 'allowed' ? 'WVT-RBAC-OIDC-01' : 'WVT-RBAC-OIDC-02'],
    })
  }),
)
