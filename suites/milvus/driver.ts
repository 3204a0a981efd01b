import { HarnessError } from '../../src/errors.ts'
import type { Probe } from '../../src/case.ts'
import { NotHere, type Driver, type Scope } from '../../src/driver.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { RestClient } from '../../src/wire/rest.ts'
import { Admin, base64 } from './admin.ts'
import { answerReader, type AnswerReader } from './answers.ts'
import { Casting } from './casting.ts'
import { Certificates } from '../../fixtures/pki/client-certificates.ts'
import { handshakeEffect, shakeHands, type Place, type Question } from './handshakes.ts'
import { noLibrary, plantLibrary, type Library } from './library.ts'
import { loadCodecs, type Codecs } from './methods.ts'
import { inputOf, type Input, type Operation, type Resource } from './operation.ts'
import { accountsOf, operations } from './operations.ts'
import { PlainHttp } from './plain-http.ts'
import { castOfRoot, metadataFor, restPrincipals, type Account, type Metadata, type RestPrincipalName } from './principals.ts'

/** Below any call: only a connection is opened. */
const HANDSHAKE = 'handshake'

/** Asks a Milvus server. Root works for the harness, each case makes users of its own, and reads share one planted user. */
export class MilvusDriver implements Driver<Resource> {
  readonly #place: Place
  /** For what is asked below any call: there is nothing to prepare. */
  readonly #nobody: Resource
  readonly #client: GrpcClient
  readonly #rest: RestClient
  readonly #plain: PlainHttp
  readonly #admin: Admin
  readonly #casting: Casting
  readonly #reader: AnswerReader
  readonly #codecs: Codecs
  readonly #observing: boolean
  #library: Promise<Library> | undefined

  constructor({ endpoint, version }: InstanceInfo, vault: Vault, { observing }: { readonly observing: boolean } = { observing: false }) {
    this.#observing = observing
    const clientCertificate = endpoint.facts['tlsMode'] === 2
    this.#place = { endpoint, certificates: new Certificates(endpoint.pki) }
    this.#client = new GrpcClient(endpoint, 'grpc', { clientCertificate, plaintext: endpoint.facts['tlsMode'] === 0 })
    this.#rest = new RestClient(endpoint, 'rest', { clientCertificate })
    this.#plain = new PlainHttp(endpoint, 'health')
    const root = { username: 'root', password: vault.secret(endpoint.credentials['root-password'] ?? '', "root's password") }
    this.#codecs = loadCodecs()
    this.#reader = answerReader(version)
    this.#admin = new Admin({ client: this.#client, methods: this.#codecs.methods, reader: this.#reader, root })
    this.#casting = new Casting(this.#admin, vault)
    this.#nobody = { cast: castOfRoot(root), subject: root, next: root, given: root, canary: '', grantee: '', name: '', library: noLibrary, answer: '' }
  }

  nature(probe: Probe): 'read' | 'write' {
    if (probe.operation === HANDSHAKE) return 'read'
    return operationOf(probe).nature
  }

  async prepare(probe: Probe, scope: Scope): Promise<Resource> {
    if (this.#observing) return this.#observed(probe, scope)
    if (probe.operation === HANDSHAKE) return { ...this.#nobody, library: await this.#planted(scope) }
    const { canary, grantee, ...planted } = await this.#casting.planted(scope)
    const base = { root: this.#admin.root, ...planted }
    const accounts = accountsOf(inputOf(probe), scope, isChange(probe))
    const foo = await this.#foo(probe, scope)
    const subject = accounts.subject.username === 'foo' ? foo : accounts.subject
    if (subject !== foo && isMadeBefore(probe)) await this.#admin.createUser(subject, scope)
    const operation = operationOf(probe)
    const library = operation.inLibrary === true ? await this.#planted(scope) : noLibrary
    const resource = {
      ...accounts,
      subject,
      cast: { ...base, foo, self: subject },
      canary: canary.username,
      grantee: grantee.username,
      name: scope.name,
      library,
      answer: '',
    }
    await operation.make?.(resource, this.#admin, scope)
    return resource
  }

  /** Only what is about the server, asked by whom root's own name and password make: a look at either says which they are. */
  #observed(probe: Probe, scope: Scope): Resource {
    const { root } = this.#admin
    if (probe.operation === HANDSHAKE) throw new NotHere('it asks for what a run plants')
    const known = operationOf(probe).nature === 'read' && isOfRootAlone(probe, root, scope.vault)
    const resource = { ...this.#nobody, canary: root.username, grantee: root.username, name: scope.name, ...accountsOf(inputOf(probe), scope, isChange(probe)) }
    if (known && operationOf(probe).make === undefined && namesNothing(operationOf(probe), resource, inputOf(probe))) return resource
    throw new NotHere('it is about something that a run plants')
  }

  /** Root stands in where foo has no part in the case. */
  async #foo(probe: Probe, scope: Scope): Promise<Account> {
    const state = inputOf(probe).foo
    if (state === 'never-there' || state === 'dropped') return this.#casting.fooGone(state, scope)
    if (state === 'made-again') await this.#casting.fooGone('dropped', scope)
    return probe.principal.startsWith('foo') ? this.#casting.foo(scope) : this.#admin.root
  }

  async perform(probe: Probe, resource: Resource, scope: Scope): Promise<Outcome> {
    if (probe.operation === HANDSHAKE) return shakeHands(probe, this.#place, questionOf(resource, scope), scope)
    if (probe.surface === 'rest') return this.#performRest(probe, resource, scope)
    if (probe.surface === 'port') return this.#performOnPort(probe, resource, scope)
    const operation = operationOf(probe)
    const { rpc, message } = operation.request(resource, inputOf(probe))
    const answer = await this.#admin.ask(rpc, message, metadataOf(probe.principal, resource, scope), scope)
    resource.answer = JSON.stringify(answer)
    return operation.statusless === true ? this.#reader.statuslessOutcome(answer) : this.#reader.outcome(answer)
  }

  async #performRest(probe: Probe, resource: Resource, scope: Scope): Promise<Outcome> {
    const form = operationOf(probe).rest?.(resource)
    if (form === undefined) throw new HarnessError('HARNESS_DEFECT', `no ${probe.operation} over HTTP`)
    const answer = await this.#rest.send({ ...form, headers: headersOf(probe.principal, resource, scope) }, scope)
    resource.answer = answer.kind === 'answered' ? answer.body : ''
    return this.#reader.restOutcome(answer)
  }

  async #performOnPort(probe: Probe, resource: Resource, scope: Scope): Promise<Outcome> {
    const form = operationOf(probe).port?.(resource)
    if (form === undefined) throw new HarnessError('HARNESS_DEFECT', `no ${probe.operation} on the port for metrics`)
    const answer = await this.#plain.send(form, headersOf(probe.principal, resource, scope), scope)
    resource.answer = answer.kind === 'answered' ? answer.body : ''
    return this.#reader.portOutcome(answer)
  }

  async look(probe: Probe, resource: Resource, scope: Scope): Promise<Json> {
    return (await operationOf(probe).look?.(resource, this.#admin, scope)) ?? null
  }

  effect(probe: Probe, resource: Resource, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    if (probe.operation === HANDSHAKE) return handshakeEffect(seen.outcome)
    return operationOf(probe).effect(resource, seen)
  }

  async cleanUp(probe: Probe, resource: Resource, scope: Scope): Promise<void> {
    if (probe.operation === HANDSHAKE) return
    const { subject } = resource
    if (subject.username === 'foo') return this.#casting.dropFoo(scope)
    if ((isMadeBefore(probe) || isMadeByIt(probe)) && resource.listed !== false) await this.#dropSubject(subject.username, scope)
    await operationOf(probe).clear?.(resource, this.#admin, scope)
  }

  async #dropSubject(username: string, scope: Scope): Promise<void> {
    if (username !== 'root') await this.#admin.dropUser(username, scope)
  }

  #planted(scope: Scope): Promise<Library> {
    this.#library ??= plantLibrary(this.#admin, this.#codecs, scope).catch((thrown: unknown) => {
      this.#library = undefined
      throw thrown
    })
    return this.#library
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#client[Symbol.asyncDispose](), this.#rest[Symbol.asyncDispose]()])
  }
}

function isMadeBefore(probe: Probe): boolean {
  const { subject } = operationOf(probe)
  return subject === 'made-before' || (subject === 'made-for-self' && probe.principal.startsWith('self'))
}

const isChange = ({ operation }: Probe): boolean => operation === 'update-password'
const isMadeByIt = (probe: Probe): boolean => operationOf(probe).subject === 'made-by-it'

function operationOf({ operation }: Probe): Operation {
  const found = (operations as Readonly<Record<string, Operation>>)[operation]
  if (found === undefined) throw new HarnessError('HARNESS_DEFECT', `no Milvus operation ${operation}`)
  return found
}

function questionOf({ cast, library }: Resource, { vault }: Scope): Question {
  const { username, password } = cast.root
  const clear = `${username}:${password.reveal()}`
  return {
    authorization: { grpc: vault.secret(base64(clear), "root's token"), rest: vault.secret(`Bearer ${clear}`, "root's token") },
    planted: library.stocked,
  }
}

function headersOf(principal: string, { cast }: Resource, { vault }: Scope): Metadata {
  const make = restPrincipals[principal as RestPrincipalName] as (typeof restPrincipals)[RestPrincipalName] | undefined
  if (make === undefined) throw new HarnessError('HARNESS_DEFECT', `no Milvus principal ${principal} over HTTP`)
  return make(cast, vault)
}

const metadataOf = (principal: string, { cast }: Resource, { vault }: Scope): Metadata => metadataFor(principal, cast, vault)

/** Whether the credential of a caller is made of root's and of nobody else's. */
function isOfRootAlone({ principal, surface }: Probe, root: Account, vault: Vault): boolean {
  const used = new Set<PropertyKey>()
  const cast = new Proxy(castOfRoot(root), { get: (all, name) => (used.add(name), Reflect.get(all, name) as unknown) })
  if (surface === 'grpc') metadataFor(principal, cast, vault)
  else restPrincipals[principal as RestPrincipalName](cast, vault)
  return [...used].every((name) => name === 'root')
}

/** Neither the request nor what it is recognised by names anything of the library. */
function namesNothing(operation: Operation, resource: Resource, input: Input): boolean {
  let named = false
  const library = new Proxy(noLibrary, { get: (all, name) => ((named = true), Reflect.get(all, name) as unknown) })
  const at = { ...resource, library }
  operation.request(at, input)
  operation.rest?.(at)
  operation.port?.(at)
  operation.effect(at, { before: null, after: null })
  return !named
}
