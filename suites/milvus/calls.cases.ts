import { allowed, claim, unauthenticated, type Case } from '../../src/case.ts'
import { strangers } from './access.cases.ts'
import type { Operation } from './operation.ts'
import { reads } from './reads.ts'
import { writes } from './writes.ts'

const PROFILE = 'authorization'

type CallName = keyof typeof reads | keyof typeof writes
type Stranger = keyof typeof strangers

const calls: Readonly<Record<string, Operation>> = { ...reads, ...writes }
/** Over gRPC the getting of an entity is a query. */
const names = (Object.keys(calls) as readonly CallName[]).filter((name) => name !== 'get-entity')

/** Those of the strangers that differ in what the server has to notice. */
const most = [
  'anonymous',
  'empty-token',
  'not-base64',
  'no-colon',
  'scheme-bearer',
  'wrong-password',
  'password-in-other-case',
  'blank-after-password',
  'unknown-user',
  'dropped-user',
  'outdated-password',
] as const satisfies readonly Stranger[]

/** For calls that cost the server seconds: loading and releasing, flushing everything. */
const few = ['anonymous', 'not-base64', 'wrong-password'] as const satisfies readonly Stranger[]
const costly: ReadonlySet<CallName> = new Set(['load-collection', 'release-collection', 'load-partitions', 'release-partitions', 'flush-all'])

/** What these do inside the server cannot be told from what it does by itself. */
const unseen: ReadonlySet<CallName> = new Set(['flush', 'flush-all', 'manual-compaction'])

/** Every call of the service that root can make is closed to every stranger. */
export const callsOfStrangers: readonly Case[] = names.flatMap((operation) =>
  (costly.has(operation) ? few : most).map((principal) => ({
    id: claim('milvus', 'grpc', principal, unauthenticated, operation),
    profile: PROFILE,
    rules: [strangers[principal]] as const,
    operation,
    principal,
    surface: 'grpc' as const,
    input: {},
    expect: unauthenticated,
    twin: { principal: 'root' },
    ...(unseen.has(operation) ? { effect: { exempt: 'invisible' } } : {}),
    ...versionsOf(operation),
  })),
)

export const callsOfRoot: readonly Case[] = names.map((operation) => ({
  id: claim('milvus', 'grpc', 'root', allowed, operation),
  profile: PROFILE,
  rules: ['MLV-AUTH-SERVED-01'],
  operation,
  principal: 'root',
  surface: 'grpc',
  input: {},
  expect: allowed,
  ...versionsOf(operation),
}))

function versionsOf(operation: CallName): { readonly versions?: string } {
  const versions = calls[operation]?.versions
  return versions === undefined ? {} : { versions }
}
