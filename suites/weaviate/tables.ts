import { allowed, claim, unauthenticated, type Case, type Expectation, type TwinExemption } from '../../src/case.ts'
import type { Operation } from './operation.ts'
import { builtInRoleOperations } from './built-in-roles.ts'
import { operations, type OperationName } from './operations.ts'
import { portOperations } from './port-operations.ts'
import { keyHolderOperations, roleOperations, userOperations } from './rest-admin.ts'
import { publicOperations } from './rest-public.ts'
import type { RuleId } from './rules.ts'

export type RuleIds = readonly [RuleId, ...RuleId[]]

/**
 * The documents say that there is no permission, not how that is told: a list may also come without what is not to be seen, and GraphQL
 * tells of the errors of its resolvers in an answer of 200 (GraphQL §7.1.2).
 */
export const withheld = {
  kind: 'refused',
  by: 'forbidden',
  codes: ['403', '200 filtered', '200 graphql', 'grpc 7', 'grpc 0 / filtered'],
} as const satisfies Expectation

export interface Row {
  readonly profile: string
  readonly operation: OperationName
  readonly principal: string
  readonly expect: Expectation
  readonly rules: RuleIds
  /** Who may, for the twin of a refusal. */
  readonly twin?: string
  /** In place of a twin. */
  readonly exempt?: TwinExemption
}

/** One case of the operation, on the surface that it has. */
export function caseOf({ profile, operation, principal, expect, rules, twin = 'admin', exempt }: Row): Case {
  const { surface, versions, exclusive } = operationNamed(operation)
  const name = operation.replace(new RegExp(`^${surface}-`), '')
  return {
    id: claim('weaviate', surface, principal, expect, name, profile === 'api-key-adminlist' ? '' : `in-${profile}`),
    profile,
    rules,
    operation,
    principal,
    surface,
    input: {},
    expect,
    ...(expect.kind === 'refused' ? { twin: exempt === undefined ? { principal: twin } : { exempt } } : {}),
    ...(versions === undefined ? {} : { versions }),
    ...(exclusive === undefined ? {} : { exclusive }),
  }
}

export function operationNamed(name: OperationName): Operation {
  return operations[name]
}
const names = Object.keys(operations) as OperationName[]

/** The older paths without a collection search all of them, and end with an error at one that has tenants: they have a profile of their own. */
export const byIdAlone: readonly OperationName[] = names.filter((name) => name.endsWith('-without-collection'))
/** Refused to everyone where there is a list (see `deviations.ts`): nobody could be the twin. */
export const graphqlBatch: readonly OperationName[] = names.filter((name) => name.startsWith('graphql-batch-'))
/** Roles and database users: they mean something under RBAC alone. */
export const rbacAlone: readonly OperationName[] = names.filter((name) => name in roleOperations || name in userOperations)
/** Answered to everybody: no table of access is about them. */
const publicPaths: readonly OperationName[] = names.filter((name) => name in publicOperations)
/** Asked with the key of a user of their own. */
const keyHolders: readonly OperationName[] = names.filter((name) => name in keyHolderOperations)
/** Refused to everybody. */
const nobodyMay: readonly OperationName[] = names.filter((name) => name in builtInRoleOperations)
/** Asked without a credential, or before there could be one. */
const ports: readonly OperationName[] = names.filter((name) => name in portOperations)
/** Asked under every scheme that tells callers apart. */
export const operationNames: readonly OperationName[] = names.filter(
  (name) => ![byIdAlone, graphqlBatch, rbacAlone, publicPaths, ports, keyHolders, nobodyMay].some((group) => group.includes(name)),
)
/** Those that run side by side: for the callers of whom there are many. */
export const sideBySide: readonly OperationName[] = operationNames.filter((name) => operationNamed(name).exclusive === undefined)
/** A server without namespaces says so to everybody whom it knows. */
export const toldToAll = (name: OperationName): boolean => name.endsWith('-namespace') || name === 'list-namespaces'
/** Who is known may ask who it is. */
export const aboutOneself = (name: OperationName): boolean => name === 'get-own-info'

/** Whether permission to read is enough. */
export function isRead(name: OperationName): boolean {
  const operation = operationNamed(name)
  return operation.nature === 'read' && operation.changes !== true
}

/** The rule of each surface, for a table that goes over all of them. */
export const bySurface = (
  operation: OperationName,
  { web, grpc, graphql = web }: { readonly web: RuleId; readonly grpc: RuleId; readonly graphql?: RuleId },
): RuleIds => {
  const { surface } = operationNamed(operation)
  return [surface === 'grpc' ? grpc : surface === 'graphql' ? graphql : web]
}

export interface Sweep {
  readonly profile: string
  /** Who may do everything. */
  readonly twin?: string
  readonly over?: readonly OperationName[]
}

/** What runs alone takes long: two callers whom nobody knows are enough for it. */
const asksAlone = (operation: OperationName, principal: string): boolean =>
  operationNamed(operation).exclusive === undefined || principal === 'anonymous' || principal === 'wrong-key'

/** Every operation by callers whom the server does not know. */
export const unknownCallers = (
  { profile, twin = 'admin', over = operationNames }: Sweep,
  callers: Readonly<Record<string, (operation: OperationName) => RuleIds>>,
): readonly Case[] =>
  Object.entries(callers).flatMap(([principal, rulesOf]) =>
    over
      .filter((operation) => asksAlone(operation, principal))
      .map((operation) => caseOf({ profile, operation, principal, expect: unauthenticated, rules: rulesOf(operation), twin })),
  )

export interface ListUsers {
  readonly admins: readonly string[]
  readonly readers: readonly string[]
  readonly others: readonly string[]
}

/** The rule about a caller without permission: what a server tells of itself alone is a smaller matter than the data in it. */
export const withoutPermission = (operation: OperationName, otherwise: RuleId): RuleIds => [
  operation === 'get-meta' || operation === 'tokenize' ? 'WVT-META-01' : otherwise,
]

/** Every operation by administrators, by read-only users, and by users without permission. */
export const adminListCases = ({ profile, twin = 'admin', over = operationNames }: Sweep, { admins, readers, others }: ListUsers): readonly Case[] =>
  over
    .filter((operation) => !toldToAll(operation))
    .flatMap((operation) => {
      const row = { profile, operation, twin }
      if (aboutOneself(operation))
        return [...admins, ...readers, ...others].map((principal) => caseOf({ ...row, principal, expect: allowed, rules: ['WVT-KEY-01'] }))
      const reads = isRead(operation)
      return [
        ...admins.map((principal) => caseOf({ ...row, principal, expect: allowed, rules: ['WVT-LIST-ADMIN-01'] })),
        ...readers.map((principal) =>
          caseOf({ ...row, principal, expect: reads ? allowed : withheld, rules: [reads ? 'WVT-LIST-READ-01' : 'WVT-LIST-READ-02'] }),
        ),
        ...others.map((principal) =>
          caseOf({ ...row, principal, expect: withheld, rules: withoutPermission(operation, reads ? 'WVT-LIST-NONE-01' : 'WVT-LIST-NONE-02') }),
        ),
      ]
    })
