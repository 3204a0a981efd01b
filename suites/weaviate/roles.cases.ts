import { builtInRoles, oddNames, type OddName, type builtInRoleOperations } from './built-in-roles.ts'
import { allowed, claim, forbidden, invalid, type Case, type Expectation } from '../../src/case.ts'
import type { JsonObject } from '../../src/json.ts'
import { actionsFor, isPermitted, limitsOf, needs, type Permitted } from './permissions.ts'
import type { Arrival, Fate, RoleHolder } from './role-holders.ts'
import type { RuleId } from './rules.ts'
import { caseOf, withheld } from './tables.ts'

const PROFILE = 'rbac'
const permitted: readonly Permitted[] = Object.keys(needs).filter(isPermitted)

interface Row {
  readonly operation: Permitted
  readonly principal: RoleHolder
  readonly expect: Expectation
  readonly rule: RuleId
  /** What is special about the role; its values name the case. */
  readonly input?: JsonObject
}

/** Asks older servers for more than the named permissions (see `deviations.ts`): who may for certain is the administrator. */
const moreAsked: readonly Permitted[] = ['list-groups-of-role']

/** The twin of a refusal has exactly the permissions that the operation needs. */
function roleCase({ operation, principal, expect, rule, input = {} }: Row): Case {
  const row = caseOf({ profile: PROFILE, operation, principal, expect, rules: [rule] })
  const name = row.operation.replace(new RegExp(`^${row.surface}-`), '')
  const special = Object.values(input).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('_', '-'))
  return {
    ...row,
    id: claim('weaviate', row.surface, [principal, ...special].join('-'), expect, name, `in-${PROFILE}`),
    input,
    ...(expect.kind === 'refused' ? { twin: { principal: moreAsked.includes(operation) ? 'admin' : 'exact-role', input: {} } } : {}),
  }
}

/** One case for the exact permission, one without each that is needed, and for each limit one beside it and one by a pattern. */
const rowsOf = (operation: Permitted): readonly Row[] => [
  { operation, principal: 'exact-role', expect: allowed, rule: 'WVT-RBAC-EXACT-01' },
  ...actionsFor(operation).map((lacking): Row => ({
    operation,
    principal: 'all-but-one-role',
    expect: withheld,
    rule: 'WVT-RBAC-LACKING-01',
    input: { lacking },
  })),
  ...limitsOf(operation).map((limit): Row => ({ operation, principal: 'elsewhere-role', expect: withheld, rule: 'WVT-RBAC-LIMIT-01', input: { limit } })),
  ...limitsOf(operation).map((limit): Row => ({ operation, principal: 'pattern-role', expect: allowed, rule: 'WVT-RBAC-PATTERN-01', input: { limit } })),
]

export const roleCases: readonly Case[] = permitted.flatMap(rowsOf).map(roleCase)

const reads = ['get-object', 'list-objects', 'get-collection', 'dump-schema', 'get-role', 'graphql-get', 'grpc-search', 'grpc-tenants-get'] as const
const fates: readonly Fate[] = ['revoked', 'deleted', 'deleted-and-made-anew', 'without-its-permissions']
const arrivals: readonly Arrival[] = ['assigned', 'assigned-first']

/** Asked once before the change, and then at once after it. */
export const rolesInForceCases: readonly Case[] = reads.flatMap((operation) => [
  ...fates.map((fate) => roleCase({ operation, principal: 'former-role', expect: withheld, rule: 'WVT-RBAC-NOW-01', input: { fate } })),
  ...arrivals.map((fate) => roleCase({ operation, principal: 'late-role', expect: allowed, rule: 'WVT-RBAC-NOW-02', input: { fate } })),
])

/** Asked by the administrator, who may do the same to any other role. */
const nobodyMay = (
  operation: keyof typeof builtInRoleOperations,
  rule: RuleId,
  as: 'add-permissions' | 'delete-role' | 'create-role' | 'assign-role' | 'create-db-user',
): Case => ({
  ...caseOf({ profile: PROFILE, operation, principal: 'admin', expect: invalid, rules: [rule] }),
  twin: { input: { as } },
})

export const builtInRoleCases: readonly Case[] = [
  ...builtInRoles.flatMap((name) => [
    nobodyMay(`add-permissions-to-${name}`, 'WVT-RBAC-BUILTIN-01', 'add-permissions'),
    nobodyMay(`remove-permissions-from-${name}`, 'WVT-RBAC-BUILTIN-01', 'add-permissions'),
    nobodyMay(`delete-role-${name}`, 'WVT-RBAC-BUILTIN-01', 'delete-role'),
    nobodyMay(`create-role-${name}-anew`, 'WVT-RBAC-BUILTIN-01', 'create-role'),
  ]),
  ...(['assign-role-root', 'assign-role-read-only'] as const).map((operation) => ({
    ...nobodyMay(operation, 'WVT-RBAC-BUILTIN-02', 'assign-role'),
    expect: forbidden,
  })),
]

const odd = Object.keys(oddNames) as readonly OddName[]
export const oddNameCases: readonly Case[] = odd.flatMap((name) => [
  nobodyMay(`create-role-with-${name}-in-its-name`, 'WVT-RBAC-NAME-01', 'create-role'),
  nobodyMay(`create-db-user-with-${name}-in-its-name`, 'WVT-RBAC-NAME-01', 'create-db-user'),
])
