import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { Client, Metadata, credentials, type ChannelCredentials, type ServiceError } from '@grpc/grpc-js'
import type { Endpoint } from '../../src/instance.ts'

const LIST_USERS = '/milvus.proto.milvus.MilvusService/ListCredUsers'
const PROBE_MS = 2000

/**
 * Ready means that root, who exists in every new server, is in the list of users over the profile's own transport:
 * the proxy listens, TLS holds with our authority, and the metadata behind it is loaded. The health port says less.
 */
export async function milvusReady(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
  await untilListening(endpoint, signal)
  const client = new Client(`${endpoint.address}:${endpoint.ports['grpc'] ?? 0}`, transport(endpoint), {
    'grpc.ssl_target_name_override': endpoint.host,
    'grpc.default_authority': endpoint.host,
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.use_local_subchannel_pool': 1,
  })
  try {
    const answer = await listUsers(client, rootMetadata(endpoint), signal)
    if (!answer.includes('root')) throw new Error('root is not yet in the list of users')
  } finally {
    client.close()
  }
}

/** A client of gRPC costs a hundred times as much as a look whether anybody listens, and it is asked every moment of a start. */
function untilListening({ address, ports }: Endpoint, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ host: address, port: ports['grpc'] ?? 0, signal })
  socket.once('connect', resolve).once('error', reject)
  return promise.finally(() => socket.destroy())
}

function transport({ pki, facts }: Endpoint): ChannelCredentials {
  if (facts['tlsMode'] === 0) return credentials.createInsecure()
  const ca = readFileSync(pki.ca)
  return facts['tlsMode'] === 2 ? credentials.createSsl(ca, readFileSync(pki.clientKey), readFileSync(pki.clientCert)) : credentials.createSsl(ca)
}

function rootMetadata(endpoint: Endpoint): Metadata {
  const metadata = new Metadata()
  metadata.set('authorization', Buffer.from(`root:${endpoint.credentials['root-password'] ?? ''}`).toString('base64'))
  return metadata
}

/** An empty request is no bytes; the answer holds names as they are, so no descriptor is needed. */
function listUsers(client: Client, metadata: Metadata, signal: AbortSignal): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const done = (error: ServiceError | null, answer: Buffer | undefined): void =>
    error === null && answer !== undefined ? resolve(answer) : reject(error ?? new Error('no answer'))
  const call = client.makeUnaryRequest(
    LIST_USERS,
    (bytes: Buffer) => bytes,
    (bytes) => bytes,
    Buffer.alloc(0),
    metadata,
    { deadline: Date.now() + PROBE_MS },
    done,
  )
  const cancel = (): void => call.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  return promise.finally(() => signal.removeEventListener('abort', cancel))
}
