import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { JsonObject } from '../../src/json.ts'
import type { Labels, Read } from './operation.ts'
import type { Place } from './place.ts'

const LIMIT = 10
const QUERY = [1, 0, 0, 0]

const path = (place: Place, rest: string): string => `/collections/${place.collection}/points${rest}`
const canaries: Labels = (place) => Object.fromEntries(place.points.map((point) => [point.label, point.canary]))
/** The other collection has a point of that id too. */
const first = (place: Place): string => place.points[0]?.id ?? ''
const shown: JsonObject = { limit: LIMIT, with_payload: true }
const lookup = (place: Place): JsonObject => ({ lookup_from: { collection: place.other } })
const lookupGrpc = (place: Place): JsonObject => ({ lookupFrom: { collectionName: place.other } })
const common = (place: Place): JsonObject => ({ collectionName: place.collection, limit: String(LIMIT), withPayload: { enable: true } })
const byId = (place: Place): JsonObject => ({ nearest: { id: { uuid: first(place) } } })

const read = (body: NonNullable<Read['rest']>, grpc: NonNullable<Read['grpc']>, more: Pick<Read, 'versions' | 'labels'>): Read => ({
  nature: 'read',
  at: 'library',
  rest: body,
  grpc,
  ...more,
})
const post = (rest: string, body: (place: Place) => JsonObject): NonNullable<Read['rest']> => {
  return (place) => ({ method: 'POST', path: path(place, rest), body: { ...body(place), ...shown } })
}

const vectors = { labels: canaries }
/** Groups are named by points of the other collection, whose contents come along. */
const joined: Pick<Read, 'labels'> = { labels: ({ otherCanary }) => ({ "the other's point": otherCanary }) }
const groups = (place: Place): JsonObject => ({ group_by: 'card', group_size: LIMIT, with_lookup: { collection: place.other, with_payload: true } })
const groupsGrpc = (place: Place): JsonObject => ({
  ...common(place),
  groupBy: 'card',
  withLookup: { collection: place.other, withPayload: { enable: true } },
})

/** Requests to one collection that make the server look into another. */
export const lookups = {
  'query-with-lookup': read(
    post('/query', (place) => ({ query: first(place), ...lookup(place) })),
    { method: methodOf('Points/Query'), message: (place) => ({ ...common(place), query: byId(place), ...lookupGrpc(place) }) },
    { ...vectors, versions: '>=1.10.0' },
  ),
  'query-with-lookup-in-a-prefetch': read(
    post('/query', (place) => ({ query: QUERY, prefetch: [{ query: first(place), ...lookup(place) }] })),
    {
      method: methodOf('Points/Query'),
      message: (place) => ({ ...common(place), query: { nearest: { dense: { data: QUERY } } }, prefetch: [{ query: byId(place), ...lookupGrpc(place) }] }),
    },
    { ...vectors, versions: '>=1.10.0' },
  ),
  'query-batch-with-lookup': read(
    (place) => ({ method: 'POST', path: path(place, '/query/batch'), body: { searches: [{ query: first(place), ...lookup(place), ...shown }] } }),
    {
      method: methodOf('Points/QueryBatch'),
      message: (place) => ({ collectionName: place.collection, queryPoints: [{ ...common(place), query: byId(place), ...lookupGrpc(place) }] }),
    },
    { ...vectors, versions: '>=1.10.0' },
  ),
  'recommend-with-lookup': read(
    post('/recommend', (place) => ({ positive: [first(place)], ...lookup(place) })),
    { method: methodOf('Points/Recommend'), message: (place) => ({ ...common(place), positive: [{ uuid: first(place) }], ...lookupGrpc(place) }) },
    vectors,
  ),
  'discover-with-lookup': read(
    post('/discover', (place) => ({ target: first(place), context: [], ...lookup(place) })),
    {
      method: methodOf('Points/Discover'),
      message: (place) => ({ ...common(place), target: { single: { id: { uuid: first(place) } } }, ...lookupGrpc(place) }),
    },
    vectors,
  ),
  'search-groups-with-lookup': read(
    post('/search/groups', (place) => ({ vector: QUERY, ...groups(place) })),
    { method: methodOf('Points/SearchGroups'), message: (place) => ({ ...groupsGrpc(place), limit: LIMIT, groupSize: LIMIT, vector: QUERY }) },
    joined,
  ),
  'recommend-groups-with-lookup': read(
    post('/recommend/groups', (place) => ({ positive: [place.points[1]?.id ?? ''], ...groups(place) })),
    {
      method: methodOf('Points/RecommendGroups'),
      message: (place) => ({ ...groupsGrpc(place), limit: LIMIT, groupSize: LIMIT, positive: [{ uuid: place.points[1]?.id ?? '' }] }),
    },
    joined,
  ),
  'query-groups-with-lookup': read(
    post('/query/groups', (place) => ({ query: QUERY, ...groups(place) })),
    {
      method: methodOf('Points/QueryGroups'),
      message: (place) => ({ ...groupsGrpc(place), groupSize: String(LIMIT), query: { nearest: { dense: { data: QUERY } } } }),
    },
    { ...joined, versions: '>=1.11.0' },
  ),
} as const satisfies Readonly<Record<string, Read>>
