import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { methodOf } from '../../fixtures/models/qdrant/protocol.ts'
import type { Probe } from '../../src/case.ts'
import { NotHere, type Scope } from '../../src/driver.ts'
import type { Outcome } from '../../src/outcome.ts'
import { GrpcClient } from '../../src/wire/grpc.ts'
import { RestClient, type RestRequest } from '../../src/wire/rest.ts'
import { Admin } from './admin.ts'
import { grpcOutcome, restOutcome } from './answers.ts'
import { withLinks } from './archives.ts'
import { named } from './library.ts'
import { form } from './operations-snapshots.ts'
import type { Place } from './place.ts'
import type { Script, ScriptMaker } from './script.ts'

export const escapes = [
  'by-the-name-of-a-snapshot',
  'by-the-name-of-a-shard-snapshot',
  'by-the-name-of-a-full-snapshot',
  'by-the-name-of-an-uploaded-file',
  'by-the-name-of-a-collection',
  'by-links-in-an-archive',
] as const
export type Escape = (typeof escapes)[number]

const KEPT = 'kept.txt'
/** How deep below the server's folder it may keep what is named. */
const DEPTHS = [1, 2, 3, 4] as const

/** A folder beside those in which the server keeps its snapshots, with one file. Nothing that a request says should lead there. */
interface Outside {
  readonly folder: string
  readonly name: string
  readonly canary: string
}

/** One request, on whichever surface. */
type Ask = (scope: Scope) => Promise<{ readonly outcome: Outcome; readonly said: string }>

interface World {
  readonly escape: Escape
  readonly place: Place
  readonly outside: Outside
  readonly rest: RestClient
  readonly grpc: GrpcClient
  readonly admin: Admin
  readonly key: string
}

/**
 * As the holder of the API key, who may do everything but leave the folder of the data: the names and archives that CVE-2024-2221,
 * CVE-2024-3078, CVE-2024-3584 and CVE-2024-3829 are about. They aim at a folder of ours beside the data of a server that the run started.
 */
export const reachOnlySnapshots: ScriptMaker = async ({ escape = 'by-the-name-of-a-snapshot' }, tools, scope) => {
  const { instance, main, vault } = tools
  const { endpoint, runtime } = instance
  if (runtime !== 'native') throw new NotHere('it needs a server whose folder is on this machine')
  const rest = new RestClient(endpoint, 'rest')
  const key = vault.secret(endpoint.credentials['api-key'] ?? '', 'api-key')
  const admin = new Admin(rest, endpoint, key)
  const grpc = new GrpcClient(endpoint, 'grpc')
  const place = await main.prepare(plain, scope)
  const outside = await plantOutside(admin, place, scope)
  const world = { escape, place, outside, rest, grpc, admin, key: key.reveal() }
  return {
    perform: (probe, asked) => attempt(world, probe, asked),
    async [Symbol.asyncDispose]() {
      await rest[Symbol.asyncDispose]()
      await grpc[Symbol.asyncDispose]()
      await rm(outside.folder, { recursive: true, force: true })
      await main.cleanUp(plain, place, scope)
    },
  } satisfies Script
}

/** What an escape is a variant of: it is done too, so that a server which refuses everything shows nothing. */
const plain: Probe = { operation: 'upload-collection-snapshot', principal: 'api-key', surface: 'rest', input: {} }

async function plantOutside(admin: Admin, { marker }: Place, scope: Scope): Promise<Outside> {
  const name = `outside-${scope.name}`
  const folder = join(dirname(admin.snapshotsFolder), name)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, KEPT), marker)
  return { folder, name, canary: marker }
}

async function attempt(world: World, { surface }: Probe, scope: Scope): Promise<Outcome> {
  const shown = new Set<string>()
  for (const ask of await asksOf(world, surface === 'grpc' ? 'grpc' : 'rest', scope)) {
    const { outcome, said } = await ask(scope)
    if (outcome.kind === 'broken' && said === '') return outcome
    if (said.includes(world.outside.canary)) shown.add('what a file outside holds')
  }
  for (const change of await changesOf(world.outside)) shown.add(change)
  const ordinary = await world.admin.ask(
    { method: 'POST', path: `/collections/${world.place.collection}/snapshots/upload?wait=true&priority=snapshot`, ...form(world.place.seed.collection) },
    scope,
  )
  if (ordinary === true) shown.add('an ordinary upload')
  return { kind: 'allowed', code: 'asked', shown: [...shown] }
}

async function changesOf({ folder, canary }: Outside): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  const kept = await readFile(join(folder, KEPT), 'utf8').catch(() => undefined)
  return [
    ...(names.some((name) => name !== KEPT) ? ['a new file outside'] : []),
    ...(kept === undefined ? ['a file outside that is gone'] : kept === canary ? [] : ['a file outside that was changed']),
  ]
}

async function asksOf(world: World, surface: 'rest' | 'grpc', scope: Scope): Promise<readonly Ask[]> {
  const { escape, place } = world
  const collection = `/collections/${place.collection}`
  switch (escape) {
    case 'by-the-name-of-a-snapshot':
      return surface === 'grpc'
        ? namesOf(world).map((snapshotName) => byGrpc(world, 'Snapshots/Delete', { collectionName: place.collection, snapshotName }))
        : spelt(world).flatMap((name) => ofName(world, `${collection}/snapshots/${name}`))
    case 'by-the-name-of-a-shard-snapshot':
      return spelt(world).flatMap((name) => ofName(world, `${collection}/shards/0/snapshots/${name}`))
    case 'by-the-name-of-a-full-snapshot':
      return surface === 'grpc'
        ? namesOf(world).map((snapshotName) => byGrpc(world, 'Snapshots/DeleteFull', { snapshotName }))
        : spelt(world).flatMap((name) => ofName(world, `/snapshots/${name}`))
    case 'by-the-name-of-an-uploaded-file':
      return namesOf(world, 'written.snapshot').map((name) =>
        byRest(world, { method: 'POST', path: `${collection}/snapshots/upload?wait=true`, ...form(place.seed.collection, name) }),
      )
    case 'by-the-name-of-a-collection':
      return DEPTHS.flatMap((depth) => {
        const name = encodeURIComponent(`${'../'.repeat(depth)}${world.outside.name}`)
        return [
          byRest(world, { method: 'POST', path: `/collections/${name}/snapshots/upload?wait=true`, ...form(place.seed.collection) }),
          byRest(world, { method: 'PUT', path: `/collections/${name}`, body: { vectors: { size: 4, distance: 'Dot' } } }),
        ]
      })
    case 'by-links-in-an-archive':
      return throughLinks(world, scope)
  }
}

/** An archive with links that lead outside is uploaded; then a snapshot of what came of it is looked through. */
function throughLinks(world: World, scope: Scope): readonly Ask[] {
  const { place, outside, admin } = world
  const path = `/collections/${place.collection}/snapshots`
  const archive = { ...place.seed.collection, bytes: withLinks(place.seed.collection.bytes, { folder: outside.folder, file: KEPT, written: 'written.txt' }) }
  return [
    byRest(world, { method: 'POST', path: `${path}/upload?wait=true&priority=snapshot`, ...form(archive) }),
    async () => {
      const name = await named(admin, `${path}?wait=true`, scope)
      return { outcome: { kind: 'allowed', code: '200' }, said: (await admin.download(`${path}/${name}`, scope)).toString('latin1') }
    },
  ]
}

/** From as deep as the server may keep things, and from the root. */
const namesOf = ({ outside }: World, file = KEPT): readonly string[] => [
  ...DEPTHS.map((depth) => `${'../'.repeat(depth)}${outside.name}/${file}`),
  `${outside.folder}/${file}`,
]

/** Each in the spellings that a path can have. */
const spelt = (world: World): readonly string[] =>
  namesOf(world).flatMap((name) => [encodeURIComponent(name), name.replaceAll('..', '%2e%2e').replaceAll('/', '%2F'), name])

const ofName = (world: World, path: string): readonly Ask[] => [
  byRest(world, { method: 'GET', path }),
  byRest(world, { method: 'DELETE', path: `${path}?wait=true` }),
]

function byRest({ rest, key }: World, request: RestRequest): Ask {
  return async (scope) => {
    const headers = { ...request.headers, 'api-key': scope.vault.secret(key, 'api-key') }
    const answer = await rest.send({ ...request, headers }, scope)
    return { outcome: restOutcome(answer), said: answer.kind === 'answered' ? `${answer.status} ${answer.body}` : '' }
  }
}

function byGrpc({ grpc, key }: World, method: string, message: Readonly<Record<string, string>>): Ask {
  return async (scope) => {
    const metadata = { 'api-key': scope.vault.secret(key, 'api-key') }
    const answer = await grpc.unary(methodOf(method).client, { message, metadata }, scope)
    return { outcome: grpcOutcome(answer), said: answer.kind === 'answered' ? `${answer.code} ${answer.details}` : '' }
  }
}
