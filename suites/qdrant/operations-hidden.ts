import type { Json } from '../../src/json.ts'
import { at, countAt, type Labels, type Read, type Write } from './operation.ts'
import type { Place } from './place.ts'

const LIMIT = 10
const OLD = '>=1.14.0'
const RECENT = '>=1.18.0'

const canaries: Labels = (place) => Object.fromEntries(place.points.map((point) => [point.label, point.canary]))
const done = (answer: Json): readonly string[] => (answer === true || at(answer, 'status') !== undefined ? ['done'] : [])
const told = (label: string, name: string) => (answer: Json) => (at(answer, name) === undefined ? [] : [label])
const path = (place: Place, rest: string): string => `/collections/${place.collection}${rest}`
const keyOf = ({ made }: Place): string => `/cluster/metadata/keys/${made}?wait=true`

const ofShard = (rest: string, body: Readonly<Record<string, Json>>): Read => ({
  nature: 'read',
  at: 'library',
  extra: 'occupied-shard',
  versions: OLD,
  labels: canaries,
  rest: (place) => ({ method: 'POST', path: path(place, `/shards/${place.shard}/points${rest}`), body }),
})

const ofServer = (rest: NonNullable<Read['rest']>, counted: NonNullable<Read['counted']>, versions = OLD): Read => ({
  nature: 'read',
  at: 'server',
  versions,
  labels: () => ({}),
  counted,
  rest,
})

/** What a server answers outside of its own description, by and large for operators. */
export const hiddenReads = {
  'scroll-points-of-a-shard': ofShard('/scroll', { limit: LIMIT, with_payload: true }),
  'count-points-of-a-shard': {
    ...ofShard('/count', { exact: true }),
    labels: () => ({}),
    counted: (answer) => (Number(at(answer, 'count')) > 0 ? ['points of the shard'] : []),
  },
  'get-points-of-a-shard': {
    ...ofShard('', {}),
    rest: (place) => ({
      method: 'POST',
      path: path(place, `/shards/${place.shard}/points`),
      body: { ids: place.points.map((point) => point.id), with_payload: true },
    }),
  },
  'clean-up-a-shard': {
    ...ofShard('', {}),
    labels: () => ({}),
    counted: done,
    rest: (place) => ({ method: 'POST', path: path(place, `/shards/${place.shard}/cleanup?wait=true`) }),
  },
  'truncate-unapplied-wal': {
    nature: 'read',
    at: 'library',
    versions: RECENT,
    labels: () => ({}),
    counted: (answer) => (answer === null ? [] : ['done']),
    rest: (place) => ({ method: 'POST', path: path(place, '/truncate_unapplied_wal?wait=true') }),
  },
  'get-debugger': ofServer(() => ({ method: 'GET', path: '/debugger' }), told('its settings', 'pyroscope')),
  // Stops a profiler that nobody started.
  'update-debugger': ofServer(() => ({ method: 'PATCH', path: '/debugger', body: { pyroscope: null } }), done),
  'get-stacktrace': ofServer(() => ({ method: 'GET', path: '/stacktrace' }), told('threads', 'threads')),
  'get-audit-logs': ofServer(
    () => ({ method: 'POST', path: '/audit/logs', body: {} }),
    (answer) => (countAt(answer, 'entries') > 0 ? ['entries'] : []),
    RECENT,
  ),
  'list-metadata-keys': ofServer(
    () => ({ method: 'GET', path: '/cluster/metadata/keys' }),
    (answer) => (Array.isArray(answer) ? ['keys'] : []),
  ),
} as const satisfies Readonly<Record<string, Read>>

/** Settings that the consensus keeps for all nodes. */
export const metadataWrites = {
  'put-metadata-key': {
    nature: 'write',
    at: 'own',
    versions: OLD,
    look: 'metadata',
    rest: (place) => ({ method: 'PUT', path: keyOf(place), body: { marker: place.marker } }),
    changed: ({ before, after }) => before === false && after === true,
  },
  'delete-metadata-key': {
    nature: 'write',
    at: 'own',
    needs: 'metadata-key',
    versions: OLD,
    look: 'metadata',
    rest: (place) => ({ method: 'DELETE', path: keyOf(place) }),
    changed: ({ before, after }) => before === true && after === false,
  },
} as const satisfies Readonly<Record<string, Write>>
