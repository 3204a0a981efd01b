import { allowed, claim, type Case } from '../../src/case.ts'
import type { OperationName } from './operations.ts'

/** Calls whose effect can be seen without asking who is let in: on these profiles that is everybody, or should not be. */
const asked = [
  'connect',
  'list-users',
  'describe-user',
  'show-collections',
  'describe-collection',
  'query',
  'create-collection',
  'drop-collection',
  'insert',
  'create-role',
  'drop-role',
] as const satisfies readonly OperationName[]

/** Authorization is off until somebody turns it on. */
export const openCases: readonly Case[] = asked.flatMap((operation) =>
  (['anonymous', 'wrong-password', 'not-base64'] as const).map((principal) => ({
    id: `${claim('milvus', 'grpc', principal, allowed, operation)}.where-open`,
    profile: 'open',
    rules: ['MLV-AUTH-OFF-01'] as const,
    operation,
    principal,
    surface: 'grpc' as const,
    input: {},
    expect: allowed,
  })),
)
