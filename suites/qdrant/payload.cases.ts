import { claim, forbidden, showing, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { surfacesOf, versionsOf, type OperationName } from './operations.ts'

/** qdrant-security, JWT Configuration: the claim works as a filter on top of the request's own, which cannot widen it. */
const filtered = {
  'scroll-for-others-points': showing('both'),
  'scroll-by-ids': showing('both'),
  'scroll-with-must-not': showing('both'),
  'scroll-with-several-conditions': showing('both'),
  'scroll-by-a-filter-in-a-filter': showing('both'),
  'scroll-in-order': showing('a', 'both'),
  'query-by-a-point': showing('both'),
  'search-for-others-points': showing('both'),
  'query-for-others-points': showing('both'),
  'count-others-points': showing('1 points'),
  'delete-own-and-others-points': showing('own point deleted'),
  'delete-own-and-others-points-by-filter': showing('own point deleted'),
} as const satisfies Readonly<Partial<Record<OperationName, Expectation>>>

/** Not in the table of access: each like the row that it is closest to. */
const alike = {
  'search-batch': showing('a', 'both'),
  'query-batch': showing('a', 'both'),
  'query-groups': showing('a', 'both'),
  facet: showing('a', 'both'),
  'recommend-batch': forbidden,
  'discover-batch': forbidden,
} as const satisfies Readonly<Partial<Record<OperationName, Expectation>>>

const onTop = { ...filtered, ...alike } as const

const filteredCases = (Object.keys(onTop) as (keyof typeof onTop)[]).flatMap((operation) =>
  surfacesOf(operation).map((surface): Case => {
    const expect: Expectation = onTop[operation]
    const principal = operation.startsWith('delete') ? 'jwt-payload-rw' : 'jwt-payload-r'
    const versions = versionsOf(operation)
    return {
      id: claim('qdrant', surface, principal, expect, operation),
      profile: 'keys-and-jwt',
      rules: ['QDR-JWT-PAYLOAD-03'],
      operation,
      principal,
      surface,
      input: {},
      expect,
      ...(expect.kind === 'refused' ? { twin: { principal: 'api-key' } } : {}),
      ...(versions === undefined ? {} : { versions }),
    }
  }),
)

/** What a claim may be about: keys inside objects and lists, several values at once, numbers. */
const claims = {
  'of-a-key-in-an-object': { payload: { 'meta.owner': 'a' }, points: ['a', 'both'] },
  'of-a-key-in-a-list': { payload: { 'tags[].owner': 'a' }, points: ['a', 'both'] },
  'of-two-values': { payload: { owner: 'a', 'meta.owner': 'b' }, points: ['both'] },
  'of-a-number': { payload: { rank: 3 }, points: ['both'] },
} as const satisfies Readonly<Record<string, { readonly payload: JsonObject; readonly points: readonly string[] }>>

const reads = ['scroll-points', 'search-points', 'query-points', 'count-points'] as const satisfies readonly OperationName[]

const claimedCases = Object.entries(claims).flatMap(([detail, { payload, points }]) =>
  reads.flatMap((operation) =>
    surfacesOf(operation).map((surface): Case => {
      const expect = operation === 'count-points' ? showing(`${points.length} points`) : showing(...points)
      const versions = versionsOf(operation)
      return {
        id: claim('qdrant', surface, 'jwt-payload-r', expect, operation, `with-a-claim-${detail}`),
        profile: 'keys-and-jwt',
        rules: ['QDR-JWT-PAYLOAD-01'],
        operation,
        principal: 'jwt-payload-r',
        surface,
        input: { token: { claims: { access: [{ collection: '$collection', access: 'r', payload }] } } },
        expect,
        ...(versions === undefined ? {} : { versions }),
      }
    }),
  ),
)

/** Spellings of a claim that is no longer taken; each names the collection that the same token may read without it. */
const spellings = {
  'of-one-value': [{ collection: '$collection', access: 'rw', payload: { owner: 'a' } }],
  'of-a-number': [{ collection: '$collection', access: 'rw', payload: { level: 3 } }],
  'of-two-values': [{ collection: '$collection', access: 'rw', payload: { owner: 'a', shelf: 'shelf-a' } }],
  'of-a-nested-key': [{ collection: '$collection', access: 'rw', payload: { 'owner.name': 'a' } }],
  'without-any-value': [{ collection: '$collection', access: 'rw', payload: {} }],
  'on-another-collection': [
    { collection: '$collection', access: 'rw' },
    { collection: '$other', access: 'r', payload: { owner: 'a' } },
  ],
} as const satisfies Readonly<Record<string, Json>>

const asked = ['list-collections', 'get-points', 'scroll-points', 'upsert-points', 'delete-points'] as const satisfies readonly OperationName[]

/** Release notes of 1.16.0. */
const refusedCases = Object.entries(spellings).flatMap(([spelling, access]) =>
  asked.flatMap((operation) =>
    surfacesOf(operation).map((surface): Case => ({
      id: claim('qdrant', surface, 'jwt-collection-rw', unauthenticated, operation, `with-a-payload-claim-${spelling}`),
      profile: 'keys-and-jwt',
      rules: ['QDR-JWT-PAYLOAD-02'],
      operation,
      principal: 'jwt-collection-rw',
      surface,
      input: { token: { claims: { access } } },
      expect: unauthenticated,
      twin: { input: {} },
    })),
  ),
)

/** The document still promises the filter where the releases refuse the claim; the model does as the releases, so only a real server shows it. */
const promisedCases = (['rest', 'grpc'] as const).map((surface): Case => {
  const expect = showing('a', 'both')
  return {
    id: claim('qdrant', surface, 'jwt-payload-r', expect, 'scroll-points', 'as-the-document-still-says'),
    profile: 'keys-and-jwt',
    rules: ['QDR-JWT-PAYLOAD-04'],
    operation: 'scroll-points',
    principal: 'jwt-payload-r',
    surface,
    // The token's default header: what makes the probe differ from the row of the table, which is about older releases.
    input: { carrier: 'bearer' },
    expect,
    runtimes: ['docker', 'native', 'external'],
  }
})

export const payloadCases: readonly Case[] = [...filteredCases, ...claimedCases, ...refusedCases, ...promisedCases]
