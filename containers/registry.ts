import type { ProductName } from '../src/rule.ts'
import { keycloakServer } from './keycloak/server.ts'
import { milvusServer } from './milvus/server.ts'
import { qdrantServer } from './qdrant/server.ts'
import type { ServerDefinition } from './server.ts'
import { weaviateServer } from './weaviate/server.ts'

/** How each product is run. */
export const servers = {
  qdrant: qdrantServer,
  milvus: milvusServer,
  weaviate: weaviateServer,
  keycloak: keycloakServer,
} as const satisfies Record<ProductName, ServerDefinition>
