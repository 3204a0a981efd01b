import { allowed, showing, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { OperationName } from './operations.ts'
import type { Principal } from './principals.ts'
import { specifications } from './specification.ts'
import { caseOf, operationNamed, type RuleIds } from './tables.ts'

const PROFILE = 'api-key-adminlist'

const over: readonly OperationName[] = [
  'dump-schema',
  'get-collection',
  'list-objects',
  'get-object',
  'head-object',
  'create-object',
  'delete-object',
  'get-meta',
  'graphql-get',
  'graphql-aggregate',
  'grpc-search',
  'grpc-batch-objects',
]

const wrongKeys: readonly Principal[] = ['shortened-key', 'lengthened-key', 'other-case-key', 'user-name-as-key', 'both-keys', 'scheme-alone']
const wrongPlaces: readonly Principal[] = [
  'key-without-scheme',
  'basic-scheme',
  'token-scheme',
  'api-key-header',
  'x-api-key-header',
  'key-in-cookie',
  'key-in-query',
]
const otherCases: readonly Principal[] = ['lower-case-scheme', 'upper-case-scheme']

const hasQuery = (operation: OperationName): boolean => operationNamed(operation).surface !== 'grpc'
const sweep = (principals: readonly Principal[], expect: Expectation, rulesOf: (operation: OperationName) => RuleIds): readonly Case[] =>
  principals.flatMap((principal) =>
    over
      .filter((operation) => principal !== 'key-in-query' || hasQuery(operation))
      .map((operation) => caseOf({ profile: PROFILE, operation, principal, expect, rules: rulesOf(operation) })),
  )

/** Keys that are nearly right, and right keys in other places and spellings. */
export const credentialFormCases: readonly Case[] = [
  ...sweep(wrongKeys, unauthenticated, (operation) => [hasQuery(operation) ? 'WVT-KEY-REFUSED-01' : 'WVT-KEY-REFUSED-02']),
  ...sweep(wrongPlaces, unauthenticated, () => ['WVT-KEY-PLACE-01']),
  ...sweep(otherCases, allowed, () => ['WVT-KEY-SCHEME-01']),
]

const open: readonly OperationName[] = ['get-root', 'get-liveness', 'get-readiness', 'get-specification', 'get-documentation']

/** What is answered without a credential, though the document exempts nothing. */
export const publicPathCases: readonly Case[] = [
  ...open.map((operation) => caseOf({ profile: PROFILE, operation, principal: 'anonymous', expect: unauthenticated, rules: ['WVT-ANON-PUBLIC-01'] })),
  // Its 404 without a body is the same for everybody: there is no one who gets more.
  caseOf({
    profile: PROFILE,
    operation: 'get-oidc-discovery',
    principal: 'anonymous',
    expect: { kind: 'refused', by: 'not-found', codes: ['404'] },
    rules: ['WVT-OIDC-DISCOVERY-02'],
    exempt: 'nobody-may',
  }),
  caseOf({ profile: 'oidc-adminlist', operation: 'get-oidc-discovery', principal: 'anonymous', expect: allowed, rules: ['WVT-OIDC-DISCOVERY-01'] }),
]

/** The operations that the server itself lists are those that the tables were made for. */
export const specificationCases: readonly Case[] = Object.entries(specifications).map(([version, specified]) => {
  const row = caseOf({ profile: PROFILE, operation: 'get-specification', principal: 'admin', expect: showing(...specified), rules: ['WVT-SPEC-01'] })
  return { ...row, id: `weaviate.rest.specification.lists.operations-of-${version.replaceAll('.', '-')}`, versions: `=${version}`, input: { version } }
})
