import { ownRules } from '../src/own-rules.ts'
import type { Needs } from '../src/plan.ts'
import type { ProductName } from '../src/rule.ts'
import { keycloakServer } from './keycloak/server.ts'
import { milvusServer } from './milvus/server.ts'
import { withOwnProfiles } from './own-profiles.ts'
import { qdrantServer } from './qdrant/server.ts'
import type { ServerDefinition } from './server.ts'
import { weaviateServer } from './weaviate/server.ts'

const own = await ownRules()

/** How each product is run. */
export const servers = {
  qdrant: withOwnProfiles(qdrantServer, own),
  milvus: withOwnProfiles(milvusServer, own),
  weaviate: withOwnProfiles(weaviateServer, own),
  keycloak: withOwnProfiles(keycloakServer, own),
} as const satisfies Record<ProductName, ServerDefinition>

/** Which profiles of other products each profile needs, for the plan. */
export const needsOf = (definitions: Readonly<Record<ProductName, ServerDefinition>>): Needs =>
  Object.fromEntries(
    Object.values(definitions).map(({ product, profiles }) => [
      product,
      Object.fromEntries(Object.entries(profiles).map(([name, { needs }]) => [name, needs ?? {}])),
    ]),
  )
