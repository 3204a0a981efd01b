import { HarnessError, messageOf } from '../../../src/errors.ts'
import type { Engine } from './engine.ts'

/**
 * A bridge of one run's own. On a local engine it publishes on loopback alone: the engine's default is every interface,
 * and Testcontainers has no word for the address of a port.
 */
export async function createNetwork(engine: Engine, name: string, labels: Readonly<Record<string, string>>): Promise<string> {
  const options = engine.isLocal ? { 'com.docker.network.bridge.host_binding_ipv4': engine.address } : {}
  try {
    await engine.client.network.create({ Name: name, Driver: 'bridge', EnableIPv6: false, Labels: { ...labels }, Options: options })
    return name
  } catch (cause) {
    throw new HarnessError('SET_UP_FAILED', `the network ${name} could not be made: ${messageOf(cause)}`, {
      cause,
      hint: 'run `assay clean`, or `docker network prune`',
    })
  }
}
