import { allowed, type Case } from '../../src/case.ts'
import type { OperationName } from './operations.ts'
import { aboutOneself, adminListCases, byIdAlone, bySurface, caseOf, graphqlBatch, sideBySide, unknownCallers, type ListUsers, type RuleIds } from './tables.ts'

const withTenants = { profile: 'api-key-adminlist' }
const withoutTenants = { profile: 'api-key-adminlist-without-tenants', over: byIdAlone }
const noLists = { profile: 'undifferentiated', over: graphqlBatch }

const withoutCredential = (operation: OperationName): RuleIds =>
  bySurface(operation, { web: 'WVT-ANON-OFF-01', graphql: 'WVT-ANON-OFF-02', grpc: 'WVT-ANON-OFF-03' })
const withWrongKey = (operation: OperationName): RuleIds => bySurface(operation, { web: 'WVT-KEY-REFUSED-01', grpc: 'WVT-KEY-REFUSED-02' })

export const nobody = { anonymous: withoutCredential, 'empty-bearer': withoutCredential }
export const wrongKeys = { 'wrong-key': withWrongKey, 'almost-right-key': withWrongKey }

export const anonymousCases: readonly Case[] = [withTenants, withoutTenants, noLists].flatMap((sweep) => unknownCallers(sweep, nobody))

export const wrongKeyCases: readonly Case[] = [withTenants, withoutTenants, noLists].flatMap((sweep) => unknownCallers(sweep, wrongKeys))

const users: ListUsers = { admins: ['admin'], readers: ['reader'], others: ['unlisted'] }

export const apiKeyListCases: readonly Case[] = [
  ...[withTenants, withoutTenants].flatMap((sweep) => adminListCases(sweep, users)),
  // Without `unlisted`: a refusal needs somebody who may.
  ...adminListCases({ ...withTenants, over: graphqlBatch }, { ...users, others: [] }),
]

const undifferentiated = (principal: string, over: readonly OperationName[]): readonly Case[] =>
  over.map((operation) => caseOf({ profile: 'undifferentiated', operation, principal, expect: allowed, rules: ['WVT-UNDIFF-01'] }))

/** Without a scheme of authorization, everyone who is known may do everything, whatever the user is called. */
export const undifferentiatedCases: readonly Case[] = [
  ...['admin', 'reader', 'unlisted'].flatMap((principal) => undifferentiated(principal, graphqlBatch)),
  ...undifferentiated(
    'unlisted',
    sideBySide.filter((operation) => !aboutOneself(operation)),
  ),
]
