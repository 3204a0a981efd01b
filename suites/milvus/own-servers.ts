import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { OwnServer } from '../../containers/own-server.ts'
import type { Launch, ServerDefinition } from '../../containers/server.ts'
import { milvusServer } from '../../containers/milvus/server.ts'
import { NotHere, type Scope } from '../../src/driver.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'

const FILE = 'configs/milvus.yaml'
/** Nobody waits longer for a server that may never come to be ready: the case has two minutes in all. */
const BOOT_TIMEOUT_MS = 40_000

export interface OwnServerSettings {
  readonly version?: string
  readonly ready?: ServerDefinition['ready']
}

/** Its folder beside the run's certificates. */
export const ownServerName = ({ name }: Scope): string => `own-${name}`

/**
 * A server of this case alone, of the instance's version and profile, beside the run's certificates.
 *
 * @throws NotHere where the instance is no process of this machine
 */
export async function ownServer({ runtime, version, profile, endpoint }: InstanceInfo, scope: Scope, settings: OwnServerSettings = {}): Promise<OwnServer> {
  if (runtime !== 'native') throw new NotHere('it needs a server of its own that it may stop and start, a process of this machine')
  const folder = join(dirname(endpoint.pki.folder), ownServerName(scope))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const definition = { ...milvusServer, bootTimeoutMs: BOOT_TIMEOUT_MS, ready: settings.ready ?? milvusServer.ready }
  const { pki, credentials } = endpoint
  return OwnServer.create({
    definition,
    version: settings.version ?? version,
    profile,
    folder,
    pki,
    credentials,
    signal: scope.signal,
    meddling: scope.meddling,
  })
}

/** The same launch with another configuration file. */
export function withConfiguration(launch: Launch, change: (file: Configuration) => object): Launch {
  const file = configurationShape.parse(parse(launch.files[FILE] ?? ''))
  return { ...launch, files: { ...launch.files, [FILE]: stringify(change(file)) } }
}

const section = z.record(z.string(), z.unknown())
const configurationShape = z.looseObject({ tls: section, common: z.looseObject({ security: section }) })
export type Configuration = z.infer<typeof configurationShape>

export const withTls = (file: Configuration, tls: object, security: object): object => ({
  ...file,
  tls: { ...file.tls, ...tls },
  common: { ...file.common, security: { ...file.common.security, ...security } },
})

/** An endpoint as root reaches it with another password. */
export const asRootWith = (endpoint: Endpoint, password: string): Endpoint => ({
  ...endpoint,
  credentials: { ...endpoint.credentials, 'root-password': password },
})
