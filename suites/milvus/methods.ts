import { createRequire } from 'node:module'
import { fromJSON, type MessageTypeDefinition, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader'
import { HarnessError } from '../../src/errors.ts'
import type { GrpcMethod } from '../../src/wire/grpc.ts'

const SERVICE = 'milvus.proto.milvus.MilvusService'
const DESCRIPTORS = '@zilliz/milvus2-sdk-node/dist/milvus/proto-json/milvus.base.js'

/** One RPC: its request as a plain object, its answer unread. */
export type Method = GrpcMethod<object, unknown>

type Descriptors = Parameters<typeof fromJSON>[0]

/** Codecs of every RPC that the official SDK knows, which is more than any one server has, and of messages that travel inside others as bytes. */
export interface Codecs {
  readonly methods: ReadonlyMap<string, Method>
  /** @param type `milvus.proto.schema.CollectionSchema` … */
  bytesOf(type: string, message: object): Buffer
}

/**
 * The SDK itself is not used for negative cases: it checks names and passwords before it sends them and leaves empty
 * credentials out.
 */
export function loadCodecs(): Codecs {
  loaded ??= load()
  return loaded
}

/** Once for each process: building them takes a second. */
let loaded: Codecs | undefined

function load(): Codecs {
  const module = createRequire(import.meta.url)(DESCRIPTORS) as { readonly default?: Descriptors }
  const types = fromJSON(module.default ?? {}, { longs: String, enums: Number, defaults: true })
  const service = types[SERVICE] as ServiceDefinition | undefined
  if (service === undefined) throw new HarnessError('HARNESS_DEFECT', `${DESCRIPTORS} has no ${SERVICE}`)
  return {
    methods: new Map(Object.entries(service).map(([name, method]) => [name, codec(method)])),
    bytesOf(type, message) {
      const found = types[type] as MessageTypeDefinition<object, object> | undefined
      if (found === undefined) throw new HarnessError('HARNESS_DEFECT', `${DESCRIPTORS} has no ${type}`)
      return found.serialize(message)
    },
  }
}

const codec = (method: MethodDefinition<object, object>): Method => ({
  path: method.path,
  encode: (request) => method.requestSerialize(request),
  decode: (bytes) => method.responseDeserialize(bytes),
})
