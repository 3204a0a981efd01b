import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Secret, Vault } from '../../src/secret.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { RestClient } from '../../src/wire/rest.ts'
import { Admin } from './admin.ts'
import { grpcOutcome, restOutcome } from './answers.ts'
import { unsure } from './bracket.ts'
import { disclosed, shownBy } from './effects.ts'
import { looks } from './looks.ts'
import type { Operation } from './operation.ts'
import { operationNamed } from './operations.ts'
import type { Place } from './place.ts'
import { Places } from './places.ts'
import { principalNamed, type Credential } from './principals.ts'
import { mint, tokenInput } from './tokens.ts'

const inputSchema = z.strictObject({
  token: tokenInput.optional(),
  /** The header that carries the credential; absent: `api-key` for keys, `authorization` for tokens. */
  header: z.enum(['api-key', 'authorization']).optional(),
})
type Input = z.infer<typeof inputSchema>
type Headers = Readonly<Record<string, Secret>>

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
  readonly #keys: Readonly<Record<'api-key' | 'read-only-key' | 'wrong-key', Secret>>

  constructor(endpoint: Endpoint, vault: Vault) {
    const clientCertificate = endpoint.facts['clientCertificate'] === true
    this.#keys = keysOf(endpoint, vault)
    this.#rest = new RestClient(endpoint, 'rest', { clientCertificate })
    const channel = (): GrpcClient => new GrpcClient(endpoint, 'grpc', { clientCertificate })
    this.#grpc = { none: channel(), key: channel(), token: channel() }
    this.#admin = new Admin(this.#rest, this.#keys['api-key'])
    this.#places = new Places(this.#admin)
  }

  nature(probe: Probe): 'read' | 'write' {
    return operationOf(probe).nature
  }

  prepare(probe: Probe, scope: Scope): Promise<Place> {
    return this.#places.of(operationOf(probe), scope)
  }

  async perform(probe: Probe, place: Place, scope: Scope): Promise<Outcome> {
    const input = inputSchema.parse(probe.input)
    const operation = operationOf(probe)
    const credential = credentialOf(probe)
    const sentAt = scope.clock.now()
    const headers = await this.#headers(credential, place, input, scope)
    const { outcome, date } = await (probe.surface === 'grpc' ? this.#askGrpc(operation, place, credential, headers, scope) : this.#askRest(operation, place, headers, scope))
    const cause = unsure(input.token?.exp, { sentAt, answeredAt: scope.clock.now(), date })
    if (cause !== undefined) return { kind: 'void', cause }
    return operation.nature === 'read' && outcome.kind === 'allowed' ? { ...outcome, shown: shownBy(operation, outcome.content ?? null, place) } : outcome
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
    if (operationOf(probe).at !== 'own') return
    for (const name of [place.collection, place.made]) await this.#rest.send({ method: 'DELETE', path: `/collections/${name}`, headers: { 'api-key': this.#keys['api-key'] } }, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rest[Symbol.asyncDispose]()
    for (const channel of Object.values(this.#grpc)) await channel[Symbol.asyncDispose]()
  }

  async #askRest(operation: Operation, place: Place, headers: Headers, scope: Scope): Promise<Asked> {
    if (operation.rest === undefined) throw new HarnessError('HARNESS_DEFECT', 'this operation has no REST route')
    const answer = await this.#rest.send({ ...operation.rest(place), headers }, scope)
    return { outcome: restOutcome(answer), date: answer.kind === 'answered' ? answer.headers['date'] : undefined }
  }

  async #askGrpc(operation: Operation, place: Place, { kind }: Credential, metadata: Headers, scope: Scope): Promise<Asked> {
    if (operation.grpc === undefined) throw new HarnessError('HARNESS_DEFECT', 'this operation has no gRPC method')
    const { method, message } = operation.grpc
    return { outcome: grpcOutcome(await this.#grpc[kind].unary(method.client, { message: message(place), metadata }, scope)), date: undefined }
  }

  async #headers(credential: Credential, place: Place, input: Input, scope: Scope): Promise<Headers> {
    switch (credential.kind) {
      case 'none':
        return {}
      case 'key':
        return carried(this.#keys[credential.named], input.header ?? 'api-key', scope.vault)
      case 'token': {
        const token = await mint(credential.claims(place), this.#keys['api-key'].reveal(), input.token ?? {}, scope.clock.now())
        return carried(scope.vault.secret(token, 'token'), input.header ?? 'authorization', scope.vault)
      }
    }
  }
}

/** qdrant-security, Granular access control: the same credential goes in either header. */
const carried = (secret: Secret, header: 'api-key' | 'authorization', vault: Vault): Headers =>
  header === 'api-key' ? { 'api-key': secret } : { authorization: vault.secret(`Bearer ${secret.reveal()}`, `Bearer ${secret.label}`) }

function keysOf({ credentials }: Endpoint, vault: Vault): Readonly<Record<'api-key' | 'read-only-key' | 'wrong-key', Secret>> {
  const { 'api-key': apiKey = '', 'read-only-key': readOnly = '' } = credentials
  // As long as the right one, and never it.
  const wrong = createHash('sha256').update(apiKey).digest('hex').slice(0, Math.max(apiKey.length, 8))
  return { 'api-key': vault.secret(apiKey, 'api-key'), 'read-only-key': vault.secret(readOnly, 'read-only-key'), 'wrong-key': vault.secret(wrong, 'wrong key') }
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
