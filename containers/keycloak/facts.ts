import { z } from 'zod'
import type { Endpoint } from '../../src/instance.ts'

const schema = z.object({
  origin: z.url(),
  realm: z.string(),
  issuer: z.url(),
  otherRealm: z.string(),
  otherIssuer: z.url(),
  audience: z.string(),
  clients: z.object({ people: z.string(), machine: z.string(), otherApp: z.string(), shortLived: z.string() }),
  redirectUris: z.array(z.string()),
  accessTokenSeconds: z.number(),
  shortLivedSeconds: z.number(),
  loginFailuresUntilLocked: z.number(),
  adminName: z.string(),
  users: z.record(z.string(), z.object({ group: z.string().nullable(), email: z.string(), credential: z.string() })),
  managementPort: z.boolean(),
})

export type RealmFacts = z.infer<typeof schema>

/** What a running Keycloak of profile `realm` says of itself in `Endpoint.facts`. */
export const realmFacts = (endpoint: Pick<Endpoint, 'facts'>): RealmFacts => schema.parse(endpoint.facts)
