import type { Case } from '../../src/case.ts'
import type { RuleId } from './rules.ts'
import { adminListCases, sideBySide, unknownCallers, type ListUsers } from './tables.ts'
import type { TokenKind } from './tokens.ts'

const byName = { profile: 'oidc-adminlist', twin: 'kc-admin' }
const byGroup = { profile: 'oidc-adminlist-groups', twin: 'kc-admin', over: sideBySide }

type People = { readonly [Kind in keyof ListUsers]: readonly TokenKind[] }

/** The list names users: `kc-admin`, `kc-reader` and the machine's account. */
const people: People = { admins: ['kc-admin', 'kc-admin-id-token'], readers: ['kc-reader', 'kc-machine'], others: ['kc-nobody'] }
/** The list names groups: those of `kc-admin` and of the machine, that of `kc-reader`. */
const members: People = { admins: ['kc-admin', 'kc-machine'], readers: ['kc-reader'], others: ['kc-nobody'] }

export const oidcListCases: readonly Case[] = adminListCases(byName, people)
export const oidcGroupCases: readonly Case[] = adminListCases(byGroup, members)

/** Tokens that look like one of the administrator's, each by what is wrong with it. */
const wrongTokens = {
  'other-audience-token': 'WVT-OIDC-AUDIENCE-01',
  'other-client-id-token': 'WVT-OIDC-AUDIENCE-01',
  'expired-token': 'WVT-OIDC-EXPIRY-01',
  'other-realm-token': 'WVT-OIDC-ISSUER-01',
  'refresh-token': 'WVT-OIDC-SIGNATURE-01',
  'unsigned-token': 'WVT-OIDC-SIGNATURE-01',
  'hmac-token': 'WVT-OIDC-SIGNATURE-01',
  'self-signed-token': 'WVT-OIDC-SIGNATURE-01',
  'unknown-kid-token': 'WVT-OIDC-SIGNATURE-01',
  'other-payload-token': 'WVT-OIDC-SIGNATURE-01',
  'short-signature-token': 'WVT-OIDC-SIGNATURE-01',
  'no-signature-token': 'WVT-OIDC-SIGNATURE-01',
} as const satisfies Partial<Record<TokenKind, RuleId>>

export const wrongTokenCases: readonly Case[] = unknownCallers({ ...byName, over: sideBySide }, Object.fromEntries(Object.entries(wrongTokens).map(([kind, rule]) => [kind, () => [rule] as const])))
