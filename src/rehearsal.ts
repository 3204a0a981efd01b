import type { Case, Probe } from './case.ts'
import { systemClock, type Driver, type Scope } from './driver.ts'
import { messageOf } from './errors.ts'
import type { InstanceInfo } from './instance.ts'
import { scopeName } from './naming.ts'
import type { PlannedInstance } from './plan.ts'
import type { Suite } from './product.ts'
import { Vault } from './secret.ts'
import { guardDepartures, type Departure } from './wire/pace.ts'

/** A name that no resolver knows (RFC 2606 §2): what got past the guard would find nobody. */
const NOWHERE = 'rehearsal.invalid'
const LONGEST_WAIT_MS = 1000

export interface Rehearsed {
  readonly row: Case
  /** Why it is more than a look; absent: it prepares nothing, and asks for nothing but reads. */
  readonly because?: string
}

/**
 * Goes through an instance's cases without a connection, and tells those that only look from those that would make or change something:
 * of each, what its set-up and its first request would send is held back and read. A refusal is asked for by its twin too.
 *
 * @param isRead whether a request changes nothing, whoever asks and whatever the answer is
 */
export async function rehearse(
  suite: Suite,
  info: InstanceInfo,
  planned: PlannedInstance,
  isRead: (departure: Departure) => boolean,
): Promise<readonly Rehearsed[]> {
  const vault = new Vault()
  for (const [name, value] of Object.entries(info.endpoint.credentials)) vault.secret(value, name)
  const nowhere = { ...info, endpoint: { ...info.endpoint, host: NOWHERE, address: NOWHERE } }
  await using driver = await suite.connect(nowhere, { vault, clock: systemClock, observing: true })
  const rehearsed: Rehearsed[] = []
  for (const row of planned.cases) rehearsed.push(await rehearseCase(driver, row, vault, isRead))
  return rehearsed
}

async function rehearseCase(driver: Driver, row: Case, vault: Vault, isRead: (departure: Departure) => boolean): Promise<Rehearsed> {
  for (const probe of probesOf(row)) {
    const because = await moreThanLook(driver, probe, vault, isRead)
    if (because !== undefined) return { row, because: vault.redact(because) }
  }
  return { row }
}

const probesOf = ({ operation, principal, surface, input, twin }: Case): readonly Probe[] => {
  const probe = { operation, principal, surface, input }
  return twin === undefined || 'exempt' in twin ? [probe] : [probe, { ...probe, ...twin }]
}

class HeldBack extends Error {
  override readonly name = 'HeldBack'
}

async function moreThanLook(driver: Driver, probe: Probe, vault: Vault, isRead: (departure: Departure) => boolean): Promise<string | undefined> {
  if (driver.nature(probe) === 'write') return 'it asks for a change'
  const departures: Departure[] = []
  const ended = new AbortController()
  using _guard = guardDepartures(NOWHERE, (departure) => {
    departures.push(departure)
    ended.abort()
    throw new HeldBack(departure)
  })
  const scope: Scope = {
    name: scopeName('rehearsal', NOWHERE, JSON.stringify(probe)),
    stage: 'set-up',
    vault: new Vault(vault),
    clock: systemClock,
    signal: ended.signal,
    requestTimeoutMs: LONGEST_WAIT_MS,
    record: () => undefined,
  }
  try {
    const resource = await driver.prepare(probe, scope)
    if (departures.length > 0) return 'it prepares something on the server'
    await driver.perform(probe, resource, { ...scope, stage: 'probe' }).catch(() => undefined)
  } catch (thrown) {
    return departures.length > 0 ? 'it prepares something on the server' : messageOf(thrown).split('\n', 1)[0]
  }
  if (departures.length === 0) return 'what it would send cannot be told without a connection'
  return departures.every(isRead) ? undefined : 'it asks for more than a read'
}
