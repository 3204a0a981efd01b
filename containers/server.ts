import type { Availability, Endpoint, InstanceSpec, Origin } from '../src/instance.ts'
import type { Launch, Placement } from '../src/launch.ts'
import type { ProductName } from '../src/rule.ts'
import type { Cache } from './cache.ts'

export type { Launch, Placement } from '../src/launch.ts'

/** A version that Assay knows; a version is one line. */
export interface VersionEntry {
  readonly version: string
  /** Tag of the official image where it is not `v<version>` or `<version>`. */
  readonly image: string
  /** `sha256:…` of the official image's index, where it is known. */
  readonly imageDigest?: string
  /** The one that `npm start` takes. */
  readonly default?: true
}

/** One configuration of a product that a set of rules needs. */
export interface Profile {
  readonly says: string
  /** Profiles of other products that must run first: Weaviate's issuer. */
  readonly needs?: Readonly<Partial<Record<ProductName, string>>>
  /** Makes the run's credentials, by name; `random` gives 32 letters and digits. */
  credentials(random: () => string): Readonly<Record<string, string>>
}

/** A server on this machine's disk, its digest checked. */
export interface Artefact {
  readonly program: string
  readonly digest: string
  readonly origin: Origin
  readonly env?: Readonly<Record<string, string>>
}

export interface FetchOptions {
  readonly signal: AbortSignal
  readonly log: (line: string) => void
}

export interface NativeRecipe {
  /** Cheap: looks at the cache and for the tools that `fetch` would need. */
  available(version: string, cache: Cache): Promise<Availability>
  /** Fills the cache through the package manager's own client. */
  fetch(version: string, cache: Cache, options: FetchOptions): Promise<void>
  /** What `fetch` left, checked by digest. Throws `ARTEFACT_CORRUPT` where it does not match. */
  locate(version: string, cache: Cache): Promise<Artefact>
}

export interface DockerRecipe {
  /** The official image's repository, without a tag: `qdrant/qdrant`. */
  readonly repository: string
  /** The folder inside for configuration and data, see `Placement.folder`. */
  readonly folder: string
  /** Comes before `Launch.args`; both empty: the image's own. */
  readonly command: readonly string[]
  /** Absent: the image's own. */
  readonly entrypoint?: readonly string[]
  /** The user that files copied in must be readable by. */
  readonly uid?: number
  readonly securityOpt?: readonly string[]
  /** Ports that must have the same number inside and outside, because a URL with them is compared exactly. */
  readonly samePorts?: readonly string[]
}

/** How a product is run; the same shape for every product. */
export interface ServerDefinition<Product extends string = ProductName> {
  readonly product: Product
  readonly versions: readonly VersionEntry[]
  readonly profiles: Readonly<Record<string, Profile>>
  /** Ports by name, with the number that the product uses by default (and inside a container). */
  readonly ports: Readonly<Record<string, number>>
  /** Those of which each has to be one more than the one before. */
  readonly portsInARow?: readonly string[]
  /** Pure: configuration, arguments and environment for one instance. */
  launch(spec: InstanceSpec<Product>, at: Placement): Launch
  /** Asks once, over TLS with our authority. Resolves where it is ready, rejects with why not yet. */
  ready(endpoint: Endpoint, signal: AbortSignal): Promise<void>
  /** Longest wait for `ready`. */
  readonly bootTimeoutMs: number
  /** A rough figure, for deciding how many may boot side by side. */
  readonly memoryMiB: number
  readonly native?: NativeRecipe
  readonly docker?: DockerRecipe
}
