import type { InstanceSpec } from '../../src/instance.ts'
import type { Placement } from '../server.ts'
import { profileOf, type Environment } from './profiles.ts'

/** The whole environment of one server: nothing is inherited, because a stray `AUTH…`, `HOST` or `TLS_…` changes what it does. */
export const environmentOf = (spec: InstanceSpec, at: Placement): Environment => ({ ...bareEnvironment(at), ...profileOf(spec.profile).environment(spec) })

/** All but the settings of authentication and authorization. */
export const bareEnvironment = (at: Placement): Environment => ({ ...machine(at), ...tls(at) })

/** One node that talks to itself: without the advertise address, a machine whose first address is IPv6 stops it at start. */
function machine(at: Placement): Environment {
  const port = (name: string): string => String(at.ports[name] ?? 0)
  return {
    PERSISTENCE_DATA_PATH: `${at.folder}/data`,
    CLUSTER_HOSTNAME: 'assay',
    CLUSTER_ADVERTISE_ADDR: '127.0.0.1',
    CLUSTER_BIND_ADDR: '127.0.0.1',
    CLUSTER_GOSSIP_BIND_PORT: port('gossip'),
    // Backups of 1.29 look for the data port beside this one.
    CLUSTER_ADVERTISE_PORT: port('gossip'),
    CLUSTER_DATA_BIND_PORT: port('data'),
    RAFT_PORT: port('raft'),
    RAFT_INTERNAL_RPC_PORT: port('raft-rpc'),
    RAFT_BOOTSTRAP_EXPECT: '1',
    // Elections of a single node: 3 s to be ready, 11 s with the default of 5.
    RAFT_TIMEOUTS_MULTIPLIER: '1',
    GRPC_PORT: port('grpc'),
    DEFAULT_VECTORIZER_MODULE: 'none',
    ENABLE_MODULES: 'backup-filesystem',
    ENABLE_API_BASED_MODULES: 'false',
    BACKUP_FILESYSTEM_PATH: `${at.folder}/backups`,
    // Operations that answer 501 unless they are switched on: they are to be asked like all others.
    REPLICA_MOVEMENT_ENABLED: 'true',
    DISTRIBUTED_TASKS_ENABLED: 'true',
    DISABLE_TELEMETRY: 'true',
    GO_PROFILING_DISABLE: 'true',
    LOG_LEVEL: 'info',
  }
}

/** REST has its certificate from the command line, gRPC from here. The authority is that of the run, for the issuer's sake. */
const tls = ({ pki }: Placement): Environment => ({ GRPC_CERT_FILE: pki.serverCert, GRPC_KEY_FILE: pki.serverKey, SSL_CERT_FILE: pki.ca })

/** REST over TLS alone. */
export const argumentsOf = (at: Placement): readonly string[] => [
  ...['--scheme', 'https', '--host', at.bind, '--tls-port', String(at.ports['rest'] ?? 8080)],
  ...['--tls-certificate', at.pki.serverCert, '--tls-key', at.pki.serverKey],
]
