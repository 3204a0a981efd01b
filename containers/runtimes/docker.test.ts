import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePki } from '../../fixtures/pki/make-pki.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint, InstanceSpec, Pki, Runtime } from '../../src/instance.ts'
import type { Launch, Placement, ServerDefinition } from '../server.ts'
import { dockerRuntime, sweepDockerLeftovers } from './docker.ts'
import { findEngine, type Engine } from './docker/engine.ts'
import { availabilityOf } from './docker/images.ts'
import { freePorts } from './ports.ts'

/** Of `scripts/build-local-images.ts`: a shell and openssl, which is a TLS server for our purposes. */
const IMAGE = 'assay.local/base:bookworm'

const engine = await findEngine().catch(() => undefined)
const reason = await whyNot(engine)
if (reason !== undefined) console.log(`the Docker runtime is not tested: ${reason}`)

const signal = AbortSignal.timeout(120_000)
const lines: string[] = []
const options = { signal, log: (line: string) => void lines.push(line) }

let folder: string
let pki: Pki

describe.skipIf(reason !== undefined)('the Docker runtime', { concurrent: true }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-docker-'))
    pki = await makePki(join(folder, 'pki'), ['qdrant.assay.test', 'keycloak.assay.test'])
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('starts a server that answers over TLS under its own name, on loopback alone, and says what it is', async () => {
    await using runtime = runtimeOf('one', tlsServer)
    await using instance = await runtime.start(specOf('one'), options)
    const { endpoint, origin, digest, evidence } = instance.info
    expect(await page(endpoint)).toContain('TLSv1.3')
    expect({ host: endpoint.host, address: endpoint.address, origin, evidence }).toEqual({
      host: 'qdrant.assay.test',
      address: '127.0.0.1',
      origin: 'local-build',
      evidence: 'real',
    })
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await addressesOf('one')).toEqual(['127.0.0.1'])
    expect(instance.logTail().join('\n')).toContain('ACCEPT')
  })

  test('gives a port the same number inside and outside where its URL must hold on both sides', async () => {
    await using runtime = runtimeOf('same', { ...tlsServer, docker: { ...recipe, samePorts: ['https'] } })
    await using instance = await runtime.start(specOf('same'), options)
    expect(instance.info.endpoint.facts).toEqual({ inside: instance.info.endpoint.ports['https'] })
  })

  test('lets a server find the peer that it was given by the name in its certificate', async () => {
    const keycloak: ServerDefinition = { ...tlsServer, product: 'keycloak' }
    const qdrant = shellServer(
      'peer=$(openssl s_client -connect keycloak.assay.test:8443 -verify_return_error -verify_hostname keycloak.assay.test -CAfile /assay/pki/ca.pem </dev/null 2>&1 | grep -m1 "Verify return code"); echo "$peer"',
    )
    await using runtime = dockerRuntime({ servers: { keycloak, qdrant }, images: { keycloak: IMAGE, qdrant: IMAGE }, runId: runIdOf('peers') })
    await using peer = await runtime.start(specOf('issuer', 'keycloak'), options)
    await expect(runtime.start({ ...specOf('asks'), peers: { keycloak: peer.info } }, options)).rejects.toThrow(/Verify return code: 0 \(ok\)/)
  })

  test('reports a container that ends at once with its exit code and its last lines', async () => {
    await using runtime = runtimeOf('ends', shellServer('echo one; echo two >&2; exit 7'))
    const thrown = await runtime.start(specOf('ends'), options).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(HarnessError)
    expect(thrown).toMatchObject({
      code: 'INSTANCE_EXITED',
      message: expect.stringMatching(/^ends ended with exit code 7; its last lines:\n(one\ntwo|two\none)$/) as string,
    })
  })

  test('reports a program that is not in the image', async () => {
    await using runtime = runtimeOf('missing', { ...tlsServer, docker: { ...recipe, entrypoint: ['/no/such/program'] } })
    await expect(runtime.start(specOf('missing'), options)).rejects.toMatchObject({
      code: 'INSTANCE_EXITED',
      message: expect.stringMatching(/could not be started.*no such file/s) as string,
    })
  })

  test('reports a server that never answers with what it was asked and its last lines', async () => {
    await using runtime = runtimeOf('mute', { ...shellServer('echo thinking; sleep 60'), bootTimeoutMs: 1500 })
    await expect(runtime.start(specOf('mute'), options)).rejects.toMatchObject({
      code: 'INSTANCE_NOT_READY',
      message: expect.stringMatching(/thinking$/) as string,
    })
  })

  test('says when a running server ends by itself', async () => {
    await using runtime = runtimeOf('later', tlsServer)
    await using instance = await runtime.start(specOf('later'), options)
    const [container] = await containersOf('later')
    await required(engine)
      .api.getContainer(container?.Id ?? '')
      .kill()
    expect(await instance.exited).toMatch(/^later ended with exit code 137; its last lines:\n(.*\n)*.*ACCEPT/)
  })

  test('runs what must run before the server in the same container', async () => {
    const server = shellServer('')
    await using runtime = runtimeOf('before', {
      ...server,
      launch: (spec, at) => ({
        ...server.launch(spec, at),
        before: [[`printf %s "it's here" > ${at.folder}/left-behind`]],
        args: [`cat ${at.folder}/left-behind; exec openssl s_server ${serverArgs(at).join(' ')}`],
      }),
    })
    await using instance = await runtime.start(specOf('before'), options)
    expect(instance.logTail().join('\n')).toContain("it's here")
  })

  test('takes other ports where those that it chose are taken meanwhile', async () => {
    await using taken = await listen()
    const choices = [{ https: taken.port }, await freePorts(['https'])]
    await using runtime = runtimeOf('taken', tlsServer, async () => choices.shift() ?? {})
    await using instance = await runtime.start(specOf('taken'), options)
    expect(instance.info.endpoint.ports['https']).not.toBe(taken.port)
    expect(await containersOf('taken')).toHaveLength(1)
  })

  test('gives up after three taken ports, and leaves nothing', async () => {
    await using taken = await listen()
    await using runtime = runtimeOf('always-taken', tlsServer, async () => ({ https: taken.port }))
    await expect(runtime.start(specOf('always-taken'), options)).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(await containersOf('always-taken')).toEqual([])
  })

  test('leaves no container when it is interrupted', async () => {
    await using runtime = runtimeOf('interrupted', shellServer('sleep 60'))
    const interrupted = new AbortController()
    const starting = runtime.start(specOf('interrupted'), { ...options, signal: interrupted.signal })
    await expect.poll(() => containersOf('interrupted').then((found) => found.length), { timeout: 60_000 }).toBe(1)
    interrupted.abort(new Error('interrupted'))
    await expect(starting).rejects.toThrow('interrupted')
    expect(await containersOf('interrupted')).toEqual([])
  })

  test('leaves no container and no network at the end of its run', async () => {
    const runtime = runtimeOf('end', tlsServer)
    await runtime.start(specOf('end'), options)
    expect(await networksOf('end')).toHaveLength(1)
    await runtime[Symbol.asyncDispose]()
    expect([await containersOf('end'), await networksOf('end')]).toEqual([[], []])
  })

  test('sweeps what a dead run left, and nothing of a live one', async () => {
    await using runtime = runtimeOf('alive', tlsServer)
    await using instance = await runtime.start(specOf('alive'), options)
    const [container] = await containersOf('alive')
    const dead = { ...container?.Labels, 'assay.run': runIdOf('dead'), 'assay.owner-started': '1' }
    await required(engine).api.createNetwork({ Name: runIdOf('dead'), Labels: dead })
    await required(engine).api.createContainer({ Image: IMAGE, Cmd: ['true'], Labels: dead })
    expect(await sweepDockerLeftovers()).toContain(`removed what a killed run left on the Docker engine: ${runIdOf('dead')}, 1 container, 1 network`)
    expect([await containersOf('dead'), await networksOf('dead')]).toEqual([[], []])
    expect(await page(instance.info.endpoint)).toContain('TLSv1.3')
  })

  test('is ready where the engine has the image, and says why it is not where nobody has it', async () => {
    const runtime = runtimeOf('available', tlsServer)
    expect(await runtime.available('qdrant', '1')).toEqual({ kind: 'ready' })
    const other = dockerRuntime({ servers: { qdrant: tlsServer }, images: { qdrant: 'registry.invalid/none:1' }, runId: runIdOf('none') })
    expect(await other.available('qdrant', '1')).toMatchObject({ kind: 'unavailable', because: expect.stringContaining('registry.invalid/none:1') as string })
    await expect(other.fetch('qdrant', '1', options)).rejects.toMatchObject({ code: 'ARTEFACT_UNAVAILABLE' })
    expect(await runtime.available('milvus', '1')).toMatchObject({ kind: 'unavailable', because: 'there is no image of milvus 1' })
  })
})

test('the reaper that we look for is the one that Testcontainers starts', async () => {
  const { REAPER_IMAGE } = await import('./docker/reaper.ts')
  const source = await readFile(join(import.meta.dirname, '../../node_modules/testcontainers/build/reaper/reaper.js'), 'utf8')
  expect(source).toContain(`"${REAPER_IMAGE}"`)
})

async function whyNot(found: Engine | undefined): Promise<string | undefined> {
  if (found === undefined) return 'no Docker engine answers'
  if (!found.isLocal) return 'the engine is on another machine'
  return (await availabilityOf(found, IMAGE)).kind === 'ready' ? undefined : `the engine has no image ${IMAGE} (scripts/build-local-images.ts makes it)`
}

const recipe = { repository: 'example/none', folder: '/assay', entrypoint: ['openssl'], command: ['s_server'] } as const

const serverArgs = (at: Placement): readonly string[] => ['-accept', String(at.ports['https']), '-cert', at.pki.serverCert, '-key', at.pki.serverKey, '-www']

const tlsServer: ServerDefinition = {
  product: 'qdrant',
  versions: [{ version: '1', image: '1' }],
  profiles: {},
  ports: { https: 8443 },
  launch: (_spec, at): Launch => ({ files: { 'some/where/note.txt': 'a note' }, args: serverArgs(at), env: {}, facts: { inside: at.ports['https'] ?? 0 } }),
  ready: async (endpoint, abort) => void (await page(endpoint, abort)),
  bootTimeoutMs: 20_000,
  memoryMiB: 20,
  docker: recipe,
}

const shellServer = (script: string): ServerDefinition => ({
  ...tlsServer,
  launch: () => ({ files: {}, args: [script], env: {}, facts: {} }),
  docker: { ...recipe, entrypoint: ['/bin/sh', '-c'], command: [] },
})

const runIdOf = (name: string): string => `test-${process.pid}-${name}`

const runtimeOf = (name: string, definition: ServerDefinition, choosePorts?: () => Promise<Readonly<Record<string, number>>>): Runtime =>
  dockerRuntime({ servers: { qdrant: definition }, images: { qdrant: IMAGE }, runId: runIdOf(name), ...(choosePorts === undefined ? {} : { choosePorts }) })

const specOf = (id: string, product: 'qdrant' | 'keycloak' = 'qdrant'): InstanceSpec => ({
  id,
  product,
  version: '1',
  profile: 'tls',
  runtime: 'docker',
  evidence: 'real',
  pki,
  folder: join(folder, id),
  credentials: {},
  peers: {},
})

async function page({ host, address, ports, pki: { ca } }: Endpoint, abort: AbortSignal = signal): Promise<string> {
  const dispatcher = new Agent({ connect: { ca: await readFile(ca), servername: host } })
  try {
    return await (await request(`https://${address}:${ports['https']}/`, { dispatcher, signal: abort })).body.text()
  } finally {
    await dispatcher.destroy()
  }
}

const filterOf = (name: string): { label: string[] } => ({ label: [`assay.run=${runIdOf(name)}`] })
const containersOf = (name: string): ReturnType<Engine['api']['listContainers']> => required(engine).api.listContainers({ all: true, filters: filterOf(name) })
const networksOf = (name: string): ReturnType<Engine['api']['listNetworks']> => required(engine).api.listNetworks({ filters: filterOf(name) })
const addressesOf = async (name: string): Promise<readonly string[]> =>
  (await containersOf(name)).flatMap((container) => container.Ports.map((port) => port.IP ?? ''))

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('no engine')
  return value
}

async function listen(): Promise<AsyncDisposable & { readonly port: number }> {
  const server: Server = createServer()
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', () => resolve())
  await promise
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await new Promise((closed) => server.close(closed))
    },
  }
}
