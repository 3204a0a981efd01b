import { allowed, type Case } from '../../src/case.ts'
import { nobody, wrongKeys } from './access.cases.ts'
import { aboutOneself, caseOf, isRead, operationNames, rbacAlone, toldToAll, unknownCallers, withheld } from './tables.ts'

const rbac = { profile: 'rbac', over: [...operationNames, ...rbacAlone] }

/** Every operation under RBAC by callers whom the server does not know. */
export const rbacUnknownCases: readonly Case[] = unknownCallers(rbac, { anonymous: nobody.anonymous, 'wrong-key': wrongKeys['wrong-key'] })

/** Every operation by a root user, by one with the role viewer, and by one without a role. */
export const rbacRoleCases: readonly Case[] = rbac.over
  .filter((operation) => !toldToAll(operation))
  .flatMap((operation) => {
    const row = { profile: rbac.profile, operation }
    if (aboutOneself(operation)) return ['admin', 'reader', 'unlisted'].map((principal) => caseOf({ ...row, principal, expect: allowed, rules: ['WVT-KEY-01'] }))
    const reads = isRead(operation)
    return [
      caseOf({ ...row, principal: 'admin', expect: allowed, rules: ['WVT-RBAC-ROOT-01'] }),
      caseOf({ ...row, principal: 'reader', expect: reads ? allowed : withheld, rules: [reads ? 'WVT-RBAC-VIEWER-01' : 'WVT-RBAC-VIEWER-02'] }),
      caseOf({ ...row, principal: 'unlisted', expect: withheld, rules: [reads ? 'WVT-RBAC-NONE-01' : 'WVT-RBAC-NONE-02'] }),
    ]
  })
