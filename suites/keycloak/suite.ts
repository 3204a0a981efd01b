import type { Suite } from '../../src/product.ts'
import { adminCases } from './administration.cases.ts'
import { browserCases, codeCases, hybridCases } from './authorization.cases.ts'
import { keycloakDeviations } from './deviations.ts'
import { inventory } from './inventory.ts'
import { discoveryCases } from './discovery.cases.ts'
import { KeycloakDriver } from './operations.ts'
import { machineCases, passwordCases, tokenCases } from './password.cases.ts'
import { introspectionCases, logoutCases, redeemCases, refreshCases, rotationCases, userInfoCases } from './session.cases.ts'
import { tlsCases } from './tls.cases.ts'
import { keycloakRules } from './rules.ts'
import { keycloakStatements } from './statements.ts'

export const keycloakSuite: Suite = {
  product: 'keycloak',
  rules: keycloakRules,
  statements: keycloakStatements,
  tables: {
    'discovery and keys': discoveryCases,
    'the password flow': passwordCases,
    'what a token holds': tokenCases,
    'client credentials': machineCases,
    'the code flow': codeCases,
    'the hybrid flow': hybridCases,
    'logins in Chromium': browserCases,
    'codes and their tokens': redeemCases,
    'refresh tokens': refreshCases,
    'claims at UserInfo': userInfoCases,
    'keys that are rotated': rotationCases,
    introspection: introspectionCases,
    logout: logoutCases,
    'the admin API': adminCases,
    TLS: tlsCases,
  },
  deviations: keycloakDeviations,
  inventory,
  connect: async (instance, tools) => new KeycloakDriver(instance, tools),
}
