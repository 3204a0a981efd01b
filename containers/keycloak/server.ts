import type { InstanceSpec } from '../../src/instance.ts'
import type { JsonObject } from '../../src/json.ts'
import type { Launch, Placement, ServerDefinition } from '../server.ts'
import { keycloakNative } from './native.ts'
import { environment, hasManagementPort, startOptions } from './options.ts'
import { adminName, credentialNames, profiles, userNames } from './profiles.ts'
import { keycloakReady } from './ready.ts'
import { accessTokenSeconds, audience, clientIds, groupOf, loginFailuresUntilLocked, otherRealm, otherRealmName, realm, realmName, redirectUris, shortLivedSeconds } from './realm.ts'
import { versions } from './versions.ts'

/** How a single Keycloak is run, with TLS on both of its ports and two realms. */
export const keycloakServer: ServerDefinition = {
  product: 'keycloak',
  versions,
  profiles,
  ports: { https: 8443, management: 9000 },
  launch,
  ready: keycloakReady,
  bootTimeoutMs: 180_000,
  memoryMiB: 500,
  native: keycloakNative,
  docker: {
    repository: 'quay.io/keycloak/keycloak',
    folder: '/opt/keycloak',
    entrypoint: ['/opt/keycloak/bin/kc.sh'],
    command: [],
    uid: 1000,
    samePorts: ['https'],
  },
}

function launch(spec: InstanceSpec, at: Placement): Launch {
  return {
    files: {
      [`data/import/${realmName}-realm.json`]: JSON.stringify(realm(spec.credentials)),
      [`data/import/${otherRealmName}-realm.json`]: JSON.stringify(otherRealm(spec.credentials)),
    },
    args: startOptions(spec.version, at),
    env: environment(at, spec.credentials[credentialNames.admin] ?? ''),
    facts: factsOf(spec.version, at),
  }
}

/** What a driver, or a product that trusts this issuer, must know; read it with `realmFacts`. */
function factsOf(version: string, at: Placement): JsonObject {
  const origin = `https://${at.host}:${at.publicPorts['https'] ?? 0}`
  return {
    origin,
    realm: realmName,
    issuer: `${origin}/realms/${realmName}`,
    otherRealm: otherRealmName,
    otherIssuer: `${origin}/realms/${otherRealmName}`,
    audience,
    clients: clientIds,
    redirectUris,
    accessTokenSeconds,
    shortLivedSeconds,
    loginFailuresUntilLocked,
    adminName,
    users: Object.fromEntries(userNames.map((name) => [name, { group: groupOf[name] ?? null, email: `${name}@assay.test`, credential: credentialNames.passwordOf(name) }])),
    managementPort: hasManagementPort(version),
  }
}
