import type { Needs } from '../src/plan.ts'
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

/** Which profiles of other products each profile needs, for the plan. */
export const needsOf = (definitions: Readonly<Record<ProductName, ServerDefinition>>): Needs =>
  Object.fromEntries(
    Object.values(definitions).map(({ product, profiles }) => [
      product,
      Object.fromEntries(Object.entries(profiles).map(([name, { needs }]) => [name, needs ?? {}])),
    ]),
  )
