import { noOffer, type Offer } from './address.ts'
import type { PlantedPoint } from './library.ts'

/** Vectors have four numbers and are compared by their product. */
export const VECTOR_SIZE = 4

/** Where a probe happens: names and contents that were made for it, or (reads) for all of them. */
export interface Place {
  /** The collection that the request names, and that a collection token is about. */
  readonly collection: string
  /** A collection that it does not name; another collection's token is about this one. */
  readonly other: string
  readonly alias: string
  readonly otherAlias: string
  /** The point that the request names. */
  readonly point: string
  /** On the board: another point, which belongs to somebody else. */
  readonly othersPoint: string
  readonly points: readonly PlantedPoint[]
  /** Text that only the point of the other collection holds, which has the id of the first one here. */
  readonly otherCanary: string
  /** The collection that says which users there are, and the user of this case. */
  readonly users: string
  readonly user: string
  /** A name for what the request makes. */
  readonly made: string
  /** What a write leaves and what a read would disclose; nobody can guess it. */
  readonly marker: string
  readonly field: string
  /** Snapshots, planted only for the operations that are about them. */
  readonly snapshot: string
  readonly shardSnapshot: string
  readonly fullSnapshot: string
  /** A shard that holds some of the points. */
  readonly shard: number
  /** A small collection that was kept as snapshots, to be brought back elsewhere: their bytes, and where the server has them. */
  readonly seed: Seed
  /** The seed again, at an address of ours. */
  readonly offer: Offer
}

/** Parts of the library that not every server, and not every operation, needs. */
export type Extra = 'occupied-shard' | 'snapshots' | 'full-snapshot' | 'seed'

export interface Seed {
  readonly collection: Archive
  readonly shard: Archive
}

const nothing: Archive = { bytes: Buffer.alloc(0), location: '' }

/** A place before any snapshot was planted. */
export const withoutSnapshots = {
  snapshot: '',
  shardSnapshot: '',
  fullSnapshot: '',
  shard: 0,
  seed: { collection: nothing, shard: nothing },
  offer: noOffer,
} as const satisfies Partial<Place>

export interface Archive {
  readonly bytes: Buffer
  /** `file:///…`, as the server sees it. */
  readonly location: string
}

/** For a request that names nothing of the library. */
export const nowhere: Place = {
  ...withoutSnapshots,
  collection: '',
  other: '',
  alias: '',
  otherAlias: '',
  point: '',
  othersPoint: '',
  points: [],
  otherCanary: '',
  users: '',
  user: '',
  made: '',
  marker: '',
  field: '',
}
