import type { OwnServer } from '../../containers/own-server.ts'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import type { Vault } from '../../src/secret.ts'
import { Certificates } from '../../fixtures/pki/client-certificates.ts'
import { startCluster, type Cluster, type ClusterName } from './clusters.ts'
import { QdrantDriver } from './driver.ts'
import { ownServer, readyWith } from './own-servers.ts'
import { sceneKeys, sceneNamed, type SceneKeys, type SceneName } from './scenes.ts'

/** The servers of the scenes: each is started when its first case asks, and kept for the others. */
export class Stage implements AsyncDisposable {
  readonly #instance: InstanceInfo
  readonly #vault: Vault
  readonly #set = new Map<SceneName, Promise<QdrantDriver>>()
  readonly #clusters = new Map<ClusterName, Promise<Cluster>>()
  /** For whatever connection of a case's own. */
  readonly certificates: Certificates
  readonly #toDispose: AsyncDisposable[] = []

  constructor(instance: InstanceInfo, vault: Vault) {
    this.#instance = instance
    this.#vault = vault
    this.certificates = new Certificates(instance.endpoint.pki)
  }

  of(name: SceneName, scope: Scope): Promise<QdrantDriver> {
    const known = this.#set.get(name)
    if (known !== undefined) return known
    const made = this.#make(name, scope)
    this.#set.set(name, made)
    // One case's end may have stopped it: the next tries again.
    made.catch(() => this.#set.delete(name))
    return made
  }

  cluster(name: ClusterName, scope: Scope): Promise<Cluster> {
    const known = this.#clusters.get(name)
    if (known !== undefined) return known
    const made = startCluster(name, this.#instance, this.#vault, scope)
    this.#clusters.set(name, made)
    made.then(
      (cluster) => this.#toDispose.push(cluster),
      () => this.#clusters.delete(name),
    )
    return made
  }

  async #make(name: SceneName, scope: Scope): Promise<QdrantDriver> {
    const { planted, plantedWith, served } = sceneNamed(name)
    const keys = sceneKeys()
    for (const [label, key] of Object.entries(keys)) this.#vault.secret(key, label)
    const server = await ownServer(this.#instance, { ...keys }, scope)
    this.#toDispose.push(server)
    if (planted === undefined) return this.#kept(new QdrantDriver(await readyWith(server, served(keys)), this.#vault))
    const library = await this.#plant(server, keys, { settings: planted(keys), as: plantedWith ?? 'api-key' }, scope)
    return this.#kept(new QdrantDriver(await readyWith(server, served(keys)), this.#vault, { library }))
  }

  async #plant(
    server: OwnServer,
    keys: SceneKeys,
    { settings, as }: { readonly settings: Parameters<typeof readyWith>[1]; readonly as: keyof SceneKeys },
    scope: Scope,
  ): ReturnType<QdrantDriver['library']> {
    const endpoint: Endpoint = await readyWith(server, settings)
    await using driver = new QdrantDriver({ ...endpoint, credentials: { ...keys, 'api-key': keys[as] } }, this.#vault)
    const library = await driver.library(scope)
    await server.stop()
    return library
  }

  #kept(driver: QdrantDriver): QdrantDriver {
    this.#toDispose.push(driver)
    return driver
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#toDispose.toReversed()) await one[Symbol.asyncDispose]()
  }
}
