import { allowed, forbidden, showing, unauthenticated, type Case } from '../../src/case.ts'
import { refused, row } from './row.ts'
import type { RuleId } from './rules.ts'

const invalidGrant = refused('unauthenticated', '400 invalid_grant')
const holder = { principal: 'holder' } as const
const person = { principal: 'person' } as const

const rightVerifier = { challenge: 'S256', verifier: 'right' } as const
const plainVerifier = { challenge: 'plain', verifier: 'right' } as const

export const redeemCases: readonly Case[] = [
  row({ operation: 'redeem-code', ...holder, expect: allowed, rules: ['KCL-CODE-REDEEM-01'] }),
  ...['holder-of-used-code', 'holder-of-tampered-code', 'other-client'].map((principal) =>
    row({ operation: 'redeem-code', principal, twin: holder, expect: invalidGrant, rules: ['KCL-CODE-REDEEM-01'] }),
  ),
  row({
    operation: 'redeem-code',
    ...holder,
    detail: 'for-another-redirect',
    input: { redirect: 'other' },
    twin: { input: {} },
    expect: invalidGrant,
    rules: ['KCL-CODE-REDEEM-01'],
  }),
  row({ operation: 'redeem-code', ...holder, detail: 'with-the-verifier', input: rightVerifier, expect: allowed, rules: ['KCL-PKCE-01'] }),
  row({ operation: 'redeem-code', ...holder, detail: 'with-the-plain-verifier', input: plainVerifier, expect: allowed, rules: ['KCL-PKCE-01'] }),
  row({
    operation: 'redeem-code',
    ...holder,
    detail: 'with-a-wrong-verifier',
    input: { challenge: 'S256', verifier: 'wrong' },
    twin: { input: rightVerifier },
    expect: invalidGrant,
    rules: ['KCL-PKCE-01'],
  }),
  row({
    operation: 'redeem-code',
    ...holder,
    detail: 'with-a-wrong-plain-verifier',
    input: { challenge: 'plain', verifier: 'wrong' },
    twin: { input: plainVerifier },
    expect: invalidGrant,
    rules: ['KCL-PKCE-01'],
  }),
  row({
    operation: 'redeem-code',
    ...holder,
    detail: 'without-the-verifier',
    input: { challenge: 'S256' },
    twin: { input: rightVerifier },
    expect: invalidGrant,
    rules: ['KCL-PKCE-01'],
  }),
]

export const refreshCases: readonly Case[] = [
  row({ operation: 'refresh', ...holder, expect: allowed, rules: ['KCL-REFRESH-01'] }),
  ...['holder-of-tampered-token', 'holder-of-access-token', 'holder-of-id-token', 'other-client'].map((principal) =>
    row({ operation: 'refresh', principal, twin: holder, expect: invalidGrant, rules: ['KCL-REFRESH-01'] }),
  ),
  ...['logged-out-person', 'disabled-person', 'removed-person'].map((principal) =>
    row({ operation: 'refresh', principal, twin: holder, expect: invalidGrant, rules: ['KCL-REFRESH-END-01'] }),
  ),
]

const ruleOf = (principal: string, rule: RuleId): RuleId => (principal === 'holder-of-unsigned-token' ? 'KCL-ALG-NONE-01' : rule)

export const userInfoCases: readonly Case[] = [
  row({ operation: 'read-user-info', ...person, expect: allowed, rules: ['KCL-USERINFO-01'] }),
  ...[
    'anonymous',
    'holder-of-garbage',
    'holder-of-tampered-token',
    'holder-of-edited-token',
    'holder-of-unsigned-token',
    'holder-of-foreign-token',
    'holder-of-refresh-token',
    'holder-of-id-token',
    'holder-of-expired-token',
    'person-of-other-realm',
  ].map((principal) =>
    row({ operation: 'read-user-info', principal, twin: person, expect: unauthenticated, rules: [ruleOf(principal, 'KCL-USERINFO-TOKEN-01')] }),
  ),
  ...['logged-out-person', 'disabled-person', 'removed-person'].map((principal) =>
    row({ operation: 'read-user-info', principal, twin: person, expect: unauthenticated, rules: ['KCL-SESSION-END-01'] }),
  ),
  row({ operation: 'read-user-info', principal: 'holder-of-replayed-code', twin: person, expect: unauthenticated, rules: ['KCL-CODE-REPLAY-01'] }),
  row({ operation: 'read-user-info', principal: 'person-without-openid', twin: person, expect: forbidden, rules: ['KCL-USERINFO-SCOPE-01'] }),
]

/** One at a time: which key signs is a matter of the whole realm. */
const afterRotation = { principal: 'holder-of-token-after-rotation' } as const
const overRotation = { operation: 'read-user-info-over-rotation', rules: ['KCL-KEYS-ROTATE-01'], exclusive: true } as const

export const rotationCases: readonly Case[] = [
  row({ ...overRotation, principal: 'holder-of-token-before-rotation', expect: allowed }),
  row({ ...overRotation, ...afterRotation, expect: allowed }),
  row({ ...overRotation, principal: 'holder-of-token-of-removed-key', twin: afterRotation, expect: unauthenticated }),
]

const notAClient = refused('unauthenticated', '401 invalid_client')

export const introspectionCases: readonly Case[] = [
  row({ operation: 'introspect', ...person, detail: 'token', expect: showing('active'), rules: ['KCL-INTROSPECT-01'] }),
  ...[
    'holder-of-garbage',
    'holder-of-tampered-token',
    'holder-of-edited-token',
    'holder-of-unsigned-token',
    'holder-of-foreign-token',
    'holder-of-expired-token',
    'person-of-other-realm',
    'logged-out-person',
    'disabled-person',
    'removed-person',
  ].map((principal) =>
    row({ operation: 'introspect', principal, detail: 'token', expect: showing('inactive'), rules: [ruleOf(principal, 'KCL-INTROSPECT-01')] }),
  ),
  ...['nobody', 'wrong-secret', 'public-client'].map((by) =>
    row({
      operation: 'introspect',
      ...person,
      detail: `token-as-${by}`,
      input: { by },
      twin: { input: {} },
      expect: notAClient,
      rules: ['KCL-INTROSPECT-CLIENT-01'],
    }),
  ),
]

export const logoutCases: readonly Case[] = [
  row({ operation: 'log-out', ...holder, expect: allowed, rules: ['KCL-LOGOUT-01'] }),
  ...['holder-of-tampered-token', 'holder-of-garbage', 'other-client'].map((principal) =>
    row({ operation: 'log-out', principal, twin: holder, expect: invalidGrant, rules: ['KCL-LOGOUT-01'] }),
  ),
]
