import { findEngine, unlessGone, type Engine } from './engine.ts'
import { isOrphan, RUN } from './labels.ts'

/**
 * Removes the containers and networks of runs of this machine that were killed before they could do it.
 *
 * @returns one line for each run that it cleaned up after; nothing where no engine answers
 */
export async function sweepDockerLeftovers(): Promise<readonly string[]> {
  const engine = await findEngine().catch(() => undefined)
  if (engine === undefined) return []
  const { containers, networks } = await labelled(engine, [RUN])
  const orphans = [...containers, ...networks].filter((thing) => isOrphan(thing.labels))
  const runs = [...new Set(orphans.map((thing) => thing.labels[RUN] ?? ''))]
  return Promise.all(runs.map((run) => sweepRun(engine, run)))
}

async function sweepRun(engine: Engine, run: string): Promise<string> {
  const { containers, networks } = await removeLabelled(engine, `${RUN}=${run}`)
  return `removed what a killed run left on the Docker engine: ${run}, ${count(containers, 'container')}, ${count(networks, 'network')}`
}

/** Removes all containers that carry the label, with their volumes, and then all networks; says how many. */
export async function removeLabelled(engine: Engine, label: string): Promise<{ readonly containers: number; readonly networks: number }> {
  const { containers, networks } = await labelled(engine, [label])
  await Promise.all(containers.map(({ id }) => unlessGone(engine.api.getContainer(id).remove({ force: true, v: true }))))
  await Promise.all(networks.map(({ id }) => unlessGone(engine.api.getNetwork(id).remove())))
  return { containers: containers.length, networks: networks.length }
}

interface Labelled {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
}

async function labelled({ api }: Engine, label: string[]): Promise<{ readonly containers: readonly Labelled[]; readonly networks: readonly Labelled[] }> {
  const [containers, networks] = await Promise.all([api.listContainers({ all: true, filters: { label } }), api.listNetworks({ filters: { label } })])
  return {
    containers: containers.map(({ Id, Labels }) => ({ id: Id, labels: Labels })),
    networks: networks.map(({ Id, Labels }) => ({ id: Id, labels: Labels ?? {} })),
  }
}

const count = (figure: number, thing: string): string => `${figure} ${thing}${figure === 1 ? '' : 's'}`
