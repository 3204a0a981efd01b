import { allowed, claim, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { Operation } from './operation.ts'
import { operations, type OperationName } from './operations.ts'
import type { RuleId } from './rules.ts'

export type RuleIds = readonly [RuleId, ...RuleId[]]

/** The documents say that there is no permission, not how that is told: a list may also come without what is not to be seen. */
export const withheld = { kind: 'refused', by: 'forbidden', codes: ['403', '200 filtered', 'grpc 7'] } as const satisfies Expectation

export interface Row {
  readonly profile: string
  readonly operation: OperationName
  readonly principal: string
  readonly expect: Expectation
  readonly rules: RuleIds
  /** Who may, for the twin of a refusal. */
  readonly twin?: string
}

/** One case of the operation, on the surface that it has. */
export function caseOf({ profile, operation, principal, expect, rules, twin = 'admin' }: Row): Case {
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
    ...(expect.kind === 'refused' ? { twin: { principal: twin } } : {}),
    ...(versions === undefined ? {} : { versions }),
    ...(exclusive === undefined ? {} : { exclusive }),
  }
}

export const operationNamed = (name: OperationName): Operation => operations[name]
export const operationNames = Object.keys(operations) as OperationName[]

/** The rule of each surface, for a table that goes over all of them. */
export const bySurface = (operation: OperationName, { web, grpc, graphql = web }: { readonly web: RuleId; readonly grpc: RuleId; readonly graphql?: RuleId }): RuleIds => {
  const { surface } = operationNamed(operation)
  return [surface === 'grpc' ? grpc : surface === 'graphql' ? graphql : web]
}

/** Every operation by callers whom the server does not know. */
export const unknownCallers = (profile: string, callers: Readonly<Record<string, (operation: OperationName) => RuleIds>>, over = operationNames): readonly Case[] =>
  Object.entries(callers).flatMap(([principal, rulesOf]) => over.map((operation) => caseOf({ profile, operation, principal, expect: unauthenticated, rules: rulesOf(operation) })))

/** Every operation by an administrator, by a read-only user, and by a user without permission. */
export const adminListCases = (profile: string, who: { readonly admin: string; readonly reader: string; readonly none: string }, over = operationNames): readonly Case[] =>
  over.flatMap((operation) => {
    const reads = operationNamed(operation).nature === 'read'
    return [
      caseOf({ profile, operation, principal: who.admin, expect: allowed, rules: ['WVT-LIST-ADMIN-01'] }),
      caseOf({ profile, operation, principal: who.reader, expect: reads ? allowed : withheld, rules: [reads ? 'WVT-LIST-READ-01' : 'WVT-LIST-READ-02'] }),
      caseOf({ profile, operation, principal: who.none, expect: withheld, rules: [reads ? 'WVT-LIST-NONE-01' : 'WVT-LIST-NONE-02'] }),
    ]
  })
