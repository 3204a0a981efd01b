import type { OwnServer } from '../../containers/own-server.ts'
import { milvusReady } from '../../containers/milvus/ready.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import type { Secret, Vault } from '../../src/secret.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { RestClient } from '../../src/wire/rest.ts'
import { Admin, base64 } from './admin.ts'
import { answerReader } from './answers.ts'
import { passwordOf } from './inputs.ts'
import { loadCodecs } from './methods.ts'
import { asRootWith, ownServer } from './own-servers.ts'
import type { Account } from './principals.ts'

/** The longest that the hash takes: of what comes after these bytes it sees nothing. */
const HASHED_BYTES = 72

/** A user with the password that was given first and the one that came later. */
interface Life {
  readonly first: Account
  readonly next: Account
}

interface Story {
  /** What happened before the server was stopped. */
  readonly before: (life: Life, admin: Admin, scope: Scope) => Promise<void>
  /** What is tried once it runs again, before the case asks. */
  readonly after?: (life: Life, admin: Admin, scope: Scope) => Promise<void>
  /** Who asks, once it runs again. */
  readonly asks: (life: Life, vault: Vault) => Account
  readonly firstLength?: number
}

const make: Story['before'] = ({ first }, admin, scope) => admin.createUser(first, scope)
const drop: Story['before'] = ({ first }, admin, scope) => admin.dropUser(first.username, scope)
const makeWithNext: Story['before'] = ({ next }, admin, scope) => admin.createUser(next, scope)
const change =
  (old: boolean): Story['before'] =>
  async ({ first, next }, admin, scope) => {
    const oldPassword = old ? { oldPassword: base64(first.password.reveal()) } : {}
    await admin.must('UpdateCredential', { username: first.username, ...oldPassword, newPassword: base64(next.password.reveal()) }, scope)
  }
const steps =
  (...all: readonly Story['before'][]): Story['before'] =>
  async (life, admin, scope) => {
    for (const step of all) await step(life, admin, scope)
  }
const withFirst: Story['asks'] = ({ first }) => first
const withNext: Story['asks'] = ({ next }) => next
const otherwise =
  (label: string, spelling: (password: string) => string): Story['asks'] =>
  ({ first }, vault) => ({ ...first, password: vault.secret(spelling(first.password.reveal()), label) })
const withMore = otherwise('the right 72 bytes and one more', (password) => `${password}x`)
const withAnotherEnd = otherwise('71 of the 72 right bytes and another', (password) => `${password.slice(0, -1)}${password.endsWith('x') ? 'y' : 'x'}`)

/** What users have been through when the server stopped, and with which password each of them asks when it runs again. */
export const stories = {
  'kept-user': { before: make, asks: withFirst },
  'changed-user': { before: steps(make, change(true)), asks: withNext },
  'changed-user-with-old-password': { before: steps(make, change(true)), asks: withFirst },
  'reset-user': { before: steps(make, change(false)), asks: withNext },
  'reset-user-with-old-password': { before: steps(make, change(false)), asks: withFirst },
  'dropped-user': { before: steps(make, drop), asks: withFirst },
  'user-made-again': { before: steps(make, drop, makeWithNext), asks: withNext },
  'user-made-again-with-first-password': { before: steps(make, drop, makeWithNext), asks: withFirst },
  'user-of-72-bytes': { before: make, asks: withFirst, firstLength: HASHED_BYTES },
  'user-of-72-bytes-with-another-end': { before: make, asks: withAnotherEnd, firstLength: HASHED_BYTES },
  'user-of-72-bytes-with-more': { before: make, asks: withMore, firstLength: HASHED_BYTES },
  'user-of-72-bytes-after-one-with-more': {
    before: make,
    after: async (life, admin, scope) => void (await admin.connects(withMore(life, scope.vault), scope)),
    asks: withFirst,
    firstLength: HASHED_BYTES,
  },
} as const satisfies Readonly<Record<string, Story>>

export type StoryName = keyof typeof stories
export const storyNames = Object.keys(stories) as readonly StoryName[]

/** Root's password is changed too, before the stop: the documents advise it. */
export const rootStories = ['root', 'root-with-first-password'] as const
type Asked = 'grpc' | 'rest'

/** A server that has lived, was stopped, and runs again. */
export interface Restarted {
  readonly admin: Admin
  readonly rest: RestClient
  readonly reader: ReturnType<typeof answerReader>
  lifeOf(story: StoryName, surface: Asked): Life
  readonly rootWithFirst: Account
  dispose(): Promise<void>
}

/** Lives all stories on a server of its own, once for each surface, stops it, and starts it again. About ten seconds. */
export async function liveAndRestart(instance: InstanceInfo, vault: Vault, scope: Scope): Promise<Restarted> {
  const first = vault.secret(instance.endpoint.credentials['root-password'] ?? '', "root's first password")
  const next = vault.secret(passwordOf(undefined, `${scope.name} root`), "root's changed password")
  const lives = new Map(
    (['grpc', 'rest'] as const).flatMap((surface) => storyNames.map((story) => [`${story} ${surface}`, lifeOf(story, surface, vault, scope)])),
  )
  const server = await ownServer(instance, scope, { ready: withEither(first, next) })
  try {
    await started(server)
    await liveBefore(server.endpoint, instance, { first, next, lives, scope })
    await server.stop()
    await started(server)
    return await opened(server, instance, { first, next, lives })
  } catch (thrown) {
    await server[Symbol.asyncDispose]()
    throw thrown
  }
}

/** Whether root's change survives is what is asked later on: both passwords show that the server is there. */
const withEither =
  (first: Secret, next: Secret) =>
  (endpoint: Endpoint, signal: AbortSignal): Promise<void> =>
    Promise.any([first, next].map((password) => milvusReady(asRootWith(endpoint, password.reveal()), signal)))

async function started(server: OwnServer): Promise<void> {
  const start = await server.start()
  if (start.kind === 'ready') return
  throw new HarnessError('SET_UP_FAILED', `a server of the case's own was not ready: ${start.kind === 'ended' ? start.how : start.because}`)
}

interface Lived {
  readonly first: Secret
  readonly next: Secret
  readonly lives: ReadonlyMap<string, Life>
}

async function liveBefore(endpoint: Endpoint, { version }: InstanceInfo, { first, next, lives, scope }: Lived & { readonly scope: Scope }): Promise<void> {
  await using client = new GrpcClient(endpoint, 'grpc')
  const admin = adminOf(client, version, { username: 'root', password: first })
  for (const [key, life] of lives) await stories[storyOf(key)].before(life, admin, scope)
  const message = { username: 'root', oldPassword: base64(first.reveal()), newPassword: base64(next.reveal()) }
  await admin.must('UpdateCredential', message, scope)
}

async function opened(server: OwnServer, { version }: InstanceInfo, { first, next, lives }: Lived): Promise<Restarted> {
  const client = new GrpcClient(server.endpoint, 'grpc')
  const rest = new RestClient(server.endpoint, 'rest')
  return {
    admin: adminOf(client, version, { username: 'root', password: next }),
    rest,
    reader: answerReader(version),
    rootWithFirst: { username: 'root', password: first },
    lifeOf(story, surface) {
      const life = lives.get(`${story} ${surface}`)
      if (life === undefined) throw new HarnessError('HARNESS_DEFECT', `no story ${story} over ${surface}`)
      return life
    },
    async dispose() {
      await Promise.all([client[Symbol.asyncDispose](), rest[Symbol.asyncDispose]()])
      await server[Symbol.asyncDispose]()
    },
  }
}

const adminOf = (client: GrpcClient, version: string, root: Account): Admin =>
  new Admin({ client, methods: loadCodecs().methods, reader: answerReader(version), root })

function lifeOf(story: StoryName, surface: Asked, vault: Vault, { name }: Scope): Life {
  const username = `${name.slice(0, 8)}_${storyNames.indexOf(story)}_${surface}`
  const length = (stories[story] as Story).firstLength ?? 16
  return {
    first: { username, password: vault.secret(passwordOf({ length }, `${username} first`), `the first password of the ${story}`) },
    next: { username, password: vault.secret(passwordOf(undefined, `${username} next`), `the later password of the ${story}`) },
  }
}

const storyOf = (key: string): StoryName => key.split(' ')[0] as StoryName
