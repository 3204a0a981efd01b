import { methods } from '../../fixtures/models/qdrant/protocol.ts'
import type { Inventory } from '../../src/census.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import { Secret } from '../../src/secret.ts'
import { reflectedMethods, servesNoReflection } from '../../src/wire/reflection.ts'
import { excludedMethods, excludedRoutes, excludedUndescribed } from './excluded.ts'
import { allOperations } from './operations.ts'
import { nowhere } from './place.ts'
import { routes } from './routes.ts'

/** A place whose names are all blanks, so that a request to it is its route. */
const blank = {
  ...nowhere,
  ...{ collection: '*', made: '*', point: '*', field: '*', snapshot: '*', shardSnapshot: '*', fullSnapshot: '*' },
  points: [{ label: 'a', id: '*', canary: '', owner: '', shelf: '' }],
}

// `/collections/x/shards/0/snapshots?wait=true` is `/collections/*/shards/*/snapshots`.
const routeOf = (method: string, path: string): string =>
  `${method} ${(path.split('?')[0] ?? '').replace(/\/shards\/0\b/, '/shards/*').replace(/\/peer\/\d+$/, '/peer/*')}`

/** What the operations ask for, by method and path, and by the path of the gRPC method. */
export const askedRoutes: ReadonlySet<string> = new Set(
  Object.values(allOperations).flatMap((operation) => {
    const request = 'rest' in operation ? operation.rest?.(blank) : undefined
    return request === undefined ? [] : [routeOf(request.method, request.path)]
  }),
)
export const askedMethods: ReadonlySet<string> = new Set(
  Object.values(allOperations).flatMap((operation) => ('grpc' in operation && operation.grpc !== undefined ? [operation.grpc.method.path] : [])),
)

const asked = [askedRoutes, askedMethods]
const excluded = [excludedRoutes, excludedMethods, excludedUndescribed]

/** The server describes its gRPC by reflection to whoever has a credential; of its REST API it serves no description. */
export const inventory: Inventory = {
  operations: async (instance, signal) => [await grpcListing(instance, signal), { from: 'the OpenAPI description of 1.18', names: routes }],
  knows: (name) => asked.some((names) => names.has(name)) || excluded.some((reasons) => Object.hasOwn(reasons, name)),
  exposure: {
    rest: { rules: ['QDR-KEY-REQUIRED-01', 'QDR-TLS-ONLY-01'] },
    grpc: { rules: ['QDR-KEY-REQUIRED-01', 'QDR-TLS-ONLY-01'] },
    p2p: { rules: ['QDR-P2P-01', 'QDR-P2P-02', 'QDR-P2P-TLS-01'] },
  },
}

async function grpcListing({ endpoint }: InstanceInfo, signal: AbortSignal): Promise<{ readonly from: string; readonly names: readonly string[] }> {
  const key = endpoint.credentials['api-key']
  const headers: Readonly<Record<string, Secret>> = key === undefined ? {} : { 'api-key': new Secret(key, 'api-key') }
  try {
    const names = await reflectedMethods(endpoint, { headers, clientCertificate: endpoint.facts['clientCertificate'] === true, generation: 'v1', signal })
    return { from: 'gRPC reflection', names }
  } catch (thrown) {
    if (!servesNoReflection(thrown)) throw thrown
    return { from: "the official client's descriptors, for the server has no reflection", names: [...methods.keys()] }
  }
}
