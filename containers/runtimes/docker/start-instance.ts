import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { StartedTestContainer } from 'testcontainers'
import { configurationOf } from '../../../src/configuration.ts'
import { HarnessError } from '../../../src/errors.ts'
import type { Instance, InstanceInfo, InstanceSpec } from '../../../src/instance.ts'
import { untilReady } from '../../readiness.ts'
import type { DockerRecipe, FetchOptions, Launch, Placement, ServerDefinition } from '../../server.ts'
import { compose } from './compose.ts'
import { pkiInside } from './contents.ts'
import { unlessGone, type Engine } from './engine.ts'
import type { ImageIdentity } from './images.ts'
import { INSTANCE } from './labels.ts'
import { LogTail, type ContainerHandle } from './logs.ts'
import type { Reaping } from './reaper.ts'
import { PortTaken, runContainer, untilExit } from './run-container.ts'

const MOST_PORT_TRIES = 3
const EVERY_INTERFACE = '0.0.0.0'

/** What a run has on its engine. */
export interface Session {
  readonly engine: Engine
  readonly runId: string
  readonly labels: Readonly<Record<string, string>>
  readonly network: string
  readonly reaping: Reaping
  readonly choosePorts: (names: readonly string[]) => Promise<Readonly<Record<string, number>>>
  /** Addresses on the run's network, by instance. */
  readonly addresses: Map<string, string>
}

/** What is to be started, as far as it is known before its ports are. */
export interface Order {
  readonly definition: ServerDefinition
  readonly recipe: DockerRecipe
  readonly image: string
  readonly identity: ImageIdentity
  readonly spec: InstanceSpec
}

/** A port may be taken between choice and use, and on another machine's engine we cannot even look: then others are chosen. */
export async function startInstance(session: Session, order: Order, options: FetchOptions): Promise<Instance> {
  for (let attempt = 1; ; attempt++) {
    const ports = await session.choosePorts(Object.keys(order.definition.ports))
    try {
      return await startOn(ports, session, order, options)
    } catch (thrown) {
      if (!(thrown instanceof PortTaken)) throw thrown
      if (attempt < MOST_PORT_TRIES) continue
      throw new HarnessError('PORT_TAKEN', `${order.spec.id} found its ports taken ${attempt} times: ${thrown.message}`, {
        cause: thrown,
        hint: 'end what listens there',
      })
    }
  }
}

async function startOn(publicPorts: Readonly<Record<string, number>>, session: Session, order: Order, options: FetchOptions): Promise<Instance> {
  const { definition, spec } = order
  const placement = placementOf(order, publicPorts)
  const launch = definition.launch(spec, placement)
  const log = new LogTail()
  const started = await runComposed(session, { ...order, placement, launch, log }, options.signal)
  const instance = new DockerInstance(session, {
    spec,
    info: infoOf(session, order, placement, launch),
    container: session.engine.api.getContainer(started.getId()),
    log,
  })
  session.addresses.set(spec.id, started.getIpAddress(session.network))
  try {
    await untilReady(definition, instance.info.endpoint, { id: spec.id, signal: options.signal, exited: instance.ended, logTail: () => log.lines() })
    await sayWhatIsOpen(session, started.getId(), options.log)
    return instance
  } catch (thrown) {
    await instance[Symbol.asyncDispose]()
    throw thrown
  }
}

function placementOf({ definition, recipe, spec }: Order, publicPorts: Readonly<Record<string, number>>): Placement {
  const same = recipe.samePorts ?? []
  const ports = Object.fromEntries(Object.entries(definition.ports).map(([name, usual]) => [name, same.includes(name) ? (publicPorts[name] ?? usual) : usual]))
  const pki = pkiInside(spec.pki, recipe.folder)
  return { runtime: 'docker', folder: recipe.folder, bind: EVERY_INTERFACE, host: `${spec.product}.assay.test`, ports, publicPorts, pki }
}

function infoOf({ engine }: Session, { spec, identity }: Order, { host, publicPorts, folder, pki: inside }: Placement, launch: Launch): InstanceInfo {
  const { id, product, version, profile, runtime, evidence, pki, credentials } = spec
  const endpoint = { host, address: engine.address, ports: publicPorts, pki, credentials, facts: launch.facts }
  const configuration = configurationOf(launch, { credentials, pki: inside }, folder)
  return { id, product, version, profile, runtime, evidence, origin: identity.origin, digest: identity.digest, endpoint, configuration }
}

async function runComposed(
  session: Session,
  what: Order & { placement: Placement; launch: Launch; log: LogTail },
  signal: AbortSignal,
): Promise<StartedTestContainer> {
  const key = `${session.runId}/${what.spec.id}/${randomBytes(4).toString('hex')}`
  const labels = { ...session.labels, [INSTANCE]: key }
  const composed = await compose({ ...what, network: session.network, labels, reaping: session.reaping, peers: peersOf(session, what.spec) })
  composed.withLogConsumer((stream) => what.log.follow(stream))
  return runContainer(session.engine, composed, { id: what.spec.id, key, signal })
}

/** Where its peers' names are, for it alone: two instances of one product may run side by side under one name. */
function peersOf({ addresses }: Session, { peers }: InstanceSpec): Readonly<Record<string, string>> {
  const known = Object.values(peers).map((peer) => [peer.endpoint.host, addresses.get(peer.id)] as const)
  return Object.fromEntries(known.filter((pair): pair is readonly [string, string] => pair[1] !== undefined))
}

/** A running container; disposing of it removes it with its volumes. */
class DockerInstance implements Instance {
  readonly info: InstanceInfo
  /** How it ended, without its last lines; those are in the tail by then. */
  readonly ended: Promise<string>
  readonly exited: Promise<string>
  readonly #session: Session
  readonly #what: { readonly spec: InstanceSpec; readonly container: ContainerHandle; readonly log: LogTail }

  constructor(
    session: Session,
    what: { readonly spec: InstanceSpec; readonly info: InstanceInfo; readonly container: ContainerHandle; readonly log: LogTail },
  ) {
    this.info = what.info
    this.#session = session
    this.#what = what
    this.ended = untilExit(session.engine, what.container, what.log)
    this.exited = this.ended.then((how) => `${what.spec.id} ${how}; its last lines:\n${what.log.lines().join('\n')}`)
  }

  logTail(): readonly string[] {
    return this.#what.log.lines()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { spec, container } = this.#what
    this.#session.addresses.delete(spec.id)
    await unlessGone(container.remove({ force: true, v: true }))
    await rm(spec.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Not every engine knows the option of the network that keeps ports on loopback: where they are open, it is said. */
async function sayWhatIsOpen({ engine }: Session, containerId: string, log: FetchOptions['log']): Promise<void> {
  if (!engine.isLocal) return
  const { NetworkSettings } = await engine.api.getContainer(containerId).inspect()
  const bindings = Object.values(NetworkSettings.Ports).flatMap((published) => published ?? [])
  const open = bindings.filter(({ HostIp }) => HostIp !== engine.address).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`)
  if (open.length > 0) log(`docker: this engine publishes beyond loopback: ${open.join(', ')}`)
}
