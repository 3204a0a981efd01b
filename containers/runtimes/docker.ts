import { HarnessError } from '../../src/errors.ts'
import type { Availability, Instance, Runtime } from '../../src/instance.ts'
import type { ProductName } from '../../src/rule.ts'
import type { FetchOptions, ServerDefinition } from '../server.ts'
import { findEngine } from './docker/engine.ts'
import { availabilityOf, identify, officialImage, pullImage } from './docker/images.ts'
import { labelsOf, RUN } from './docker/labels.ts'
import { removeLabelled, sweepDockerLeftovers } from './docker/leftovers.ts'
import { createNetwork } from './docker/network.ts'
import { chooseReaping } from './docker/reaper.ts'
import { startInstance, type Session } from './docker/start-instance.ts'
import { freePorts } from './ports.ts'

export { sweepDockerLeftovers } from './docker/leftovers.ts'

export interface DockerRuntimeOptions {
  readonly servers: Readonly<Partial<Record<ProductName, ServerDefinition>>>
  /** The run's name: it labels everything that the run makes on the engine. */
  readonly runId: string
  /** Images by name, instead of the official ones. */
  readonly images?: Readonly<Partial<Record<ProductName, string>>>
  /** How ports on this side are chosen; free ones where nothing else is said. */
  readonly choosePorts?: Session['choosePorts']
}

/**
 * Real servers in containers, by Testcontainers: official images unless others are named, everything copied in, ports
 * published on loopback. `<product>.assay.test` is the name in a server's certificate; containers find their peers by it.
 */
export function dockerRuntime({ servers, runId, images = {}, choosePorts = freePorts }: DockerRuntimeOptions): Runtime {
  let session: Promise<Session> | undefined
  const imageOf = (product: ProductName, version: string): string => {
    const definition = servers[product]
    const image = images[product] ?? (definition === undefined ? undefined : officialImage(definition, version))
    if (image !== undefined && definition?.docker !== undefined) return image
    throw new HarnessError('RUNTIME_UNAVAILABLE', `there is no image of ${product} ${version}`, { hint: `name one: --image ${product}=…` })
  }
  return {
    kind: 'docker',
    available: (product, version) => orUnavailable(async () => availabilityOf(await findEngine(), imageOf(product, version))),
    async fetch(product, version, options) {
      await pullImage(await findEngine(), imageOf(product, version), options)
    },
    async start(spec, options): Promise<Instance> {
      const image = imageOf(spec.product, spec.version)
      const definition = servers[spec.product]
      if (definition?.docker === undefined) throw new HarnessError('RUNTIME_UNAVAILABLE', `${spec.product} cannot run in Docker`)
      const { engine, ...rest } = await (session ??= openSession(runId, choosePorts, options))
      const identity = await identify(engine, image, definition.docker.repository)
      return startInstance({ engine, ...rest }, { definition, recipe: definition.docker, image, identity, spec }, options)
    },
    async [Symbol.asyncDispose]() {
      const opened = await session?.catch(() => undefined)
      if (opened !== undefined) await removeLabelled(opened.engine, `${RUN}=${runId}`)
    },
  }
}

/** With the run's first container: a run that starts none leaves the engine alone. */
async function openSession(runId: string, choosePorts: Session['choosePorts'], options: FetchOptions): Promise<Session> {
  const engine = await findEngine()
  for (const line of await sweepDockerLeftovers()) options.log(line)
  const reaping = await chooseReaping(engine, options)
  const labels = labelsOf(runId)
  const network = await createNetwork(engine, `assay-${runId}`, { ...labels, ...reaping.labels })
  if (!engine.isLocal) options.log(`docker: the engine is at ${engine.address}: the servers' ports are open on all its interfaces`)
  return { engine, runId, labels, network, reaping, choosePorts, addresses: new Map() }
}

async function orUnavailable(ask: () => Promise<Availability>): Promise<Availability> {
  try {
    return await ask()
  } catch (thrown) {
    if (!(thrown instanceof HarnessError)) throw thrown
    return { kind: 'unavailable', because: thrown.message, hint: thrown.hint ?? '' }
  }
}
