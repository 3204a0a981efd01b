import { HarnessError } from '../../src/errors.ts'
import type { InstanceSpec } from '../../src/instance.ts'
import type { Launch, Placement, ServerDefinition } from '../server.ts'
import { configurationFiles } from './configuration.ts'
import { milvusNative } from './native.ts'
import { profiles, type MilvusProfile } from './profiles.ts'
import { milvusReady } from './ready.ts'
import { versions } from './versions.ts'

/**
 * How a Milvus standalone server is run: its own etcd, message queue and storage beside it in one process.
 * `proxy.ip` says what it registers, not where it listens: gRPC, REST and metrics listen on all interfaces.
 */
export const milvusServer: ServerDefinition = {
  product: 'milvus',
  versions,
  profiles,
  ports: {
    grpc: 19530,
    rest: 8080,
    health: 9091,
    'proxy-internal': 19529,
    'root-coord': 53100,
    'query-coord': 19531,
    'query-node': 21123,
    'index-coord': 31000,
    'index-node': 21121,
    'data-coord': 13333,
    'data-node': 21124,
    'etcd-client': 2379,
    'etcd-peer': 2380,
  },
  launch,
  ready: milvusReady,
  bootTimeoutMs: 90_000,
  memoryMiB: 350,
  native: milvusNative,
  docker: {
    repository: 'milvusdb/milvus',
    folder: '/assay',
    command: ['milvus'],
    securityOpt: ['seccomp:unconfined'],
  },
}

function launch(spec: InstanceSpec, at: Placement): Launch {
  const { security } = profileOf(spec.profile)
  return {
    files: configurationFiles(at, security),
    args: ['run', 'standalone'],
    env: {
      MILVUSCONF: `${at.folder}/configs`,
      MILVUS_RUN_DIR: at.folder,
      METRICS_PORT: String(at.ports['health'] ?? 9091),
      DEPLOY_MODE: 'STANDALONE',
      ETCD_USE_EMBED: 'true',
      ETCD_DATA_DIR: `${at.folder}/etcd`,
      ETCD_CONFIG_PATH: `${at.folder}/configs/embedEtcd.yaml`,
      COMMON_STORAGETYPE: 'local',
    },
    facts: { tlsMode: security.tlsMode, authorization: security.authorizationEnabled === true, superUsers: security.superUsers ?? null },
  }
}

function profileOf(name: string): MilvusProfile {
  const profile = (profiles as Readonly<Record<string, MilvusProfile>>)[name]
  if (profile === undefined) throw new HarnessError('UNKNOWN_NAME', `Milvus has no profile ${name}`, { hint: `one of ${Object.keys(profiles).join(', ')}` })
  return profile
}
