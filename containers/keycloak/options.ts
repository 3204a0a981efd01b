import { satisfies } from 'semver'
import type { Placement } from '../server.ts'
import { adminName } from './profiles.ts'

/**
 * What a build fixes, or a start takes: which of the two differs from version to version, so both get it from the
 * environment, where neither refuses it. One node: without `local` it would look for others by multicast.
 */
export const buildEnvironment = { KC_HEALTH_ENABLED: 'true', KC_CACHE: 'local', KC_DB: 'dev-file' } as const

/** It lives for minutes: the first compiler alone and the smallest collector make it ready sooner. Versions choose one collector or another. */
export const jvmOptions = '-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:-UseParallelGC -XX:+UseSerialGC'

/** Where the health paths are on a port of their own: from 25. */
export const hasManagementPort = (version: string): boolean => satisfies(version, '>=25')

/** Arguments of `kc.sh start`. The host name is a whole URL, so that `iss` is one and the same for every caller. */
export function startOptions(version: string, at: Placement): readonly string[] {
  const url = `https://${at.host}:${at.publicPorts['https'] ?? 0}`
  return [
    'start',
    // A container's image is not built with our options: it builds itself at the start.
    ...(at.runtime === 'native' ? ['--optimized'] : []),
    '--import-realm',
    satisfies(version, '>=25') ? `--hostname=${url}` : `--hostname-url=${url}`,
    `--http-host=${at.bind}`,
    `--https-port=${at.ports['https'] ?? 0}`,
    `--https-certificate-file=${at.pki.serverCert}`,
    `--https-certificate-key-file=${at.pki.serverKey}`,
    ...(hasManagementPort(version) ? [`--http-management-port=${at.ports['management'] ?? 0}`] : []),
  ]
}

/** The first administrator, under the names of both ages (new ones from 26). */
export function environment(at: Placement, adminPassword: string): Readonly<Record<string, string>> {
  return {
    ...buildEnvironment,
    KC_BOOTSTRAP_ADMIN_USERNAME: adminName,
    KC_BOOTSTRAP_ADMIN_PASSWORD: adminPassword,
    KEYCLOAK_ADMIN: adminName,
    KEYCLOAK_ADMIN_PASSWORD: adminPassword,
    JAVA_OPTS_APPEND: jvmOptions,
    JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx512m',
    ...(at.runtime === 'native' ? { ASSAY_KEYCLOAK_HOME: at.folder } : {}),
  }
}
