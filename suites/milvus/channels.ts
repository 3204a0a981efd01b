import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { RestClient } from '../../src/wire/rest.ts'
import { Admin, base64 } from './admin.ts'
import { answerReader, type AnswerReader } from './answers.ts'
import { passwordOf } from './inputs.ts'
import { loadCodecs } from './methods.ts'
import { shows } from './operation.ts'
import { tokenOf, type Account, type Metadata } from './principals.ts'
import { V1 } from './reads.ts'

/** What becomes of the user while the channel is open. */
const channelEvents = ['nothing', 'password-changed-by-root', 'password-changed-by-the-user', 'user-dropped', 'user-made-again'] as const
export type ChannelEvent = (typeof channelEvents)[number]

/** Who asks on the channel that the user opened. */
const channelCallers = ['the-user', 'the-user-anew', 'another-user', 'anonymous', 'wrong-password', 'unknown-user'] as const
export type ChannelCaller = (typeof channelCallers)[number]

const inputShape = z.strictObject({ event: z.enum(channelEvents) })
const SEVERAL = 'ask-as-several-at-once'
const LONGEST_LATENCY_MS = 5000
const POLL_MS = 50
const AT_ONCE = 8

interface Channel extends AsyncDisposable {
  ask(account: Account | undefined, scope: Scope): Promise<{ readonly outcome: Outcome; readonly answer: string }>
}

interface People {
  readonly first: Account
  /** The first with a later password. */
  readonly next: Account
  readonly other: Account
  readonly users: readonly Account[]
  /** Does to the first what the case wants done, by the hands that prepared it. */
  readonly happens: () => Promise<void>
  answer: string
}

interface Asking {
  readonly channel: Channel
  readonly caller: Account | undefined
  /** Milliseconds of `performance.now()`: the end of what happened to the user. */
  readonly since: number
}

const notLetIn: Outcome = { kind: 'broken', cause: 'the user was not let in before anything had happened' }

/** Asks on connections that were open, and in use, before something happened to their user; and as several users on one connection. */
export class Channels implements Driver<People> {
  readonly #instance: InstanceInfo
  readonly #client: GrpcClient
  readonly #admin: Admin
  readonly #reader: AnswerReader

  constructor(instance: InstanceInfo, vault: Vault) {
    this.#instance = instance
    this.#client = new GrpcClient(instance.endpoint, 'grpc', clientOf(instance))
    this.#reader = answerReader(instance.version)
    const root = { username: 'root', password: vault.secret(instance.endpoint.credentials['root-password'] ?? '', "root's password") }
    this.#admin = new Admin({ client: this.#client, methods: loadCodecs().methods, reader: this.#reader, root })
  }

  nature(): 'read' {
    return 'read'
  }

  async prepare({ operation, input }: Probe, scope: Scope): Promise<People> {
    const account = (role: string): Account => ({
      username: `${scope.name}${role}`,
      password: scope.vault.secret(passwordOf(undefined, `${scope.name}${role}`), `the password of ${role}`),
    })
    const first = account('')
    const next = { ...first, password: scope.vault.secret(passwordOf(undefined, `${scope.name} next`), 'the later password') }
    const others = operation === SEVERAL ? Array.from({ length: AT_ONCE - 1 }, (_, at) => account(`n${at}`)) : [account('other')]
    const users = [first, ...others]
    await Promise.all(users.map((user) => this.#admin.createUser(user, scope)))
    const happens = async (): Promise<void> => (operation === SEVERAL ? undefined : this.#happens(inputShape.parse(input).event, { first, next }, scope))
    return { first, next, other: others[0] ?? first, users, happens, answer: '' }
  }

  #channel({ surface }: Probe): Channel {
    const options = clientOf(this.#instance)
    return surface === 'rest'
      ? restChannel(new RestClient(this.#instance.endpoint, 'rest', { ...options, connections: 1 }), this.#reader)
      : grpcChannel(new GrpcClient(this.#instance.endpoint, 'grpc', options), this.#admin, this.#reader)
  }

  async #happens(event: ChannelEvent, { first, next }: Pick<People, 'first' | 'next'>, scope: Scope): Promise<void> {
    switch (event) {
      case 'nothing':
        return
      case 'password-changed-by-root':
        return this.#change(this.#admin.root, first, next, scope)
      case 'password-changed-by-the-user':
        return this.#change(first, first, next, scope)
      case 'user-dropped':
        return this.#admin.dropUser(first.username, scope)
      case 'user-made-again':
        await this.#admin.dropUser(first.username, scope)
        return this.#admin.createUser(next, scope)
    }
  }

  async #change(by: Account, first: Account, next: Account, scope: Scope): Promise<void> {
    const message = { username: first.username, oldPassword: base64(first.password.reveal()), newPassword: base64(next.password.reveal()) }
    const outcome = this.#admin.read(await this.#admin.ask('UpdateCredential', message, tokenOf(by, scope.vault), scope))
    if (outcome.kind !== 'allowed') throw new HarnessError('SET_UP_FAILED', `the password of ${first.username} could not be changed by ${by.username}`)
  }

  /** Opens the connection and uses it, lets happen what is to happen, and asks again. */
  async perform(probe: Probe, people: People, scope: Scope): Promise<Outcome> {
    await using channel = this.#channel(probe)
    if (probe.operation === SEVERAL) return await asSeveral(channel, people, scope)
    const opened = await channel.ask(people.first, scope)
    const caller = callerOf(probe.principal, people, scope.vault)
    if (opened.outcome.kind !== 'allowed') return caller === people.first && !isDead(probe) ? opened.outcome : notLetIn
    await people.happens()
    const since = performance.now()
    const { outcome, answer } = await channel.ask(caller, scope)
    people.answer = answer
    if (isDead(probe)) await this.#measure(outcome, { channel, caller, since }, scope)
    return outcome
  }

  /** The first answer counts for the verdict; how long the channel stays open to a credential that is dead is for the record. */
  async #measure(first: Outcome, { channel, caller, since }: Asking, scope: Scope): Promise<void> {
    let outcome = first
    while (outcome.kind === 'allowed' && performance.now() - since < LONGEST_LATENCY_MS) {
      await delay(POLL_MS, undefined, { signal: scope.signal })
      outcome = (await channel.ask(caller, scope)).outcome
    }
    const ms = performance.now() - since
    const status = outcome.kind === 'refused' ? `refused after ${ms.toFixed(0)} ms` : `not refused within ${ms.toFixed(0)} ms`
    scope.record({ stage: scope.stage, surface: 'grpc', request: 'how long the old credential lives on', headers: {}, body: '', status, answer: '', ms })
  }

  async look(): Promise<Json> {
    return null
  }

  effect({ operation, surface }: Probe, { answer }: People): Effect {
    if (operation === SEVERAL) return { kind: 'seen', what: 'each of them was answered' }
    return surface === 'rest'
      ? shows(answer, /"data":\[/, 'the list of collections')
      : shows(answer, /"serverInfo":\{.*"buildTags":"v?\d/, "the server's build")
  }

  async cleanUp(_probe: Probe, { users }: People, scope: Scope): Promise<void> {
    for (const { username } of users) await this.#admin.dropUser(username, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }
}

/** Whether what happened ended the credential that the caller has: only then is there something to measure. */
const isDead = ({ principal, input }: Probe): boolean => principal === 'the-user' && inputShape.parse(input).event !== 'nothing'

const clientOf = ({ endpoint }: InstanceInfo): { readonly clientCertificate: boolean } => ({ clientCertificate: endpoint.facts['tlsMode'] === 2 })

function grpcChannel(client: GrpcClient, admin: Admin, reader: AnswerReader): Channel {
  return {
    async ask(account, scope) {
      const answer = await admin.through(client, 'Connect', {}, account === undefined ? {} : tokenOf(account, scope.vault), scope)
      return { outcome: reader.outcome(answer), answer: JSON.stringify(answer) }
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

function restChannel(client: RestClient, reader: AnswerReader): Channel {
  return {
    async ask(account, scope) {
      const answer = await client.send({ method: 'GET', path: `${V1}/collections`, headers: account === undefined ? {} : bearer(account, scope.vault) }, scope)
      return { outcome: reader.restOutcome(answer), answer: answer.kind === 'answered' ? answer.body : '' }
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

const bearer = ({ username, password }: Account, vault: Vault): Metadata => ({
  authorization: vault.secret(`Bearer ${username}:${password.reveal()}`, `Bearer ${username} with ${password.label}`),
})

function callerOf(principal: string, { first, next, other }: People, vault: Vault): Account | undefined {
  switch (z.enum(channelCallers).parse(principal)) {
    case 'the-user':
      return first
    case 'the-user-anew':
      return next
    case 'another-user':
      return other
    case 'anonymous':
      return undefined
    case 'wrong-password':
      return { ...first, password: vault.secret('not-the-password', 'a wrong password') }
    case 'unknown-user':
      return { ...first, username: 'nobody_of_that_name' }
  }
}

/** All at once, on one connection: each with the own password, and each with the next one's. */
async function asSeveral(channel: Channel, { users }: People, scope: Scope): Promise<Outcome> {
  const swapped = users.map((user, at) => ({ ...user, password: (users[at + 1] ?? users[0] ?? user).password }))
  const asked = [
    ...users.map((account, at) => ({ account, label: `user ${at + 1}` })),
    ...swapped.map((account, at) => ({ account, label: `user ${at + 1} with another's password` })),
  ]
  const answers = await Promise.all(asked.map(async ({ account, label }) => ({ label, ...(await channel.ask(account, scope)) })))
  const broken = answers.find(({ outcome }) => outcome.kind !== 'allowed' && outcome.kind !== 'refused')
  if (broken !== undefined) return broken.outcome
  const letIn = answers.filter(({ outcome }) => outcome.kind === 'allowed')
  return letIn[0] === undefined
    ? (answers[0]?.outcome ?? { kind: 'broken', cause: 'nobody asked' })
    : { kind: 'allowed', code: codeOf(letIn[0].outcome), shown: letIn.map(({ label }) => label) }
}

const codeOf = (outcome: Outcome): string => (outcome.kind === 'allowed' ? outcome.code : '')
