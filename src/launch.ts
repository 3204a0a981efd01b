import type { Endpoint, InstanceIdentity, Pki } from './instance.ts'
import type { JsonObject } from './json.ts'

/** Where a server will run, as the server itself sees it. */
export interface Placement {
  readonly runtime: 'docker' | 'native'
  /** Its folder for configuration and data, writable, absolute. */
  readonly folder: string
  /** The address to listen on: loopback, or all of a container's. */
  readonly bind: string
  /** The name in its certificate and in the URLs of whoever calls it. */
  readonly host: string
  /** Ports to listen on, by name. */
  readonly ports: Readonly<Record<string, number>>
  /** The same ports as callers see them. */
  readonly publicPorts: Readonly<Record<string, number>>
  readonly pki: Pki
}

/** What to write and how to call the program. */
export interface Launch {
  /** Files by path relative to `Placement.folder`. */
  readonly files: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** What a driver must know of the profile; see `Endpoint.facts`. */
  readonly facts: JsonObject
  /** Commands to run before the server, with the same environment: arguments after the program (Keycloak's import). */
  readonly before?: readonly (readonly string[])[]
}

/** A start as a fault may change it. */
export interface Starting {
  readonly at: Placement
  /** What the profile would start without what the case changes. */
  readonly plain: Launch
  /** How often this server was started before: its data is from then. */
  readonly earlier: number
}

/** An address that stands for a server's own until it is disposed of. */
export interface StandIn extends AsyncDisposable {
  readonly endpoint: Endpoint
}

export type OwnIdentity = Pick<InstanceIdentity, 'product' | 'version' | 'profile'>

/** What befalls the servers that a case starts for itself: how a fault gets at them. */
export interface Meddling {
  /** Changes what is started, or what it finds on its disk. */
  readonly launched?: (asked: Launch, starting: Starting) => Launch | Promise<Launch>
  /** Stands before the running server: whoever asks, asks there. */
  readonly before?: (identity: OwnIdentity, endpoint: Endpoint) => Promise<StandIn>
}
