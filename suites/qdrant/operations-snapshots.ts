import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Json } from '../../src/json.ts'
import { at, countAt, type Read, type Write } from './operation.ts'
import type { Archive, Place } from './place.ts'

const SHARD = 0

const path = (place: Place, rest = ''): string => `/collections/${place.collection}${rest}`
const ofShard = (place: Place, rest = ''): string => path(place, `/shards/${SHARD}/snapshots${rest}`)
/** A form with one file (RFC 7578); its boundary is in no archive. */
export function form(
  { bytes }: Pick<Archive, 'bytes'>,
  filename = 'seed.snapshot',
): { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer } {
  const boundary = 'assay-3f1c5d0e9b7a42d68c'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="snapshot"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

/** The collection was empty, and has the one point of what was brought back. */
const filled = ({ before, after }: { readonly before: Json; readonly after: Json }): boolean => before === 0 && after === 1

const archive = { archive: 'config.json' } as const
const grew = ({ before, after }: { readonly before: Json; readonly after: Json }): boolean =>
  countAt({ list: after }, 'list') === countAt({ list: before }, 'list') + 1
const lost = ({ before, after }: { readonly before: Json; readonly after: Json }, name: string): boolean =>
  JSON.stringify(before).includes(`"${name}"`) && !JSON.stringify(after).includes(`"${name}"`)

export const snapshotReads = {
  'list-collection-snapshots': {
    nature: 'read',
    at: 'library',
    extra: 'snapshots',
    labels: ({ snapshot }) => ({ snapshot }),
    rest: (place) => ({ method: 'GET', path: path(place, '/snapshots') }),
    grpc: { method: methodOf('Snapshots/List'), message: (place) => ({ collectionName: place.collection }) },
  },
  'download-collection-snapshot': {
    nature: 'read',
    at: 'library',
    extra: 'snapshots',
    labels: () => archive,
    rest: (place) => ({ method: 'GET', path: path(place, `/snapshots/${place.snapshot}`) }),
  },
  'list-shard-snapshots': {
    nature: 'read',
    at: 'library',
    extra: 'snapshots',
    labels: ({ shardSnapshot }) => ({ snapshot: shardSnapshot }),
    rest: (place) => ({ method: 'GET', path: ofShard(place) }),
  },
  'download-shard-snapshot': {
    nature: 'read',
    at: 'library',
    extra: 'snapshots',
    labels: () => ({ archive: 'segments' }),
    rest: (place) => ({ method: 'GET', path: ofShard(place, `/${place.shardSnapshot}`) }),
  },
  'list-full-snapshots': {
    nature: 'read',
    at: 'library',
    extra: 'full-snapshot',
    labels: ({ fullSnapshot }) => ({ snapshot: fullSnapshot }),
    rest: () => ({ method: 'GET', path: '/snapshots' }),
    grpc: { method: methodOf('Snapshots/ListFull'), message: () => ({}) },
  },
  'download-full-snapshot': {
    nature: 'read',
    at: 'library',
    extra: 'full-snapshot',
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
  'upload-collection-snapshot': {
    nature: 'write',
    at: 'own',
    extra: 'seed',
    look: 'count',
    rest: (place) => ({ method: 'POST', path: path(place, '/snapshots/upload?wait=true&priority=snapshot'), ...form(place.seed.collection) }),
    changed: filled,
  },
  'recover-collection-snapshot': {
    nature: 'write',
    at: 'own',
    extra: 'seed',
    look: 'count',
    rest: (place) => ({
      method: 'PUT',
      path: path(place, '/snapshots/recover?wait=true'),
      body: { location: place.seed.collection.location, priority: 'snapshot' },
    }),
    changed: filled,
  },
  'upload-shard-snapshot': {
    nature: 'write',
    at: 'own',
    extra: 'seed',
    look: 'count',
    rest: (place) => ({ method: 'POST', path: ofShard(place, '/upload?wait=true&priority=snapshot'), ...form(place.seed.shard) }),
    changed: filled,
  },
  // A shard is brought back from an address, or from a snapshot of its own by name.
  'recover-shard-snapshot': {
    nature: 'write',
    at: 'own',
    needs: 'emptied-shard',
    look: 'count',
    rest: (place) => ({ method: 'PUT', path: ofShard(place, '/recover?wait=true'), body: { location: place.shardSnapshot, priority: 'snapshot' } }),
    changed: filled,
  },
  'create-full-snapshot': {
    nature: 'write',
    at: 'server',
    look: 'full-snapshots',
    rest: () => ({ method: 'POST', path: '/snapshots?wait=true' }),
    grpc: { method: methodOf('Snapshots/CreateFull'), message: () => ({}) },
    changed: grew,
  },
  'delete-full-snapshot': {
    nature: 'write',
    at: 'server',
    needs: 'full-snapshot',
    look: 'full-snapshots',
    rest: (place) => ({ method: 'DELETE', path: `/snapshots/${place.fullSnapshot}?wait=true` }),
    grpc: { method: methodOf('Snapshots/DeleteFull'), message: (place) => ({ snapshotName: place.fullSnapshot }) },
    changed: (seen, { fullSnapshot }) => lost(seen, fullSnapshot),
  },
} as const satisfies Readonly<Record<string, Write>>

const fetched = ({ before, after }: { readonly before: Json; readonly after: Json }): boolean => at(before, 'asked') === 0 && Number(at(after, 'asked')) > 0

/** Recovery from an address: the server asks there for the snapshot. */
export const addressWrites = {
  'recover-from-address': {
    nature: 'write',
    at: 'own',
    extra: 'seed',
    needs: 'offer',
    look: 'arrivals',
    rest: (place) => ({
      method: 'PUT',
      path: path(place, '/snapshots/recover?wait=true'),
      body: { location: place.offer.url, priority: 'snapshot' },
    }),
    changed: fetched,
  },
  'recover-shard-from-address': {
    nature: 'write',
    at: 'own',
    extra: 'seed',
    needs: 'shard-offer',
    look: 'arrivals',
    rest: (place) => ({ method: 'PUT', path: ofShard(place, '/recover?wait=true'), body: { location: place.offer.url, priority: 'snapshot' } }),
    changed: fetched,
  },
} as const satisfies Readonly<Record<string, Write>>
