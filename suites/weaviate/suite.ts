import type { Suite } from '../../src/product.ts'
import { anonymousCases, apiKeyListCases, wrongKeyCases } from './access.cases.ts'
import { weaviateDeviations } from './deviations.ts'
import { WeaviateDriver } from './operations.ts'
import { weaviateRules } from './rules.ts'
import { weaviateStatements } from './statements.ts'

export const weaviateSuite: Suite = {
  product: 'weaviate',
  rules: weaviateRules,
  statements: weaviateStatements,
  tables: {
    'callers without a credential': anonymousCases,
    'wrong keys': wrongKeyCases,
    'the admin list, by API key': apiKeyListCases,
  },
  deviations: weaviateDeviations,
  connect: async (instance, tools) => new WeaviateDriver(instance, tools),
}
