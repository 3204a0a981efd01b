import { allowed, unauthenticated, type Case } from '../../src/case.ts'
import { nobody, wrongKeys } from './access.cases.ts'
import { aboutOneself, caseOf, isRead, operationNames, rbacAlone, toldToAll, unknownCallers, withheld, withoutPermission } from './tables.ts'

const rbac = { profile: 'rbac', over: [...operationNames, ...rbacAlone] }

/** Every operation under RBAC by callers whom the server does not know. */
export const rbacUnknownCases: readonly Case[] = unknownCallers(rbac, { anonymous: nobody.anonymous, 'wrong-key': wrongKeys['wrong-key'] })

/** Every operation by a root user, by one with the role viewer, and by one without a role. */
export const rbacRoleCases: readonly Case[] = rbac.over
  .filter((operation) => !toldToAll(operation))
  .flatMap((operation) => {
    const row = { profile: rbac.profile, operation }
    if (aboutOneself(operation))
      return ['admin', 'manager', 'reader', 'unlisted'].map((principal) => caseOf({ ...row, principal, expect: allowed, rules: ['WVT-KEY-01'] }))
    const reads = isRead(operation)
    return [
      caseOf({ ...row, principal: 'admin', expect: allowed, rules: ['WVT-RBAC-ROOT-01'] }),
      caseOf({ ...row, principal: 'manager', expect: allowed, rules: ['WVT-RBAC-ADMIN-01'] }),
      caseOf({ ...row, principal: 'reader', expect: reads ? allowed : withheld, rules: [reads ? 'WVT-RBAC-VIEWER-01' : 'WVT-RBAC-VIEWER-02'] }),
      caseOf({ ...row, principal: 'unlisted', expect: withheld, rules: withoutPermission(operation, reads ? 'WVT-RBAC-NONE-01' : 'WVT-RBAC-NONE-02') }),
    ]
  })

const worthless = ['get-own-info-once-rotated', 'get-own-info-once-deactivated', 'get-own-info-once-deleted', 'get-own-info-once-made-anew'] as const
const worthy = ['get-own-info-once-made', 'get-own-info-once-activated-again'] as const
const holder = { profile: rbac.profile, principal: 'key-holder' } as const

/** A database user's key, from its making to its end. */
export const databaseKeyCases: readonly Case[] = [
  ...worthy.map((operation) => caseOf({ ...holder, operation, expect: allowed, rules: ['WVT-DBUSER-01'] })),
  ...worthless.map((operation) => ({
    ...caseOf({ ...holder, operation, expect: unauthenticated, rules: [operation === 'get-own-info-once-rotated' ? 'WVT-DBUSER-02' : 'WVT-DBUSER-03'] }),
    twin: { input: { as: 'get-own-info-once-made' } },
  })),
]
