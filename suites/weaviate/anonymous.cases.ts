import { allowed, unauthenticated, type Case } from '../../src/case.ts'
import { aboutOneself, caseOf, graphqlBatch, isRead, operationNamed, sideBySide, toldToAll, withheld, withoutPermission } from './tables.ts'
import type { OperationName } from './operations.ts'

const principal = 'anonymous'

/** Anonymous access on, and nothing that tells callers apart. */
const everything: readonly Case[] = [...sideBySide, ...graphqlBatch]
  .filter((operation) => !aboutOneself(operation))
  .map((operation) => caseOf({ profile: 'anonymous', operation, principal, expect: allowed, rules: ['WVT-ANON-ON-01'] }))

/** Who asks without a credential is the user `anonymous`, and may ask who it is. */
const known: readonly Case[] = sideBySide
  .filter(aboutOneself)
  .map((operation) => caseOf({ profile: 'anonymous', operation, principal, expect: allowed, rules: ['WVT-ANON-ON-02'] }))

/** A credential that is wrong is not the same as none. */
const noFallBack: readonly Case[] = sideBySide.map((operation) =>
  caseOf({
    profile: 'anonymous',
    operation,
    principal: 'wrong-key',
    expect: unauthenticated,
    rules: [operationNamed(operation).surface === 'grpc' ? 'WVT-KEY-REFUSED-02' : 'WVT-KEY-REFUSED-01'],
  }),
)

const tellingApart = sideBySide.filter((operation) => !toldToAll(operation) && !aboutOneself(operation))

/** The list names `anonymous` among those who read. */
const readOnly: readonly Case[] = tellingApart.map((operation) =>
  caseOf({
    profile: 'anonymous-read-only',
    operation,
    principal,
    expect: isRead(operation) ? allowed : withheld,
    rules: [isRead(operation) ? 'WVT-ANON-LIST-01' : 'WVT-ANON-LIST-02'],
  }),
)

/** See `weaviate-stranger-ends-server`: asked of a server of its own on the versions before. */
const endedOlderServers = { versions: '>=1.39.0' }

/** The list does not name `anonymous`. */
const unlisted: readonly Case[] = tellingApart.map((operation) => ({
  ...caseOf({ profile: 'anonymous-unlisted', operation, principal, expect: withheld, rules: withoutPermission(operation, 'WVT-ANON-LIST-02') }),
  ...(operation === 'grpc-tenants-get' ? endedOlderServers : {}),
}))

const some: readonly OperationName[] = [
  'dump-schema',
  'get-collection',
  'list-objects',
  'get-object',
  'create-object',
  'delete-object',
  'create-collection',
  'delete-collection',
  'get-meta',
  'list-nodes',
  'graphql-get',
  'grpc-search',
  'grpc-batch-objects',
]

/** Anonymous access off, and no other method on: nobody can have a credential, so everybody is to be refused. */
const offAlone: readonly Case[] = some.map((operation) => {
  const { surface } = operationNamed(operation)
  const rule = surface === 'grpc' ? 'WVT-ANON-OFF-03' : surface === 'graphql' ? 'WVT-ANON-OFF-02' : 'WVT-ANON-OFF-01'
  return caseOf({ profile: 'anonymous-off-alone', operation, principal, expect: unauthenticated, rules: [rule], exempt: 'nobody-may' })
})

export const anonymousOnCases: readonly Case[] = [...everything, ...known, ...noFallBack]
export const anonymousListCases: readonly Case[] = [...readOnly, ...unlisted]
export const anonymousOffAloneCases: readonly Case[] = offAlone
