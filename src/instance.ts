import type { Configuration } from './configuration.ts'
import type { ProductName } from './rule.ts'
import type { JsonObject } from './json.ts'

export const runtimeKinds = ['docker', 'native', 'external', 'model'] as const
export type RuntimeKind = (typeof runtimeKinds)[number]

/** `official`: the vendor's own image or release archive by digest; `registry`: a package registry; `local-build`: built here. */
export type Origin = 'official' | 'registry' | 'local-build' | 'user'

export type Evidence = 'real' | 'model'

/** PEM files of one run, made by `fixtures/pki`. Paths are absolute. */
export interface Pki {
  readonly folder: string
  /** The run's own authority: what every client of ours trusts, and nothing else. */
  readonly ca: string
  readonly serverCert: string
  readonly serverKey: string
  readonly clientCert: string
  readonly clientKey: string
}

/**
 * How to reach a running server: plain data, so that it can be handed to a worker.
 * `ports` by what they speak (`rest`, `grpc`, `https`, `health` …), as seen from here.
 */
export interface Endpoint {
  /** The name that the server's certificate carries and that URLs use: `localhost`, `keycloak.assay.test`. */
  readonly host: string
  /** Where that name is: an address to connect to. */
  readonly address: string
  readonly ports: Readonly<Record<string, number>>
  readonly pki: Pki
  /** Credentials by name, in clear: `api-key`, `root-password`. Made for this run; wrapped in `Secret` by whoever uses them. */
  readonly credentials: Readonly<Record<string, string>>
  /** What a driver must know of the profile beside that: the realm, the client id. */
  readonly facts: JsonObject
}

export interface InstanceIdentity<Product extends string = ProductName> {
  /** `milvus-2.3.5-authorization`; a model's ends with `-model`. */
  readonly id: string
  readonly product: Product
  readonly version: string
  readonly profile: string
  readonly runtime: RuntimeKind
  readonly evidence: Evidence
}

/** A running server as workers and reports see it. */
export interface InstanceInfo<Product extends string = ProductName> extends InstanceIdentity<Product> {
  readonly origin: Origin
  /** `sha256:…` of the image or of the artefact that runs. */
  readonly digest: string
  readonly endpoint: Endpoint
  /** Absent where it was not started here, or is a model. */
  readonly configuration?: Configuration
}

/** A TCP port on which a server listens. */
export interface Listener {
  readonly port: number
  readonly onLoopback: boolean
}

/** A running server; disposing of it stops it with all its children and removes its data. */
export interface Instance extends AsyncDisposable {
  readonly info: InstanceInfo
  /** Settles when the server ends by itself, with the reason and its last log lines. */
  readonly exited: Promise<string>
  logTail(): readonly string[]
  /** All TCP ports on which its processes listen, in order; absent, or `undefined`, where this machine cannot tell. */
  listeners?(): readonly Listener[] | undefined
}

/** What is to be started. */
export interface InstanceSpec<Product extends string = ProductName> extends InstanceIdentity<Product> {
  readonly pki: Pki
  /** A folder of this instance alone, empty, removed at the end. */
  readonly folder: string
  readonly credentials: Readonly<Record<string, string>>
  /** The servers that its profile needs, already running. */
  readonly peers: Readonly<Partial<Record<ProductName, InstanceInfo>>>
}

export type Availability =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fetchable'; readonly from: string }
  | { readonly kind: 'unavailable'; readonly because: string; readonly hint: string }

/** One way of running servers. */
export interface Runtime extends AsyncDisposable {
  readonly kind: RuntimeKind
  /** Whether it can run that here, without doing anything heavy. Never throws for a missing tool: it says why. */
  available(product: ProductName, version: string): Promise<Availability>
  /** Brings what it needs onto this machine; a second call does no network. */
  fetch(product: ProductName, version: string, options: { readonly signal: AbortSignal; readonly log: (line: string) => void }): Promise<void>
  /** Starts it and waits until it answers over TLS with our authority. Rejects with the last log lines where it ends or hangs. */
  start(spec: InstanceSpec, options: { readonly signal: AbortSignal; readonly log: (line: string) => void }): Promise<Instance>
}
