import { allowed, claim, type Case } from '../../src/case.ts'
import { pymilvusCalls, type PymilvusCall } from './pymilvus.ts'
import type { MilvusRule } from './rules.ts'

const PROFILE = 'super-users-root'

const rootMay = {
  'pymilvus-2.1-create-user': 'MLV-USER-CREATE-01',
  'pymilvus-2.1-update-password': 'MLV-PASSWORD-UPDATE-01',
  'pymilvus-2.1-drop-user': 'MLV-USER-DROP-01',
  'pymilvus-2.1-list-users': 'MLV-USER-LIST-01',
  'pymilvus-2.4-connect': 'MLV-ROOT-DEFAULT-01',
  'pymilvus-2.4-create-user': 'MLV-USER-CREATE-01',
  'pymilvus-2.4-describe-user': 'MLV-USER-DESCRIBE-01',
  'pymilvus-2.4-update-password': 'MLV-PASSWORD-UPDATE-01',
  'pymilvus-2.4-list-users': 'MLV-USER-LIST-01',
  'pymilvus-2.4-drop-user': 'MLV-USER-DROP-01',
} as const satisfies Readonly<Record<PymilvusCall, MilvusRule>>

/** What users do to their own account under these names. */
const selfMay = {
  'pymilvus-2.1-update-password': 'MLV-PASSWORD-UPDATE-01',
  'pymilvus-2.4-connect': 'MLV-USER-CONNECT-01',
  'pymilvus-2.4-update-password': 'MLV-PASSWORD-UPDATE-01',
} as const satisfies Partial<Record<PymilvusCall, MilvusRule>>

/** Both pages' calls by the names that they have there, through the library that has them, over TLS. */
export const pymilvusCases: readonly Case[] = [...rowsOf('root', rootMay), ...rowsOf('self', selfMay)]

function rowsOf(principal: 'root' | 'self', may: Partial<Record<PymilvusCall, MilvusRule>>): readonly Case[] {
  const calls: Readonly<Record<string, { readonly method: string }>> = { ...pymilvusCalls['2.1.0'], ...pymilvusCalls['2.4.9'] }
  return (Object.entries(may) as [PymilvusCall, MilvusRule][]).map(([operation, rule]) => ({
    id: claim('milvus', 'grpc', principal, allowed, operation.replaceAll('.', '-'), `by-${(calls[operation]?.method ?? '').replaceAll('_', '-')}`),
    profile: PROFILE,
    rules: [rule] as const,
    operation,
    principal,
    surface: 'grpc' as const,
    input: { given: 'username-and-password' },
    expect: allowed,
    // It is fetched with the program of the server.
    runtimes: ['native'] as const,
  }))
}
