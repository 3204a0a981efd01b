import { allowed, claim, forbidden, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import { surfacesOf, versionsOf, type UnlistedOperation } from './operations.ts'
import { hiddenReads, metadataWrites } from './operations-hidden.ts'
import type { SceneName } from './scenes.ts'
import type { Principal } from './principals.ts'
import type { RuleId } from './rules.ts'

/** What follows for a kind of operation from the levels that the document describes; where it follows nothing, there is no cell. */
type Row = Readonly<Partial<Record<Principal, Expectation>>>

const unknown = { anonymous: unauthenticated, 'wrong-key': unauthenticated } as const satisfies Row
const manage = { 'api-key': allowed, 'jwt-manage': allowed, 'jwt-without-access': allowed } as const satisfies Row

const readsCollection: Row = {
  ...unknown,
  ...manage,
  'read-only-key': allowed,
  'jwt-read': allowed,
  'jwt-collection-rw': allowed,
  'jwt-collection-r': allowed,
  'jwt-other-collection-rw': forbidden,
  'jwt-empty-list': forbidden,
}
const createsInCollection: Row = {
  ...readsCollection,
  'read-only-key': forbidden,
  'jwt-read': forbidden,
  'jwt-collection-r': forbidden,
}
/** Whether who may write its points may do that too, follows from nothing. */
const { 'jwt-collection-rw': _, ...changesCollection } = createsInCollection
const readsServer: Row = { ...unknown, ...manage, 'read-only-key': allowed, 'jwt-read': allowed }
/** A level that reads, or that reaches one collection, changes nothing of the server. */
const changesServer: Row = {
  ...unknown,
  ...manage,
  'read-only-key': forbidden,
  'jwt-read': forbidden,
  'jwt-collection-rw': forbidden,
  'jwt-collection-r': forbidden,
  'jwt-other-collection-rw': forbidden,
  'jwt-empty-list': forbidden,
}

const derived = {
  'search-batch': readsCollection,
  'recommend-batch': readsCollection,
  'discover-batch': readsCollection,
  'query-batch': readsCollection,
  'query-groups': readsCollection,
  facet: readsCollection,
  'search-matrix-pairs': readsCollection,
  'search-matrix-offsets': readsCollection,
  'get-optimizations': readsCollection,
  'download-shard-stream': createsInCollection,
  'get-slow-requests': { ...unknown, ...manage },
  'get-issues': readsServer,
  'clear-issues': changesServer,
  'get-logger': readsServer,
  'update-logger': changesServer,
  'get-points-of-a-shard': readsCollection,
  'scroll-points-of-a-shard': readsCollection,
  'count-points-of-a-shard': readsCollection,
  'clean-up-a-shard': changesCollection,
  'truncate-unapplied-wal': changesCollection,
  'get-debugger': { ...unknown, ...manage },
  'update-debugger': changesServer,
  'get-stacktrace': { ...unknown, ...manage },
  'get-audit-logs': changesServer,
  'list-metadata-keys': readsServer,
  'put-metadata-key': changesServer,
  'delete-metadata-key': changesServer,
} as const satisfies Readonly<Record<UnlistedOperation, Row>>

/** What the releases have and the model has not. */
const real: ReadonlySet<string> = new Set([
  'get-optimizations',
  'download-shard-stream',
  'get-slow-requests',
  ...Object.keys(hiddenReads),
  ...Object.keys(metadataWrites),
])

/** What shows something only there. */
const profiles: Readonly<Partial<Record<UnlistedOperation, string>>> = {
  'list-metadata-keys': 'cluster',
  'put-metadata-key': 'cluster',
  'delete-metadata-key': 'cluster',
}
const scenes: Readonly<Partial<Record<UnlistedOperation, SceneName>>> = { 'get-audit-logs': 'with-an-audit-log' }

const alone: ReadonlySet<string> = new Set(['clear-issues', 'update-logger', 'update-debugger', 'get-stacktrace'])

function ruleOf(operation: string, expect: Expectation): RuleId {
  if (expect.kind === 'allowed') return 'QDR-UNLISTED-01'
  if (expect.by === 'unauthenticated') return 'QDR-UNLISTED-02'
  return operation === 'update-logger' ? 'QDR-LOGGER-01' : 'QDR-UNLISTED-03'
}

/** Operations of the server that the document does not list, by its general rules. */
export const unlistedCases: readonly Case[] = (Object.keys(derived) as UnlistedOperation[]).flatMap((operation) =>
  Object.entries(derived[operation]).flatMap(([principal, expect]) => surfacesOf(operation).map((surface) => caseOf(operation, principal, surface, expect))),
)

function caseOf(operation: UnlistedOperation, principal: string, surface: Case['surface'], expect: Expectation): Case {
  const versions = versionsOf(operation)
  const scene = scenes[operation]
  return {
    id: claim('qdrant', surface, principal, expect, operation),
    profile: profiles[operation] ?? 'keys-and-jwt',
    rules: [ruleOf(operation, expect)],
    operation,
    principal,
    surface,
    input: scene === undefined ? {} : { scene },
    expect,
    ...(expect.kind === 'refused' ? { twin: { principal: 'api-key', input: scene === undefined ? {} : { scene } } } : {}),
    ...(versions === undefined ? {} : { versions }),
    ...(real.has(operation) ? { runtimes: scene === undefined ? (['docker', 'native', 'external'] as const) : (['native'] as const) } : {}),
    ...(alone.has(operation) ? { exclusive: true } : {}),
  }
}
