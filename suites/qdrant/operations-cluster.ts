import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Json } from '../../src/json.ts'
import type { Read, Write } from './operation.ts'
import type { Place } from './place.ts'

/** No peer has it. */
const NOBODY = '4242424242'

const path = (place: Place, rest: string): string => `/collections/${place.collection}${rest}`
const keyword = (text: string) => ({ keyword: text })
const holds = (keys: Json, key: string): boolean => Array.isArray(keys) && keys.includes(JSON.stringify(key))
const done = (answer: Json): readonly string[] => (answer === true ? ['done'] : [])

/** What only a server in cluster mode does. */
export const clusterWrites = {
  'update-collection-cluster-setup': {
    nature: 'write',
    at: 'own',
    needs: 'shard-keys',
    look: 'shard-keys',
    rest: (place) => ({ method: 'POST', path: path(place, '/cluster'), body: { create_sharding_key: { shard_key: place.made } } }),
    grpc: {
      method: methodOf('Collections/UpdateCollectionClusterSetup'),
      message: (place) => ({ collectionName: place.collection, createShardKey: { shardKey: keyword(place.made) } }),
    },
    changed: ({ before, after }, { made }) => !holds(before, made) && holds(after, made),
  },
  'create-shard-key': {
    nature: 'write',
    at: 'own',
    needs: 'shard-keys',
    look: 'shard-keys',
    rest: (place) => ({ method: 'PUT', path: path(place, '/shards'), body: { shard_key: place.made } }),
    grpc: {
      method: methodOf('Collections/CreateShardKey'),
      message: (place) => ({ collectionName: place.collection, request: { shardKey: keyword(place.made) } }),
    },
    changed: ({ before, after }, { made }) => !holds(before, made) && holds(after, made),
  },
  'delete-shard-key': {
    nature: 'write',
    at: 'own',
    needs: 'shard-keys',
    look: 'shard-keys',
    rest: (place) => ({ method: 'POST', path: path(place, '/shards/delete'), body: { shard_key: place.field } }),
    grpc: {
      method: methodOf('Collections/DeleteShardKey'),
      message: (place) => ({ collectionName: place.collection, request: { shardKey: keyword(place.field) } }),
    },
    changed: ({ before, after }, { field }) => holds(before, field) && !holds(after, field),
  },
} as const satisfies Readonly<Record<string, Write>>

/** They change what one node cannot show: the answer is their effect. */
export const clusterReads = {
  'recover-raft-state': { nature: 'read', at: 'library', labels: () => ({}), counted: done, rest: () => ({ method: 'POST', path: '/cluster/recover' }) },
  'delete-peer': {
    nature: 'read',
    at: 'library',
    labels: () => ({}),
    counted: done,
    rest: () => ({ method: 'DELETE', path: `/cluster/peer/${NOBODY}?force=true` }),
  },
} as const satisfies Readonly<Record<string, Read>>
