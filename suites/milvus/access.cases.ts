import { allowed, claim, unauthenticated, type Case } from '../../src/case.ts'
import type { OperationName } from './operations.ts'
import type { PrincipalName } from './principals.ts'
import type { MilvusRule } from './rules.ts'

const PROFILE = 'authorization'

const everyone = ['connect', 'list-users', 'describe-user', 'create-user', 'update-password', 'drop-user'] as const satisfies readonly OperationName[]

/** Callers whom the server does not know, with the rule that keeps them out. */
export const strangers = {
  anonymous: 'MLV-AUTH-ON-01',
  'empty-token': 'MLV-AUTH-TOKEN-01',
  'not-base64': 'MLV-AUTH-TOKEN-01',
  'no-colon': 'MLV-AUTH-TOKEN-01',
  'only-a-colon': 'MLV-AUTH-TOKEN-01',
  'clear-text': 'MLV-AUTH-TOKEN-01',
  'scheme-bearer': 'MLV-AUTH-TOKEN-01',
  'scheme-basic': 'MLV-AUTH-TOKEN-01',
  'wrong-password': 'MLV-AUTH-PASSWORD-01',
  'password-in-other-case': 'MLV-AUTH-PASSWORD-01',
  'password-cut-short': 'MLV-AUTH-PASSWORD-01',
  'password-with-more': 'MLV-AUTH-PASSWORD-01',
  'blank-after-password': 'MLV-AUTH-PASSWORD-01',
  'blank-before-username': 'MLV-AUTH-PASSWORD-01',
  'username-in-other-case': 'MLV-AUTH-PASSWORD-01',
  'no-password': 'MLV-AUTH-PASSWORD-01',
  'no-username': 'MLV-AUTH-PASSWORD-01',
  'unknown-user': 'MLV-AUTH-PASSWORD-01',
  'dropped-user': 'MLV-USER-DROP-01',
  'outdated-password': 'MLV-PASSWORD-UPDATE-01',
  "user-with-root's-password": 'MLV-AUTH-PASSWORD-01',
} as const satisfies Partial<Record<PrincipalName, MilvusRule>>

/** With authorization on, no call of a stranger does or shows anything; the same call by root does. */
export const strangerCases: readonly Case[] = everyone.flatMap((operation) =>
  (Object.keys(strangers) as (keyof typeof strangers)[]).map((principal) => ({
    id: claim('milvus', 'grpc', principal, unauthenticated, operation),
    profile: PROFILE,
    rules: [strangers[principal]] as const,
    operation,
    principal,
    surface: 'grpc' as const,
    input: {},
    expect: unauthenticated,
    twin: { principal: 'root' },
  })),
)

/** What root may, by the document's own walk through. */
const rootMay = {
  connect: ['MLV-ROOT-DEFAULT-01'],
  'list-users': ['MLV-USER-LIST-01'],
  'describe-user': ['MLV-USER-DESCRIBE-01'],
  'create-user': ['MLV-USER-CREATE-01', 'MLV-USER-CONNECT-01'],
  'update-password': ['MLV-PASSWORD-UPDATE-01'],
  'drop-user': ['MLV-USER-DROP-01'],
} as const satisfies Record<(typeof everyone)[number], readonly [MilvusRule, ...MilvusRule[]]>

export const rootCases: readonly Case[] = everyone.map((operation) => ({
  id: claim('milvus', 'grpc', 'root', allowed, operation),
  profile: PROFILE,
  rules: rootMay[operation],
  operation,
  principal: 'root',
  surface: 'grpc',
  input: {},
  expect: allowed,
}))
