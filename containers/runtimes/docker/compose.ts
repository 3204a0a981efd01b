import { GenericContainer, PullPolicy, type WaitStrategy } from 'testcontainers'
import type { InstanceSpec } from '../../../src/instance.ts'
import type { DockerRecipe, Launch, Placement } from '../../server.ts'
import { commandOf } from './command.ts'
import { contentsOf } from './contents.ts'
import type { ImageIdentity } from './images.ts'
import type { Reaping } from './reaper.ts'

/** Readiness is our own question, asked over TLS; Testcontainers is only to start the container. */
const startedIsEnough: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => startedIsEnough,
  isStartupTimeoutSet: () => false,
  getStartupTimeout: () => 0,
}

export interface Composition {
  readonly spec: InstanceSpec
  readonly recipe: DockerRecipe
  readonly image: string
  readonly identity: ImageIdentity
  readonly placement: Placement
  readonly launch: Launch
  readonly network: string
  readonly labels: Readonly<Record<string, string>>
  readonly reaping: Reaping
  /** Addresses of its peers on the network, by the name that their certificates carry. */
  readonly peers: Readonly<Record<string, string>>
}

/** The container as Testcontainers starts it; nothing has reached the engine yet. */
export async function compose(of: Composition): Promise<GenericContainer> {
  const { placement, launch, recipe } = of
  const container = new GenericContainer(of.image)
    .withPullPolicy(PullPolicy.neverPull())
    .withWaitStrategy(startedIsEnough)
    .withAutoCleanup(of.reaping.byRyuk)
    .withLabels(of.labels)
    .withNetworkMode(of.network)
    .withHostname(placement.host)
    .withExtraHosts(Object.entries(of.peers).map(([host, ipAddress]) => ({ host, ipAddress })))
    .withEnvironment(launch.env)
    .withExposedPorts(...published(placement))
    .withSecurityOpt(...(recipe.securityOpt ?? []))
    .withCopyContentToContainer([...(await contentsOf(recipe.folder, launch.files, of.spec.pki))])
  const { entrypoint, command } = commandOf(recipe, launch, of.identity.entrypoint)
  if (entrypoint !== undefined) container.withEntrypoint([...entrypoint])
  if (command !== undefined) container.withCommand([...command])
  return container
}

const published = ({ ports, publicPorts }: Placement): { container: number; host: number }[] =>
  Object.entries(ports).map(([name, port]) => ({ container: port, host: publicPorts[name] ?? port }))
