import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { NotHere, type Scope } from '../../src/driver.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { Address } from './address.ts'
import type { Admin } from './admin.ts'
import type { Input } from './credentials.ts'
import { createCollection, named, nameLibrary, plantExtra, plantLibrary } from './library.ts'
import { at, type Operation, type Write } from './operation.ts'
import type { Extra, Place } from './place.ts'

export interface Wanted {
  readonly operation: Operation
  /** The caller's token depends on a user: make one, and do that to it. */
  readonly user?: 'present' | NonNullable<Input['user']>
}

export interface Planting {
  /** What is there already. */
  readonly library?: Place
  /** Nothing is planted: only what is about the server itself has a place, of names that nothing has. */
  readonly observing?: boolean
}

/** Makes the places of one instance: the shared ones once, when they are first needed. */
export class Places implements AsyncDisposable {
  readonly #admin: Admin
  readonly #address = new Address()
  #library: Promise<Place> | undefined
  #board: Promise<Place> | undefined
  readonly #extras = new Map<Extra, Promise<Partial<Place>>>()
  readonly #observing: boolean

  constructor(admin: Admin, { library, observing }: Planting) {
    this.#admin = admin
    this.#observing = observing === true
    this.#library = library === undefined ? undefined : Promise.resolve(library)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#address[Symbol.asyncDispose]()
  }

  library(scope: Scope): Promise<Place> {
    return (this.#library ??= plantLibrary(this.#admin, scope))
  }

  async of({ operation, user }: Wanted, scope: Scope): Promise<Place> {
    if (this.#observing) return placeOfServer(operation, user)
    const bare = await this.library(scope)
    const library = { ...bare, ...(await this.#extraOf(operation, bare, scope)), user: digestOf(`user ${scope.name}`) }
    if (user !== undefined) await this.setUser(library, user, scope)
    switch (operation.at) {
      case 'library':
        return library
      case 'server':
        return operation.nature === 'write' && operation.look === 'full-snapshots' ? this.#withoutFullSnapshots(library, operation.needs, scope) : library
      case 'board':
        return this.#onBoard(library, operation.look, scope)
      case 'own':
        return this.#own(library, operation.needs, scope)
    }
  }

  /** They are named by the second in which they are made: two in one second are one. So there is none before, and no other case beside. */
  async #withoutFullSnapshots(library: Place, needs: Write['needs'], scope: Scope): Promise<Place> {
    this.#extras.delete('full-snapshot')
    const kept = await this.#admin.ask({ method: 'GET', path: '/snapshots' }, scope)
    for (const snapshot of Array.isArray(kept) ? (kept as readonly Json[]) : []) {
      const name = at(snapshot, 'name')
      if (typeof name === 'string') await this.#admin.ask({ method: 'DELETE', path: `/snapshots/${name}?wait=true` }, scope)
    }
    return needs === 'full-snapshot' ? { ...library, fullSnapshot: await named(this.#admin, '/snapshots?wait=true', scope) } : library
  }

  async #extraOf(operation: Operation, bare: Place, scope: Scope): Promise<Partial<Place>> {
    const extra = 'extra' in operation ? operation.extra : undefined
    if (extra === undefined) return {}
    const planted = this.#extras.get(extra) ?? plantExtra(extra, this.#admin, bare, scope)
    this.#extras.set(extra, planted)
    return planted
  }

  /** A point of the case's own in a collection that all such cases share. */
  async #onBoard(library: Place, look: Write['look'], scope: Scope): Promise<Place> {
    const board = await (this.#board ??= this.#makeBoard(library, scope))
    const place = {
      ...library,
      collection: board.collection,
      point: uuidOf(scope.name),
      othersPoint: uuidOf(`other ${scope.name}`),
      marker: digestOf(scope.name),
    }
    await this.#put(place.collection, { id: place.point, payload: { kept: 'yes', owner: 'a' } }, scope)
    if (look === 'points') await this.#put(place.collection, { id: place.othersPoint, payload: { kept: 'yes', owner: 'b' } }, scope)
    return place
  }

  async #makeBoard(library: Place, scope: Scope): Promise<Place> {
    const collection = `board-${library.marker}`
    await createCollection(this.#admin, collection, scope)
    return { ...library, collection }
  }

  /** qdrant-security, JWT Configuration: a user is revoked by the point's end, or by a change of its role. */
  async setUser({ users, user }: Place, state: NonNullable<Wanted['user']>, scope: Scope): Promise<void> {
    const id = uuidOf(user)
    const present = { id, payload: { user, role: 'manager', level: 3, active: true, left: null } }
    await this.#put(users, present, scope)
    // Somebody else, whose values are not this user's.
    await this.#put(users, { id: uuidOf(`neighbour of ${user}`), payload: { user: `neighbour of ${user}`, role: 'guest', level: 9, active: true } }, scope)
    if (state === 'deleted' || state === 'restored')
      await this.#admin.ask({ method: 'POST', path: `/collections/${users}/points/delete?wait=true`, body: { points: [id] } }, scope)
    if (state === 'demoted')
      await this.#admin.ask(
        { method: 'POST', path: `/collections/${users}/points/payload?wait=true`, body: { points: [id], payload: { role: 'guest' } } },
        scope,
      )
    if (state === 'restored') await this.#put(users, present, scope)
  }

  async #own(library: Place, needs: Write['needs'], scope: Scope): Promise<Place> {
    const place = { ...library, collection: `own-${scope.name}`, made: `made_${scope.name}`, field: `field_${scope.name}`, marker: digestOf(scope.name) }
    const path = `/collections/${place.collection}`
    await createCollection(this.#admin, place.collection, scope, needs === 'shard-keys' ? { sharding_method: 'custom' } : {})
    switch (needs) {
      case undefined:
      case 'full-snapshot':
        return place
      case 'shard-keys':
        await this.#admin.ask({ method: 'PUT', path: `${path}/shards`, body: { shard_key: place.field } }, scope)
        return place
      case 'metadata-key':
        await this.#admin.ask({ method: 'PUT', path: `/cluster/metadata/keys/${place.made}?wait=true`, body: { kept: 'yes' } }, scope)
        return place
      case 'index':
        await this.#admin.ask({ method: 'PUT', path: `${path}/index?wait=true`, body: { field_name: place.field, field_schema: 'keyword' } }, scope)
        return place
      case 'snapshot':
        return { ...place, snapshot: await named(this.#admin, `${path}/snapshots?wait=true`, scope) }
      case 'offer':
        return { ...place, offer: await this.#address.offer(place.marker, place.seed.collection.bytes) }
      case 'shard-offer':
        return { ...place, offer: await this.#address.offer(place.marker, place.seed.shard.bytes) }
      case 'emptied-shard':
        return { ...place, shardSnapshot: await this.#emptiedShard(path, place.collection, scope) }
      case 'shard-snapshot':
        return { ...place, shardSnapshot: await named(this.#admin, `${path}/shards/0/snapshots?wait=true`, scope) }
    }
  }

  /** The name of a shard's snapshot with one point, which the shard has no longer. */
  async #emptiedShard(path: string, collection: string, scope: Scope): Promise<string> {
    const id = uuidOf(collection)
    await this.#put(collection, { id, payload: { kept: 'yes' } }, scope)
    const name = await named(this.#admin, `${path}/shards/0/snapshots?wait=true`, scope)
    await this.#admin.ask({ method: 'POST', path: `${path}/points/delete?wait=true`, body: { points: [id] } }, scope)
    return name
  }

  async #put(collection: string, point: JsonObject, scope: Scope): Promise<void> {
    await this.#admin.ask({ method: 'PUT', path: `/collections/${collection}/points?wait=true`, body: { points: [{ vector: [1, 0, 0, 0], ...point }] } }, scope)
  }
}

/** @throws NotHere where the operation or its caller is about something that would have to be planted */
function placeOfServer(operation: Operation, user: Wanted['user']): Place {
  const [place, another] = [nameLibrary(), nameLibrary()]
  const isOfServer = operation.nature === 'read' && operation.at === 'server' && operation.extra === undefined && user === undefined
  if (isOfServer && isDeepStrictEqual(operation.labels(place), operation.labels(another))) return place
  throw new NotHere('it is about something that a run plants')
}

const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 32)

/** The same name gives the same id, and no two names do. */
function uuidOf(name: string): string {
  const hex = digestOf(name)
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
