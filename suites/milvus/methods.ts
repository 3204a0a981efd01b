import { createRequire } from 'node:module'
import { fromJSON, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader'
import { HarnessError } from '../../src/errors.ts'
import type { GrpcMethod } from '../../src/wire/grpc.ts'

const SERVICE = 'milvus.proto.milvus.MilvusService'
const DESCRIPTORS = '@zilliz/milvus2-sdk-node/dist/milvus/proto-json/milvus.base.js'

/** One RPC: its request as a plain object, its answer unread. */
export type Method = GrpcMethod<object, unknown>

type Descriptors = Parameters<typeof fromJSON>[0]

/**
 * Codecs of every RPC that the official SDK knows, which is more than any one server has. The SDK itself is not used for
 * negative cases: it checks names and passwords before it sends them and leaves empty credentials out.
 */
export function loadMethods(): ReadonlyMap<string, Method> {
  loaded ??= load()
  return loaded
}

/** Once for each process: building the codecs takes half a second. */
let loaded: ReadonlyMap<string, Method> | undefined

function load(): ReadonlyMap<string, Method> {
  const module = createRequire(import.meta.url)(DESCRIPTORS) as { readonly default?: Descriptors }
  const service = fromJSON(module.default ?? {}, { longs: String, enums: Number, defaults: true })[SERVICE] as ServiceDefinition | undefined
  if (service === undefined) throw new HarnessError('HARNESS_DEFECT', `${DESCRIPTORS} has no ${SERVICE}`)
  return new Map(Object.entries(service).map(([name, method]) => [name, codec(method)]))
}

const codec = (method: MethodDefinition<object, object>): Method => ({
  path: method.path,
  encode: (request) => method.requestSerialize(request),
  decode: (bytes) => method.responseDeserialize(bytes),
})
