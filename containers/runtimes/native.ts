import { mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { configurationOf } from '../../src/configuration.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint, Instance, InstanceInfo, InstanceSpec, Runtime } from '../../src/instance.ts'
import type { ProductName } from '../../src/rule.ts'
import type { Cache } from '../cache.ts'
import { untilReady } from '../readiness.ts'
import { PROCESS_RECORD } from '../run-folder.ts'
import type { Artefact, FetchOptions, Launch, NativeRecipe, Placement, ServerDefinition } from '../server.ts'
import { listenersOf, openListeners } from './open-listeners.ts'
import { freePorts } from './ports.ts'
import { ProcessGroup, runToEnd, type ProcessGroupOptions } from './process-group.ts'

const LOOPBACK = '127.0.0.1'

export interface NativeRuntimeOptions {
  readonly servers: Readonly<Partial<Record<ProductName, ServerDefinition>>>
  readonly cache: Cache
}

/** Real servers without Docker: their own binaries, one process group each, on loopback. */
export function nativeRuntime({ servers, cache }: NativeRuntimeOptions): Runtime {
  const recipeOf = (product: ProductName): NativeRecipe => {
    const recipe = servers[product]?.native
    if (recipe === undefined) throw new HarnessError('RUNTIME_UNAVAILABLE', `${product} cannot run natively`, { hint: 'use --runtime docker' })
    return recipe
  }
  return {
    kind: 'native',
    async available(product, version) {
      const recipe = servers[product]?.native
      if (recipe === undefined) return { kind: 'unavailable', because: `${product} has no native way`, hint: 'use --runtime docker' }
      return recipe.available(version, cache)
    },
    fetch: (product: ProductName, version: string, options: FetchOptions) => recipeOf(product).fetch(version, cache, options),
    async start(spec, options) {
      const definition = servers[spec.product]
      const artefact = await recipeOf(spec.product).locate(spec.version, cache)
      if (definition === undefined) throw new HarnessError('UNKNOWN_NAME', `no server definition for ${spec.product}`)
      return startNative(definition, artefact, spec, options)
    },
    async [Symbol.asyncDispose]() {},
  }
}

async function startNative(definition: ServerDefinition, artefact: Artefact, spec: InstanceSpec, { signal, log }: FetchOptions): Promise<Instance> {
  const ports = await freePorts(Object.keys(definition.ports), definition.portsInARow)
  const placement: Placement = { runtime: 'native', folder: spec.folder, bind: LOOPBACK, host: 'localhost', ports, publicPorts: ports, pki: spec.pki }
  const launch = definition.launch(spec, placement)
  writeFiles(spec.folder, launch)
  const options = processOptions(artefact, spec, launch)
  for (const args of launch.before ?? []) await runToEnd({ ...options, args }, signal)
  const group = new ProcessGroup(options)
  const endpoint: Endpoint = { host: 'localhost', address: LOOPBACK, ports, pki: spec.pki, credentials: spec.credentials, facts: launch.facts }
  const instance = instanceOf(group, spec, {
    ...identityOf(spec),
    origin: artefact.origin,
    digest: artefact.digest,
    endpoint,
    configuration: configurationOf(launch, spec, spec.folder),
  })
  try {
    await untilReady(definition, endpoint, { id: spec.id, signal, exited: group.ended, logTail: () => group.logTail() })
    const open = openListeners(group.pid)
    if (open.length > 0) log(`        ${spec.id} cannot be kept to loopback on every port; open on all interfaces while it runs: ${open.join(', ')}`)
    return instance
  } catch (thrown) {
    await instance[Symbol.asyncDispose]()
    throw thrown
  }
}

/** Writes a launch's files into the instance's folder, for its owner only. */
export function writeFiles(folder: string, launch: Launch): void {
  for (const [path, content] of Object.entries(launch.files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, content, { mode: 0o600 })
  }
}

/** Nothing of our own environment but what a program needs to find its tools: a stray `AUTH…` or proxy would change the server. */
export function processOptions(artefact: Artefact, { folder }: Pick<InstanceSpec, 'folder'>, launch: Launch): ProcessGroupOptions {
  const cwd = join(folder, 'cwd')
  mkdirSync(cwd, { recursive: true, mode: 0o700 })
  return {
    program: artefact.program,
    args: launch.args,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: cwd,
      TMPDIR: cwd,
      LANG: 'C.UTF-8',
      ...(process.env['JAVA_HOME'] === undefined ? {} : { JAVA_HOME: process.env['JAVA_HOME'] }),
      ...artefact.env,
      ...launch.env,
    },
    cwd,
    logFile: join(folder, 'server.log'),
    recordFile: join(folder, PROCESS_RECORD),
  }
}

function instanceOf(group: ProcessGroup, spec: InstanceSpec, info: InstanceInfo): Instance {
  return {
    info,
    exited: group.ended.then((how) => `${spec.id} ${how}; its last lines:\n${group.logTail().join('\n')}`),
    logTail: () => group.logTail(),
    listeners: () => listenersOf(group.pid),
    async [Symbol.asyncDispose]() {
      await group[Symbol.asyncDispose]()
      await rm(spec.folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const identityOf = ({ id, product, version, profile, runtime, evidence }: InstanceSpec): Omit<InstanceInfo, 'origin' | 'digest' | 'endpoint'> => ({
  id,
  product,
  version,
  profile,
  runtime,
  evidence,
})
