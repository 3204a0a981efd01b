import type { Json } from '../../src/json.ts'
import type { Surface } from '../../src/outcome.ts'
import type { Handshake } from './ports.ts'

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a case's operation works on: what is planted once for all, and names that are its own. */
export interface Place {
  /** A collection with one planted object, and one with one planted tenant: nobody changes these. */
  readonly shared: string
  readonly tenants: string
  readonly tenant: string
  readonly alias: string
  readonly plantedId: string
  /** In the planted object and in the description of both collections; it appears in no request. */
  readonly canary: string
  /** Id of a backup that is there and has been restored, where an operation needs it. */
  readonly backup: string
  /** Where roles mean something: a role, and a user and a group that have it. */
  readonly roleName: string
  readonly userName: string
  /** Where the server tells that user's roles. */
  readonly userRoles: string
  readonly groupName: string
  /** Names of this case alone, for whatever it makes. */
  readonly own: string
  readonly name: string
  readonly id: string
  readonly otherId: string
  /** What the set-up got back and the operation needs: a shard's name, a new user's key. */
  readonly kept: Readonly<Record<string, string>>
}

/** Names of what a driver plants once and nobody changes. */
export type Planted = Omit<Place, 'own' | 'name' | 'id' | 'otherId' | 'kept'>

/** One REST request on behalf of whoever asks. */
export interface Ask {
  readonly method: Method
  /** Below `/v1`. */
  readonly path: string
  readonly body?: Json
}

/** An answer as effects are judged by it. */
export interface Answer {
  readonly status: number
  readonly json: unknown
  readonly body: string
}

/** A request of the administrator: every status but 2xx fails the set-up. */
export interface Step extends Ask {
  /** A semver range of the servers on which it is taken; absent: all. */
  readonly versions?: string
  readonly keep?: Readonly<Record<string, (json: unknown) => string | undefined>>
  /** Asked again, until it holds: for what goes on after its answer. */
  readonly until?: (answer: Answer) => boolean
}

export interface Look extends Ask {
  /** Name of a kept API key to look with, instead of the administrator's. */
  readonly as?: string
  readonly until?: (answer: Answer) => boolean
}

interface Common {
  readonly surface: Surface
  /** As the target's own specification names it: `GET /schema/{className}`, `Search` for gRPC. */
  readonly spec: string
  /** A semver range of the servers that have it; absent: all. */
  readonly versions?: string
  /** Planted once, when the first operation needs it: it takes a second or two. */
  readonly needs?: 'backup'
  /** See `Case.exclusive`. */
  readonly exclusive?: true | string
  plant?(at: Place): readonly Step[]
  drop?(at: Place): readonly Step[]
}

export interface Read extends Common {
  readonly nature: 'read'
  /** It asks for a change, though here is none to be seen: permission for it is that of a write. */
  readonly changes?: true
  /** Whether the answer contains what was planted. */
  discloses(answer: Answer, at: Place): boolean
  /** The list in the answer, for an operation that filters instead of refusing: `undefined` where the answer has no such shape. */
  list?(json: unknown): readonly unknown[] | undefined
}

export interface Write extends Common {
  readonly nature: 'write'
  look(at: Place): Look
  /** The part of the look that nobody else changes; absent: all of it. */
  part?(json: unknown, at: Place): Json
  /** Whether the state is as the operation leaves it. */
  done(state: Answer, at: Place): boolean
}

export type RestOperation = (Read | Write) & {
  readonly surface: 'rest' | 'graphql'
  ask(at: Place): Ask
  /** What the items of the answer are called, for a case that names all of them. */
  shows?(json: unknown): readonly string[]
  /** Answered before Weaviate's headers are written: an answer is taken without them. */
  readonly bare?: true
  /** Not there at all where a feature is off: 404 with Weaviate's headers and without a body says so. */
  readonly absentWhenOff?: true
  /** How it says that nobody may ask for that: with Weaviate's error body. */
  readonly refuses?: { readonly statuses: readonly number[]; readonly by: 'invalid' }
  /**
   * The documented answer to this very request where the caller is let through, if it is not a success: the server
   * says of something that it is not there, or not switched on. It counts as allowed, and discloses that.
   */
  readonly passes?: { readonly status: number; readonly message: RegExp }
}

/** A unary gRPC call; `refusals` are the denials that an answer with status OK carries in itself. */
export type GrpcOperation = (Read | Write) & {
  readonly surface: 'grpc'
  readonly method: GrpcMethodName
  message(at: Place): Readonly<Record<string, unknown>>
  refusals?(answer: unknown): readonly string[]
}

export type GrpcMethodName = 'search' | 'aggregate' | 'tenantsGet' | 'batchObjects' | 'batchReferences' | 'batchDelete'

/** One connection, as far as the server's own words, or one request to the listener for other nodes. */
export type PortOperation = Read & { readonly surface: 'port' } & ({ readonly handshake: Handshake } | { clusterPath(at: Place): string })

export type Operation = RestOperation | GrpcOperation | PortOperation

export type Operations = Readonly<Record<string, Operation>>
