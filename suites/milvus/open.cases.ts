import { allowed, claim, unauthenticated, type Case } from '../../src/case.ts'
import type { OperationName } from './operations.ts'
import type { PrincipalName } from './principals.ts'

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

/** With and without TLS, in one direction and in both: whether callers are known is a setting of its own. */
const profiles = ['open', 'plain-open', 'tls-mutual-open'] as const

/** Authorization is off until somebody turns it on. */
export const openCases: readonly Case[] = profiles.flatMap((profile) =>
  asked.flatMap((operation) =>
    (['anonymous', 'wrong-password', 'not-base64'] as const).map((principal) => ({
      id: `${claim('milvus', 'grpc', principal, allowed, operation)}.where-${profile}`,
      profile,
      rules: profile === 'open' ? (['MLV-AUTH-OFF-01'] as const) : (['MLV-AUTH-OFF-01', 'MLV-TLS-APART-01'] as const),
      operation,
      principal,
      surface: 'grpc' as const,
      input: {},
      expect: allowed,
    })),
  ),
)

const knownOnly = [
  'connect',
  'list-users',
  'describe-user',
  'create-user',
  'update-password',
  'drop-user',
  'show-collections',
] as const satisfies readonly OperationName[]
const strangers = ['anonymous', 'empty-token', 'not-base64', 'wrong-password', 'unknown-user'] as const satisfies readonly PrincipalName[]

/** Without TLS, authorization holds as it does with TLS. */
export const plainCases: readonly Case[] = knownOnly.flatMap((operation) => [
  { ...onPlain(operation, 'root'), id: `${claim('milvus', 'grpc', 'root', allowed, operation)}.where-plain`, expect: allowed },
  ...strangers.map((principal) => ({
    ...onPlain(operation, principal),
    id: `${claim('milvus', 'grpc', principal, unauthenticated, operation)}.where-plain`,
    expect: unauthenticated,
    twin: { principal: 'root' },
  })),
])

function onPlain(operation: OperationName, principal: PrincipalName): Omit<Case, 'id' | 'expect'> {
  return { profile: 'plain', rules: ['MLV-TLS-APART-01'], operation, principal, surface: 'grpc', input: {} }
}

const printed = ['connect-where-printed-lines', 'list-users-where-printed-lines'] as const

/** The older page's own lines, as they are printed, in the server's own file. */
export const printedLinesCases: readonly Case[] = printed.flatMap((operation) =>
  (['anonymous', 'wrong-password', 'not-base64'] as const).map((principal) => ({
    id: claim('milvus', 'grpc', principal, unauthenticated, operation),
    profile: 'open',
    rules: ['MLV-AUTH-PRINTED-01'] as const,
    operation,
    principal,
    surface: 'grpc' as const,
    input: {},
    expect: unauthenticated,
    twin: { principal: 'root' },
  })),
)
