import type { Suite } from '../../src/product.ts'
import { rootCases, strangerCases } from './access.cases.ts'
import { milvusDeviations } from './deviations.ts'
import { MilvusDriver } from './driver.ts'
import { milvusRules } from './rules.ts'
import { milvusStatements } from './statements.ts'

/** What Milvus's documents promise of its users, passwords and connections. */
export const milvusSuite: Suite = {
  product: 'milvus',
  rules: milvusRules,
  statements: milvusStatements,
  tables: {
    'root may': rootCases,
    'strangers may not': strangerCases,
  },
  deviations: milvusDeviations,
  connect: async (instance, { vault }) => new MilvusDriver(instance, vault),
}
