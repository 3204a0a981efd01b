import type { KeyManner } from '../../fixtures/oidc/rogue-issuer.ts'
import { forgedTokens, goodTokens, misplacedTokens, otherAlgorithms, type RogueTokenName } from '../../fixtures/oidc/rogue-tokens.ts'
import { allowed, claim, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { JsonObject } from '../../src/json.ts'
import type { OperationName } from './operations.ts'
import type { RuleId } from './rules.ts'
import { caseOf, withheld } from './tables.ts'

/** Where the case stands; what is asked is a server of its own. */
const PROFILE = 'undifferentiated'
const SERVER = { server: 'rogue-issuer' } as const
const RIGHT = 'rogue-right'

interface Row {
  readonly operation: OperationName
  readonly principal: string
  readonly expect: Expectation
  readonly rule: RuleId
  readonly input?: JsonObject
  readonly twin?: { readonly principal?: string; readonly input?: JsonObject }
}

function rogueCase({ operation, principal, expect, rule, input = {}, twin = { principal: RIGHT } }: Row): Case {
  const row = caseOf({ profile: PROFILE, operation, principal, expect, rules: [rule] })
  const name = row.operation.replace(new RegExp(`^${row.surface}-`), '')
  const special = Object.entries(input).map(([key, value]) => `while-${key}-${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return {
    ...row,
    id: claim('weaviate', row.surface, principal, expect, name, [...special, 'by-rogue-issuer'].join('-')),
    // It starts a process of its own from the artefact in the cache.
    runtimes: ['native'],
    input: { ...SERVER, ...input },
    ...(expect.kind === 'refused' ? { twin: { ...twin, ...(twin.input === undefined ? {} : { input: { ...SERVER, ...twin.input } }) } } : {}),
  }
}

const asked: readonly OperationName[] = ['get-object', 'create-object', 'graphql-get', 'grpc-search', 'grpc-batch-objects']

const wrong = (rule: RuleId) => ({ expect: unauthenticated, rule })
const right = (rule: RuleId) => ({ expect: allowed, rule })

function misplaced(name: string): RuleId {
  if (name.startsWith('issuer') || name === 'another-issuer') return 'WVT-OIDC-ISSUER-01'
  if (name.includes('audience')) return 'WVT-OIDC-AUDIENCE-01'
  return name.startsWith('not-before') ? 'WVT-OIDC-NOTBEFORE-01' : 'WVT-OIDC-EXPIRY-01'
}

type Promised = readonly [RogueTokenName, { readonly expect: Expectation; readonly rule: RuleId }]
const named = <Name extends RogueTokenName>(table: Readonly<Record<Name, unknown>>, promise: (name: Name) => Promised[1]): readonly Promised[] =>
  (Object.keys(table) as Name[]).map((name) => [name, promise(name)])

/** Every token of an issuer that signs whatever it is told to, and what the documents and the standards say of it. */
const promised: readonly Promised[] = [
  ...named(goodTokens, () => right('WVT-OIDC-TRUST-01')),
  ...named(forgedTokens, (name) => wrong(name === 'unknown-critical-header' ? 'WVT-OIDC-CRITICAL-01' : 'WVT-OIDC-SIGNATURE-01')),
  ...named(misplacedTokens, (name) => wrong(misplaced(name))),
  ...named(otherAlgorithms, () => wrong('WVT-OIDC-ALG-01')),
  ['username-missing', wrong('WVT-OIDC-USERNAME-02')],
  ['username-a-number', wrong('WVT-OIDC-USERNAME-02')],
  ['username-a-list', wrong('WVT-OIDC-USERNAME-02')],
  ['username-an-object', wrong('WVT-OIDC-USERNAME-02')],
  ['username-empty', wrong('WVT-OIDC-USERNAME-02')],
  ['username-null', wrong('WVT-OIDC-USERNAME-02')],
  ['username-beyond-ascii', right('WVT-OIDC-USERNAME-01')],
  ['username-composed-otherwise', { expect: withheld, rule: 'WVT-OIDC-USERNAME-01' }],
  ['username-in-letters-that-look-alike', { expect: withheld, rule: 'WVT-OIDC-USERNAME-01' }],
  ['claim-twice', right('WVT-OIDC-TWICE-01')],
  ['sixty-four-kilobytes', right('WVT-OIDC-TRUST-01')],
]

export const rogueTokenCases: readonly Case[] = promised.flatMap(([name, { expect, rule }]) =>
  asked.map((operation) => rogueCase({ operation, principal: `rogue-${name}`, expect, rule })),
)

const members: readonly Promised[] = [
  ['right', right('WVT-OIDC-GROUPS-01')],
  ['groups-as-text', right('WVT-OIDC-GROUPS-01')],
  ['groups-nested', { expect: withheld, rule: 'WVT-OIDC-GROUPS-02' }],
  ['groups-numbers', { expect: withheld, rule: 'WVT-OIDC-GROUPS-02' }],
  ['groups-null', { expect: withheld, rule: 'WVT-OIDC-GROUPS-02' }],
  ['groups-by-name', { expect: withheld, rule: 'WVT-OIDC-GROUPS-02' }],
  ['groups-missing', { expect: withheld, rule: 'WVT-OIDC-GROUPS-02' }],
]

/** Who is an administrator by group alone. */
export const groupClaimCases: readonly Case[] = members.flatMap(([name, { expect, rule }]) =>
  asked.map((operation) => rogueCase({ operation, principal: `rogue-member-${name}`, expect, rule })),
)

const spoilt = ['none', 'broken', 'gone', 'failing'] as const
const readers: readonly OperationName[] = ['get-object', 'graphql-get', 'grpc-search']
/** A heap of keys takes the server seconds: once is enough. */
const manners = (operation: OperationName): readonly KeyManner[] => (operation === 'get-object' ? [...spoilt, 'huge'] : spoilt)
const alone = (row: Case): Case => ({ ...row, exclusive: true })

/** The issuer publishes its keys otherwise: nobody else may look at them meanwhile. */
export const jwksCases: readonly Case[] = readers
  .flatMap((operation): readonly Row[] => [
    ...manners(operation).map((keys): Row => ({
      ...{ operation, principal: 'rogue-next-key', input: { keys }, twin: { input: { keys: 'rotated' } } },
      ...wrong('WVT-OIDC-KEYS-01'),
    })),
    ...[...manners(operation), 'silent'].map((keys): Row => ({ operation, principal: 'admin', input: { keys }, ...right('WVT-BOTH-01') })),
    { operation, principal: 'rogue-next-key', input: { keys: 'rotated' }, ...right('WVT-OIDC-KEYS-02') },
    { operation, principal: RIGHT, input: { keys: 'rotated', seen: 'true' }, twin: { principal: 'rogue-next-key' }, ...wrong('WVT-OIDC-KEYS-03') },
  ])
  .map(rogueCase)
  .map(alone)
