import { randomBytes, randomUUID } from 'node:crypto'
import type { Scope } from '../../src/driver.ts'
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
  const [collection, other] = [`library-${random()}`, `vault-${random()}`]
  const [alias, otherAlias] = [`alias-${random()}`, `alias-${random()}`]
  const points = [planted('a', 'a'), planted('b', 'b'), planted('both', ['a', 'b'])]
  const field = `field_${random()}`
  const ask = admin.ask.bind(admin)
  for (const name of [collection, other]) await createCollection(admin, name, scope, { shard_number: 2 })
  const users = `users-${random()}`
  await createCollection(admin, users, scope)
  for (const name of [field, 'shelf'])
    await ask({ method: 'PUT', path: `/collections/${collection}/index?wait=true`, body: { field_name: name, field_schema: 'keyword' } }, scope)
  await ask({ method: 'PUT', path: `/collections/${collection}/points?wait=true`, body: { points: points.map(body) } }, scope)
  await ask({ method: 'POST', path: '/collections/aliases', body: { actions: [create(collection, alias), create(other, otherAlias)] } }, scope)
  return {
    ...withoutSnapshots,
    collection,
    other,
    users,
    user: '',
    alias,
    otherAlias,
    point: points[0]?.id ?? '',
    othersPoint: points[1]?.id ?? '',
    points,
    made: `made_${random()}`,
    marker: random(),
    field,
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
    case 'seed':
      return { seed: await plantSeed(admin, scope) }
  }
}

const create = (collection: string, alias: string): Json => ({ create_alias: { collection_name: collection, alias_name: alias } })
const body = (point: PlantedPoint, index: number): Json => ({
  id: point.id,
  vector: [1, index, 0, 0],
  payload: { canary: point.canary, owner: point.owner, shelf: point.shelf },
})

export async function createCollection(admin: Admin, name: string, scope: Scope, more: JsonObject = {}): Promise<void> {
  await admin.ask({ method: 'PUT', path: `/collections/${name}`, body: { vectors: { size: VECTOR_SIZE, distance: 'Dot' }, ...more } }, scope)
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
  const name = await named(admin, `${path}?wait=true`, scope)
  return { bytes: await admin.download(`${path}/${name}`, scope), location: `file://${admin.snapshotsFolder}/${folder}/${name}` }
}

/** Makes a snapshot and returns its name. */
export async function named(admin: Admin, path: string, scope: Scope): Promise<string> {
  const name = at(await admin.ask({ method: 'POST', path }, scope), 'name')
  if (typeof name === 'string') return name
  throw new HarnessError('SET_UP_FAILED', `POST ${path}: the answer names no snapshot`)
}
