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
  /** Absent: both. */
  readonly surfaces?: readonly ('rest' | 'grpc')[]
}

const surfaces = ['rest', 'grpc'] as const

/** A read and a write: a token that is not looked at on one of them would show. */
const asked = ['get-points', 'upsert-points'] as const satisfies readonly OperationName[]

const HOUR = 3600
/** In base64 a third longer. */
const LONG = 'x'.repeat(49_152)
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
  living('expiring-in-a-century', 100 * 365 * 24 * HOUR),
  refusedToken('with-an-object-for-exp', 'QDR-JWT-EXP-04', { claims: { exp: {} } }),
  refusedToken('with-an-empty-text-for-exp', 'QDR-JWT-EXP-04', { claims: { exp: '' } }),
  refusedToken('with-a-date-for-exp', 'QDR-JWT-EXP-04', { claims: { exp: '2099-01-01T00:00:00Z' } }),
  refusedToken('with-a-time-before-1970', 'QDR-JWT-EXP-04', { claims: { exp: -1 } }),
  refusedToken('with-exp-zero', 'QDR-JWT-EXP-01', { claims: { exp: 0 } }),
  refusedToken('with-null-for-exp', 'QDR-JWT-EXP-04', { claims: { exp: null } }),
  refusedToken('with-a-fraction-before-1970', 'QDR-JWT-EXP-04', { claims: { exp: -0.5 } }),
  refusedToken('expired-at-a-fraction-of-a-second', 'QDR-JWT-EXP-01', { claims: { exp: 1_000_000_000.5 } }),
  { detail: 'expiring-at-a-fraction-of-a-second', rules: ['QDR-JWT-EXP-05'], input: { token: { claims: { exp: 4_102_444_800.5 } } }, expect: allowed },
  // RFC 8259, section 6: the largest whole number that every reader of JSON agrees about.
  {
    detail: 'expiring-at-the-last-number-that-all-agree-about',
    rules: ['QDR-JWT-EXP-02'],
    input: { token: { claims: { exp: Number.MAX_SAFE_INTEGER } } },
    expect: allowed,
  },
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
  refusedToken('signed-with-a-key-that-it-brings', 'QDR-JWT-SIGNATURE-01', {
    signature: 'another-key',
    header: { jwk: { kty: 'oct', k: 'AAAA', alg: 'HS256' } },
  }),
  refusedToken('signed-with-another-key-behind-x5u', 'QDR-JWT-SIGNATURE-01', {
    signature: 'another-key',
    header: { x5u: 'https://keys.assay.test/chain.pem' },
  }),
  refusedToken('signed-with-another-key-that-kid-names', 'QDR-JWT-SIGNATURE-01', { signature: 'another-key', header: { kid: "1' OR '1'='1" } }),
  refusedToken('with-padding', 'QDR-JWT-SIGNATURE-01', { shape: 'padded' }),
  refusedToken('with-bytes-after-its-signature', 'QDR-JWT-SIGNATURE-01', { shape: 'bytes-after' }),
  refusedToken('whose-claims-are-no-json', 'QDR-JWT-SIGNATURE-01', { shape: 'no-json' }),
  refusedToken('signed-by-PS256', 'QDR-JWT-ALG-01', { alg: 'PS256' }),
  refusedToken('signed-by-nothing-with-a-capital', 'QDR-JWT-ALG-01', { alg: 'None' }),
  refusedToken('signed-by-nothing-in-capitals', 'QDR-JWT-ALG-01', { alg: 'NONE' }),
  refusedToken('naming-hs256-in-mixed-case', 'QDR-JWT-ALG-01', { alg: 'Hs256' }),
  refusedToken('with-an-empty-critical-header', 'QDR-JWT-CRIT-01', { header: { crit: [] } }),
  refusedToken('with-unencoded-claims-as-critical', 'QDR-JWT-CRIT-01', { header: { crit: ['b64'], b64: false } }),
  refusedToken('with-an-unknown-critical-header', 'QDR-JWT-CRIT-01', { header: { crit: ['assay'], assay: 1 } }),
]

const access = (detail: string, value: NonNullable<NonNullable<Input['token']>['claims']>[string]): Row =>
  refusedToken(detail, 'QDR-JWT-ACCESS-01', { claims: { access: value } })

/** qdrant-security, JWT Configuration: a claim of another name is none, and without the claim there is manage access. */
const misspelt = (name: string): Row => ({
  detail: `with-its-access-as-${name}`,
  rules: ['QDR-JWT-ACCESS-ABSENT-01'],
  principal: 'jwt-without-access',
  input: { token: { claims: { [name]: 'r' } } },
  expect: allowed,
})

const twice = (detail: string, levels: readonly string[]): Row =>
  refusedToken(`of-a-collection-twice-${detail}`, 'QDR-JWT-ACCESS-TWICE-01', {
    claims: { access: levels.map((level) => ({ collection: '$collection', access: level })) },
  })

/** qdrant-security, JWT Configuration, `access`: r, m, or a list of collections with r or rw; nothing else has a meaning. */
const claims: readonly Row[] = [
  { detail: 'with-claims-that-nobody-knows', rules: ['QDR-JWT-CLAIMS-01'], input: { token: { claims: { sub: 'assay', team: ['a', 'b'] } } }, expect: allowed },
  { detail: 'with-letters-of-every-script', rules: ['QDR-JWT-CLAIMS-01'], input: { token: { claims: { team: 'équipe 組 🔑' } } }, expect: allowed },
  {
    detail: 'with-registered-claims-that-nobody-names',
    rules: ['QDR-JWT-CLAIMS-01'],
    input: { token: { claims: { iss: 'assay', aud: 'others', jti: '1', iat: 1 } } },
    expect: allowed,
  },
  { detail: 'of-eight-kilobytes', rules: ['QDR-JWT-CLAIMS-01'], input: { token: { claims: { team: 'x'.repeat(6000) } } }, expect: allowed },
  // On gRPC a client of our own will not send so much: it keeps to what HTTP/2 servers say that they take.
  { detail: 'of-sixty-four-kilobytes', rules: ['QDR-JWT-CLAIMS-01'], input: { token: { claims: { team: LONG } } }, expect: allowed, surfaces: ['rest'] },
  {
    ...refusedToken('of-sixty-four-kilobytes-of-another-key', 'QDR-JWT-SIGNATURE-01', { signature: 'another-key', claims: { team: LONG } }),
    surfaces: ['rest'],
  },
  refusedToken('of-eight-kilobytes-of-another-key', 'QDR-JWT-SIGNATURE-01', { signature: 'another-key', claims: { team: 'x'.repeat(6000) } }),
  twice('reading-before-writing', ['r', 'rw']),
  twice('writing-before-reading', ['rw', 'r']),
  twice('with-the-same-level', ['rw', 'rw']),
  misspelt('acess'),
  misspelt('Access'),
  misspelt('ACCESS'),
  access('with-a-blank-after-the-level', 'r '),
  access('with-the-level-spelt-out', 'manage'),
  access('with-a-number-for-access', 1),
  access('with-a-list-of-a-level', ['m']),
  access('with-a-list-of-nothing', [null]),
  access('with-a-list-of-a-list', [[{ collection: '$collection', access: 'rw' }]]),
  access('with-a-level-in-capitals-for-a-collection', [{ collection: '$collection', access: 'RW' }]),
  access('with-a-null-level-for-a-collection', [{ collection: '$collection', access: null }]),
  access('with-a-number-for-a-collection', [{ collection: 7, access: 'rw' }]),
  access('with-a-list-for-a-collection', [{ collection: ['$collection'], access: 'rw' }]),
  access('with-a-level-that-no-document-knows', [{ collection: '$collection', access: 'prw' }]),
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

const matching = (matches: readonly { readonly key: string; readonly value: string | number | boolean | null }[], collection = '$users'): Input => ({
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
  holds('with-a-null-that-matches', matching([user, { key: 'left', value: null }])),
  holds('of-a-user-who-came-back', { user: 'restored' }),
  refusedToken('with-value-exists-true', 'QDR-JWT-VALUE-EXISTS-03', { claims: { value_exists: true } }),
  refusedToken('with-value-exists-without-collection', 'QDR-JWT-VALUE-EXISTS-03', { claims: { value_exists: { matches: [] } } }),
  refusedToken('with-value-exists-without-matches', 'QDR-JWT-VALUE-EXISTS-03', { claims: { value_exists: { collection: '$users' } } }),
  fails('of-a-deleted-user', { user: 'deleted' }),
  fails('of-a-demoted-user', { user: 'demoted' }),
  fails('with-one-of-two-values-missing', matching([user, { key: 'role', value: 'nobody' }])),
  fails('with-a-number-that-does-not-match', matching([user, { key: 'level', value: 4 }])),
  fails('with-a-truth-that-does-not-match', matching([user, { key: 'active', value: false }])),
  fails('with-values-of-two-points', matching([user, { key: 'level', value: 9 }])),
  fails('with-an-unknown-key', matching([{ key: 'nothing', value: '$user' }])),
  fails('with-values-of-another-collection', matching([user], '$other')),
  fails('with-values-of-a-missing-collection', matching([user], 'missing-$user')),
]

const cases = (rows: readonly Row[]): readonly Case[] =>
  rows.flatMap((row) => (row.surfaces ?? surfaces).flatMap((surface) => asked.map((operation) => caseOf(row, surface, operation))))

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

/** Names compare as they are written: an alias is a name of its own. */
const ofAlias = { token: { claims: { access: [{ collection: '$alias', access: 'r' }] } } } as const satisfies Input
const ofBoth = {
  token: {
    claims: {
      access: [
        { collection: '$collection', access: 'r' },
        { collection: '$alias', access: 'r' },
      ],
    },
  },
} as const satisfies Input

const aliasRow = (operation: OperationName, surface: (typeof surfaces)[number], rule: RuleId, detail: string, input: Input, expect: Expectation): Case => ({
  id: claim('qdrant', surface, 'jwt-collection-r', expect, operation, detail),
  profile: 'keys-and-jwt',
  rules: [rule],
  operation,
  principal: 'jwt-collection-r',
  surface,
  input,
  expect,
  ...(expect.kind === 'refused' ? { twin: { input: {} } } : {}),
})

const aliasCases: readonly Case[] = surfaces.flatMap((surface) => [
  ...(['get-points', 'scroll-points', 'count-points', 'get-collection-info'] as const).map((operation) =>
    aliasRow(operation, surface, 'QDR-JWT-COLLECTION-OTHER-01', 'naming-its-alias-only', ofAlias, forbidden),
  ),
  ...(['list-aliases', 'list-collection-aliases'] as const).map((operation) =>
    aliasRow(operation, surface, 'QDR-JWT-LISTS-01', 'naming-its-alias-too', ofBoth, showing('alias of mine')),
  ),
])

/** RFC 7519, section 4: what a parser that takes the last of two gives to a writer, one that takes the first does not. */
const twiceCases: readonly Case[] = surfaces.flatMap((surface) =>
  asked.map((operation): Case => ({
    id: claim('qdrant', surface, 'jwt-manage', unauthenticated, operation, 'with-two-access-claims'),
    profile: 'keys-and-jwt',
    rules: ['QDR-JWT-DUPLICATE-01'],
    operation,
    principal: 'jwt-manage',
    surface,
    runtimes: ['docker', 'native', 'external'],
    input: { token: { shape: 'access-twice' } },
    expect: unauthenticated,
    twin: { input: {} },
  })),
)

export const expiryCases = cases(expiry)
export const signatureCases = cases(signature)
export const claimCases = [...cases(claims), ...severalCases, ...aliasCases, ...twiceCases]
export const valueExistsCases = cases(valueExists)
