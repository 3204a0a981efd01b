import { allowed, claim, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { OperationName } from './operations.ts'
import { rotations, type rotationTokens } from './rotating-trust.ts'
import type { RuleId } from './rules.ts'
import { caseOf } from './tables.ts'

/** Where the case stands, for its Keycloak; what is asked is a server of its own. */
const PROFILE = 'oidc-adminlist-groups'
const readers: readonly OperationName[] = ['get-object', 'graphql-get', 'grpc-search']

interface Row {
  readonly keys: (typeof rotations)[number]
  readonly principal: (typeof rotationTokens)[number]
  readonly expect: Expectation
  readonly rule: RuleId
}

const promised: readonly Row[] = [
  { keys: 'added', principal: 'rotation-before', expect: allowed, rule: 'WVT-OIDC-KEYS-04' },
  { keys: 'added', principal: 'rotation-after', expect: allowed, rule: 'WVT-OIDC-KEYS-02' },
  { keys: 'added', principal: 'rotation-never', expect: unauthenticated, rule: 'WVT-OIDC-SIGNATURE-01' },
  { keys: 'removed', principal: 'rotation-before', expect: allowed, rule: 'WVT-OIDC-KEYS-04' },
  { keys: 'removed', principal: 'rotation-after', expect: unauthenticated, rule: 'WVT-OIDC-KEYS-03' },
]

const rotationCase = (operation: OperationName, { keys, principal, expect, rule }: Row): Case => {
  const row = caseOf({ profile: PROFILE, operation, principal, expect, rules: [rule] })
  const name = operation.replace(new RegExp(`^${row.surface}-`), '')
  const input = { server: 'rotating-realm', keys }
  return {
    ...row,
    id: claim('weaviate', row.surface, principal, expect, name, `once-a-key-is-${keys}`),
    // It starts a process of its own from the artefact in the cache.
    runtimes: ['native'],
    input,
    // The keys are those of the realm: one rotation at a time.
    exclusive: true,
    ...(expect.kind === 'refused' ? { twin: { principal: 'rotation-before', input } } : {}),
  }
}

/** A Keycloak changes the keys of its realm, and a Weaviate trusts that realm. */
export const rotationCases: readonly Case[] = readers.flatMap((operation) => promised.map((row) => rotationCase(operation, row)))
