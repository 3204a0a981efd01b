import { allowed, claim, forbidden, type Case, type Expectation } from '../../src/case.ts'
import type { Input } from './credentials.ts'
import { lookups } from './operations-lookup.ts'
import { surfacesOf, versionsOf } from './operations.ts'
import type { Principal } from './principals.ts'
import type { RuleId } from './rules.ts'

interface Row {
  readonly principal: Principal
  readonly rule: RuleId
  readonly expect: Expectation
  readonly input?: Input
  readonly detail?: string
}

const both = {
  token: {
    claims: {
      access: [
        { collection: '$collection', access: 'r' },
        { collection: '$other', access: 'r' },
      ],
    },
  },
} as const satisfies Input

/** qdrant-security, JWT Configuration: a token for one collection reaches no other, by whatever a request names. */
const who: readonly Row[] = [
  { principal: 'jwt-read', rule: 'QDR-JWT-READ-01', expect: allowed },
  { principal: 'read-only-key', rule: 'QDR-KEY-READ-ONLY-01', expect: allowed },
  { principal: 'jwt-collection-r', rule: 'QDR-JWT-COLLECTION-SEVERAL-01', expect: allowed, input: both, detail: 'of-both-collections' },
  { principal: 'jwt-collection-r', rule: 'QDR-JWT-COLLECTION-OTHER-01', expect: forbidden },
  { principal: 'jwt-collection-rw', rule: 'QDR-JWT-COLLECTION-OTHER-01', expect: forbidden },
  { principal: 'jwt-other-collection-rw', rule: 'QDR-JWT-COLLECTION-OTHER-01', expect: forbidden },
]

/** On 1.14.1 such a request and one that makes or drops a collection beside it wait for each other, and every later one with them. */
const alone: ReadonlySet<keyof typeof lookups> = new Set(['search-groups-with-lookup', 'recommend-groups-with-lookup', 'query-groups-with-lookup'])

/** Requests that name another collection beside their own. */
export const lookupCases: readonly Case[] = (Object.keys(lookups) as (keyof typeof lookups)[]).flatMap((operation) =>
  surfacesOf(operation).flatMap((surface) =>
    who.map(({ principal, rule, expect, input = {}, detail }): Case => {
      const versions = versionsOf(operation)
      return {
        id: claim('qdrant', surface, principal, expect, operation, detail),
        profile: 'keys-and-jwt',
        rules: [rule],
        operation,
        principal,
        surface,
        input,
        expect,
        ...(expect.kind === 'refused' ? { twin: { principal: 'api-key' } } : {}),
        ...(versions === undefined ? {} : { versions }),
        ...(alone.has(operation) ? { exclusive: true } : {}),
      }
    }),
  ),
)
