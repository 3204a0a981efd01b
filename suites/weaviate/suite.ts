import type { Suite } from '../../src/product.ts'
import { anonymousCases, apiKeyListCases, undifferentiatedCases, wrongKeyCases } from './access.cases.ts'
import { anonymousListCases, anonymousOffAloneCases, anonymousOnCases } from './anonymous.cases.ts'
import { credentialFormCases, publicPathCases, specificationCases } from './credential-forms.cases.ts'
import { weaviateDeviations } from './deviations.ts'
import { inventory } from './inventory.ts'
import {
  hybridCases,
  keysBesideTokensCases,
  lifetimeCases,
  oidcEmailCases,
  oidcGroupCases,
  oidcListCases,
  oidcRoleCases,
  scopeCases,
  wrongTokenCases,
} from './oidc.cases.ts'
import { clusterPortCases, handshakeCases, mutualCases } from './port.cases.ts'
import { databaseKeyCases, rbacRoleCases, rbacUnknownCases } from './rbac.cases.ts'
import { groupClaimCases, jwksCases, rogueTokenCases } from './rogue.cases.ts'
import { rotationCases } from './rotation.cases.ts'
import { builtInRoleCases, oddNameCases, roleCases, rolesInForceCases } from './roles.cases.ts'
import { weaviateRules } from './rules.ts'
import { startUpCases } from './start-up.cases.ts'
import { weaviateStatements } from './statements.ts'
import { SuiteDriver } from './suite-driver.ts'

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
    'keys beside tokens': keysBesideTokensCases,
    'scopes for clients': scopeCases,
    'tokens of the hybrid flow': hybridCases,
    'tokens and what becomes of their holders': lifetimeCases,
    'RBAC: roles of users and groups of the issuer': oidcRoleCases,
    'RBAC: keys of database users': databaseKeyCases,
    'RBAC: callers who are not known': rbacUnknownCases,
    'RBAC: built-in roles': rbacRoleCases,
    'RBAC: roles for one operation': roleCases,
    'RBAC: roles in force at once': rolesInForceCases,
    'RBAC: built-in roles stay as they are': builtInRoleCases,
    'RBAC: names that are none': oddNameCases,
    'keys in other forms and places': credentialFormCases,
    'paths open to everybody': publicPathCases,
    'the specification': specificationCases,
    'anonymous access': anonymousOnCases,
    'anonymous access and the admin list': anonymousListCases,
    'anonymous access off, and nothing else': anonymousOffAloneCases,
    TLS: handshakeCases,
    'client certificates': mutualCases,
    'the port of the cluster': clusterPortCases,
    'start-up': startUpCases,
    'tokens that are not good': wrongTokenCases,
    'tokens of an issuer of ours': rogueTokenCases,
    'groups of an issuer of ours': groupClaimCases,
    'keys of an issuer of ours': jwksCases,
    'keys that Keycloak changes': rotationCases,
  },
  deviations: weaviateDeviations,
  inventory,
  connect: async (instance, tools) => new SuiteDriver(instance, tools),
}
