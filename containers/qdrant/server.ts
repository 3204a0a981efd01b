import { stringify } from 'yaml'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceSpec } from '../../src/instance.ts'
import type { JsonObject } from '../../src/json.ts'
import type { Launch, Placement, ServerDefinition } from '../server.ts'
import { qdrantNative } from './native.ts'
import { profiles, type QdrantProfile, type Security } from './profiles.ts'
import { qdrantReady } from './ready.ts'
import { versions } from './versions.ts'

/** How one Qdrant node is run: all of its listeners are bound to `Placement.bind`. */
export const qdrantServer: ServerDefinition = {
  product: 'qdrant',
  versions,
  profiles,
  ports: { rest: 6333, grpc: 6334, p2p: 6335 },
  launch,
  ready: qdrantReady,
  bootTimeoutMs: 30_000,
  memoryMiB: 150,
  native: qdrantNative,
  docker: { repository: 'qdrant/qdrant', folder: '/qdrant', command: ['./entrypoint.sh'] },
}

function launch(spec: InstanceSpec, at: Placement): Launch {
  const { security } = qdrantProfile(spec.profile)
  const file = 'config/assay.yaml'
  return {
    files: { [file]: stringify(configuration(spec, at, security)) },
    args: ['--config-path', `${at.folder}/${file}`, ...(security.clustered === true ? ['--uri', `http://127.0.0.1:${at.ports['p2p'] ?? 6335}`] : [])],
    env: {},
    facts: { ...factsOf(security), snapshots: `${at.folder}/snapshots` },
  }
}

/** What the driver must know of a profile. */
export const factsOf = (security: Security): JsonObject => ({
  apiKey: security.apiKey,
  readOnlyApiKey: security.readOnlyApiKey,
  jwtRbac: security.jwtRbac,
  clientCertificate: security.verifyClientCertificate,
})

function configuration(spec: InstanceSpec, at: Placement, security: Security): JsonObject {
  return {
    log_level: 'INFO',
    // A server under test reports to nobody.
    telemetry_disabled: true,
    storage: {
      storage_path: `${at.folder}/storage`,
      snapshots_path: `${at.folder}/snapshots`,
      temp_path: `${at.folder}/tmp`,
      wal: { wal_capacity_mb: 1 },
      // Hundreds of small collections: one segment each, and no thread pool for indexes that nobody needs.
      optimizers: { default_segment_number: 1 },
      performance: { max_search_threads: 2 },
    },
    service: {
      host: at.bind,
      http_port: at.ports['rest'] ?? 6333,
      grpc_port: at.ports['grpc'] ?? 6334,
      enable_tls: true,
      verify_https_client_certificate: security.verifyClientCertificate,
      jwt_rbac: security.jwtRbac,
      ...(security.apiKey ? { api_key: spec.credentials['api-key'] ?? '' } : {}),
      ...(security.readOnlyApiKey ? { read_only_api_key: spec.credentials['read-only-key'] ?? '' } : {}),
    },
    tls: { cert: at.pki.serverCert, key: at.pki.serverKey, ca_cert: at.pki.ca },
    cluster: { enabled: security.clustered === true, p2p: { port: at.ports['p2p'] ?? 6335 } },
  }
}

/** @throws HarnessError `UNKNOWN_NAME` */
export function qdrantProfile(name: string): QdrantProfile {
  const profile = (profiles as Readonly<Record<string, QdrantProfile>>)[name]
  if (profile === undefined) throw new HarnessError('UNKNOWN_NAME', `Qdrant has no profile ${name}`, { hint: `one of ${Object.keys(profiles).join(', ')}` })
  return profile
}
