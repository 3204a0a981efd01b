import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { at, type Labels, type Read, type Write } from './operation.ts'
import type { Place } from './place.ts'

const LIMIT = 10
const QUERY = [1, 0, 0, 0]

const path = (place: Place, rest: string): string => `/collections/${place.collection}/points${rest}`
const canaries: Labels = (place) => Object.fromEntries(place.points.map((point) => [point.label, point.canary]))
const idOf = (place: Place, label: string): string => place.points.find((point) => point.label === label)?.id ?? ''

/** A filter that asks for somebody else's points too; `both` belongs to both. */
const others = { should: [{ key: 'owner', match: { value: 'b' } }] } as const
const othersGrpc = { should: [{ field: { key: 'owner', match: { keyword: 'b' } } }] } as const
const byIds = (place: Place): JsonObject => ({ should: [{ has_id: [idOf(place, 'b')] }, { has_id: [idOf(place, 'both')] }] })
const byIdsGrpc = (place: Place): JsonObject => ({ should: ['b', 'both'].map((label) => ({ hasId: { hasId: [{ uuid: idOf(place, label) }] } })) })
const common = (place: Place): JsonObject => ({ collectionName: place.collection, limit: String(LIMIT), withPayload: { enable: true } })
const both = (place: Place): readonly string[] => [place.point, place.othersPoint]
const gone = (after: Json, id: string): boolean => Array.isArray(after) && !after.some((point: Json) => at(point, 'id') === id)

const shelfOf = (place: Place, label: string): string => place.points.find((point) => point.label === label)?.shelf ?? ''
const scroll = (filter: (place: Place) => JsonObject, filterGrpc: (place: Place) => JsonObject): Read => ({
  nature: 'read',
  at: 'library',
  labels: canaries,
  rest: (place) => ({ method: 'POST', path: path(place, '/scroll'), body: { filter: filter(place), limit: LIMIT, with_payload: true } }),
  grpc: { method: methodOf('Points/Scroll'), message: (place) => ({ ...common(place), filter: filterGrpc(place) }) },
})

/** Requests with a filter, or with names of points, of their own: where an implicit filter could be got around. */
export const filteredOperations = {
  'scroll-for-others-points': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => ({ method: 'POST', path: path(place, '/scroll'), body: { filter: others, limit: LIMIT, with_payload: true } }),
    grpc: { method: methodOf('Points/Scroll'), message: (place) => ({ ...common(place), filter: othersGrpc }) },
  },
  'scroll-by-ids': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => ({ method: 'POST', path: path(place, '/scroll'), body: { filter: byIds(place), limit: LIMIT, with_payload: true } }),
    grpc: { method: methodOf('Points/Scroll'), message: (place) => ({ ...common(place), filter: byIdsGrpc(place) }) },
  },
  'scroll-with-must-not': scroll(
    (place) => ({ must_not: [{ key: 'shelf', match: { value: shelfOf(place, 'a') } }] }),
    (place) => ({ mustNot: [{ field: { key: 'shelf', match: { keyword: shelfOf(place, 'a') } } }] }),
  ),
  'scroll-with-several-conditions': scroll(
    (place) => ({ must: others.should, ...byIds(place), must_not: [{ key: 'shelf', match: { value: shelfOf(place, 'a') } }] }),
    (place) => ({
      must: othersGrpc.should,
      ...byIdsGrpc(place),
      mustNot: [{ field: { key: 'shelf', match: { keyword: shelfOf(place, 'a') } } }],
    }),
  ),
  'scroll-by-a-filter-in-a-filter': scroll(
    (place) => ({ should: [{ must: [{ has_id: [idOf(place, 'b')] }] }, { must: [{ has_id: [idOf(place, 'both')] }] }] }),
    (place) => ({ should: ['b', 'both'].map((label) => ({ filter: { must: [{ hasId: { hasId: [{ uuid: idOf(place, label) }] } }] } })) }),
  ),
  'scroll-in-order': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => ({ method: 'POST', path: path(place, '/scroll'), body: { order_by: 'rank', limit: LIMIT, with_payload: true } }),
    grpc: { method: methodOf('Points/Scroll'), message: (place) => ({ ...common(place), orderBy: { key: 'rank' } }) },
  },
  'query-by-a-point': {
    nature: 'read',
    at: 'library',
    versions: '>=1.10.0',
    labels: canaries,
    rest: (place) => ({ method: 'POST', path: path(place, '/query'), body: { query: idOf(place, 'a'), limit: LIMIT, with_payload: true } }),
    grpc: { method: methodOf('Points/Query'), message: (place) => ({ ...common(place), query: { nearest: { id: { uuid: idOf(place, 'a') } } } }) },
  },
  'search-for-others-points': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => ({ method: 'POST', path: path(place, '/search'), body: { vector: QUERY, filter: others, limit: LIMIT, with_payload: true } }),
    grpc: { method: methodOf('Points/Search'), message: (place) => ({ ...common(place), vector: QUERY, filter: othersGrpc }) },
  },
  'query-for-others-points': {
    nature: 'read',
    at: 'library',
    versions: '>=1.10.0',
    labels: canaries,
    rest: (place) => ({ method: 'POST', path: path(place, '/query'), body: { query: QUERY, filter: others, limit: LIMIT, with_payload: true } }),
    grpc: { method: methodOf('Points/Query'), message: (place) => ({ ...common(place), query: { nearest: { dense: { data: QUERY } } }, filter: othersGrpc }) },
  },
  'count-others-points': {
    nature: 'read',
    at: 'library',
    labels: () => ({}),
    counted: (answer) => counted(at(answer, 'count') ?? at(answer, 'result.count')),
    rest: (place) => ({ method: 'POST', path: path(place, '/count'), body: { filter: others, exact: true } }),
    grpc: { method: methodOf('Points/Count'), message: (place) => ({ collectionName: place.collection, filter: othersGrpc, exact: true }) },
  },
  'delete-own-and-others-points': {
    nature: 'write',
    at: 'board',
    look: 'points',
    rest: (place) => ({ method: 'POST', path: path(place, '/delete?wait=true'), body: { points: both(place) } }),
    grpc: {
      method: methodOf('Points/Delete'),
      message: (place) => ({ collectionName: place.collection, wait: true, points: { points: { ids: both(place).map((uuid) => ({ uuid })) } } }),
    },
    shown: (after, place) => [
      ...(gone(after, place.point) ? ['own point deleted'] : []),
      ...(gone(after, place.othersPoint) ? ["another's point deleted"] : []),
    ],
    changed: ({ after }, place) => gone(after, place.point) || gone(after, place.othersPoint),
  },
  'delete-own-and-others-points-by-filter': {
    nature: 'write',
    at: 'board',
    look: 'points',
    rest: (place) => ({ method: 'POST', path: path(place, '/delete?wait=true'), body: { filter: { must: [{ has_id: both(place) }] } } }),
    grpc: {
      method: methodOf('Points/Delete'),
      message: (place) => ({
        collectionName: place.collection,
        wait: true,
        points: { filter: { must: [{ hasId: { hasId: both(place).map((uuid) => ({ uuid })) } }] } },
      }),
    },
    shown: (after, place) => [
      ...(gone(after, place.point) ? ['own point deleted'] : []),
      ...(gone(after, place.othersPoint) ? ["another's point deleted"] : []),
    ],
    changed: ({ after }, place) => gone(after, place.point) || gone(after, place.othersPoint),
  },
} as const satisfies Readonly<Record<string, Read | Write>>

const counted = (count: Json | undefined): readonly string[] => (Number(count) > 0 ? [`${Number(count)} points`] : [])
