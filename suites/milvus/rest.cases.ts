import { allowed, claim, unauthenticated, type Case } from '../../src/case.ts'
import type { Operation } from './operation.ts'
import type { RestPrincipalName } from './principals.ts'
import { reads } from './reads.ts'
import type { MilvusRule } from './rules.ts'
import { writes } from './writes.ts'

const PROFILE = 'authorization'
const calls: Readonly<Record<string, Operation>> = { ...reads, ...writes }

/** The calls that the first REST interface has. */
export const overHttp = [
  'show-collections',
  'describe-collection',
  'query',
  'get-entity',
  'search',
  'create-collection',
  'drop-collection',
  'insert',
  'upsert',
  'delete',
] as const satisfies readonly (keyof typeof reads | keyof typeof writes)[]

const strangers = {
  anonymous: 'MLV-REST-ON-01',
  'empty-token': 'MLV-REST-ON-01',
  'token-in-another-header': 'MLV-REST-ON-01',
  'token-in-a-cookie': 'MLV-REST-ON-01',
  'bearer-alone': 'MLV-REST-PASSWORD-01',
  'bearer-without-colon': 'MLV-REST-PASSWORD-01',
  'bearer-only-a-colon': 'MLV-REST-PASSWORD-01',
  'bearer-wrong-password': 'MLV-REST-PASSWORD-01',
  'bearer-no-password': 'MLV-REST-PASSWORD-01',
  'bearer-no-username': 'MLV-REST-PASSWORD-01',
  'bearer-password-in-other-case': 'MLV-REST-PASSWORD-01',
  'bearer-username-in-other-case': 'MLV-REST-PASSWORD-01',
  'bearer-password-with-more': 'MLV-REST-PASSWORD-01',
  'bearer-unknown-user': 'MLV-REST-PASSWORD-01',
  'bearer-dropped-user': 'MLV-REST-PASSWORD-01',
  'bearer-outdated-password': 'MLV-REST-PASSWORD-01',
  'basic-not-base64': 'MLV-REST-PASSWORD-01',
  'basic-without-colon': 'MLV-REST-PASSWORD-01',
  'basic-wrong-password': 'MLV-REST-PASSWORD-01',
  'basic-unknown-user': 'MLV-REST-PASSWORD-01',
  'basic-dropped-user': 'MLV-REST-PASSWORD-01',
  'digest-scheme': 'MLV-REST-PASSWORD-01',
} as const satisfies Partial<Record<RestPrincipalName, MilvusRule>>

/** Each is root with the right password, in another spelling. */
const callers = {
  root: 'MLV-REST-SERVED-01',
  'root-by-basic': 'MLV-REST-SERVED-01',
  'root-by-lower-case-bearer': 'MLV-REST-SCHEME-01',
  'root-by-lower-case-basic': 'MLV-REST-SCHEME-01',
} as const satisfies Partial<Record<RestPrincipalName, MilvusRule>>

/** Every call over HTTP, by every stranger and by root. */
export const restCases: readonly Case[] = overHttp.flatMap((operation) => [
  ...(Object.keys(callers) as (keyof typeof callers)[]).map((principal) => ({
    ...base(operation, principal, callers[principal]),
    id: claim('milvus', 'rest', principal, allowed, operation),
    expect: allowed,
  })),
  ...(Object.keys(strangers) as (keyof typeof strangers)[]).map((principal) => ({
    ...base(operation, principal, strangers[principal]),
    id: claim('milvus', 'rest', principal, unauthenticated, operation),
    expect: unauthenticated,
    twin: { principal: 'root' },
  })),
])

function base(operation: (typeof overHttp)[number], principal: RestPrincipalName, rule: MilvusRule): Omit<Case, 'id' | 'expect'> {
  const versions = calls[operation]?.versions
  return { profile: PROFILE, rules: [rule], operation, principal, surface: 'rest', input: {}, ...(versions === undefined ? {} : { versions }) }
}
