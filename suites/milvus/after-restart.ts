import { z } from 'zod'
import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import { shows } from './operation.ts'
import { tokenOf, type Account, type Metadata } from './principals.ts'
import { V1 } from './reads.ts'
import { liveAndRestart, stories, storyNames, type Restarted, type StoryName } from './restarted.ts'

interface Asking {
  readonly server: Restarted
  answer: string
}

const listShape = z.object({ usernames: z.array(z.string()) })

/** Asks a server that has lived before it was stopped and started again: it is made for the first case that wants it. */
export class AfterRestart implements Driver<Asking> {
  readonly #instance: InstanceInfo
  readonly #vault: Vault
  #server: Promise<Restarted> | undefined

  constructor(instance: InstanceInfo, vault: Vault) {
    this.#instance = instance
    this.#vault = vault
  }

  nature(): 'read' {
    return 'read'
  }

  async prepare({ principal, surface }: Probe, scope: Scope): Promise<Asking> {
    this.#server ??= liveAndRestart(this.#instance, this.#vault, scope)
    const server = await this.#server
    if (isStory(principal)) await afterwards(principal, surface === 'rest' ? 'rest' : 'grpc', server, scope)
    return { server, answer: '' }
  }

  async perform({ operation, principal, surface }: Probe, asking: Asking, scope: Scope): Promise<Outcome> {
    const account = accountOf(principal, surface === 'rest' ? 'rest' : 'grpc', asking.server, scope)
    if (surface === 'rest') return performRest(account, asking, scope)
    const answer = await asking.server.admin.ask(
      operation === 'list-users-after-restart' ? 'ListCredUsers' : 'Connect',
      {},
      tokenOf(account, scope.vault),
      scope,
    )
    asking.answer = JSON.stringify(answer)
    const outcome = asking.server.admin.read(answer)
    if (operation !== 'list-users-after-restart' || outcome.kind !== 'allowed') return outcome
    const { usernames } = listShape.parse(answer.kind === 'answered' ? answer.message : undefined)
    return { ...outcome, shown: storyNames.filter((story) => usernames.includes(asking.server.lifeOf(story, 'grpc').first.username)) }
  }

  async look(): Promise<Json> {
    return null
  }

  effect({ operation, surface }: Probe, { answer }: Asking): Effect {
    if (surface === 'rest') return shows(answer, /"data":\[/, 'the list of collections')
    if (operation === 'list-users-after-restart') return shows(answer, /"root"/, 'the list of users')
    return shows(answer, /"serverInfo":\{.*"buildTags":"v?\d/, "the server's build")
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = await this.#server?.catch(() => undefined)
    await server?.dispose()
  }
}

async function performRest(account: Account, asking: Asking, scope: Scope): Promise<Outcome> {
  const headers: Metadata = { authorization: scope.vault.secret(`Bearer ${account.username}:${account.password.reveal()}`, `Bearer ${account.password.label}`) }
  const answer = await asking.server.rest.send({ method: 'GET', path: `${V1}/collections`, headers }, scope)
  asking.answer = answer.kind === 'answered' ? answer.body : ''
  return asking.server.reader.restOutcome(answer)
}

const isStory = (principal: string): principal is StoryName => Object.hasOwn(stories, principal)

async function afterwards(story: StoryName, surface: 'grpc' | 'rest', server: Restarted, scope: Scope): Promise<void> {
  const told = stories[story]
  if ('after' in told) await told.after(server.lifeOf(story, surface), server.admin, scope)
}

function accountOf(principal: string, surface: 'grpc' | 'rest', server: Restarted, scope: Scope): Account {
  if (isStory(principal)) return stories[principal].asks(server.lifeOf(principal, surface), scope.vault)
  return principal === 'root-with-first-password' ? server.rootWithFirst : server.admin.root
}
