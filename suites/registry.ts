import { ownRules } from '../src/own-rules.ts'
import type { Suite } from '../src/product.ts'
import type { ProductName } from '../src/rule.ts'
import { keycloakSuite } from './keycloak/suite.ts'
import { milvusSuite } from './milvus/suite.ts'
import { withOwnRules } from './own-rules.ts'
import { qdrantSuite } from './qdrant/suite.ts'
import { weaviateSuite } from './weaviate/suite.ts'

const own = await ownRules()

/** What is promised of each product, and how it is probed. */
export const suites = {
  qdrant: withOwnRules(qdrantSuite, own),
  milvus: withOwnRules(milvusSuite, own),
  weaviate: withOwnRules(weaviateSuite, own),
  keycloak: withOwnRules(keycloakSuite, own),
} as const satisfies Record<ProductName, Suite>
