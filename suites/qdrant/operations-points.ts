import { isDeepStrictEqual } from 'node:util'
import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import type { RestRequest } from '../../src/wire/rest.ts'
import { at, countAt, type Labels, type Read, type Write } from './operation.ts'
import type { Place } from './place.ts'

const WRITTEN = [0, 1, 0, 0]
const QUERY = [1, 0, 0, 0]
const LIMIT = 10

const path = (place: Place, rest = ''): string => `/collections/${place.collection}/points${rest}`
const post = (place: Place, rest: string, body: JsonObject): RestRequest => ({ method: 'POST', path: path(place, rest), body })
/** `wait` makes an answer come after the work, so that a look at the state sees it. */
const write = (method: 'POST' | 'PUT', place: Place, rest: string, body: JsonObject): RestRequest => ({ method, path: `${path(place, rest)}?wait=true`, body })

const id = (place: Place): JsonObject => ({ uuid: place.point })
const selector = (place: Place): JsonObject => ({ points: { ids: [id(place)] } })
const vectors = (data: readonly number[]): JsonObject => ({ vector: { data } })
const common = (place: Place): JsonObject => ({ collectionName: place.collection, wait: true })
const showing = (place: Place): JsonObject => ({ collectionName: place.collection, limit: String(LIMIT), withPayload: { enable: true } })

const canaries: Labels = (place) => Object.fromEntries(place.points.map((point) => [point.label, point.canary]))
const first: Labels = (place) => ({ a: place.points[0]?.canary ?? '' })
const marked = (_: unknown, after: Json, place: Place): boolean => at(after, '0.payload.written') === place.marker

const written = (place: Place): JsonObject => ({ written: place.marker })
const writtenFields = (place: Place): JsonObject => ({ written: { stringValue: place.marker } })

export const pointWrites = {
  'upsert-points': {
    nature: 'write',
    at: 'board',
    look: 'point',
    rest: (place) => write('PUT', place, '', { points: [{ id: place.point, vector: WRITTEN, payload: written(place) }] }),
    grpc: {
      method: methodOf('Points/Upsert'),
      message: (place) => ({ ...common(place), points: [{ id: id(place), vectors: vectors(WRITTEN), payload: writtenFields(place) }] }),
    },
    changed: ({ after }, place) => marked(undefined, after, place),
  },
  'update-points-batch': {
    nature: 'write',
    at: 'board',
    look: 'point',
    rest: (place) => write('POST', place, '/batch', { operations: [{ upsert: { points: [{ id: place.point, vector: WRITTEN, payload: written(place) }] } }] }),
    grpc: {
      method: methodOf('Points/UpdateBatch'),
      message: (place) => ({
        ...common(place),
        operations: [{ upsert: { points: [{ id: id(place), vectors: vectors(WRITTEN), payload: writtenFields(place) }] } }],
      }),
    },
    changed: ({ after }, place) => marked(undefined, after, place),
  },
  'delete-points': {
    nature: 'write',
    at: 'board',
    look: 'point',
    rest: (place) => write('POST', place, '/delete', { points: [place.point] }),
    grpc: { method: methodOf('Points/Delete'), message: (place) => ({ ...common(place), points: selector(place) }) },
    changed: ({ after }) => countAt({ after }, 'after') === 0,
  },
  'update-vectors': {
    nature: 'write',
    at: 'board',
    look: 'point',
    rest: (place) => write('PUT', place, '/vectors', { points: [{ id: place.point, vector: WRITTEN }] }),
    grpc: { method: methodOf('Points/UpdateVectors'), message: (place) => ({ ...common(place), points: [{ id: id(place), vectors: vectors(WRITTEN) }] }) },
    changed: ({ after }) => isDeepStrictEqual(at(after, '0.vector'), WRITTEN),
  },
  'delete-vectors': {
    nature: 'write',
    at: 'board',
    look: 'point',
    // The unnamed vector's name is empty.
    rest: (place) => write('POST', place, '/vectors/delete', { points: [place.point], vector: [''] }),
    grpc: { method: methodOf('Points/DeleteVectors'), message: (place) => ({ ...common(place), pointsSelector: selector(place), vectors: { names: [''] } }) },
    changed: ({ after }) => countAt(after, '0.vector') === 0 && at(after, '0.id') !== undefined,
  },
  'set-payload': {
    nature: 'write',
    at: 'board',
    look: 'point',
    rest: (place) => write('POST', place, '/payload', { points: [place.point], payload: written(place) }),
    grpc: { method: methodOf('Points/SetPayload'), message: (place) => ({ ...common(place), pointsSelector: selector(place), payload: writtenFields(place) }) },
    changed: ({ after }, place) => marked(undefined, after, place) && at(after, '0.payload.kept') === 'yes',
  },
  'overwrite-payload': {
    nature: 'write',
    at: 'board',
    look: 'point',
    rest: (place) => write('PUT', place, '/payload', { points: [place.point], payload: written(place) }),
    grpc: {
      method: methodOf('Points/OverwritePayload'),
      message: (place) => ({ ...common(place), pointsSelector: selector(place), payload: writtenFields(place) }),
    },
    changed: ({ after }, place) => marked(undefined, after, place) && at(after, '0.payload.kept') === undefined,
  },
  'delete-payload': {
    nature: 'write',
    at: 'board',
    look: 'point',
    rest: (place) => write('POST', place, '/payload/delete', { points: [place.point], keys: ['kept'] }),
    grpc: { method: methodOf('Points/DeletePayload'), message: (place) => ({ ...common(place), pointsSelector: selector(place), keys: ['kept'] }) },
    changed: ({ after }) => at(after, '0.id') !== undefined && at(after, '0.payload.kept') === undefined,
  },
  'clear-payload': {
    nature: 'write',
    at: 'board',
    look: 'point',
    rest: (place) => write('POST', place, '/payload/clear', { points: [place.point] }),
    grpc: { method: methodOf('Points/ClearPayload'), message: (place) => ({ ...common(place), points: selector(place) }) },
    changed: ({ after }) => at(after, '0.id') !== undefined && at(after, '0.payload.kept') === undefined,
  },
} as const satisfies Readonly<Record<string, Write>>

export const pointReads = {
  'get-point': {
    nature: 'read',
    at: 'library',
    labels: first,
    rest: (place) => ({ method: 'GET', path: path(place, `/${place.points[0]?.id ?? ''}`) }),
  },
  'get-points': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => post(place, '', { ids: place.points.map((point) => point.id), with_payload: true }),
    grpc: {
      method: methodOf('Points/Get'),
      message: (place) => ({ collectionName: place.collection, ids: place.points.map((point) => ({ uuid: point.id })), withPayload: { enable: true } }),
    },
  },
  'scroll-points': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => post(place, '/scroll', { limit: LIMIT, with_payload: true }),
    grpc: { method: methodOf('Points/Scroll'), message: showing },
  },
  'query-points': {
    nature: 'read',
    at: 'library',
    versions: '>=1.10.0',
    labels: canaries,
    rest: (place) => post(place, '/query', { query: QUERY, limit: LIMIT, with_payload: true }),
    grpc: { method: methodOf('Points/Query'), message: (place) => ({ ...showing(place), query: { nearest: { dense: { data: QUERY } } } }) },
  },
  'search-points': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => post(place, '/search', { vector: QUERY, limit: LIMIT, with_payload: true }),
    grpc: { method: methodOf('Points/Search'), message: (place) => ({ ...showing(place), vector: QUERY }) },
  },
  'search-groups': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => post(place, '/search/groups', { vector: QUERY, group_by: 'shelf', group_size: LIMIT, limit: LIMIT, with_payload: true }),
    grpc: {
      method: methodOf('Points/SearchGroups'),
      message: (place) => ({ ...showing(place), limit: LIMIT, vector: QUERY, groupBy: 'shelf', groupSize: LIMIT }),
    },
  },
  'recommend-points': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => post(place, '/recommend', { positive: [place.points[0]?.id ?? ''], limit: LIMIT, with_payload: true }),
    grpc: { method: methodOf('Points/Recommend'), message: (place) => ({ ...showing(place), positive: [{ uuid: place.points[0]?.id ?? '' }] }) },
  },
  'recommend-groups': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) =>
      post(place, '/recommend/groups', { positive: [place.points[0]?.id ?? ''], group_by: 'shelf', group_size: LIMIT, limit: LIMIT, with_payload: true }),
    grpc: {
      method: methodOf('Points/RecommendGroups'),
      message: (place) => ({ ...showing(place), limit: LIMIT, positive: [{ uuid: place.points[0]?.id ?? '' }], groupBy: 'shelf', groupSize: LIMIT }),
    },
  },
  'discover-points': {
    nature: 'read',
    at: 'library',
    labels: canaries,
    rest: (place) => post(place, '/discover', { target: QUERY, context: [], limit: LIMIT, with_payload: true }),
    grpc: { method: methodOf('Points/Discover'), message: (place) => ({ ...showing(place), target: { single: { vector: { data: QUERY } } } }) },
  },
  'count-points': {
    nature: 'read',
    at: 'library',
    labels: () => ({}),
    counted: (answer) => counted(at(answer, 'count') ?? at(answer, 'result.count')),
    rest: (place) => post(place, '/count', { exact: true }),
    grpc: { method: methodOf('Points/Count'), message: (place) => ({ collectionName: place.collection, exact: true }) },
  },
} as const satisfies Readonly<Record<string, Read>>

/** No points are no content: a server that always says zero shows nothing. */
const counted = (count: Json | undefined): readonly string[] => (Number(count) > 0 ? [`${Number(count)} points`] : [])
