import { randomBytes, randomUUID } from 'node:crypto'
import { NotHere, type Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import type { Admin } from './admin.ts'
import { at } from './operation.ts'
import { VECTOR_SIZE, withoutSnapshots, type Archive, type Extra, type Place, type Seed } from './place.ts'

export interface PlantedPoint {
  readonly label: string
  readonly id: string
  /** Text that only this point holds. */
  readonly canary: string
  readonly owner: Json
  /** A value of its own, which lists of values show. */
  readonly shelf: string
}

const random = (): string => randomBytes(8).toString('hex')
const planted = (label: string, owner: Json): PlantedPoint => ({ label, id: randomUUID(), canary: `canary-${random()}`, owner, shelf: `shelf-${random()}` })

/** What every read of an instance looks at: two collections with an alias each, planted once and never changed. */
export async function plantLibrary(admin: Admin, scope: Scope): Promise<Place> {
  const library = nameLibrary()
  const { collection, other, users, alias, otherAlias, points, otherCanary, field } = library
  const ask = admin.ask.bind(admin)
  for (const name of [collection, other]) await createCollection(admin, name, scope, { shard_number: 2 })
  await createCollection(admin, users, scope)
  for (const name of [field, 'shelf'])
    await ask({ method: 'PUT', path: `/collections/${collection}/index?wait=true`, body: { field_name: name, field_schema: 'keyword' } }, scope)
  await ask({ method: 'PUT', path: `/collections/${collection}/index?wait=true`, body: { field_name: 'rank', field_schema: 'integer' } }, scope)
  await ask({ method: 'PUT', path: `/collections/${collection}/points?wait=true`, body: { points: points.map(body) } }, scope)
  const others = { id: points[0]?.id ?? '', vector: [1, 1, 0, 0], payload: { canary: otherCanary } }
  await ask({ method: 'PUT', path: `/collections/${other}/points?wait=true`, body: { points: [others] } }, scope)
  await ask({ method: 'POST', path: '/collections/aliases', body: { actions: [create(collection, alias), create(other, otherAlias)] } }, scope)
  return library
}

/** Names and contents that nothing has yet. */
export function nameLibrary(): Place {
  const points = [planted('a', 'a'), planted('b', 'b'), planted('both', ['a', 'b'])]
  return {
    ...withoutSnapshots,
    collection: `library-${random()}`,
    other: `vault-${random()}`,
    users: `users-${random()}`,
    user: '',
    alias: `alias-${random()}`,
    otherAlias: `alias-${random()}`,
    point: points[0]?.id ?? '',
    othersPoint: points[1]?.id ?? '',
    points,
    otherCanary: `canary-${random()}`,
    made: `made_${random()}`,
    marker: random(),
    field: `field_${random()}`,
  }
}

/** A part of the library that not every operation needs. */
export async function plantExtra(extra: Extra, admin: Admin, { collection }: Place, scope: Scope): Promise<Partial<Place>> {
  const path = `/collections/${collection}`
  switch (extra) {
    case 'snapshots':
      return {
        snapshot: await named(admin, `${path}/snapshots?wait=true`, scope),
        shardSnapshot: await named(admin, `${path}/shards/0/snapshots?wait=true`, scope),
      }
    case 'full-snapshot':
      return { fullSnapshot: await named(admin, '/snapshots?wait=true', scope) }
    case 'occupied-shard':
      return { shard: await occupiedShard(admin, path, scope) }
    case 'seed':
      return { seed: await plantSeed(admin, scope) }
  }
}

const create = (collection: string, alias: string): Json => ({ create_alias: { collection_name: collection, alias_name: alias } })
const body = (point: PlantedPoint, index: number): Json => ({
  id: point.id,
  vector: [1, index, 0, 0],
  payload: {
    canary: point.canary,
    owner: point.owner,
    shelf: point.shelf,
    rank: index + 1,
    // Where a key reaches into objects and lists.
    meta: { owner: point.owner },
    tags: [{ owner: point.owner }],
    card: point.id,
  },
})

export async function createCollection(admin: Admin, name: string, scope: Scope, more: JsonObject = {}): Promise<void> {
  await admin.ask({ method: 'PUT', path: `/collections/${name}`, body: { vectors: { size: VECTOR_SIZE, distance: 'Dot' }, ...more } }, scope)
}

/** Which points a shard gets is the server's choice. */
async function occupiedShard(admin: Admin, path: string, scope: Scope): Promise<number> {
  const shards = at(await admin.ask({ method: 'GET', path: `${path}/cluster` }, scope), 'local_shards')
  const occupied = Array.isArray(shards) ? (shards as readonly Json[]).find((shard) => Number(at(shard, 'points_count')) > 0) : undefined
  return Number(at(occupied, 'shard_id') ?? 0)
}

/** A collection of one point, kept as snapshots. */
async function plantSeed(admin: Admin, scope: Scope): Promise<Seed> {
  const name = `seed-${random()}`
  const path = `/collections/${name}`
  await createCollection(admin, name, scope)
  await admin.ask(
    { method: 'PUT', path: `${path}/points?wait=true`, body: { points: [{ id: randomUUID(), vector: [1, 0, 0, 0], payload: { kept: 'yes' } }] } },
    scope,
  )
  return {
    collection: await archived(admin, `${path}/snapshots`, name, scope),
    shard: await archived(admin, `${path}/shards/0/snapshots`, `${name}/shards/0`, scope),
  }
}

async function archived(admin: Admin, path: string, folder: string, scope: Scope): Promise<Archive> {
  if (admin.snapshotsFolder === '') throw new NotHere('where the server keeps its snapshots is not known')
  const name = await named(admin, `${path}?wait=true`, scope)
  return { bytes: await admin.download(`${path}/${name}`, scope), location: `file://${admin.snapshotsFolder}/${folder}/${name}` }
}

/** Makes a snapshot and returns its name. */
export async function named(admin: Admin, path: string, scope: Scope): Promise<string> {
  const name = at(await admin.ask({ method: 'POST', path }, scope), 'name')
  if (typeof name === 'string') return name
  throw new HarnessError('SET_UP_FAILED', `POST ${path}: the answer names no snapshot`)
}
