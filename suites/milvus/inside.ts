import { NotHere, type Driver, type Scope } from '../../src/driver.ts'
import type { Probe } from '../../src/case.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { Admin } from './admin.ts'
import { answerReader, type AnswerReader } from './answers.ts'
import { passwordOf } from './inputs.ts'
import { loadCodecs, type Method } from './methods.ts'
import { shows } from './operation.ts'
import { castOfRoot, metadataFor, type Account } from './principals.ts'

const PORT = 'root-coord'
/** The coordinator takes and gives the same messages as the proxy in front of it. */
const PATH = '/milvus.proto.rootcoord.RootCoord/ListCredUsers'

interface Asking {
  readonly user: Account
  answer: string
}

/** Asks a part of the server at the port where only other parts of it should: it is open to whoever reaches it. */
export class Inside implements Driver<Asking> {
  readonly #client: GrpcClient
  readonly #inside: GrpcClient | undefined
  readonly #admin: Admin
  readonly #reader: AnswerReader
  readonly #method: Method

  constructor({ endpoint, version }: InstanceInfo, vault: Vault) {
    const clientCertificate = endpoint.facts['tlsMode'] === 2
    this.#client = new GrpcClient(endpoint, 'grpc', { clientCertificate })
    this.#inside = endpoint.ports[PORT] === undefined ? undefined : new GrpcClient(endpoint, PORT, { plaintext: true })
    const { methods } = loadCodecs()
    this.#reader = answerReader(version)
    const root = { username: 'root', password: vault.secret(endpoint.credentials['root-password'] ?? '', "root's password") }
    this.#admin = new Admin({ client: this.#client, methods, reader: this.#reader, root })
    const outside = methods.get('ListCredUsers')
    if (outside === undefined) throw new HarnessError('HARNESS_DEFECT', 'no RPC ListCredUsers in the descriptors')
    this.#method = { ...outside, path: PATH }
  }

  nature(): 'read' {
    return 'read'
  }

  async prepare(_probe: Probe, scope: Scope): Promise<Asking> {
    if (this.#inside === undefined) throw new NotHere(`the port ${PORT} is not known here`)
    const user = { username: scope.name, password: scope.vault.secret(passwordOf(undefined, scope.name), 'the password of a user') }
    await this.#admin.createUser(user, scope)
    return { user, answer: '' }
  }

  async perform({ principal }: Probe, asking: Asking, scope: Scope): Promise<Outcome> {
    if (this.#inside === undefined) return { kind: 'broken', cause: `nobody is at the port ${PORT}` }
    const metadata = metadataFor(principal, castOfRoot(this.#admin.root), scope.vault)
    const answer = await this.#inside.unary(this.#method, { message: {}, metadata }, scope)
    asking.answer = JSON.stringify(answer)
    return this.#reader.outcome(answer)
  }

  async look(): Promise<Json> {
    return null
  }

  effect(_probe: Probe, { answer, user }: Asking): Effect {
    return shows(answer, new RegExp(`"${user.username}"`), 'a user who was made')
  }

  async cleanUp(_probe: Probe, { user }: Asking, scope: Scope): Promise<void> {
    await this.#admin.dropUser(user.username, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#client[Symbol.asyncDispose](), this.#inside?.[Symbol.asyncDispose]()])
  }
}
