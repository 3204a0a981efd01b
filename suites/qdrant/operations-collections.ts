import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { at, countAt, type Read, type Write } from './operation.ts'
import { VECTOR_SIZE, type Place } from './place.ts'

/** Nobody sets these by chance. */
const FAN_OUT = 7

const path = (place: Place, rest = ''): string => `/collections/${place.collection}${rest}`
const named = (place: Place): JsonObject => ({ collectionName: place.collection })
const vectors = { size: VECTOR_SIZE, distance: 'Dot' } as const

/** The number of collections, aliases or snapshots that an answer lists. */
const listed = (name: string) => (answer: Json) => countAt(answer, name)
const holds = (value: Json | undefined, key: string): boolean => at(value, key) !== undefined

export const collectionReads = {
  'list-collections': {
    nature: 'read',
    at: 'library',
    labels: ({ collection, other }) => ({ mine: `"${collection}"`, other: `"${other}"` }),
    items: listed('collections'),
    rest: () => ({ method: 'GET', path: '/collections' }),
    grpc: { method: methodOf('Collections/List'), message: () => ({}) },
  },
  'get-collection-info': {
    nature: 'read',
    at: 'library',
    labels: ({ field }) => ({ field: `"${field}"` }),
    rest: (place) => ({ method: 'GET', path: path(place) }),
    grpc: { method: methodOf('Collections/Get'), message: named },
  },
  'get-collection-cluster-info': {
    nature: 'read',
    at: 'library',
    labels: () => ({}),
    counted: (answer) => shards(at(answer, 'shard_count') ?? at(answer, 'shardCount')),
    rest: (place) => ({ method: 'GET', path: path(place, '/cluster') }),
    grpc: { method: methodOf('Collections/CollectionClusterInfo'), message: named },
  },
  'collection-exists': {
    nature: 'read',
    at: 'library',
    labels: () => ({}),
    counted: (answer) => ((at(answer, 'exists') ?? at(answer, 'result.exists')) === true ? ['exists'] : []),
    rest: (place) => ({ method: 'GET', path: path(place, '/exists') }),
    grpc: { method: methodOf('Collections/CollectionExists'), message: named },
  },
  'list-collection-aliases': {
    nature: 'read',
    at: 'library',
    labels: ({ alias, otherAlias }) => ({ 'alias of mine': `"${alias}"`, 'alias of other': `"${otherAlias}"` }),
    items: listed('aliases'),
    rest: (place) => ({ method: 'GET', path: path(place, '/aliases') }),
    grpc: { method: methodOf('Collections/ListCollectionAliases'), message: named },
  },
  'list-aliases': {
    nature: 'read',
    at: 'library',
    labels: ({ alias, otherAlias }) => ({ 'alias of mine': `"${alias}"`, 'alias of other': `"${otherAlias}"` }),
    items: listed('aliases'),
    rest: () => ({ method: 'GET', path: '/aliases' }),
    grpc: { method: methodOf('Collections/ListAliases'), message: () => ({}) },
  },
} as const satisfies Readonly<Record<string, Read>>

export const collectionWrites = {
  'create-collection': {
    nature: 'write',
    at: 'own',
    look: 'made',
    rest: (place) => ({ method: 'PUT', path: `/collections/${place.made}`, body: { vectors } }),
    grpc: {
      method: methodOf('Collections/Create'),
      message: (place) => ({ collectionName: place.made, vectorsConfig: { params: { size: String(VECTOR_SIZE), distance: 'Dot' } } }),
    },
    changed: ({ before, after }) => before === false && after === true,
  },
  'delete-collection': {
    nature: 'write',
    at: 'own',
    look: 'collection',
    rest: (place) => ({ method: 'DELETE', path: path(place) }),
    grpc: { method: methodOf('Collections/Delete'), message: named },
    changed: ({ before, after }) => before === true && after === false,
  },
  'update-collection-params': {
    nature: 'write',
    at: 'own',
    look: 'info',
    rest: (place) => ({ method: 'PATCH', path: path(place), body: { params: { read_fan_out_factor: FAN_OUT } } }),
    grpc: { method: methodOf('Collections/Update'), message: (place) => ({ ...named(place), params: { readFanOutFactor: FAN_OUT } }) },
    changed: ({ after }) => at(after, 'params.read_fan_out_factor') === FAN_OUT,
  },
  'update-aliases': {
    nature: 'write',
    at: 'own',
    look: 'aliases',
    rest: (place) => ({
      method: 'POST',
      path: '/collections/aliases',
      body: { actions: [{ create_alias: { collection_name: place.collection, alias_name: place.made } }] },
    }),
    grpc: {
      method: methodOf('Collections/UpdateAliases'),
      message: (place) => ({ actions: [{ createAlias: { collectionName: place.collection, aliasName: place.made } }] }),
    },
    changed: ({ after }, { made }) => JSON.stringify(after).includes(`"${made}"`),
  },
  'create-payload-index': {
    nature: 'write',
    at: 'own',
    look: 'info',
    rest: (place) => ({ method: 'PUT', path: path(place, '/index?wait=true'), body: { field_name: place.made, field_schema: 'keyword' } }),
    grpc: {
      method: methodOf('Points/CreateFieldIndex'),
      message: (place) => ({ ...named(place), wait: true, fieldName: place.made, fieldType: 'FieldTypeKeyword' }),
    },
    changed: ({ after }, { made }) => holds(after, `schema.${made}`),
  },
  'delete-payload-index': {
    nature: 'write',
    at: 'own',
    needs: 'index',
    look: 'info',
    rest: (place) => ({ method: 'DELETE', path: path(place, `/index/${place.field}?wait=true`) }),
    grpc: { method: methodOf('Points/DeleteFieldIndex'), message: (place) => ({ ...named(place), wait: true, fieldName: place.field }) },
    changed: ({ before, after }, { field }) => holds(before, `schema.${field}`) && !holds(after, `schema.${field}`),
  },
} as const satisfies Readonly<Record<string, Write>>

/** The library's collections have two shards: one is what a server says by default. */
const shards = (count: Json | undefined): readonly string[] => (Number(count) === 2 ? ['two shards'] : [])
