import { allowed, casesFromMatrix, forbidden, showing, unauthenticated, type Case, type Expectation, type Matrix } from '../../src/case.ts'
import { surfacesOf, versionsOf, type TableOperation } from './operations.ts'
import type { Principal } from './principals.ts'
import type { RuleId } from './rules.ts'

/** What one row of the document's table says, column by column. */
interface Row {
  readonly manage: Expectation
  readonly readOnly: Expectation
  readonly collectionRw: Expectation
  readonly collectionR: Expectation
  readonly payloadRw: Expectation
  readonly payloadR: Expectation
  /** Not in the table: a token for another collection, and one for none. It follows from what such tokens are. */
  readonly other: Expectation
  readonly none: Expectation
}

const manages: Row = {
  manage: allowed,
  readOnly: forbidden,
  collectionRw: forbidden,
  collectionR: forbidden,
  payloadRw: forbidden,
  payloadR: forbidden,
  other: forbidden,
  none: forbidden,
}
const readsServer: Row = { ...manages, readOnly: allowed }
const readsCollection: Row = { ...readsServer, collectionRw: allowed, collectionR: allowed }
const writesCollection: Row = { ...manages, collectionRw: allowed }
const deletesPoints: Row = { ...writesCollection, payloadRw: allowed }
const everyone: Row = {
  manage: allowed,
  readOnly: allowed,
  collectionRw: allowed,
  collectionR: allowed,
  payloadRw: allowed,
  payloadR: allowed,
  other: allowed,
  none: allowed,
}
/** A point of the library that holds the claim is `a` or `both`. */
const readsPoints = (filtered: Expectation = showing('a', 'both')): Row => ({ ...readsCollection, payloadRw: filtered, payloadR: filtered })
const lists = (mine: Expectation, other: Expectation, none: Expectation): Row => ({
  manage: allowed,
  readOnly: allowed,
  collectionRw: mine,
  collectionR: mine,
  payloadRw: mine,
  payloadR: mine,
  other,
  none,
})

/** qdrant-security, Table of access. */
const documented = {
  'list-collections': lists(showing('mine'), showing('other'), showing()),
  'get-collection-info': readsCollection,
  'create-collection': manages,
  'delete-collection': manages,
  'update-collection-params': manages,
  'get-collection-cluster-info': readsCollection,
  'collection-exists': { ...everyone, other: forbidden, none: forbidden },
  'update-aliases': manages,
  'list-collection-aliases': lists(showing('alias of mine'), forbidden, forbidden),
  'list-aliases': lists(showing('alias of mine'), showing('alias of other'), showing()),
  'create-payload-index': writesCollection,
  'delete-payload-index': writesCollection,
  'list-collection-snapshots': readsCollection,
  'create-collection-snapshot': writesCollection,
  'delete-collection-snapshot': writesCollection,
  'download-collection-snapshot': readsCollection,
  'list-shard-snapshots': readsCollection,
  'create-shard-snapshot': writesCollection,
  'delete-shard-snapshot': writesCollection,
  'download-shard-snapshot': readsCollection,
  'list-full-snapshots': readsServer,
  'download-full-snapshot': readsServer,
  'get-cluster-info': readsServer,
  'get-point': readsCollection,
  'get-points': readsCollection,
  'upsert-points': writesCollection,
  'update-points-batch': writesCollection,
  'delete-points': deletesPoints,
  'update-vectors': writesCollection,
  'delete-vectors': deletesPoints,
  'set-payload': writesCollection,
  'overwrite-payload': writesCollection,
  'delete-payload': writesCollection,
  'clear-payload': writesCollection,
  'scroll-points': readsPoints(),
  'query-points': readsPoints(),
  'search-points': readsPoints(),
  'search-groups': readsPoints(),
  'recommend-points': readsCollection,
  'recommend-groups': readsCollection,
  'discover-points': readsCollection,
  'count-points': readsPoints(showing('2 points')),
  'upload-collection-snapshot': manages,
  'recover-collection-snapshot': manages,
  'upload-shard-snapshot': manages,
  'recover-shard-snapshot': manages,
  'create-full-snapshot': manages,
  'delete-full-snapshot': manages,
  'update-collection-cluster-setup': manages,
  'create-shard-key': manages,
  'delete-shard-key': manages,
  'recover-raft-state': manages,
  'delete-peer': manages,
  'update-locks': manages,
  'get-locks': readsServer,
  version: everyone,
  'grpc-version': everyone,
  healthz: everyone,
  livez: everyone,
  readyz: everyone,
  'grpc-health': everyone,
  telemetry: readsServer,
  metrics: readsServer,
} as const satisfies Readonly<Record<TableOperation, Row>>

const health: ReadonlySet<TableOperation> = new Set(['healthz', 'livez', 'readyz', 'grpc-health', 'grpc-version'])

/** API key = manage, read-only key = read-only; without a key, or with a wrong one, nothing but the health endpoints. */
function cells(operation: TableOperation): Readonly<Record<Principal, Expectation>> {
  const row = documented[operation]
  const unknown = health.has(operation) ? allowed : unauthenticated
  return {
    anonymous: unknown,
    'wrong-key': unknown,
    'api-key': row.manage,
    'jwt-manage': row.manage,
    'jwt-without-access': row.manage,
    'read-only-key': row.readOnly,
    'jwt-read': row.readOnly,
    'jwt-collection-rw': row.collectionRw,
    'jwt-collection-r': row.collectionR,
    'jwt-payload-rw': row.payloadRw,
    'jwt-payload-r': row.payloadR,
    'jwt-other-collection-rw': row.other,
    'jwt-empty-list': row.none,
  }
}

const names = Object.keys(documented) as TableOperation[]
const matrix = Object.fromEntries(names.map((name) => [name, cells(name)])) as Matrix<TableOperation, Principal>

const byColumn = {
  anonymous: ['QDR-HEALTH-01', 'QDR-KEY-REQUIRED-01'],
  'wrong-key': ['QDR-HEALTH-01', 'QDR-KEY-WRONG-01'],
  'api-key': ['QDR-KEY-MANAGE-01', 'QDR-KEY-MANAGE-01'],
  'read-only-key': ['QDR-KEY-READ-ONLY-01', 'QDR-KEY-READ-ONLY-02'],
  'jwt-manage': ['QDR-JWT-MANAGE-01', 'QDR-JWT-MANAGE-01'],
  'jwt-without-access': ['QDR-JWT-ACCESS-ABSENT-01', 'QDR-JWT-ACCESS-ABSENT-01'],
  'jwt-read': ['QDR-JWT-READ-01', 'QDR-JWT-READ-02'],
  'jwt-collection-rw': ['QDR-JWT-COLLECTION-RW-01', 'QDR-JWT-COLLECTION-RW-02'],
  'jwt-collection-r': ['QDR-JWT-COLLECTION-R-01', 'QDR-JWT-COLLECTION-R-02'],
  'jwt-payload-rw': ['QDR-JWT-PAYLOAD-01', 'QDR-JWT-PAYLOAD-01'],
  'jwt-payload-r': ['QDR-JWT-PAYLOAD-01', 'QDR-JWT-PAYLOAD-01'],
  'jwt-other-collection-rw': ['QDR-JWT-COLLECTION-OTHER-01', 'QDR-JWT-COLLECTION-OTHER-01'],
  'jwt-empty-list': ['QDR-JWT-COLLECTION-NONE-01', 'QDR-JWT-COLLECTION-NONE-01'],
} as const satisfies Readonly<Record<Principal, readonly [allowed: RuleId, refused: RuleId]>>

function rulesOf(operation: TableOperation, principal: Principal, expect: Expectation): readonly [RuleId, ...RuleId[]] {
  const rule = byColumn[principal][expect.kind === 'allowed' ? 0 : 1]
  const ofNobody = principal === 'anonymous' || principal === 'wrong-key'
  if (operation === 'grpc-health' || (operation === 'grpc-version' && ofNobody)) return ['QDR-HEALTH-GRPC-01']
  if (operation === 'version' && ofNobody) return ['QDR-VERSION-01']
  if (expect.kind !== 'allowed' || expect.exactly === undefined) return [rule]
  return principal.startsWith('jwt-payload') ? [rule] : [rule, 'QDR-JWT-LISTS-01']
}

/**
 * They touch what all cases of an instance share: a full snapshot is one of every collection that there is, and on 1.14.1
 * a shard key that is made while another collection is holds up the consensus until all of them time out.
 */
const alone: ReadonlySet<TableOperation> = new Set([
  'update-collection-cluster-setup',
  'create-shard-key',
  'delete-shard-key',
  'list-full-snapshots',
  'download-full-snapshot',
  'create-full-snapshot',
  'delete-full-snapshot',
  'update-locks',
  'recover-raft-state',
  'delete-peer',
])

const clustered: ReadonlySet<TableOperation> = new Set([
  'update-collection-cluster-setup',
  'create-shard-key',
  'delete-shard-key',
  'recover-raft-state',
  'delete-peer',
])

function placed(row: Case): Case {
  const operation = row.operation as TableOperation
  const versions = versionsOf(operation)
  return {
    ...row,
    ...(clustered.has(operation) ? { profile: 'cluster' } : {}),
    ...(alone.has(operation) ? { exclusive: true } : {}),
    ...(versions === undefined ? {} : { versions }),
  }
}

/** The document still has rows of an API that the releases took away; the model does as the releases, so only a real server shows it. */
export const goneCases: readonly Case[] = [
  {
    id: 'qdrant.rest.api-key.may.get-locks.as-the-document-still-says',
    profile: 'keys-and-jwt',
    rules: ['QDR-LOCKS-01'],
    operation: 'get-locks',
    principal: 'api-key',
    surface: 'rest',
    // The default header of a key: what makes the probe differ from the row of the table, which is about older releases.
    input: { carrier: 'api-key' },
    expect: allowed,
    runtimes: ['docker', 'native', 'external'],
  },
]

/** The whole table of access, on every surface that an operation has. */
export const accessCases: readonly Case[] = casesFromMatrix({
  product: 'qdrant',
  profile: 'keys-and-jwt',
  matrix,
  surfaces: surfacesOf,
  rules: rulesOf,
  twin: 'api-key',
}).map(placed)
