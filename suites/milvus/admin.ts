import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import type { GrpcAnswer, GrpcClient } from '../../src/wire/grpc.ts'
import type { AnswerReader } from './answers.ts'
import type { Method } from './methods.ts'
import { tokenOf, type Account, type Metadata } from './principals.ts'

const FORGOTTEN_WITHIN_MS = 2000
const POLL_MS = 50
const usersShape = z.object({ usernames: z.array(z.string()) })

export interface WireTools {
  readonly client: GrpcClient
  readonly methods: ReadonlyMap<string, Method>
  readonly reader: AnswerReader
  readonly root: Account
}

/** Root at work for the harness: what it asks must work, or the case could not run. */
export class Admin {
  readonly #tools: WireTools
  /** Once for each vault that must know it again: making all forms of a secret takes longer than many a call. */
  readonly #rootTokens = new WeakMap<Vault, Metadata>()

  constructor(tools: WireTools) {
    this.#tools = tools
  }

  get root(): Account {
    return this.#tools.root
  }

  /** Asks as anyone and hands back the answer as it came. */
  async ask(rpc: string, message: object, metadata: Metadata, scope: Scope): Promise<GrpcAnswer<unknown>> {
    return this.through(this.#tools.client, rpc, message, metadata, scope)
  }

  /** Asks as anyone over another channel than its own. */
  async through(client: GrpcClient, rpc: string, message: object, metadata: Metadata, scope: Scope): Promise<GrpcAnswer<unknown>> {
    const method = this.#tools.methods.get(rpc)
    if (method === undefined) throw new HarnessError('HARNESS_DEFECT', `no RPC ${rpc} in the descriptors`)
    return client.unary(method, { message, metadata }, scope)
  }

  read(answer: GrpcAnswer<unknown>): Outcome {
    return this.#tools.reader.outcome(answer)
  }

  /** Asks as root and hands back the answer as it came. */
  asRoot(rpc: string, message: object, scope: Scope): Promise<GrpcAnswer<unknown>> {
    return this.ask(rpc, message, this.#rootToken(scope.vault), scope)
  }

  #rootToken(vault: Vault): Metadata {
    const known = this.#rootTokens.get(vault) ?? tokenOf(this.root, vault)
    this.#rootTokens.set(vault, known)
    return known
  }

  /** Asks as root. @throws HarnessError `SET_UP_FAILED` unless it is allowed */
  async must(rpc: string, message: object, scope: Scope): Promise<unknown> {
    const answer = await this.asRoot(rpc, message, scope)
    const outcome = this.read(answer)
    if (outcome.kind !== 'allowed') throw new HarnessError('SET_UP_FAILED', `${scope.stage}: ${rpc} as root: ${describe(outcome)}`)
    return answer.kind === 'answered' ? answer.message : undefined
  }

  async createUser(account: Account, scope: Scope): Promise<void> {
    await this.must('CreateCredential', { username: account.username, password: base64(account.password.reveal()) }, scope)
  }

  async dropUser(username: string, scope: Scope): Promise<void> {
    await this.must('DeleteCredential', { username }, scope)
  }

  async isListed(username: string, scope: Scope): Promise<boolean> {
    return usersShape.parse(await this.must('ListCredUsers', {}, scope)).usernames.includes(username)
  }

  /** Whether a user who is dropped is let in no more: a proxy may know one for a moment longer, and is given two seconds. */
  async isForgotten(account: Account, scope: Scope): Promise<boolean> {
    const deadline = scope.clock.now() + FORGOTTEN_WITHIN_MS
    while (await this.connects(account, scope)) {
      if (scope.clock.now() > deadline) return false
      await delay(POLL_MS, undefined, { signal: scope.signal })
    }
    return true
  }

  /** Whether that name and password are let in now. @throws HarnessError `SET_UP_FAILED` where the answer is neither yes nor no */
  async connects(account: Account, scope: Scope): Promise<boolean> {
    const outcome = this.read(await this.ask('Connect', {}, tokenOf(account, scope.vault), scope))
    if (outcome.kind === 'allowed') return true
    if (outcome.kind === 'refused' && outcome.by === 'unauthenticated') return false
    throw new HarnessError('SET_UP_FAILED', `${scope.stage}: Connect as ${account.username}: ${describe(outcome)}`)
  }
}

/** Passwords travel in base64 inside the messages that set them. */
export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

function describe(outcome: Outcome): string {
  if (outcome.kind === 'allowed') return `allowed (${outcome.code})`
  return outcome.kind === 'refused' ? `refused (${outcome.code}: ${outcome.message})` : outcome.cause
}
