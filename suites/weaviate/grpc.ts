import { pathToFileURL } from 'node:url'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Outcome } from '../../src/outcome.ts'
import { GrpcClient, type GrpcMethod } from '../../src/wire/grpc.ts'
import type { Answer, GrpcMethodName, GrpcOperation, Operations, Place } from './operation.ts'
import { grpcOutcome } from './outcome.ts'
import type { Credential } from './principals.ts'
import { field, items, text } from './shapes.ts'
import { since } from './since.ts'

interface Codec {
  encode(message: unknown): { finish(): Uint8Array }
  decode(bytes: Uint8Array): unknown
  fromPartial(message: unknown): unknown
  toJSON(message: unknown): unknown
}

type Methods = Readonly<Record<GrpcMethodName, { readonly name: string; readonly requestType: Codec; readonly responseType: Codec }>>

/** The generated definitions are in weaviate-client, but not among its exports: found beside its entry point. */
export async function definitions(): Promise<Methods> {
  const entry = import.meta.resolve('weaviate-client')
  const module = (await import(new URL('./proto/v1/weaviate.js', entry.startsWith('file:') ? entry : pathToFileURL(entry)).href)) as {
    readonly WeaviateDefinition: { readonly methods: Methods }
  }
  return module.WeaviateDefinition.methods
}

/** Weaviate's gRPC port, spoken with the messages of its own client. */
export class GrpcSurface implements AsyncDisposable {
  readonly #client: GrpcClient
  readonly #methods = definitions()

  constructor(endpoint: Endpoint) {
    this.#client = new GrpcClient(endpoint, 'grpc')
  }

  async ask(operation: GrpcOperation, at: Place, credential: Credential, scope: Scope): Promise<Outcome> {
    const { name, requestType, responseType } = (await this.#methods)[operation.method]
    const method: GrpcMethod<unknown, unknown> = {
      path: `/weaviate.v1.Weaviate/${name}`,
      encode: (message) => Buffer.from(requestType.encode(message).finish()),
      decode: (bytes) => responseType.toJSON(responseType.decode(bytes)),
    }
    const message = requestType.fromPartial(operation.message(at))
    const answer = await this.#client.unary(method, { message, metadata: credential.headers }, scope)
    const outcome = grpcOutcome(answer, (inner) => operation.refusals?.(inner) ?? [])
    return outcome.kind === 'allowed' && answer.kind === 'answered' ? unfiltered(operation, at, outcome, answer.message) : outcome
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }
}

/** As on REST: a list without what was planted is how some reads are refused. */
function unfiltered(operation: GrpcOperation, at: Place, outcome: Outcome, message: unknown): Outcome {
  if (operation.nature === 'write' || operation.list === undefined) return outcome
  const listed = operation.list(message)
  if (listed === undefined || operation.discloses({ status: 0, json: message, body: JSON.stringify(message) }, at)) return outcome
  return { kind: 'refused', by: 'forbidden', code: 'grpc 0 / filtered', message: `a list of ${listed.length} without what was planted` }
}

const canaryIn = ({ body }: Answer, at: Place): boolean => body.includes(at.canary)
const objectPath = (at: Place, id = at.id): string => `/objects/${at.shared}/${id}`
const makeObject = (at: Place, id = at.id) => ({ method: 'POST' as const, path: '/objects', body: { class: at.shared, id, properties: { note: 'before' } } })
const drop = (at: Place, ...ids: readonly string[]) => ids.map((id) => ({ method: 'DELETE' as const, path: objectPath(at, id) }))
const lookObject = { look: (at: Place) => ({ method: 'GET' as const, path: objectPath(at) }), drop: (at: Place) => drop(at, at.id) }
const errorsIn = (answer: unknown): readonly string[] => (items(answer, 'errors') ?? []).map((one) => text(one, 'error') ?? 'without a message')

/** Every unary method of the service that the client knows. */
export const grpcOperations = {
  'grpc-search': {
    ...{ surface: 'grpc', nature: 'read', spec: 'Search', method: 'search' },
    message: (at) => ({
      collection: at.shared,
      limit: 100,
      uses123Api: true,
      uses125Api: true,
      uses127Api: true,
      properties: { nonRefProperties: ['note'] },
      metadata: { uuid: true },
    }),
    discloses: canaryIn,
  },
  'grpc-aggregate': {
    ...{ surface: 'grpc', nature: 'read', spec: 'Aggregate', method: 'aggregate' },
    message: (at) => ({ collection: at.shared, objectsCount: true }),
    discloses: ({ json }) => Number(field(json, 'singleResult', 'objectsCount')) > 0,
  },
  'grpc-tenants-get': {
    ...{ surface: 'grpc', nature: 'read', spec: 'TenantsGet', method: 'tenantsGet' },
    message: (at) => ({ collection: at.tenants }),
    discloses: ({ body }, at) => body.includes(at.tenant),
    // An empty list is not on the wire of protocol buffers; the message itself is of no other type.
    list: (json) => items(json, 'tenants') ?? [],
  },
  'grpc-batch-objects': {
    ...{ surface: 'grpc', nature: 'write', spec: 'BatchObjects', method: 'batchObjects' },
    message: (at) => ({ objects: [{ uuid: at.id, collection: at.shared, properties: { nonRefProperties: { note: 'after' } } }] }),
    ...lookObject,
    done: ({ status }) => status === 200,
    refusals: errorsIn,
  },
  'grpc-batch-references': {
    ...{ surface: 'grpc', nature: 'write', spec: 'BatchReferences', method: 'batchReferences', versions: since.batchReferences },
    message: (at) => ({ references: [{ name: 'link', fromCollection: at.shared, fromUuid: at.id, toCollection: at.shared, toUuid: at.otherId }] }),
    plant: (at) => [makeObject(at), makeObject(at, at.otherId)],
    ...lookObject,
    drop: (at) => drop(at, at.id, at.otherId),
    done: ({ json }, at) => (items(json, 'properties', 'link') ?? []).some((one) => text(one, 'beacon')?.endsWith(at.otherId) === true),
    refusals: errorsIn,
  },
  'grpc-batch-delete': {
    ...{ surface: 'grpc', nature: 'write', spec: 'BatchDelete', method: 'batchDelete' },
    message: (at) => ({ collection: at.shared, filters: { operator: 1, target: { property: '_id' }, valueText: at.id } }),
    plant: (at) => [makeObject(at)],
    ...lookObject,
    done: ({ status }) => status === 404,
  },
} as const satisfies Operations
