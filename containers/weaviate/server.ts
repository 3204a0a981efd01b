import type { InstanceSpec } from '../../src/instance.ts'
import type { Launch, Placement, ServerDefinition } from '../server.ts'
import { argumentsOf, environmentOf } from './environment.ts'
import { weaviateNative } from './native.ts'
import { profileOf, profiles } from './profiles.ts'
import { weaviateReady } from './ready.ts'
import { versions } from './versions.ts'

/**
 * Ports that listen on all interfaces whatever `--host` says (seen on 1.35.2 and 1.39.0): gRPC and the cluster's data
 * port. The others keep to the address that they are given.
 */
const openPorts = ['grpc', 'data'] as const

/** How a single Weaviate node is run, REST and gRPC with TLS. */
export const weaviateServer: ServerDefinition = {
  product: 'weaviate',
  versions,
  profiles,
  ports: { rest: 8080, grpc: 50051, gossip: 7102, data: 7103, raft: 8300, 'raft-rpc': 8301 },
  // Releases before 1.33 insist (seen on 1.29.11).
  portsInARow: ['gossip', 'data'],
  launch,
  ready: weaviateReady,
  bootTimeoutMs: 60_000,
  memoryMiB: 150,
  native: weaviateNative,
  docker: {
    repository: 'cr.weaviate.io/semitechnologies/weaviate',
    folder: '/assay',
    entrypoint: ['/bin/weaviate'],
    command: [],
  },
}

function launch(spec: InstanceSpec, at: Placement): Launch {
  return {
    files: {},
    args: [...argumentsOf(at), ...(profileOf(spec.profile).args?.(at) ?? [])],
    env: environmentOf(spec, at),
    facts: { openPorts: [...openPorts], ...profileOf(spec.profile).facts?.(spec) },
  }
}
