import { certificateKinds, type CertificateKind } from '../../fixtures/pki/client-certificates.ts'
import type { Answer, Operations, Place, Step } from './operation.ts'
import { text } from './shapes.ts'

/** The words of its own that a server says once it is spoken to as it wants. */
const spoke = (): boolean => true
const shake = (port: 'rest' | 'grpc', transport: 'tls' | 'plain', version?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
  ({ surface: 'port', nature: 'read', spec: port, discloses: spoke, handshake: { port, transport, ...(version === undefined ? {} : { version }) } }) as const

const showing = <Kind extends CertificateKind>(client: Kind, version: 'TLSv1.2' | 'TLSv1.3') =>
  ({ surface: 'port', nature: 'read', spec: 'rest', discloses: spoke, handshake: { port: 'rest', transport: 'tls', version, client } }) as const

type Mutual = `open-rest-showing-${CertificateKind}-certificate-with-tls-1-${2 | 3}`
const mutual = Object.fromEntries(
  certificateKinds.flatMap((kind) => [
    [`open-rest-showing-${kind}-certificate-with-tls-1-2`, showing(kind, 'TLSv1.2')],
    [`open-rest-showing-${kind}-certificate-with-tls-1-3`, showing(kind, 'TLSv1.3')],
  ]),
) as Readonly<Record<Mutual, ReturnType<typeof showing>>>

const keepShard = (at: Place): Step => ({ method: 'GET', path: `/schema/${at.shared}/shards`, keep: { shard: (json) => text(json, 0, 'name') } })
const shard = (at: Place): string => `/indices/${at.shared}/shards/${at.kept['shard'] ?? ''}`
const encoded = (json: unknown): string => encodeURIComponent(Buffer.from(JSON.stringify(json)).toString('base64'))
const cluster = { surface: 'port', nature: 'read', spec: 'data', plant: (at: Place) => [keepShard(at)] } as const
const canaryIn = ({ body }: Answer, at: Place): boolean => body.includes(at.canary)

/** What stands before all operations, and beside them. */
export const portOperations = {
  'open-rest-with-tls': shake('rest', 'tls'),
  'open-rest-with-tls-1-0': shake('rest', 'tls', 'TLSv1'),
  'open-rest-with-tls-1-1': shake('rest', 'tls', 'TLSv1.1'),
  'open-rest-with-tls-1-2': shake('rest', 'tls', 'TLSv1.2'),
  'open-rest-with-tls-1-3': shake('rest', 'tls', 'TLSv1.3'),
  ...mutual,
  'open-rest-without-tls': shake('rest', 'plain'),
  'open-grpc-with-tls': shake('grpc', 'tls'),
  'open-grpc-with-tls-1-0': shake('grpc', 'tls', 'TLSv1'),
  'open-grpc-with-tls-1-1': shake('grpc', 'tls', 'TLSv1.1'),
  'open-grpc-with-tls-1-2': shake('grpc', 'tls', 'TLSv1.2'),
  'open-grpc-with-tls-1-3': shake('grpc', 'tls', 'TLSv1.3'),
  'open-grpc-without-tls': shake('grpc', 'plain'),
  'read-node-status-at-cluster-port': { ...cluster, clusterPath: () => '/nodes/status', discloses: ({ body }) => body.includes('"version"') },
  'read-raft-statistics-at-cluster-port': { ...cluster, clusterPath: () => '/nodes/statistics', discloses: ({ body }) => body.includes('"raft"') },
  'read-shard-status-at-cluster-port': { ...cluster, clusterPath: (at) => `${shard(at)}/status`, discloses: ({ body }) => body.includes('READY') },
  'read-object-at-cluster-port': {
    ...cluster,
    clusterPath: (at) => `${shard(at)}/objects/${at.plantedId}?additional=${encoded({})}&selectProperties=${encoded([])}`,
    discloses: canaryIn,
  },
} as const satisfies Operations
