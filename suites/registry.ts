import type { Suite } from '../src/product.ts'
import type { ProductName } from '../src/rule.ts'
import { keycloakSuite } from './keycloak/suite.ts'
import { milvusSuite } from './milvus/suite.ts'
import { qdrantSuite } from './qdrant/suite.ts'
import { weaviateSuite } from './weaviate/suite.ts'

/** What is promised of each product, and how it is probed. */
export const suites = {
  qdrant: qdrantSuite,
  milvus: milvusSuite,
  weaviate: weaviateSuite,
  keycloak: keycloakSuite,
} as const satisfies Record<ProductName, Suite>
