import { generateKeyPairSync } from 'node:crypto'
import type { JsonObject } from '../../src/json.ts'

const RSA_BITS = 2048
const PROVIDER = 'org.keycloak.keys.KeyProvider'

/**
 * Key providers for a realm that is imported: with any given, Keycloak makes none by itself. Its own RSA keys would
 * cost a third of its start, with the compiler that makes the rest of it fast; here they take a tenth of a second.
 * The other two kinds cost nothing there, so Keycloak makes them.
 */
export const realmKeys = (): JsonObject => ({
  [PROVIDER]: [
    given('rsa', 'RS256'),
    given('rsa-enc', 'RSA-OAEP'),
    { name: 'hmac', providerId: 'hmac-generated', config: { priority: ['100'], algorithm: ['HS512'] } },
    { name: 'aes', providerId: 'aes-generated', config: { priority: ['100'] } },
  ],
})

function given(providerId: string, algorithm: string): JsonObject {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { name: providerId, providerId, config: { priority: ['100'], algorithm: [algorithm], privateKey: [pem] } }
}
