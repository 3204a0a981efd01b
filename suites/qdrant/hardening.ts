import { Boxes, type Box, type BoxOptions } from '../../containers/qdrant/boxes.ts'
import { officialImage } from '../../containers/runtimes/docker/images.ts'
import { qdrantServer } from '../../containers/qdrant/server.ts'
import { NotHere, type Scope } from '../../src/driver.ts'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { Json } from '../../src/json.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { Hardening } from './hardening-names.ts'
import { at } from './operation.ts'
import type { ScriptMaker } from './script.ts'

const STORAGE = ['/qdrant/storage', '/qdrant/snapshots'] as const
/** Where a root that is read-only must not be written to. */
const ELSEWHERE = ['/assay', '/etc/assay', '/tmp/assay', '/qdrant/assay'] as const
/** qdrant-security, Hardening: the ports that nodes need of each other. */
const PORTS: ReadonlySet<number> = new Set([6333, 6334, 6335])
const VECTORS = { vectors: { size: 4, distance: 'Dot' } } as const
const MINE = '/collections/mine'

interface World {
  readonly boxes: Boxes
  readonly image: string
}

/**
 * Runs the vendor's image as the document advises, and looks from its inside at what holds then. It is a promise about that image's user
 * and file system: of any other it would say nothing.
 *
 * @throws NotHere where the instance is no container of the vendor's image, or its registry is out of reach
 */
export const runHardened: ScriptMaker = async ({ hardening = 'unprivileged-image' }, { instance }, scope) => {
  const { runtime, origin, version } = instance
  if (runtime !== 'docker' || origin !== 'official') throw new NotHere("it is judged on the vendor's own image, this is another")
  const official = officialImage(qdrantServer, version)
  if (official === undefined) throw new NotHere(`the vendor's image of ${version} is not known`)
  // A digest is that of one variant: the other is asked for by its tag.
  const image = hardening === 'unprivileged-image' ? `${official.split('@')[0] ?? ''}-unprivileged` : official
  const boxes = await Boxes.open(scope.signal)
  await boxes.fetch(image).catch((thrown: unknown) => {
    throw new NotHere(`${image} cannot be had: ${messageOf(thrown)}`)
  })
  return {
    async perform(_, asked) {
      const started = performance.now()
      const outcome = await seen(() => ways[hardening]({ boxes, image }))
      record(hardening, image, outcome, { started, scope: asked })
      return outcome
    },
    [Symbol.asyncDispose]: () => boxes[Symbol.asyncDispose](),
  }
}

async function seen(look: () => Promise<readonly string[]>): Promise<Outcome> {
  try {
    return { kind: 'allowed', code: 'ran', shown: await look() }
  } catch (thrown) {
    if (thrown instanceof HarnessError) return { kind: 'broken', cause: thrown.message }
    throw thrown
  }
}

const ways: Readonly<Record<Hardening, (world: World) => Promise<readonly string[]>>> = {
  'unprivileged-image': async (world) => {
    const box = await alone(world, {})
    const { uid } = await userOf(box)
    return [...(uid === 0 ? ['root'] : ['a user that is not root']), ...(await works(box))]
  },
  'user-1000': (world) => asUser(world, '1000'),
  'user-1000-2000': (world) => asUser(world, '1000:2000'),
  'read-only-root': async (world) => {
    const box = await alone(world, { readOnly: true, volumes: STORAGE })
    const shown = await works(box)
    const written = await Promise.all(ELSEWHERE.map(async (path) => (await box.run('echo x > "$1"', path)).exitCode === 0))
    const changed = (await box.changes()).filter((path) => !STORAGE.some((folder) => path === folder || folder.startsWith(`${path}/`)))
    return [...shown, ...(written.some(Boolean) || changed.length > 0 ? ['a file outside of its volumes'] : ['nothing outside of its volumes'])]
  },
  'no-way-out': async (world) => {
    const { boxes, image } = world
    const outside = await boxes.network({ internal: false })
    const far = await boxes.start({ image, network: outside })
    const near = await boxes.start({ image, network: outside })
    const shut = await boxes.start({ image, network: await boxes.network({ internal: true }) })
    const address = await offered(far)
    const [reached, escaped] = [await fetchedBy(near, address), await fetchedBy(shut, address)]
    return [
      ...(await works(shut)),
      ...(reached ? ['what is outside is fetched where there is a way'] : []),
      ...(escaped ? ['what is outside is fetched'] : ['nothing outside is fetched']),
    ]
  },
  'cluster-without-a-way-out': async ({ boxes, image }) => {
    const network = await boxes.network({ internal: true })
    const node = (args: readonly string[]): Promise<Box> => boxes.start({ image, network, env: { QDRANT__CLUSTER__ENABLED: 'true' }, args })
    const first = await node(['--uri', 'http://127.0.0.1:6335'])
    await node(['--bootstrap', `http://${first.address}:6335`])
    const peers = at(await told(first, 'GET', '/cluster'), 'peers')
    const ports = await portsInUse(first)
    return [
      ...(typeof peers === 'object' && peers !== null && Object.keys(peers).length === 2 ? ['two nodes'] : []),
      ...(ports.every((port) => PORTS.has(port)) ? ['no port but the documented ones'] : [`ports ${ports.join(', ')}`]),
    ]
  },
}

const alone = async ({ boxes, image }: World, options: Omit<BoxOptions, 'image' | 'network'>): Promise<Box> =>
  boxes.start({ image, network: await boxes.network({ internal: false }), ...options })

async function asUser(world: World, user: string): Promise<readonly string[]> {
  const box = await alone(world, { user, volumes: STORAGE })
  const { uid, gid } = await userOf(box)
  return [`user ${uid}, group ${gid}`, ...(await works(box))]
}

/** The real user and group of the first process. */
async function userOf(box: Box): Promise<{ readonly uid: number; readonly gid: number }> {
  const { output } = await box.run('cat /proc/1/status')
  const id = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? Number.NaN)
  return { uid: id('Uid'), gid: id('Gid') }
}

/** It keeps points, finds them, and makes a snapshot of them. */
async function works(box: Box): Promise<readonly string[]> {
  await told(box, 'PUT', '/collections/works', VECTORS)
  await told(box, 'PUT', '/collections/works/points?wait=true', { points: [{ id: 1, vector: [1, 0, 0, 0] }] })
  const count = at(await told(box, 'POST', '/collections/works/points/count', { exact: true }), 'count')
  const snapshot = at(await told(box, 'POST', '/collections/works/snapshots?wait=true'), 'name')
  return count === 1 && typeof snapshot === 'string' ? ['a server that works'] : []
}

/** The address at which a snapshot of one point lies. */
async function offered(box: Box): Promise<string> {
  await works(box)
  const name = at(await told(box, 'POST', '/collections/works/snapshots?wait=true'), 'name')
  return `http://${box.address}:6333/collections/works/snapshots/${typeof name === 'string' ? name : ''}`
}

async function fetchedBy(box: Box, location: string): Promise<boolean> {
  await told(box, 'PUT', MINE, VECTORS)
  await box.ask('PUT', `${MINE}/snapshots/recover?wait=true`, { location, priority: 'snapshot' })
  return at(await told(box, 'POST', `${MINE}/points/count`, { exact: true }), 'count') === 1
}

/** Ports of the connections between it and other machines (proc(5), /proc/net/tcp): state 01 is an open one; its own side or the other's is the port that was asked for. */
async function portsInUse(box: Box): Promise<readonly number[]> {
  const { output } = await box.run('cat /proc/net/tcp /proc/net/tcp6')
  const open = output.split('\n').flatMap((line) => {
    const [, local = '', remote = '', state] = line.trim().split(/\s+/)
    return state === '01' && !/^0*(100007F|0100007F)/.test(remote) ? [[portOf(local), portOf(remote)]] : []
  })
  return [...new Set(open.map(([local = 0, remote = 0]) => (PORTS.has(local) ? local : remote)))]
}

const portOf = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16)

/** @throws HarnessError `SET_UP_FAILED` */
async function told(box: Box, method: string, path: string, body?: unknown): Promise<Json> {
  const said = await box.ask(method, path, body)
  const result = said.status === 200 ? at(JSON.parse(said.body) as Json, 'result') : undefined
  if (result !== undefined) return result
  throw new HarnessError('SET_UP_FAILED', `${method} ${path} in the container: status ${said.status}: ${said.body.slice(0, 200)}`)
}

function record(hardening: Hardening, image: string, outcome: Outcome, { started, scope }: { readonly started: number; readonly scope: Scope }): void {
  const status = outcome.kind === 'allowed' ? (outcome.shown ?? []).join(', ') : outcome.kind === 'broken' ? outcome.cause : outcome.kind
  const request = `${image} run as ${hardening}`
  scope.record({ stage: scope.stage, surface: 'process', request, headers: {}, body: '', status, answer: '', ms: performance.now() - started })
}
