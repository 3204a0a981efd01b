import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { OwnServer } from '../../containers/own-server.ts'
import type { Placement } from '../../containers/server.ts'
import { qdrantServer } from '../../containers/qdrant/server.ts'
import { NotHere, type Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import { withSettings, type Settings } from './scene-settings.ts'

/**
 * A server of a case's own, of the instance's version and profile, beside the run's certificates.
 *
 * @throws NotHere where the instance is no process of this machine
 */
export async function ownServer(
  { runtime, version, profile, endpoint }: InstanceInfo,
  credentials: Readonly<Record<string, string>>,
  { name, signal, meddling }: Pick<Scope, 'name' | 'signal' | 'meddling'>,
): Promise<OwnServer> {
  if (runtime !== 'native') throw new NotHere('it needs a server of its own that it may stop and start, a process of this machine')
  const folder = join(dirname(endpoint.pki.folder), `own-${name}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return OwnServer.create({ definition: qdrantServer, version, profile, folder, pki: endpoint.pki, credentials, signal, meddling })
}

/** @throws HarnessError `SET_UP_FAILED` where it does not come to be ready, with its last lines */
export async function readyWith(server: OwnServer, settings: Settings | ((at: Placement) => Settings)): Promise<Endpoint> {
  const start = await server.start({ change: (launch, at) => withSettings(launch, typeof settings === 'function' ? settings(at) : settings) })
  if (start.kind === 'ready') return start.endpoint
  const why = start.kind === 'ended' ? start.how : start.because
  throw new HarnessError('SET_UP_FAILED', `a server of the case's own did not start: ${why}\n${start.log.slice(-8).join('\n')}`)
}
