import { claim, unauthenticated, type Case } from '../../src/case.ts'
import type { OperationName } from './operations.ts'
import type { PrincipalName, RestPrincipalName } from './principals.ts'
import { overHttp } from './rest.cases.ts'

const PROFILE = 'authorization'

const forgers = ['forged-member', 'forged-member-with-wrong-password', 'forged-member-as-unknown-user'] as const satisfies readonly PrincipalName[]
const restForgers = ['forged-member', 'forged-member-with-wrong-password'] as const satisfies readonly RestPrincipalName[]

/** What would hurt most, and what shows most. */
const asked = [
  'connect',
  'list-users',
  'describe-user',
  'create-user',
  'update-password',
  'drop-user',
  'show-collections',
  'query',
  'insert',
  'delete',
  'create-collection',
  'drop-collection',
  'create-role',
  'give-role',
  'grant-privilege',
] as const satisfies readonly OperationName[]

/** CVE-2025-64513: the header of the server's own parts, sent by a stranger. Safe: each case touches only what it made. */
export const forgedMemberCases: readonly Case[] = [
  ...asked.flatMap((operation) =>
    forgers.map((principal) => ({
      id: claim('milvus', 'grpc', principal, unauthenticated, operation),
      profile: PROFILE,
      rules: ['MLV-CVE-2025-64513-01'] as const,
      operation,
      principal,
      surface: 'grpc' as const,
      input: {},
      expect: unauthenticated,
      twin: { principal: 'root' },
    })),
  ),
  ...overHttp
    .filter((operation) => operation !== 'upsert')
    .flatMap((operation) =>
      restForgers.map((principal) => ({
        id: claim('milvus', 'rest', principal, unauthenticated, operation),
        profile: PROFILE,
        rules: ['MLV-CVE-2025-64513-01'] as const,
        operation,
        principal,
        surface: 'rest' as const,
        input: {},
        expect: unauthenticated,
        twin: { principal: 'root' },
        versions: '>=2.2.12',
      })),
    ),
]

const sideDoor = ['list-users', 'show-collections', 'create-user', 'update-password', 'drop-user'] as const satisfies readonly OperationName[]
const atTheSideDoor = ['anonymous', 'basic-wrong-password', 'bearer-unknown-user'] as const satisfies readonly RestPrincipalName[]

/** CVE-2026-26190: what the port for metrics and health does for everybody who reaches it. */
export const sideDoorCases: readonly Case[] = [
  ...sideDoor.flatMap((operation) => atTheSideDoor.map((principal) => atPort(operation, principal))),
  ...atTheSideDoor.map((principal) => ({ ...atPort('run-expression', principal), versions: '>=2.3.0' })),
]

function atPort(operation: OperationName, principal: RestPrincipalName): Case {
  return {
    id: claim('milvus', 'port', principal, unauthenticated, operation),
    profile: PROFILE,
    rules: ['MLV-CVE-2026-26190-01'],
    operation,
    principal,
    surface: 'port',
    input: {},
    expect: unauthenticated,
    twin: { principal: 'root' },
  }
}

/** What a part of the server answers at a port that is meant for its other parts. */
export const insideCases: readonly Case[] = (['anonymous', 'wrong-password', 'unknown-user'] as const).map((principal) => ({
  id: claim('milvus', 'port', principal, unauthenticated, 'list-users-inside'),
  profile: PROFILE,
  rules: ['MLV-PORT-INSIDE-01'],
  operation: 'list-users-inside',
  principal,
  surface: 'port',
  input: {},
  expect: unauthenticated,
  twin: { principal: 'root' },
}))
