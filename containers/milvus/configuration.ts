import { stringify } from 'yaml'
import type { JsonObject } from '../../src/json.ts'
import type { Placement } from '../server.ts'
import type { Security } from './profiles.ts'

/** Port names whose listeners belong to the server's own parts, by the section of the configuration that sets them. */
const internalPorts = {
  'root-coord': 'rootCoord',
  'query-coord': 'queryCoord',
  'query-node': 'queryNode',
  'index-coord': 'indexCoord',
  'index-node': 'indexNode',
  'data-coord': 'dataCoord',
  'data-node': 'dataNode',
} as const

/** The files of one instance; everything that it writes stays under `at.folder`. */
export function configurationFiles(at: Placement, security: Security): Readonly<Record<string, string>> {
  return {
    'configs/milvus.yaml': stringify(milvusYaml(at, security)),
    'configs/embedEtcd.yaml': stringify(etcdYaml(at)),
    'configs/glog.conf': glogConf(at),
    // The program keeps its logs where it is told and does not make the folder.
    'logs/.keep': '',
  }
}

/** A whole `milvus.yaml`: nothing is left to a file that an image or a wheel happens to bring. */
function milvusYaml(at: Placement, security: Security): JsonObject {
  return {
    ...storage(at),
    ...parts(at),
    proxy: {
      ip: at.bind,
      port: portOf(at, 'grpc'),
      internalPort: portOf(at, 'proxy-internal'),
      // Hundreds of cases make users and roles of their own at once; the defaults are 100 and 10.
      maxUserNum: 10_000,
      maxRoleNum: 10_000,
      // Under TLS the REST interface needs a port of its own; without one 2.3.5 has none at all.
      http: { enabled: true, debug_mode: false, ...(security.tlsMode === 0 ? {} : { port: portOf(at, 'rest') }) },
    },
    tls: { serverPemPath: at.pki.serverCert, serverKeyPath: at.pki.serverKey, caPemPath: at.pki.ca },
    common: { storageType: 'local', security: securitySection(security), simdType: 'auto', ...channelNames },
    log: { level: 'info', format: 'text', stdout: true, file: { rootPath: '' } },
    ...security.extra,
  }
}

const securitySection = (security: Security): JsonObject => ({
  tlsMode: security.tlsMode,
  ...(security.authorizationEnabled === undefined ? {} : { authorizationEnabled: security.authorizationEnabled }),
  ...(security.superUsers === undefined ? {} : { superUsers: security.superUsers }),
})

/** Metadata, messages and objects, each in a folder of this instance: two servers on one host share nothing. */
const storage = (at: Placement): JsonObject => ({
  etcd: {
    endpoints: [`127.0.0.1:${portOf(at, 'etcd-client')}`],
    // The default: the port for metrics takes it for a password (CVE-2026-26190).
    rootPath: 'by-dev',
    metaSubPath: 'meta',
    kvSubPath: 'kv',
    use: { embed: true },
    data: { dir: `${at.folder}/etcd` },
    // The embedded etcd listens where this file says, whatever `endpoints` holds.
    config: { path: `${at.folder}/configs/embedEtcd.yaml` },
    log: { level: 'info', path: 'stdout' },
  },
  metastore: { type: 'etcd' },
  localStorage: { path: `${at.folder}/data/` },
  mq: { type: 'rocksmq' },
  rocksmq: {
    path: `${at.folder}/rocksmq`,
    rocksmqPageSize: 67108864,
    retentionTimeInMinutes: 60,
    retentionSizeInMB: 512,
    compactionInterval: 86400,
    lrucacheratio: 0.06,
  },
  // Never asked, since storage is local; 2.2 wants it to be complete all the same.
  minio: { address: '127.0.0.1', port: 9, accessKeyID: 'unused', secretAccessKey: 'unused', useSSL: false, rootPath: 'files', bucketName: 'assay' },
})

const parts = (at: Placement): JsonObject =>
  Object.fromEntries(
    Object.entries(internalPorts).map(([port, section]) => [section, { ip: at.bind, address: at.bind, port: portOf(at, port), ...sectionExtras[section] }]),
  )

const sectionExtras: Readonly<Record<string, JsonObject>> = { queryCoord: { autoHandoff: true }, dataCoord: { enableCompaction: true } }

/** Names inside one process. 2.2 has no defaults for these and panics at the first that is missing. */
const channelNames = {
  chanNamePrefix: {
    cluster: 'assay',
    rootCoordTimeTick: 'rootcoord-timetick',
    rootCoordStatistics: 'rootcoord-statistics',
    rootCoordDml: 'rootcoord-dml',
    rootCoordDelta: 'rootcoord-delta',
    search: 'search',
    searchResult: 'searchResult',
    queryTimeTick: 'queryTimeTick',
    dataCoordStatistic: 'datacoord-statistics-channel',
    dataCoordTimeTick: 'datacoord-timetick-channel',
    dataCoordSegmentInfo: 'segment-info-channel',
  },
  subNamePrefix: {
    proxySubNamePrefix: 'proxy',
    rootCoordSubNamePrefix: 'rootCoord',
    queryNodeSubNamePrefix: 'queryNode',
    dataCoordSubNamePrefix: 'dataCoord',
    dataNodeSubNamePrefix: 'dataNode',
  },
} as const satisfies JsonObject

function etcdYaml(at: Placement): JsonObject {
  const client = `http://127.0.0.1:${portOf(at, 'etcd-client')}`
  const peer = `http://127.0.0.1:${portOf(at, 'etcd-peer')}`
  return {
    name: 'default',
    'data-dir': `${at.folder}/etcd`,
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    'log-level': 'warn',
  }
}

const glogConf = (at: Placement): string => ['--logtostdout=false', '--logtostderr=true', '--minloglevel=1', `--log_dir=${at.folder}/logs`, ''].join('\n')

const portOf = (at: Placement, name: string): number => at.ports[name] ?? 0
