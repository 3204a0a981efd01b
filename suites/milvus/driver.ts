import { HarnessError } from '../../src/errors.ts'
import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { Admin } from './admin.ts'
import { answerReader } from './answers.ts'
import { Casting } from './casting.ts'
import { loadMethods } from './methods.ts'
import { accountsOf, inputOf, operations, type Operation, type Resource } from './operations.ts'
import { principals, type Metadata, type PrincipalName } from './principals.ts'

/** Asks a Milvus server. Root works for the harness, each case makes users of its own, and reads share one planted user. */
export class MilvusDriver implements Driver<Resource> {
  readonly #client: GrpcClient
  readonly #admin: Admin
  readonly #casting: Casting

  constructor({ endpoint, version }: InstanceInfo, vault: Vault) {
    this.#client = new GrpcClient(endpoint, 'grpc')
    const root = { username: 'root', password: vault.secret(endpoint.credentials['root-password'] ?? '', "root's password") }
    this.#admin = new Admin({ client: this.#client, methods: loadMethods(), reader: answerReader(version), root })
    this.#casting = new Casting(this.#admin, vault)
  }

  nature(probe: Probe): 'read' | 'write' {
    return operationOf(probe).nature
  }

  async prepare(probe: Probe, scope: Scope): Promise<Resource> {
    const { canary, ...planted } = await this.#casting.planted(scope)
    const base = { root: this.#admin.root, ...planted }
    const accounts = accountsOf(inputOf(probe), base.root, scope)
    const foo = probe.principal === 'foo' ? await this.#casting.foo(scope) : base.root
    const subject = accounts.subject.username === 'foo' ? foo : accounts.subject
    if (subject !== foo && isMadeBefore(probe)) await this.#admin.createUser(subject, scope)
    return { ...accounts, subject, cast: { ...base, foo, self: subject }, canary: canary.username, answer: '' }
  }

  async perform(probe: Probe, resource: Resource, scope: Scope): Promise<Outcome> {
    const { rpc, message } = operationOf(probe).request(resource, inputOf(probe))
    const answer = await this.#admin.ask(rpc, message, metadataOf(probe.principal, resource, scope), scope)
    resource.answer = JSON.stringify(answer)
    return this.#admin.read(answer)
  }

  async look(probe: Probe, resource: Resource, scope: Scope): Promise<Json> {
    return (await operationOf(probe).look?.(resource, this.#admin, scope)) ?? null
  }

  effect(probe: Probe, resource: Resource, seen: { readonly before: Json; readonly after: Json }): Effect {
    return operationOf(probe).effect(resource, seen)
  }

  async cleanUp(probe: Probe, { subject }: Resource, scope: Scope): Promise<void> {
    if (subject.username === 'foo') return this.#casting.dropFoo(scope)
    if (operationOf(probe).nature === 'read' && !isMadeBefore(probe)) return
    if (subject.username !== 'root') await this.#admin.dropUser(subject.username, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }
}

function isMadeBefore(probe: Probe): boolean {
  const { subject } = operationOf(probe)
  return subject === 'made-before' || (subject === 'made-for-self' && probe.principal.startsWith('self'))
}

function operationOf({ operation }: Probe): Operation {
  const found = (operations as Readonly<Record<string, Operation>>)[operation]
  if (found === undefined) throw new HarnessError('HARNESS_DEFECT', `no Milvus operation ${operation}`)
  return found
}

function metadataOf(principal: string, { cast }: Resource, { vault }: Scope): Metadata {
  const make = principals[principal as PrincipalName] as (typeof principals)[PrincipalName] | undefined
  if (make === undefined) throw new HarnessError('HARNESS_DEFECT', `no Milvus principal ${principal}`)
  return make(cast, vault)
}
