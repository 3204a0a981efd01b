import { allowed, claim, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { MilvusRule } from './rules.ts'
import { sdkCalls, type SdkCall } from './sdk.ts'

/** By the rule that lets root do it. */
const rootMay = {
  'sdk-connect': 'MLV-ROOT-DEFAULT-01',
  'sdk-create-user': 'MLV-USER-CREATE-01',
  'sdk-describe-user': 'MLV-USER-DESCRIBE-01',
  'sdk-update-password': 'MLV-PASSWORD-UPDATE-01',
  'sdk-list-users': 'MLV-USER-LIST-01',
  'sdk-drop-user': 'MLV-USER-DROP-01',
} as const satisfies Readonly<Record<SdkCall, MilvusRule>>

const strangers = {
  'dropped-user': 'MLV-USER-DROP-01',
  'outdated-password': 'MLV-PASSWORD-UPDATE-01',
  "user-with-root's-password": 'MLV-AUTH-PASSWORD-01',
} as const satisfies Readonly<Record<string, MilvusRule>>

/** The token with the server's TLS; user, password and certificate paths with TLS in both directions: what the documents ask of a client. */
const ways = { 'super-users-root': 'token', 'tls-mutual': 'username-and-password' } as const
type ProfileName = keyof typeof ways

/** The documents' walk through, through the official SDK. */
export const sdkCases: readonly Case[] = (Object.keys(ways) as ProfileName[]).flatMap((profile) => [
  ...sdkCalls.map((operation) => ({
    ...base(profile, operation, 'root', rootMay[operation]),
    id: idOf(profile, 'root', allowed, operation),
    expect: allowed,
  })),
  ...(['sdk-connect', 'sdk-update-password'] as const).map((operation) => ({
    ...base(profile, operation, 'self', operation === 'sdk-connect' ? 'MLV-USER-CONNECT-01' : 'MLV-PASSWORD-UPDATE-01'),
    id: idOf(profile, 'self', allowed, operation),
    expect: allowed,
  })),
  ...(Object.keys(strangers) as (keyof typeof strangers)[]).map((principal) => ({
    ...base(profile, 'sdk-connect', principal, strangers[principal]),
    id: idOf(profile, principal, unauthenticated, 'sdk-connect'),
    expect: unauthenticated,
    twin: { principal: 'root' },
  })),
])

function idOf(profile: ProfileName, principal: string, expect: Expectation, operation: SdkCall): string {
  return `${claim('milvus', 'grpc', principal, expect, operation, `with-${ways[profile]}`)}.where-${profile}`
}

function base(profile: ProfileName, operation: SdkCall, principal: string, rule: MilvusRule): Omit<Case, 'id' | 'expect'> {
  const rules = profile === 'tls-mutual' ? ([rule, 'MLV-TLS-BOTH-01'] as const) : ([rule] as const)
  return { profile, rules, operation, principal, surface: 'grpc', input: { given: ways[profile] } }
}
