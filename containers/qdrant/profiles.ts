import type { Profile } from '../server.ts'

/** What a profile sets of `service`, by name of the run's credential where a key is meant. */
export interface Security {
  readonly apiKey: boolean
  readonly readOnlyApiKey: boolean
  readonly jwtRbac: boolean
  readonly verifyClientCertificate: boolean
  /** One node that speaks the consensus protocol with itself: some operations are only there. */
  readonly clustered?: true
}

export interface QdrantProfile extends Profile {
  readonly security: Security
}

const keys = (random: () => string): Readonly<Record<string, string>> => ({ 'api-key': random(), 'read-only-key': random() })

export const profiles = {
  'keys-and-jwt': {
    says: 'TLS, an API key, a read-only key, JWT on',
    credentials: keys,
    security: { apiKey: true, readOnlyApiKey: true, jwtRbac: true, verifyClientCertificate: false },
  },
  cluster: {
    says: 'TLS, an API key, a read-only key, JWT on, cluster mode with one node',
    credentials: keys,
    security: { apiKey: true, readOnlyApiKey: true, jwtRbac: true, verifyClientCertificate: false, clustered: true },
  },
  'no-jwt': {
    says: 'TLS, an API key, a read-only key, JWT off',
    credentials: keys,
    security: { apiKey: true, readOnlyApiKey: true, jwtRbac: false, verifyClientCertificate: false },
  },
  open: {
    says: 'TLS, no keys: as it comes',
    credentials: keys,
    security: { apiKey: false, readOnlyApiKey: false, jwtRbac: false, verifyClientCertificate: false },
  },
  'tls-mutual': {
    says: 'TLS that asks for a client certificate, an API key, a read-only key, JWT on',
    credentials: keys,
    security: { apiKey: true, readOnlyApiKey: true, jwtRbac: true, verifyClientCertificate: true },
  },
} as const satisfies Readonly<Record<string, QdrantProfile>>
