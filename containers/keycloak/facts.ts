import { z } from 'zod'
import type { Endpoint } from '../../src/instance.ts'
import { otherRealmName, realmName } from './realm.ts'

const schema = z.object({
  /** `https://localhost:8443`: what every issuer of this server begins with. */
  origin: z.url(),
  realm: z.string(),
  issuer: z.url(),
  otherRealm: z.string(),
  otherIssuer: z.url(),
  /** Health has a port of its own: from 25. */
  managementPort: z.boolean(),
})

export type RealmFacts = z.infer<typeof schema>

/** What differs from one instance of profile `realm` to the next; all else is in `realm.ts` and `profiles.ts`. */
export function factsAt(origin: string, managementPort: boolean): RealmFacts {
  return {
    origin,
    realm: realmName,
    issuer: `${origin}/realms/${realmName}`,
    otherRealm: otherRealmName,
    otherIssuer: `${origin}/realms/${otherRealmName}`,
    managementPort,
  }
}

/** The facts of a running Keycloak; of one that says none, what they are by the place where it is. */
export function realmFacts({ facts, host, ports }: Pick<Endpoint, 'facts' | 'host' | 'ports'>): RealmFacts {
  return schema.parse({ ...factsAt(`https://${host}:${ports['https'] ?? 0}`, true), ...facts })
}
