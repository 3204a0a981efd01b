import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import { createPerson, disablePerson, listPeople, readClientSecret, readPerson, removePerson } from './administration.ts'
import { redeemCode, refresh } from './grants.ts'
import { speakPlainly, speakTls } from './handshakes.ts'
import { logInByCodeFlow, logInByHybridFlow, logInByPassword } from './logins.ts'
import { logInAsMachine } from './machines.ts'
import type { Operation, Seen } from './operation.ts'
import { Place, type Tools } from './place.ts'
import { discover, readHealth, readKeys } from './reads.ts'
import { introspect, logOut, readUserInfo } from './resources.ts'
import { readUserInfoOverRotation } from './rotation.ts'

/** Every operation, its own resources behind it. */
const operations = {
  discover: opaque(discover),
  'read-keys': opaque(readKeys),
  'read-health': opaque(readHealth),
  'log-in-by-password': opaque(logInByPassword),
  'log-in-by-code-flow': opaque(logInByCodeFlow),
  'log-in-by-hybrid-flow': opaque(logInByHybridFlow),
  'log-in-as-machine': opaque(logInAsMachine),
  refresh: opaque(refresh),
  'redeem-code': opaque(redeemCode),
  'read-user-info': opaque(readUserInfo),
  'read-user-info-over-rotation': opaque(readUserInfoOverRotation),
  introspect: opaque(introspect),
  'log-out': opaque(logOut),
  'list-people': opaque(listPeople),
  'read-person': opaque(readPerson),
  'read-client-secret': opaque(readClientSecret),
  'create-person': opaque(createPerson),
  'remove-person': opaque(removePerson),
  'disable-person': opaque(disablePerson),
  'speak-tls': opaque(speakTls),
  'speak-plainly': opaque(speakPlainly),
} as const

export type OperationName = keyof typeof operations

/** An operation that takes back what itself has made, whatever that is. */
function opaque<R>(operation: Operation<R>): Operation<unknown> {
  const { prepare, perform, look, effect, cleanUp, nature } = operation
  return {
    nature,
    prepare,
    perform: (at, probe, made, scope) => perform(at, probe, made as R, scope),
    effect: (probe, made, shown) => effect(probe, made as R, shown),
    ...(look === undefined ? {} : { look: (at: Place, probe: Probe, made: unknown, scope: Scope) => look(at, probe, made as R, scope) }),
    ...(cleanUp === undefined ? {} : { cleanUp: (at: Place, probe: Probe, made: unknown, scope: Scope) => cleanUp(at, probe, made as R, scope) }),
  }
}

/** Asks one Keycloak. */
export class KeycloakDriver implements Driver {
  readonly #place: Place

  constructor(instance: InstanceInfo, tools: Tools) {
    this.#place = new Place(instance, tools)
  }

  nature(probe: Probe): 'read' | 'write' {
    return operationOf(probe).nature
  }

  prepare(probe: Probe, scope: Scope): Promise<unknown> {
    return operationOf(probe).prepare(this.#place, probe, scope)
  }

  perform(probe: Probe, made: unknown, scope: Scope): Promise<Outcome> {
    return operationOf(probe).perform(this.#place, probe, made, scope)
  }

  async look(probe: Probe, made: unknown, scope: Scope): Promise<Json> {
    return (await operationOf(probe).look?.(this.#place, probe, made, scope)) ?? null
  }

  effect(probe: Probe, made: unknown, shown: Seen): Effect {
    return operationOf(probe).effect(probe, made, shown)
  }

  async cleanUp(probe: Probe, made: unknown, scope: Scope): Promise<void> {
    await operationOf(probe).cleanUp?.(this.#place, probe, made, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#place[Symbol.asyncDispose]()
  }
}

function operationOf(probe: Probe): Operation<unknown> {
  const operation = (operations as Readonly<Record<string, Operation<unknown>>>)[probe.operation]
  if (operation === undefined) throw new HarnessError('HARNESS_DEFECT', `no Keycloak operation is called ${probe.operation}`)
  return operation
}
