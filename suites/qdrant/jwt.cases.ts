import { allowed, claim, forbidden, showing, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { Input } from './credentials.ts'
import type { OperationName } from './operations.ts'
import type { RuleId } from './rules.ts'

interface Row {
  /** What the case is called by; reads on after the operation. */
  readonly detail: string
  readonly rules: readonly [RuleId, ...RuleId[]]
  readonly principal?: 'jwt-manage' | 'jwt-read' | 'jwt-without-access' | 'jwt-user'
  readonly input: Input
  readonly expect: Expectation
  /** The input of the twin; absent: a plain token of the same principal. */
  readonly twin?: Input
}

const surfaces = ['rest', 'grpc'] as const

/** A read and a write: a token that is not looked at on one of them would show. */
const asked = ['get-points', 'upsert-points'] as const satisfies readonly OperationName[]

const HOUR = 3600
const refusedToken = (detail: string, rule: RuleId, input: Input['token'] & object): Row => ({
  detail,
  rules: [rule],
  input: { token: input },
  expect: unauthenticated,
})
const expired = (detail: string, exp: number): Row => ({ ...refusedToken(detail, 'QDR-JWT-EXP-01', { exp }), twin: { token: { exp: HOUR } } })
const living = (detail: string, exp: number): Row => ({ detail, rules: ['QDR-JWT-EXP-02'], input: { token: { exp } }, expect: allowed })

/** qdrant-security, JWT Configuration, `exp`: thirty seconds of leeway; what the thirtieth itself is worth it does not say. */
const expiry: readonly Row[] = [
  expired('expired-an-hour-ago', -HOUR),
  expired('expired-a-minute-ago', -60),
  expired('expired-35-seconds-ago', -35),
  expired('expired-32-seconds-ago', -32),
  living('expired-28-seconds-ago', -28),
  living('expired-25-seconds-ago', -25),
  living('expired-1-second-ago', -1),
  living('expiring-now', 0),
  living('expiring-in-an-hour', HOUR),
  { detail: 'without-exp-as-api-key', rules: ['QDR-JWT-EXP-03', 'QDR-JWT-HEADER-01'], input: { carrier: 'api-key' }, expect: allowed },
  refusedToken('with-a-text-for-exp', 'QDR-JWT-EXP-04', { claims: { exp: 'tomorrow' } }),
  refusedToken('with-digits-in-quotes-for-exp', 'QDR-JWT-EXP-04', { claims: { exp: '4102444800' } }),
  refusedToken('with-a-list-for-exp', 'QDR-JWT-EXP-04', { claims: { exp: [4_102_444_800] } }),
  refusedToken('with-true-for-exp', 'QDR-JWT-EXP-04', { claims: { exp: true } }),
  refusedToken('with-exp-zero', 'QDR-JWT-EXP-01', { claims: { exp: 0 } }),
]

/** qdrant-security, Generating JSON Web Tokens: signed by HS256 with the API key. */
const signature: readonly Row[] = [
  refusedToken('signed-with-another-key', 'QDR-JWT-SIGNATURE-01', { signature: 'another-key' }),
  refusedToken('signed-with-the-read-only-key', 'QDR-JWT-SIGNATURE-01', { signature: 'read-only-key' }),
  refusedToken('signed-with-an-empty-key', 'QDR-JWT-SIGNATURE-01', { signature: 'empty-key' }),
  refusedToken('signed-with-an-empty-key-that-kid-names', 'QDR-JWT-SIGNATURE-01', { signature: 'empty-key', header: { kid: '/dev/null' } }),
  refusedToken('signed-with-another-key-behind-jku', 'QDR-JWT-SIGNATURE-01', { signature: 'another-key', header: { jku: 'https://keys.assay.test/set.json' } }),
  refusedToken('with-its-signature-stripped', 'QDR-JWT-SIGNATURE-01', { signature: 'stripped' }),
  refusedToken('with-its-signature-truncated', 'QDR-JWT-SIGNATURE-01', { signature: 'truncated' }),
  refusedToken('altered-after-signing', 'QDR-JWT-SIGNATURE-01', { signature: 'altered' }),
  refusedToken('of-two-parts', 'QDR-JWT-SIGNATURE-01', { shape: 'two-parts' }),
  refusedToken('of-four-parts', 'QDR-JWT-SIGNATURE-01', { shape: 'four-parts' }),
  refusedToken('signed-by-HS384', 'QDR-JWT-ALG-01', { alg: 'HS384' }),
  refusedToken('signed-by-HS512', 'QDR-JWT-ALG-01', { alg: 'HS512' }),
  refusedToken('signed-by-RS256', 'QDR-JWT-ALG-01', { alg: 'RS256' }),
  refusedToken('signed-by-nothing', 'QDR-JWT-ALG-01', { alg: 'none' }),
  refusedToken('naming-hs256-in-lower-case', 'QDR-JWT-ALG-01', { alg: 'hs256' }),
  refusedToken('with-an-unknown-critical-header', 'QDR-JWT-CRIT-01', { header: { crit: ['assay'], assay: 1 } }),
]

const access = (detail: string, value: NonNullable<NonNullable<Input['token']>['claims']>[string]): Row =>
  refusedToken(detail, 'QDR-JWT-ACCESS-01', { claims: { access: value } })

/** qdrant-security, JWT Configuration, `access`: r, m, or a list of collections with r or rw; nothing else has a meaning. */
const claims: readonly Row[] = [
  { detail: 'with-claims-that-nobody-knows', rules: ['QDR-JWT-CLAIMS-01'], input: { token: { claims: { sub: 'assay', team: ['a', 'b'] } } }, expect: allowed },
  access('with-access-null', null),
  access('with-access-rw', 'rw'),
  access('with-access-in-capitals', 'M'),
  access('with-an-unknown-access', 'admin'),
  access('with-an-empty-access', ''),
  access('with-access-as-an-object', {}),
  access('with-access-true', true),
  access('with-manage-of-a-collection', [{ collection: '$collection', access: 'm' }]),
  access('with-a-collection-without-access', [{ collection: '$collection' }]),
  access('with-an-access-without-collection', [{ access: 'rw' }]),
  access('with-a-list-of-names', ['$collection']),
]

const matching = (matches: readonly { readonly key: string; readonly value: string | number | boolean }[], collection = '$users'): Input => ({
  token: { claims: { value_exists: { collection, matches: [...matches] } } },
})
const user = { key: 'user', value: '$user' } as const
const holds = (detail: string, input: Input): Row => ({ detail, rules: ['QDR-JWT-VALUE-EXISTS-01'], principal: 'jwt-user', input, expect: allowed })
const fails = (detail: string, input: Input): Row => ({
  detail,
  rules: ['QDR-JWT-VALUE-EXISTS-02'],
  principal: 'jwt-user',
  input,
  expect: unauthenticated,
  twin: {},
})

/** qdrant-security, JWT Configuration, `value_exists`. */
const valueExists: readonly Row[] = [
  holds('of-a-user-who-is-there', {}),
  holds('with-a-number-that-matches', matching([user, { key: 'level', value: 3 }])),
  holds('with-a-truth-that-matches', matching([user, { key: 'active', value: true }])),
  holds('of-a-user-who-came-back', { user: 'restored' }),
  refusedToken('with-value-exists-true', 'QDR-JWT-VALUE-EXISTS-03', { claims: { value_exists: true } }),
  refusedToken('with-value-exists-without-collection', 'QDR-JWT-VALUE-EXISTS-03', { claims: { value_exists: { matches: [] } } }),
  refusedToken('with-value-exists-without-matches', 'QDR-JWT-VALUE-EXISTS-03', { claims: { value_exists: { collection: '$users' } } }),
  fails('of-a-deleted-user', { user: 'deleted' }),
  fails('of-a-demoted-user', { user: 'demoted' }),
  fails('with-one-of-two-values-missing', matching([user, { key: 'role', value: 'nobody' }])),
  fails('with-a-number-that-does-not-match', matching([user, { key: 'level', value: 4 }])),
  fails('with-a-truth-that-does-not-match', matching([user, { key: 'active', value: false }])),
  fails('with-an-unknown-key', matching([{ key: 'nothing', value: '$user' }])),
  fails('with-values-of-another-collection', matching([user], '$other')),
  fails('with-values-of-a-missing-collection', matching([user], 'missing-$user')),
]

const cases = (rows: readonly Row[]): readonly Case[] =>
  rows.flatMap((row) => surfaces.flatMap((surface) => asked.map((operation) => caseOf(row, surface, operation))))

function caseOf({ detail, rules, principal = 'jwt-manage', input, expect, twin }: Row, surface: (typeof surfaces)[number], operation: OperationName): Case {
  return {
    id: claim('qdrant', surface, principal, expect, operation, detail),
    profile: 'keys-and-jwt',
    rules,
    operation,
    principal,
    surface,
    input,
    expect,
    ...(expect.kind === 'refused' ? { twin: { input: twin ?? {} } } : {}),
  }
}

/** qdrant-security, JWT Configuration, `access`: a list may name several collections, each with a level of its own. */
const two = {
  token: {
    claims: {
      access: [
        { collection: '$collection', access: 'r' },
        { collection: '$other', access: 'rw' },
      ],
    },
  },
} as const satisfies Input

const several = {
  'list-collections': showing('mine', 'other'),
  'list-aliases': showing('alias of mine', 'alias of other'),
  'get-points': allowed,
  'upsert-points': forbidden,
  'create-payload-index': forbidden,
} as const satisfies Readonly<Partial<Record<OperationName, Expectation>>>

const severalCases: readonly Case[] = Object.entries(several).flatMap(([operation, expect]) =>
  surfaces.map((surface) => ({
    id: claim('qdrant', surface, 'jwt-collection-r', expect, operation, 'of-two-collections'),
    profile: 'keys-and-jwt',
    rules: operation.startsWith('list-') ? ['QDR-JWT-COLLECTION-SEVERAL-01', 'QDR-JWT-LISTS-01'] : ['QDR-JWT-COLLECTION-SEVERAL-01'],
    operation,
    principal: 'jwt-collection-r',
    surface,
    input: two,
    expect,
    ...(expect.kind === 'refused' ? { twin: { principal: 'api-key', input: {} } } : {}),
  })),
)

export const expiryCases = cases(expiry)
export const signatureCases = cases(signature)
export const claimCases = [...cases(claims), ...severalCases]
export const valueExistsCases = cases(valueExists)
