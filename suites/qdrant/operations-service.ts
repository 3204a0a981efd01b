import { healthCheck, methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import { at, type Read, type Write } from './operation.ts'

/** Releases that have the lock API. */
const LOCKS = '<1.16.0'

const said = (text: string) => () => ({ [text]: text })

export const serviceReads = {
  version: { nature: 'read', at: 'server', labels: said('qdrant - vector search engine'), rest: () => ({ method: 'GET', path: '/' }) },
  // The same answer on gRPC is a health check by its name, and from 1.15.1 on by its treatment.
  'grpc-version': {
    nature: 'read',
    at: 'server',
    labels: said('qdrant - vector search engine'),
    grpc: { method: methodOf('Qdrant/HealthCheck'), message: () => ({}) },
  },
  healthz: { nature: 'read', at: 'server', labels: said('healthz check passed'), rest: () => ({ method: 'GET', path: '/healthz' }) },
  livez: { nature: 'read', at: 'server', labels: said('healthz check passed'), rest: () => ({ method: 'GET', path: '/livez' }) },
  readyz: { nature: 'read', at: 'server', labels: said('all shards are ready'), rest: () => ({ method: 'GET', path: '/readyz' }) },
  'grpc-health': { nature: 'read', at: 'server', labels: said('"SERVING"'), grpc: { method: healthCheck, message: () => ({}) } },
  telemetry: { nature: 'read', at: 'server', labels: () => ({ app: '"qdrant"' }), rest: () => ({ method: 'GET', path: '/telemetry' }) },
  metrics: { nature: 'read', at: 'server', labels: said('app_info{'), rest: () => ({ method: 'GET', path: '/metrics' }) },
  'get-cluster-info': { nature: 'read', at: 'server', labels: () => ({ status: '"status":"disabled"' }), rest: () => ({ method: 'GET', path: '/cluster' }) },
  'get-locks': {
    nature: 'read',
    at: 'server',
    versions: LOCKS,
    gone: true,
    labels: () => ({}),
    counted: (answer) => (at(answer, 'write') === false ? ['unlocked'] : []),
    rest: () => ({ method: 'GET', path: '/locks' }),
  },
} as const satisfies Readonly<Record<string, Read>>

export const serviceWrites = {
  'update-locks': {
    nature: 'write',
    at: 'server',
    versions: LOCKS,
    look: 'locks',
    rest: (place) => ({ method: 'POST', path: '/locks', body: { write: true, error_message: place.marker } }),
    changed: ({ before, after }, { marker }) => at(before, 'write') === false && at(after, 'write') === true && at(after, 'error_message') === marker,
  },
} as const satisfies Readonly<Record<string, Write>>
