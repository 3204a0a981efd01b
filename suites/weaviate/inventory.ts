import { z } from 'zod'
import type { Inventory, Listing } from '../../src/census.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import { readJson } from '../../src/wire/read-json.ts'
import { definitions } from './grpc.ts'
import { operations } from './operations.ts'
import { withoutCases, withoutCasesOverGrpc } from './specification.ts'

const SWAGGER = '/v1/swagger.json'

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const
const specification = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

/** What the operations ask for, as the server's own specification and the client's definitions name it. */
const asked: ReadonlySet<string> = new Set(Object.values(operations).map(({ spec }) => spec))

/** The REST API is described to everybody; of gRPC there is what the official client knows, for the server has no reflection. */
export const inventory: Inventory = {
  operations: async (instance, signal) => [
    await restListing(instance, signal),
    { from: "the official client's definitions", names: Object.values(await definitions()).map(({ name }) => name) },
  ],
  knows: (name) => asked.has(name) || [withoutCases, withoutCasesOverGrpc].some((reasons) => Object.hasOwn(reasons, name)),
  exposure: {
    rest: { rules: ['WVT-ANON-OFF-01', 'WVT-TLS-02'] },
    grpc: { rules: ['WVT-ANON-OFF-01', 'WVT-TLS-GRPC-01'] },
    data: { rules: ['WVT-PORT-DATA-01', 'WVT-PORT-FILES-01'] },
    gossip: { because: 'nodes find each other there by a protocol of their own; a single node keeps it to the address that it is given' },
    raft: { because: 'nodes agree on the schema there by a protocol of their own; a single node keeps it to the address that it is given' },
    'raft-rpc': { because: 'nodes join there by a protocol of their own; a single node keeps it to the address that it is given' },
  },
}

async function restListing({ endpoint }: InstanceInfo, signal: AbortSignal): Promise<Listing> {
  const clientCertificate = endpoint.facts['mutual'] === true
  const { paths } = specification.parse(await readJson(endpoint, { port: 'rest', path: SWAGGER, clientCertificate, signal }))
  const names = Object.entries(paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method] !== undefined).map((method) => `${method.toUpperCase()} ${path}`),
  )
  return { from: SWAGGER, names }
}
