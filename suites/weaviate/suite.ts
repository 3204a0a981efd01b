import type { Suite } from '../../src/product.ts'
import { anonymousCases, apiKeyListCases, undifferentiatedCases, wrongKeyCases } from './access.cases.ts'
import { anonymousListCases, anonymousOffAloneCases, anonymousOnCases } from './anonymous.cases.ts'
import { credentialFormCases, publicPathCases, specificationCases } from './credential-forms.cases.ts'
import { weaviateDeviations } from './deviations.ts'
import { oidcEmailCases, oidcGroupCases, oidcListCases, wrongTokenCases } from './oidc.cases.ts'
import { WeaviateDriver } from './operations.ts'
import { clusterPortCases, handshakeCases } from './port.cases.ts'
import { databaseKeyCases, rbacRoleCases, rbacUnknownCases } from './rbac.cases.ts'
import { roleCases, rolesInForceCases } from './roles.cases.ts'
import { weaviateRules } from './rules.ts'
import { startUpCases } from './start-up.cases.ts'
import { weaviateStatements } from './statements.ts'

export const weaviateSuite: Suite = {
  product: 'weaviate',
  rules: weaviateRules,
  statements: weaviateStatements,
  tables: {
    'callers without a credential': anonymousCases,
    'wrong keys': wrongKeyCases,
    'the admin list, by API key': apiKeyListCases,
    'no authorization scheme': undifferentiatedCases,
    'the admin list, by user of the issuer': oidcListCases,
    'the admin list, by group of the issuer': oidcGroupCases,
    'users by email, whatever the audience': oidcEmailCases,
    'RBAC: keys of database users': databaseKeyCases,
    'RBAC: callers who are not known': rbacUnknownCases,
    'RBAC: built-in roles': rbacRoleCases,
    'RBAC: roles for one operation': roleCases,
    'RBAC: roles in force at once': rolesInForceCases,
    'keys in other forms and places': credentialFormCases,
    'paths open to everybody': publicPathCases,
    'the specification': specificationCases,
    'anonymous access': anonymousOnCases,
    'anonymous access and the admin list': anonymousListCases,
    'anonymous access off, and nothing else': anonymousOffAloneCases,
    TLS: handshakeCases,
    'the port of the cluster': clusterPortCases,
    'start-up': startUpCases,
    'tokens that are not good': wrongTokenCases,
  },
  deviations: weaviateDeviations,
  connect: async (instance, tools) => new WeaviateDriver(instance, tools),
}
