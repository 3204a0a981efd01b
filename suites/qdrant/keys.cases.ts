import { allowed, claim, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { Surface } from '../../src/outcome.ts'
import type { Input } from './credentials.ts'
import { surfacesOf, type OperationName } from './operations.ts'
import type { Principal } from './principals.ts'
import type { RuleId } from './rules.ts'

interface Row {
  readonly detail: string
  readonly rule: RuleId
  readonly principal: Principal
  readonly input: Input
  readonly expect: Expectation
  readonly surfaces?: readonly Surface[]
}

const asked = ['get-points', 'upsert-points'] as const satisfies readonly OperationName[]

const refused = (detail: string, rule: RuleId, principal: Principal, input: Input): Row => ({ detail, rule, principal, input, expect: unauthenticated })

/** qdrant-security, Authentication: the key itself, in its header. */
const carriers: readonly Row[] = [
  { detail: 'as-bearer', rule: 'QDR-KEY-BEARER-01', principal: 'api-key', input: { carrier: 'bearer' }, expect: allowed },
  refused('in-authorization-without-scheme', 'QDR-KEY-PLACE-01', 'api-key', { carrier: 'raw-authorization' }),
  refused('as-basic', 'QDR-KEY-PLACE-01', 'api-key', { carrier: 'basic' }),
  { ...refused('in-the-query', 'QDR-KEY-PLACE-01', 'api-key', { carrier: 'query' }), surfaces: ['rest'] },
  ...(['api-key', 'jwt-manage'] as const).flatMap((principal): readonly Row[] => [
    { detail: 'in-both-headers', rule: 'QDR-KEY-BEARER-01', principal, input: { carrier: 'both' }, expect: allowed },
    { detail: 'as-bearer-in-small-letters', rule: 'QDR-KEY-SCHEME-01', principal, input: { carrier: 'lower-case-bearer' }, expect: allowed },
    { detail: 'as-bearer-in-capitals', rule: 'QDR-KEY-SCHEME-01', principal, input: { carrier: 'upper-case-bearer' }, expect: allowed },
    { detail: 'in-a-header-in-capitals', rule: 'QDR-KEY-HEADER-01', principal, input: { carrier: 'upper-case-api-key' }, expect: allowed, surfaces: ['rest'] },
    {
      detail: 'in-a-header-in-mixed-case',
      rule: 'QDR-KEY-HEADER-01',
      principal,
      input: { carrier: 'mixed-case-api-key' },
      expect: allowed,
      surfaces: ['rest'],
    },
    refused('in-another-header', 'QDR-KEY-PLACE-01', principal, { carrier: 'x-api-key' }),
    refused('in-a-cookie', 'QDR-KEY-PLACE-01', principal, { carrier: 'cookie' }),
    refused('before-a-wrong-one-in-the-same-header', 'QDR-KEY-REPEATED-01', principal, { carrier: 'before-a-wrong-one' }),
    refused('after-a-wrong-one-in-the-same-header', 'QDR-KEY-REPEATED-01', principal, { carrier: 'after-a-wrong-one' }),
    refused('as-bearer-beside-a-wrong-key', 'QDR-KEY-WRONG-01', principal, { carrier: 'bearer-beside-a-wrong-key' }),
  ]),
  refused('in-authorization-without-scheme', 'QDR-KEY-PLACE-01', 'jwt-manage', { carrier: 'raw-authorization' }),
  refused('as-basic', 'QDR-KEY-PLACE-01', 'jwt-manage', { carrier: 'basic' }),
  { ...refused('in-the-query', 'QDR-KEY-PLACE-01', 'jwt-manage', { carrier: 'query' }), surfaces: ['rest'] },
]

const variants = (['truncated', 'extended', 'upper-case', 'empty'] as const).flatMap((key) => [
  refused(key, 'QDR-KEY-WRONG-01', 'api-key', { key }),
  refused(`${key}-as-bearer`, 'QDR-KEY-WRONG-01', 'api-key', { key, carrier: 'bearer' }),
])

const readOnlyVariants = (['truncated', 'extended', 'upper-case'] as const).map((key) => refused(key, 'QDR-KEY-WRONG-01', 'read-only-key', { key }))

function casesOf({ detail, rule, principal, input, expect, surfaces }: Row): readonly Case[] {
  const operations = principal === 'read-only-key' ? (['get-points', 'list-collections'] as const) : asked
  return operations.flatMap((operation) =>
    (surfaces ?? surfacesOf(operation)).map((surface) => ({
      id: claim('qdrant', surface, principal, expect, operation, detail),
      profile: 'keys-and-jwt',
      rules: [rule],
      operation,
      principal,
      surface,
      input,
      expect,
      ...(expect.kind === 'refused' ? { twin: { input: {} } } : {}),
    })),
  )
}

export const keyCases: readonly Case[] = [...carriers, ...variants, ...readOnlyVariants].flatMap(casesOf)

interface Switched {
  readonly profile: string
  readonly rule: RuleId
  readonly principals: readonly Principal[]
  readonly expect: Expectation
}

const switches: readonly Switched[] = [
  { profile: 'no-jwt', rule: 'QDR-JWT-ENABLE-01', principals: ['jwt-manage', 'jwt-read', 'jwt-without-access', 'jwt-collection-rw'], expect: unauthenticated },
  { profile: 'no-jwt', rule: 'QDR-KEY-REQUIRED-01', principals: ['anonymous'], expect: unauthenticated },
  { profile: 'open', rule: 'QDR-OPEN-01', principals: ['anonymous'], expect: allowed },
]

/** What a server does without one of its settings: a read and writes, on every surface. */
export const switchCases: readonly Case[] = switches.flatMap(({ profile, rule, principals, expect }) =>
  principals.flatMap((principal) =>
    (['list-collections', 'get-points', 'upsert-points', 'create-collection'] as const).flatMap((operation) =>
      surfacesOf(operation).map((surface): Case => ({
        id: claim('qdrant', surface, principal, expect, operation, `in-profile-${profile}`),
        profile,
        rules: [rule],
        operation,
        principal,
        surface,
        input: {},
        expect,
        ...(expect.kind === 'refused' ? { twin: { principal: 'api-key' } } : {}),
      })),
    ),
  ),
)
