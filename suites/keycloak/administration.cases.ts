import { casesFromMatrix, allowed, forbidden, unauthenticated, type Case, type Matrix } from '../../src/case.ts'
import type { RuleId } from './rules.ts'

/**
 * A token that the server did not make is no token. One of another realm is: the admin API is that of the whole server,
 * so its holder is known, and may nothing here.
 */
const everyone = {
  administrator: allowed,
  anonymous: unauthenticated,
  'holder-of-garbage': unauthenticated,
  'holder-of-tampered-admin-token': unauthenticated,
  'holder-of-unsigned-admin-token': unauthenticated,
  'holder-of-foreign-admin-token': unauthenticated,
  person: forbidden,
  machine: forbidden,
  'person-of-other-realm': forbidden,
} as const

type Principal = keyof typeof everyone

const matrix = {
  'list-people': everyone,
  'read-person': everyone,
  'read-client-secret': everyone,
  'create-person': everyone,
  'remove-person': everyone,
  'disable-person': everyone,
} as const satisfies Matrix<string, Principal>

function ruleOf(principal: Principal): RuleId {
  if (principal === 'person-of-other-realm') return 'KCL-ADMIN-REALM-01'
  if (principal === 'holder-of-unsigned-admin-token') return 'KCL-ALG-NONE-01'
  return everyone[principal].kind === 'refused' && everyone[principal].by === 'unauthenticated' ? 'KCL-ADMIN-AUTH-01' : 'KCL-ADMIN-ROLE-01'
}

export const adminCases: readonly Case[] = casesFromMatrix({
  product: 'keycloak',
  profile: 'realm',
  matrix,
  surfaces: () => ['rest'],
  rules: (_, principal) => [ruleOf(principal)],
  twin: 'administrator',
})
