import type { Case } from '../../src/case.ts'
import type { Principal } from './principals.ts'
import { adminListCases, bySurface, unknownCallers, type RuleIds } from './tables.ts'
import type { OperationName } from './operations.ts'

const PROFILE = 'api-key-adminlist'

const withoutCredential = (operation: OperationName): RuleIds => bySurface(operation, { web: 'WVT-ANON-OFF-01', graphql: 'WVT-ANON-OFF-02', grpc: 'WVT-ANON-OFF-03' })
const withWrongKey = (operation: OperationName): RuleIds => bySurface(operation, { web: 'WVT-KEY-REFUSED-01', grpc: 'WVT-KEY-REFUSED-02' })

export const anonymousCases: readonly Case[] = unknownCallers(PROFILE, { anonymous: withoutCredential, 'empty-bearer': withoutCredential } satisfies Partial<Record<Principal, unknown>>)

export const wrongKeyCases: readonly Case[] = unknownCallers(PROFILE, { 'wrong-key': withWrongKey, 'almost-right-key': withWrongKey } satisfies Partial<Record<Principal, unknown>>)

export const apiKeyListCases: readonly Case[] = adminListCases(PROFILE, { admin: 'admin', reader: 'reader', none: 'unlisted' })
