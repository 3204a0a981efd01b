import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { at, type Labels, type Read, type Write } from './operation.ts'
import type { Place } from './place.ts'

const LIMIT = 10
const QUERY = [1, 0, 0, 0]
/** Shown in the logger's settings and without any effect: no part of the server has that name. */
const FILTER = 'INFO,assay=warn'

const path = (place: Place, rest: string): string => `/collections/${place.collection}/points${rest}`
const canaries: Labels = (place) => Object.fromEntries(place.points.map((point) => [point.label, point.canary]))
const ids: Labels = (place) => Object.fromEntries(place.points.map((point) => [point.label, point.id]))
const shelves: Labels = (place) => Object.fromEntries(place.points.map((point) => [point.label, point.shelf]))
const first = (place: Place): string => place.points[0]?.id ?? ''
const shown: JsonObject = { limit: LIMIT, with_payload: true }
const named = (place: Place): JsonObject => ({ collectionName: place.collection })
const common = (place: Place): JsonObject => ({ ...named(place), limit: String(LIMIT), withPayload: { enable: true } })
const nearest: JsonObject = { nearest: { dense: { data: QUERY } } }

const read = (labels: Labels, rest: NonNullable<Read['rest']>, more: Pick<Read, 'grpc' | 'versions'>): Read => ({
  nature: 'read',
  at: 'library',
  labels,
  rest,
  ...more,
})

/** Operations of a server that the document's table leaves out. */
export const unlistedReads = {
  'search-batch': read(canaries, (place) => ({ method: 'POST', path: path(place, '/search/batch'), body: { searches: [{ vector: QUERY, ...shown }] } }), {
    grpc: { method: methodOf('Points/SearchBatch'), message: (place) => ({ ...named(place), searchPoints: [{ ...common(place), vector: QUERY }] }) },
  }),
  'recommend-batch': read(
    canaries,
    (place) => ({ method: 'POST', path: path(place, '/recommend/batch'), body: { searches: [{ positive: [first(place)], ...shown }] } }),
    {
      grpc: {
        method: methodOf('Points/RecommendBatch'),
        message: (place) => ({ ...named(place), recommendPoints: [{ ...common(place), positive: [{ uuid: first(place) }] }] }),
      },
    },
  ),
  'discover-batch': read(
    canaries,
    (place) => ({ method: 'POST', path: path(place, '/discover/batch'), body: { searches: [{ target: QUERY, context: [], ...shown }] } }),
    {
      grpc: {
        method: methodOf('Points/DiscoverBatch'),
        message: (place) => ({ ...named(place), discoverPoints: [{ ...common(place), target: { single: { vector: { data: QUERY } } } }] }),
      },
    },
  ),
  'query-batch': read(canaries, (place) => ({ method: 'POST', path: path(place, '/query/batch'), body: { searches: [{ query: QUERY, ...shown }] } }), {
    versions: '>=1.10.0',
    grpc: { method: methodOf('Points/QueryBatch'), message: (place) => ({ ...named(place), queryPoints: [{ ...common(place), query: nearest }] }) },
  }),
  'query-groups': read(
    canaries,
    (place) => ({ method: 'POST', path: path(place, '/query/groups'), body: { query: QUERY, group_by: 'shelf', group_size: LIMIT, ...shown } }),
    {
      versions: '>=1.11.0',
      grpc: { method: methodOf('Points/QueryGroups'), message: (place) => ({ ...common(place), query: nearest, groupBy: 'shelf', groupSize: String(LIMIT) }) },
    },
  ),
  facet: read(shelves, (place) => ({ method: 'POST', path: `/collections/${place.collection}/facet`, body: { key: 'shelf', exact: true } }), {
    versions: '>=1.12.0',
    grpc: { method: methodOf('Points/Facet'), message: (place) => ({ ...named(place), key: 'shelf', exact: true }) },
  }),
  'search-matrix-pairs': read(ids, (place) => ({ method: 'POST', path: path(place, '/search/matrix/pairs'), body: { sample: LIMIT, limit: LIMIT } }), {
    versions: '>=1.12.0',
    grpc: { method: methodOf('Points/SearchMatrixPairs'), message: (place) => ({ ...named(place), sample: String(LIMIT), limit: String(LIMIT) }) },
  }),
  'search-matrix-offsets': read(ids, (place) => ({ method: 'POST', path: path(place, '/search/matrix/offsets'), body: { sample: LIMIT, limit: LIMIT } }), {
    versions: '>=1.12.0',
    grpc: { method: methodOf('Points/SearchMatrixOffsets'), message: (place) => ({ ...named(place), sample: String(LIMIT), limit: String(LIMIT) }) },
  }),
} as const satisfies Readonly<Record<string, Read>>

const list = (answer: Json): readonly string[] => (Array.isArray(at(answer, 'issues')) ? ['a list of issues'] : [])

export const unlistedService = {
  'get-issues': { nature: 'read', at: 'server', versions: '>=1.10.0', labels: () => ({}), counted: list, rest: () => ({ method: 'GET', path: '/issues' }) },
  'clear-issues': {
    nature: 'read',
    at: 'server',
    versions: '>=1.10.0',
    labels: () => ({}),
    counted: (answer) => (answer === true ? ['done'] : []),
    rest: () => ({ method: 'DELETE', path: '/issues' }),
  },
  'get-logger': {
    nature: 'read',
    at: 'server',
    labels: () => ({}),
    counted: (answer) => (at(answer, 'log_level') === undefined ? [] : ['the level']),
    rest: () => ({ method: 'GET', path: '/logger' }),
  },
  'update-logger': {
    nature: 'write',
    at: 'server',
    look: 'logger',
    rest: () => ({ method: 'POST', path: '/logger', body: { log_level: FILTER } }),
    changed: ({ before, after }) => before !== FILTER && after === FILTER,
  },
} as const satisfies Readonly<Record<string, Read | Write>>

const told = (label: string, name: string) => (answer: Json) => (at(answer, name) === undefined ? [] : [label])
const RECENT = '>=1.18.0'
const ofCollection = (name: string, rest: (place: Place) => string): Read => ({
  nature: 'read',
  at: 'library',
  versions: RECENT,
  labels: () => ({}),
  counted: told(`its ${name}`, name),
  rest: (place) => ({ method: 'GET', path: `/collections/${place.collection}${rest(place)}` }),
})

/** What recent releases answer beside that, in or outside their own description. */
export const recentReads = {
  'get-optimizations': ofCollection('summary', () => '/optimizations'),
  // A snapshot that is made for the answer: like making one, and not like fetching one that is there.
  'download-shard-stream': {
    ...ofCollection('archive', () => '/shards/0/snapshot'),
    versions: '>=1.14.0',
    labels: () => ({ archive: 'segments' }),
    counted: () => [],
  },
  'get-slow-requests': {
    nature: 'read',
    at: 'server',
    versions: RECENT,
    labels: () => ({}),
    counted: told('a list of requests', 'requests'),
    rest: () => ({ method: 'GET', path: '/profiler/slow_requests' }),
  },
} as const satisfies Readonly<Record<string, Read>>
