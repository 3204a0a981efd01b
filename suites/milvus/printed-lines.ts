import type { OwnServer } from '../../containers/own-server.ts'
import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { Admin } from './admin.ts'
import { answerReader } from './answers.ts'
import { loadCodecs } from './methods.ts'
import { shows } from './operation.ts'
import { ownServer, withConfiguration } from './own-servers.ts'
import { castOfRoot, metadataFor } from './principals.ts'

/** The example of the page of 2.1, as it stands there. */
const PRINTED = { authorization: { enabled: true } }

interface Started {
  readonly server: OwnServer
  readonly client: GrpcClient
  readonly admin: Admin
}

interface Asking {
  readonly admin: Admin
  answer: string
}

/** Asks a server of its own whose file holds the older page's lines as they are printed, and nothing else about authorization. */
export class PrintedLines implements Driver<Asking> {
  readonly #instance: InstanceInfo
  readonly #vault: Vault
  #started: Promise<Started> | undefined

  constructor(instance: InstanceInfo, vault: Vault) {
    this.#instance = instance
    this.#vault = vault
  }

  nature(): 'read' {
    return 'read'
  }

  async prepare(_probe: Probe, scope: Scope): Promise<Asking> {
    this.#started ??= this.#start(scope)
    return { admin: (await this.#started).admin, answer: '' }
  }

  async #start(scope: Scope): Promise<Started> {
    const server = await ownServer(this.#instance, scope)
    const start = await server.start({ change: (launch) => withConfiguration(launch, (file) => ({ ...file, ...PRINTED })) })
    if (start.kind !== 'ready') throw new HarnessError('SET_UP_FAILED', `with the printed lines the server was not ready: ${start.kind}`)
    const password = this.#vault.secret(this.#instance.endpoint.credentials['root-password'] ?? '', "root's password")
    const client = new GrpcClient(server.endpoint, 'grpc')
    const { methods } = loadCodecs()
    return { server, client, admin: new Admin({ client, methods, reader: answerReader(this.#instance.version), root: { username: 'root', password } }) }
  }

  async perform({ operation, principal }: Probe, asking: Asking, scope: Scope): Promise<Outcome> {
    const { admin } = asking
    const rpc = operation === 'connect-where-printed-lines' ? 'Connect' : 'ListCredUsers'
    const answer = await admin.ask(rpc, {}, metadataFor(principal, castOfRoot(admin.root), scope.vault), scope)
    asking.answer = JSON.stringify(answer)
    return admin.read(answer)
  }

  async look(): Promise<Json> {
    return null
  }

  effect({ operation }: Probe, { answer }: Asking): Effect {
    return operation === 'connect-where-printed-lines' ? shows(answer, /"serverInfo":\{.*"buildTags"/, "the server's build") : shows(answer, /"root"/, 'root')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const started = await this.#started?.catch(() => undefined)
    await started?.client[Symbol.asyncDispose]()
    await started?.server[Symbol.asyncDispose]()
  }
}
