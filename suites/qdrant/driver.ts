import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { RestClient } from '../../src/wire/rest.ts'
import { Certificates } from '../../fixtures/pki/client-certificates.ts'
import { Admin } from './admin.ts'
import { grpcOutcome, restOutcome } from './answers.ts'
import { unsure } from './bracket.ts'
import { Credentials, inputSchema, type Carried } from './credentials.ts'
import { disclosed, shownBy } from './effects.ts'
import { looks } from './looks.ts'
import { shake, type TlsInput } from './handshakes.ts'
import type { Handshake, Operation, Read, Write } from './operation.ts'
import { operationNamed } from './operations.ts'
import type { Place } from './place.ts'
import { Places, type Planting } from './places.ts'
import { principalNamed, type Credential } from './principals.ts'

interface Asked {
  readonly outcome: Outcome
  readonly date: string | undefined
}

/** Asks a Qdrant as any caller. Reads share what was planted once; each write has a point or a collection of its own. */
export class QdrantDriver implements Driver<Place> {
  readonly #rest: RestClient
  readonly #grpc: Readonly<Record<Credential['kind'], GrpcClient>>
  readonly #admin: Admin
  readonly #places: Places
  readonly #credentials: Credentials
  readonly #endpoint: Endpoint
  readonly #certificates: Certificates

  /** @param planting a library that is there already, where nobody may plant another; `observing`: nobody may plant anything */
  constructor(endpoint: Endpoint, vault: Vault, planting: Planting = {}) {
    const clientCertificate = endpoint.facts['clientCertificate'] === true
    this.#endpoint = endpoint
    this.#certificates = new Certificates(endpoint.pki)
    this.#credentials = new Credentials(endpoint, vault)
    this.#rest = new RestClient(endpoint, 'rest', { clientCertificate })
    const channel = (): GrpcClient => new GrpcClient(endpoint, 'grpc', { clientCertificate })
    this.#grpc = { none: channel(), key: channel(), token: channel() }
    this.#admin = new Admin(this.#rest, endpoint, this.#credentials.apiKey)
    this.#places = new Places(this.#admin, planting)
  }

  /** What every read looks at, planted if it is not yet. */
  library(scope: Scope): Promise<Place> {
    return this.#places.library(scope)
  }

  /** Deletes the user of a place, or brings it back. */
  setUser(place: Place, state: 'present' | 'deleted', scope: Scope): Promise<void> {
    return this.#places.setUser(place, state, scope)
  }

  nature(probe: Probe): 'read' | 'write' {
    return operationOf(probe).nature
  }

  prepare(probe: Probe, scope: Scope): Promise<Place> {
    const credential = credentialOf(probe)
    const { user = 'present' } = inputSchema.parse(probe.input)
    const isUser = credential.kind === 'token' && credential.ofUser === true
    return this.#places.of({ operation: operationOf(probe), ...(isUser ? { user } : {}) }, scope)
  }

  async perform(probe: Probe, place: Place, scope: Scope): Promise<Outcome> {
    const input = inputSchema.parse(probe.input)
    const operation = operationOf(probe)
    const credential = credentialOf(probe)
    const sentAt = scope.clock.now()
    if ('speaks' in operation) return this.#shaken(operation, input.tls ?? {}, place, scope)
    const carried = await this.#credentials.of(credential, place, input, scope)
    const { outcome, date } = await (probe.surface === 'grpc'
      ? this.#askGrpc(operation, place, credential, carried, scope)
      : this.#askRest(operation, place, carried, scope))
    const answeredAt = scope.clock.now()
    const cause = input.token?.exp === undefined ? undefined : unsure(input.token.exp, { sentAt, answeredAt, date: date ?? (await this.#date(scope)) })
    if (cause !== undefined) return { kind: 'void', cause }
    return outcome.kind === 'allowed' ? this.#withContent(operation, outcome, place, scope) : outcome
  }

  async #shaken(operation: Handshake, input: TlsInput, place: Place, scope: Scope): Promise<Outcome> {
    const outcome = await shake(
      { endpoint: this.#endpoint, certificates: this.#certificates, apiKey: this.#credentials.apiKey, speaks: operation.speaks, input },
      scope,
    )
    return outcome.kind === 'allowed' ? { ...outcome, shown: shownBy(operation, outcome.content ?? null, place) } : outcome
  }

  async #withContent(operation: Read | Write, outcome: Extract<Outcome, { kind: 'allowed' }>, place: Place, scope: Scope): Promise<Outcome> {
    if (operation.nature === 'read') return { ...outcome, shown: shownBy(operation, outcome.content ?? null, place) }
    if (operation.shown === undefined) return outcome
    return { ...outcome, shown: operation.shown(await looks[operation.look](this.#admin, place, scope), place) }
  }

  async look(probe: Probe, place: Place, scope: Scope): Promise<Json> {
    const operation = operationOf(probe)
    return operation.nature === 'read' ? null : looks[operation.look](this.#admin, place, scope)
  }

  effect(probe: Probe, place: Place, { before, after, outcome }: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    const operation = operationOf(probe)
    if (operation.nature === 'read') return disclosed(operation, place, outcome, credentialOf(probe))
    if (operation.changed({ before, after }, place)) return { kind: 'seen', what: `${probe.operation} changed the state` }
    return { kind: 'none', what: 'the state is as it was' }
  }

  async cleanUp(probe: Probe, place: Place, scope: Scope): Promise<void> {
    const operation = operationOf(probe)
    if (operation.nature === 'write' && operation.look === 'locks') await this.#admin.ask({ method: 'POST', path: '/locks', body: { write: false } }, scope)
    if (operation.nature === 'write' && operation.look === 'logger')
      await this.#admin.ask({ method: 'POST', path: '/logger', body: { log_level: 'INFO' } }, scope)
    if (operation.at !== 'own') return
    const made = operation.nature === 'write' && operation.look === 'made'
    for (const name of made ? [place.collection, place.made] : [place.collection])
      await this.#rest.send({ method: 'DELETE', path: `/collections/${name}`, headers: { 'api-key': this.#credentials.apiKey } }, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#places[Symbol.asyncDispose]()
    await this.#rest[Symbol.asyncDispose]()
    for (const channel of Object.values(this.#grpc)) await channel[Symbol.asyncDispose]()
  }

  async #askRest(operation: Read | Write, place: Place, { headers, query }: Carried, scope: Scope): Promise<Asked> {
    if (operation.rest === undefined) throw new HarnessError('HARNESS_DEFECT', 'this operation has no REST route')
    const request = operation.rest(place)
    const path = query === undefined ? request.path : `${request.path}${request.path.includes('?') ? '&' : '?'}api-key=${query.reveal()}`
    const answer = await this.#rest.send({ ...request, path, headers: { ...request.headers, ...headers } }, scope)
    const isGone = operation.gone === true && answer.kind === 'answered' && answer.status === 404 && answer.body === ''
    const outcome: Outcome = isGone ? { kind: 'refused', by: 'not-found', code: '404', message: 'there is no such path' } : restOutcome(answer)
    return { outcome, date: answer.kind === 'answered' ? answer.headers['date'] : undefined }
  }

  async #askGrpc(operation: Read | Write, place: Place, { kind }: Credential, { headers: metadata }: Carried, scope: Scope): Promise<Asked> {
    if (operation.grpc === undefined) throw new HarnessError('HARNESS_DEFECT', 'this operation has no gRPC method')
    const { method, message } = operation.grpc
    return { outcome: grpcOutcome(await this.#grpc[kind].unary(method.client, { message: message(place), metadata }, scope)), date: undefined }
  }

  /** What the server's clock says: an answer by gRPC does not tell, and the other port is of the same process. */
  async #date(scope: Scope): Promise<string | undefined> {
    const answer = await this.#rest.send({ method: 'GET', path: '/' }, scope)
    return answer.kind === 'answered' ? answer.headers['date'] : undefined
  }
}

function operationOf(probe: Probe): Operation {
  const operation = operationNamed(probe.operation)
  if (operation === undefined) throw new HarnessError('HARNESS_DEFECT', `Qdrant has no operation ${probe.operation}`)
  return operation
}

function credentialOf(probe: Probe): Credential {
  const credential = principalNamed(probe.principal)
  if (credential === undefined) throw new HarnessError('HARNESS_DEFECT', `Qdrant has no principal ${probe.principal}`)
  return credential
}
