import type { Scope } from '../../src/driver.ts'
import type { Json } from '../../src/json.ts'
import type { Admin } from './admin.ts'
import { at, type Look } from './operation.ts'
import type { Place } from './place.ts'

/** The part of the state that a write would change, as the holder of the API key sees it. */
export const looks: Readonly<Record<Look, (admin: Admin, place: Place, scope: Scope) => Promise<Json>>> = {
  point: (admin, place, scope) =>
    admin.ask({ method: 'POST', path: `/collections/${place.collection}/points`, body: { ids: [place.point], with_payload: true, with_vector: true } }, scope),
  points: (admin, place, scope) =>
    admin.ask(
      {
        method: 'POST',
        path: `/collections/${place.collection}/points`,
        body: { ids: [place.point, place.othersPoint], with_payload: true, with_vector: true },
      },
      scope,
    ),
  count: async (admin, place, scope) =>
    at(await admin.ask({ method: 'POST', path: `/collections/${place.collection}/points/count`, body: { exact: true } }, scope), 'count') ?? null,
  arrivals: async (admin, place, scope) => ({
    asked: place.offer.asked(),
    count: at(await admin.ask({ method: 'POST', path: `/collections/${place.collection}/points/count`, body: { exact: true } }, scope), 'count') ?? null,
  }),
  'shard-keys': async (admin, place, scope) => {
    const shards = at(await admin.ask({ method: 'GET', path: `/collections/${place.collection}/cluster` }, scope), 'local_shards')
    return Array.isArray(shards) ? [...new Set((shards as readonly Json[]).map((shard) => JSON.stringify(at(shard, 'shard_key') ?? null)))].toSorted() : null
  },
  collection: (admin, place, scope) => exists(admin, place.collection, scope),
  made: (admin, place, scope) => exists(admin, place.made, scope),
  info: async (admin, place, scope) => {
    const info = await admin.ask({ method: 'GET', path: `/collections/${place.collection}` }, scope)
    return { params: at(info, 'config.params') ?? null, schema: at(info, 'payload_schema') ?? null }
  },
  aliases: (admin, place, scope) => admin.ask({ method: 'GET', path: `/collections/${place.collection}/aliases` }, scope),
  snapshots: (admin, place, scope) => names(admin, `/collections/${place.collection}/snapshots`, scope),
  'shard-snapshots': (admin, place, scope) => names(admin, `/collections/${place.collection}/shards/0/snapshots`, scope),
  'full-snapshots': (admin, _, scope) => names(admin, '/snapshots', scope),
  logger: async (admin, _, scope) => at(await admin.ask({ method: 'GET', path: '/logger' }, scope), 'log_level') ?? null,
  // Others put theirs beside it.
  metadata: async (admin, { made }, scope) => {
    const keys = await admin.ask({ method: 'GET', path: '/cluster/metadata/keys' }, scope)
    return Array.isArray(keys) ? keys.includes(made) : null
  },
  locks: (admin, _, scope) => admin.ask({ method: 'GET', path: '/locks' }, scope),
}

const exists = async (admin: Admin, collection: string, scope: Scope): Promise<Json> =>
  at(await admin.ask({ method: 'GET', path: `/collections/${collection}/exists` }, scope), 'exists') ?? null

async function names(admin: Admin, path: string, scope: Scope): Promise<Json> {
  const list = await admin.ask({ method: 'GET', path }, scope)
  return Array.isArray(list) ? (list as readonly Json[]).map((snapshot) => at(snapshot, 'name') ?? null) : null
}
