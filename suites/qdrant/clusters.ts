import type { Scope } from '../../src/driver.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import type { Vault } from '../../src/secret.ts'
import { ownServer, readyWith } from './own-servers.ts'
import type { Settings } from './scene-settings.ts'
import { sceneKeys } from './scenes.ts'

/** Clusters of two nodes by how their nodes talk to each other. */
export const clusterNames = ['two-nodes', 'two-nodes-over-tls', 'two-nodes-that-ask-each-other'] as const
export type ClusterName = (typeof clusterNames)[number]

const byName: Readonly<Record<ClusterName, { readonly scheme: 'http' | 'https'; readonly file: NonNullable<Settings['file']> }>> = {
  'two-nodes': { scheme: 'http', file: {} },
  'two-nodes-over-tls': { scheme: 'https', file: { 'cluster.p2p.enable_tls': true } },
  'two-nodes-that-ask-each-other': { scheme: 'http', file: { 'service.enforce_internal_auth': true } },
}

export interface Cluster extends AsyncDisposable {
  /** The node that was there first. */
  readonly endpoint: Endpoint
}

/** Starts two nodes, the second of which joins the first; ready when both are. */
export async function startCluster(name: ClusterName, instance: InstanceInfo, vault: Vault, scope: Scope): Promise<Cluster> {
  const keys = { ...sceneKeys() }
  for (const [label, key] of Object.entries(keys)) vault.secret(key, label)
  await using started = new AsyncDisposableStack()
  const first = started.use(await ownServer(instance, keys, scope))
  const second = started.use(await ownServer(instance, keys, { ...scope, name: `${scope.name}2` }))
  const { scheme, file } = byName[name]
  const uri = ({ ports }: { readonly ports: Readonly<Record<string, number>> }): string => `${scheme}://localhost:${ports['p2p'] ?? 0}`
  const settings = (args: readonly string[]): Settings => ({ file: { ...file, 'cluster.enabled': true }, args })
  const endpoint = await readyWith(first, (at) => settings(['--uri', uri(at)]))
  await readyWith(second, (at) => settings(['--uri', uri(at), '--bootstrap', uri(endpoint)]))
  const kept = started.move()
  return { endpoint, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
