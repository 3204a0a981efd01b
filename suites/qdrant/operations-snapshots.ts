import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Json } from '../../src/json.ts'
import { countAt, type Read, type Write } from './operation.ts'
import type { Place } from './place.ts'

const SHARD = 0

const path = (place: Place, rest = ''): string => `/collections/${place.collection}${rest}`
const ofShard = (place: Place, rest = ''): string => path(place, `/shards/${SHARD}/snapshots${rest}`)
const archive = { archive: 'config.json' } as const
const grew = ({ before, after }: { readonly before: Json; readonly after: Json }): boolean => countAt({ list: after }, 'list') === countAt({ list: before }, 'list') + 1
const lost = ({ before, after }: { readonly before: Json; readonly after: Json }, name: string): boolean =>
  JSON.stringify(before).includes(`"${name}"`) && !JSON.stringify(after).includes(`"${name}"`)

export const snapshotReads = {
  'list-collection-snapshots': {
    nature: 'read',
    at: 'library',
    labels: ({ snapshot }) => ({ snapshot }),
    rest: (place) => ({ method: 'GET', path: path(place, '/snapshots') }),
    grpc: { method: methodOf('Snapshots/List'), message: (place) => ({ collectionName: place.collection }) },
  },
  'download-collection-snapshot': {
    nature: 'read',
    at: 'library',
    labels: () => archive,
    rest: (place) => ({ method: 'GET', path: path(place, `/snapshots/${place.snapshot}`) }),
  },
  'list-shard-snapshots': {
    nature: 'read',
    at: 'library',
    labels: ({ shardSnapshot }) => ({ snapshot: shardSnapshot }),
    rest: (place) => ({ method: 'GET', path: ofShard(place) }),
  },
  'download-shard-snapshot': {
    nature: 'read',
    at: 'library',
    labels: () => ({ archive: 'segments' }),
    rest: (place) => ({ method: 'GET', path: ofShard(place, `/${place.shardSnapshot}`) }),
  },
  'list-full-snapshots': {
    nature: 'read',
    at: 'library',
    labels: ({ fullSnapshot }) => ({ snapshot: fullSnapshot }),
    rest: () => ({ method: 'GET', path: '/snapshots' }),
    grpc: { method: methodOf('Snapshots/ListFull'), message: () => ({}) },
  },
  'download-full-snapshot': {
    nature: 'read',
    at: 'library',
    labels: () => archive,
    rest: (place) => ({ method: 'GET', path: `/snapshots/${place.fullSnapshot}` }),
  },
} as const satisfies Readonly<Record<string, Read>>

export const snapshotWrites = {
  'create-collection-snapshot': {
    nature: 'write',
    at: 'own',
    look: 'snapshots',
    rest: (place) => ({ method: 'POST', path: path(place, '/snapshots?wait=true') }),
    grpc: { method: methodOf('Snapshots/Create'), message: (place) => ({ collectionName: place.collection }) },
    changed: grew,
  },
  'delete-collection-snapshot': {
    nature: 'write',
    at: 'own',
    needs: 'snapshot',
    look: 'snapshots',
    rest: (place) => ({ method: 'DELETE', path: path(place, `/snapshots/${place.snapshot}?wait=true`) }),
    grpc: { method: methodOf('Snapshots/Delete'), message: (place) => ({ collectionName: place.collection, snapshotName: place.snapshot }) },
    changed: (seen, { snapshot }) => lost(seen, snapshot),
  },
  'create-shard-snapshot': {
    nature: 'write',
    at: 'own',
    look: 'shard-snapshots',
    rest: (place) => ({ method: 'POST', path: ofShard(place, '?wait=true') }),
    changed: grew,
  },
  'delete-shard-snapshot': {
    nature: 'write',
    at: 'own',
    needs: 'shard-snapshot',
    look: 'shard-snapshots',
    rest: (place) => ({ method: 'DELETE', path: ofShard(place, `/${place.shardSnapshot}?wait=true`) }),
    changed: (seen, { shardSnapshot }) => lost(seen, shardSnapshot),
  },
} as const satisfies Readonly<Record<string, Write>>

