import { createHash } from 'node:crypto'
import type { Scope } from '../../src/driver.ts'
import type { Admin } from './admin.ts'
import { createCollection, named, plantLibrary } from './library.ts'
import type { Operation, Write } from './operation.ts'
import type { Place } from './place.ts'

/** Makes the places of one instance: the shared ones once, when they are first needed. */
export class Places {
  readonly #admin: Admin
  #library: Promise<Place> | undefined
  #board: Promise<Place> | undefined

  constructor(admin: Admin) {
    this.#admin = admin
  }

  async of(operation: Operation, scope: Scope): Promise<Place> {
    const library = await (this.#library ??= plantLibrary(this.#admin, scope))
    switch (operation.at) {
      case 'library':
      case 'server':
        return library
      case 'board':
        return this.#onBoard(await (this.#board ??= this.#makeBoard(library, scope)), scope)
      case 'own':
        return this.#own(library, operation.needs, scope)
    }
  }

  async #makeBoard(library: Place, scope: Scope): Promise<Place> {
    const collection = `board-${library.marker}`
    await createCollection(this.#admin, collection, scope)
    return { ...library, collection }
  }

  /** A point of the case's own in a collection that all such cases share. */
  async #onBoard(board: Place, scope: Scope): Promise<Place> {
    const place = { ...board, point: uuidOf(scope.name), marker: digestOf(scope.name) }
    const points = [{ id: place.point, vector: [1, 0, 0, 0], payload: { kept: 'yes', owner: 'a' } }]
    await this.#admin.ask({ method: 'PUT', path: `/collections/${place.collection}/points?wait=true`, body: { points } }, scope)
    return place
  }

  async #own(library: Place, needs: Write['needs'], scope: Scope): Promise<Place> {
    const place = { ...library, collection: `own-${scope.name}`, made: `made_${scope.name}`, field: `field_${scope.name}`, marker: digestOf(scope.name) }
    await createCollection(this.#admin, place.collection, scope)
    const path = `/collections/${place.collection}`
    switch (needs) {
      case undefined:
        return place
      case 'index':
        await this.#admin.ask({ method: 'PUT', path: `${path}/index?wait=true`, body: { field_name: place.field, field_schema: 'keyword' } }, scope)
        return place
      case 'snapshot':
        return { ...place, snapshot: await named(this.#admin, `${path}/snapshots?wait=true`, scope) }
      case 'shard-snapshot':
        return { ...place, shardSnapshot: await named(this.#admin, `${path}/shards/0/snapshots?wait=true`, scope) }
    }
  }
}

const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 32)

/** The same name gives the same id, and no two names do. */
function uuidOf(name: string): string {
  const hex = digestOf(name)
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
