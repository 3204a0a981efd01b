import { z } from 'zod'
import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import { answerReader, type AnswerReader } from './answers.ts'
import type { MilvusDriver } from './driver.ts'
import { shows, type Resource } from './operation.ts'
import type { Account } from './principals.ts'

/** How a program hands over its credential. */
const inputShape = z.strictObject({ given: z.enum(['token', 'username-and-password']) })
export type Given = z.infer<typeof inputShape>['given']

/** One call of a library, by the library's own name for it, and what a program would write between the brackets. */
export interface LibraryCall {
  readonly method: string
  readonly args: (resource: Resource) => object
}

export interface LibraryQuestion {
  readonly endpoint: Endpoint
  readonly as: Account
  readonly given: Given
  readonly method: string
  readonly args: object
}

/** `code` of a refusal is the status of gRPC; an answer is in the spelling of the descriptors, or what the library makes of it. */
export type LibraryAnswer =
  | { readonly kind: 'answered'; readonly message: unknown; readonly shown: string }
  | { readonly kind: 'failed'; readonly code: number | undefined; readonly details: string }

/** A library of Milvus's makers, in a program of its own. */
export interface Library extends AsyncDisposable {
  /** As its registry calls it. */
  readonly name: string
  /** Before the names of the operations that are asked through it. */
  readonly prefix: string
  readonly calls: Readonly<Record<string, LibraryCall>>
  /** @throws NotHere where this machine cannot run it */
  open(): Promise<void>
  ask(question: LibraryQuestion, scope: Scope): Promise<LibraryAnswer>
}

/** The same operations, set up and looked at as ever, and asked through a library as a user's program would. */
export class ThroughLibrary implements Driver<Resource> {
  readonly #library: Library
  readonly #plain: MilvusDriver
  readonly #endpoint: Endpoint
  readonly #reader: AnswerReader

  constructor(library: Library, { endpoint, version }: InstanceInfo, plain: MilvusDriver) {
    this.#library = library
    this.#plain = plain
    this.#endpoint = endpoint
    this.#reader = answerReader(version)
  }

  nature(probe: Probe): 'read' | 'write' {
    return this.#plain.nature(this.#plainly(probe))
  }

  async prepare(probe: Probe, scope: Scope): Promise<Resource> {
    await this.#library.open()
    return await this.#plain.prepare(this.#plainly(probe), scope)
  }

  async perform(probe: Probe, resource: Resource, scope: Scope): Promise<Outcome> {
    const started = performance.now()
    const { method, args } = this.#callOf(probe)
    const as = accountOf(probe.principal, resource.cast)
    const told = await this.#library.ask({ endpoint: this.#endpoint, as, given: inputShape.parse(probe.input).given, method, args: args(resource) }, scope)
    const outcome = this.#read(told, resource)
    scope.record({
      stage: scope.stage,
      surface: 'grpc',
      request: `${this.#library.name}: ${method} at ${this.#endpoint.host}:${this.#endpoint.ports['grpc'] ?? 0}`,
      headers: {},
      body: '',
      status:
        outcome.kind === 'allowed' ? outcome.code : outcome.kind === 'refused' ? `${outcome.code}: ${scope.vault.redact(outcome.message)}` : outcome.cause,
      answer: scope.vault.redact(resource.answer).slice(0, 4096),
      ms: performance.now() - started,
    })
    return outcome
  }

  #read(told: LibraryAnswer, resource: Resource): Outcome {
    if (told.kind === 'answered') {
      resource.answer = told.shown
      return this.#reader.outcome({ kind: 'answered', code: 0, message: told.message, details: '' })
    }
    if (told.code === undefined) return { kind: 'broken', cause: `${this.#library.name}: ${told.details}` }
    return this.#reader.outcome({ kind: 'answered', code: told.code, message: undefined, details: told.details })
  }

  look(probe: Probe, resource: Resource, scope: Scope): Promise<Json> {
    return this.#plain.look(this.#plainly(probe), resource, scope)
  }

  effect(probe: Probe, resource: Resource, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    const plainly = this.#plainly(probe)
    const { answer, canary } = resource
    switch (plainly.operation) {
      case 'connect':
        return shows(answer, /"build_tags":"v?\d/, "the server's build")
      case 'list-users':
        return shows(answer, new RegExp(`"${canary}"`), 'the planted user')
      case 'describe-user':
        return shows(answer, new RegExp(`"roles":\\[\\],"user":\\{"name":"${canary}"`), 'the planted user, without roles')
      default:
        return this.#plain.effect(plainly, resource, seen)
    }
  }

  cleanUp(probe: Probe, resource: Resource, scope: Scope): Promise<void> {
    return this.#plain.cleanUp(this.#plainly(probe), resource, scope)
  }

  /** The plain driver is closed by whoever opened it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#library[Symbol.asyncDispose]()
  }

  #plainly(probe: Probe): Probe {
    return { ...probe, operation: probe.operation.slice(this.#library.prefix.length), input: {} }
  }

  #callOf({ operation }: Probe): LibraryCall {
    const call = this.#library.calls[operation]
    if (call === undefined) throw new HarnessError('HARNESS_DEFECT', `${this.#library.name} has no ${operation}`)
    return call
  }
}

function accountOf(principal: string, { root, self, dropped, outdated, user }: Resource['cast']): Account {
  const accounts: Readonly<Record<string, Account>> = {
    root,
    self,
    'dropped-user': dropped,
    'outdated-password': outdated,
    "user-with-root's-password": { ...root, username: user.username },
  }
  const account = accounts[principal]
  if (account === undefined) throw new HarnessError('HARNESS_DEFECT', `nobody called ${principal} uses a library`)
  return account
}
