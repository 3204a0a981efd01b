import { claim, type Case, type Expectation } from '../../src/case.ts'
import type { JsonObject } from '../../src/json.ts'
import type { Surface } from '../../src/outcome.ts'
import type { OperationName } from './operations.ts'
import type { RuleId } from './rules.ts'

export interface Row {
  readonly operation: OperationName
  readonly principal: string
  readonly expect: Expectation
  readonly rules: readonly [RuleId, ...RuleId[]]
  readonly input?: JsonObject
  /** What makes the id unique where operation and principal do not. */
  readonly detail?: string
  readonly twin?: NonNullable<Case['twin']>
  readonly surface?: Surface
  readonly effect?: NonNullable<Case['effect']>
  readonly exclusive?: true
}

/** One case of the only profile that Keycloak has. */
export function row({ surface = 'rest', input = {}, detail = '', ...given }: Row): Case {
  return { ...given, id: claim('keycloak', surface, given.principal, given.expect, given.operation, detail), profile: 'realm', surface, input }
}

/** A refusal with the codes that the standard leaves open. */
export const refused = (by: Extract<Expectation, { kind: 'refused' }>['by'], ...codes: readonly string[]): Expectation => ({
  kind: 'refused',
  by,
  ...(codes.length === 0 ? {} : { codes }),
})
