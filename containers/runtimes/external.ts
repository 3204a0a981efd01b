import { HarnessError, messageOf } from '../../src/errors.ts'
import type { Endpoint, InstanceInfo, Pki } from '../../src/instance.ts'
import type { JsonObject } from '../../src/json.ts'
import type { PlannedInstance } from '../../src/plan.ts'
import type { Placement, ServerDefinition } from '../server.ts'

const PROBE_TIMEOUT_MS = 10_000

/** How to reach a system that somebody else started. */
export interface ExternalAddress {
  readonly host: string
  readonly address: string
  readonly ports: Readonly<Record<string, number>>
  /** PEM, absolute. */
  readonly ca: string
  readonly credentials: Readonly<Record<string, string>>
}

/**
 * The endpoint of a running system of which the harness knows only what it is told. Nothing is started, and nothing is stopped
 * afterwards. What a driver must know of the profile is what a server that we start with that profile would have.
 */
export function externalEndpoint(definition: ServerDefinition, planned: PlannedInstance, at: ExternalAddress, pki: Pki): Endpoint {
  const { host, address, ports, credentials } = at
  const trusted: Pki = { ...pki, ca: at.ca }
  const spec = { ...planned, pki: trusted, folder: pki.folder, credentials, peers: {} }
  const placement: Placement = { runtime: 'native', folder: pki.folder, bind: address, host, ports, publicPorts: ports, pki: trusted }
  const { facts } = definition.launch(spec, placement)
  return { host, address, ports, pki: trusted, credentials, facts: elsewhere(facts, pki.folder) }
}

/** A path in the folder that a server of ours would have names nothing over there. */
const elsewhere = (facts: JsonObject, folder: string): JsonObject =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => typeof value !== 'string' || !value.startsWith(folder)))

/** Asks it once. @throws HarnessError `INSTANCE_NOT_READY` where it does not answer as the profile would */
export async function externalInstance(definition: ServerDefinition, planned: PlannedInstance, endpoint: Endpoint, signal: AbortSignal): Promise<InstanceInfo> {
  try {
    await definition.ready(endpoint, AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]))
  } catch (cause) {
    throw new HarnessError(
      'INSTANCE_NOT_READY',
      `${planned.product} at ${endpoint.host} (${endpoint.address}) does not answer as profile ${planned.profile}: ${messageOf(cause)}`,
      {
        cause,
        hint: 'look at its host, ports, ca and credentials in the file of targets',
      },
    )
  }
  const { id, product, version, profile, evidence } = planned
  return { id, product, version, profile, runtime: 'external', evidence, origin: 'user', digest: 'unknown', endpoint }
}
