import type { InstanceSpec } from '../../src/instance.ts'
import type { Launch, Placement, ServerDefinition } from '../server.ts'
import { factsAt } from './facts.ts'
import { keycloakNative } from './native.ts'
import { environment, hasManagementPort, startOptions } from './options.ts'
import { credentialNames, profiles } from './profiles.ts'
import { keycloakReady } from './ready.ts'
import { otherRealm, otherRealmName, realm, realmName } from './realm.ts'
import { versions } from './versions.ts'

/** How a single Keycloak is run, with TLS on both of its ports and two realms. */
export const keycloakServer: ServerDefinition = {
  product: 'keycloak',
  versions,
  profiles,
  ports: { https: 8443, management: 9000 },
  launch,
  ready: keycloakReady,
  bootTimeoutMs: 300_000,
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
    facts: factsAt(`https://${at.host}:${at.publicPorts['https'] ?? 0}`, hasManagementPort(spec.version)),
  }
}
