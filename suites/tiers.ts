import type { Tier } from '../src/tier.ts'

/** `full` is all that there is, and no tier. */
export const tiers = {
  core: {
    name: 'core',
    says: 'each rule on each surface, once, in configurations that start quickly',
    profiles: {
      qdrant: ['keys-and-jwt', 'tls-mutual', 'no-jwt', 'open'],
      milvus: ['authorization', 'tls-mutual'],
      weaviate: ['rbac', 'api-key-adminlist', 'oidc-adminlist', 'oidc-adminlist-groups', 'oidc-email-any-audience', 'anonymous-read-only', 'tls-mutual'],
      keycloak: ['realm'],
    },
    // Servers and issuers of their own, a token that must grow old.
    without: ['*.process.*', '*-after-restart*', '*.by-rogue-issuer*', '*-once-rotated.*', '*-once-deactivated.*'],
  },
} as const satisfies Record<string, Tier>

export type TierName = keyof typeof tiers | 'full'

export const tierNames: readonly TierName[] = [...(Object.keys(tiers) as (keyof typeof tiers)[]), 'full']
