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
import { passwordOf } from './inputs.ts'
import { loadMethods } from './methods.ts'
import { accountsOf, inputOf, operations, type Operation, type Resource } from './operations.ts'
import { principals, type Account, type Metadata, type PrincipalName } from './principals.ts'

/** Asks a Milvus server. Root works for the harness, each case makes users of its own, and reads share one planted user. */
export class MilvusDriver implements Driver<Resource> {
  readonly #client: GrpcClient
  readonly #admin: Admin
  readonly #vault: Vault
  #planted: Promise<Account> | undefined

  constructor({ endpoint, version }: InstanceInfo, vault: Vault) {
    this.#vault = vault
    this.#client = new GrpcClient(endpoint, 'grpc')
    const root = { username: 'root', password: vault.secret(endpoint.credentials['root-password'] ?? '', "root's password") }
    this.#admin = new Admin({ client: this.#client, methods: loadMethods(), reader: answerReader(version), root })
  }

  nature(probe: Probe): 'read' | 'write' {
    return operationOf(probe).nature
  }

  async prepare(probe: Probe, scope: Scope): Promise<Resource> {
    const operation = operationOf(probe)
    const user = await this.#plantedOnce(scope)
    const cast = { root: this.#admin.root, user }
    const accounts = accountsOf(inputOf(probe), cast, scope)
    const acting = probe.principal === 'self' ? { ...cast, user: accounts.subject } : cast
    if (operation.nature === 'write' && operation.subject === 'made-before') await this.#admin.createUser(accounts.subject, scope)
    return { ...accounts, cast: acting, canary: user.username, answer: '' }
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
    if (operationOf(probe).nature === 'write' && subject.username !== 'root') await this.#admin.dropUser(subject.username, scope)
  }

  /** One user for all reads, and for callers without any right. A failure is not kept for the next case. */
  #plantedOnce(scope: Scope): Promise<Account> {
    this.#planted ??= this.#plant(scope).catch((thrown: unknown) => {
      this.#planted = undefined
      throw thrown
    })
    return this.#planted
  }

  async #plant(scope: Scope): Promise<Account> {
    const account = { username: `${scope.name}canary`, password: this.#vault.secret(passwordOf(undefined, `${scope.name} canary`), "the planted user's password") }
    await this.#admin.createUser(account, scope)
    return account
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }
}

function operationOf({ operation }: Probe): Operation {
  const found = (operations as Readonly<Record<string, Operation>>)[operation]
  if (found === undefined) throw new HarnessError('HARNESS_DEFECT', `no Milvus operation ${operation}`)
  return found
}

function metadataOf(principal: string, { cast }: Resource, { vault }: Scope): Metadata {
  const make = principals[(principal === 'self' ? 'user' : principal) as PrincipalName] as (typeof principals)[PrincipalName] | undefined
  if (make === undefined) throw new HarnessError('HARNESS_DEFECT', `no Milvus principal ${principal}`)
  return make(cast, vault)
}
