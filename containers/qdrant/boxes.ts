import { randomBytes } from 'node:crypto'
import { HarnessError } from '../../src/errors.ts'
import { findEngine, within, type Engine } from '../runtimes/docker/engine.ts'
import { pullImage } from '../runtimes/docker/images.ts'
import { labelsOf, RUN } from '../runtimes/docker/labels.ts'
import { removeLabelled } from '../runtimes/docker/leftovers.ts'
import { howItEnded, logOfEnded, type ContainerHandle } from '../runtimes/docker/logs.ts'

const REST = 6333
const READY_WITHIN_MS = 30_000
const POLL_MS = 200
const LINES = 8
const ANSWER_WITHIN_S = 30

/** What an operator says of a container beside its image: each option is one that the security document names. */
export interface BoxOptions {
  readonly image: string
  /** `1000:2000`; absent: the image's own. */
  readonly user?: string
  readonly readOnly?: boolean
  /** Folders that can be written to whatever else holds; owned by the user. */
  readonly volumes?: readonly string[]
  readonly network: string
  readonly env?: Readonly<Record<string, string>>
  /** After the image's own entry point. */
  readonly args?: readonly string[]
}

export interface Said {
  readonly status: number
  readonly body: string
}

/** A container of the image as it is shipped, asked from its inside: a network may have no way to it from here. */
export class Box {
  readonly #engine: Engine
  readonly #container: ContainerHandle
  readonly address: string

  constructor(engine: Engine, container: ContainerHandle, address: string) {
    this.#engine = engine
    this.#container = container
    this.address = address
  }

  /** What a shell in it prints, as the container's own user. */
  async run(script: string, ...args: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }> {
    return this.#engine.client.container.exec(this.#container, ['bash', '-c', script, 'assay', ...args])
  }

  /** Over its own loopback; status 0 where nothing answers. The image has no client for HTTP, and its shell has sockets. */
  async ask(method: string, path: string, body?: unknown): Promise<Said> {
    const text = body === undefined ? '' : JSON.stringify(body)
    const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`
    const { output } = await this.run(`exec 3<>/dev/tcp/127.0.0.1/${REST} || exit 1; printf '%s' "$1" >&3; timeout ${ANSWER_WITHIN_S} cat <&3`, head + text)
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(output)?.[1] ?? 0), body: output.slice(output.indexOf('\r\n\r\n') + 4) }
  }

  /** Files of the image that were added, changed or removed. */
  async changes(): Promise<readonly string[]> {
    const found = (await this.#container.changes()) as readonly { readonly Path: string }[] | null
    return (found ?? []).map(({ Path }) => Path)
  }
}

/** Containers and networks of one case; disposing of it removes them all. */
export class Boxes implements AsyncDisposable {
  readonly #engine: Engine
  readonly #run = `boxes-${randomBytes(4).toString('hex')}`
  readonly #signal: AbortSignal

  private constructor(engine: Engine, signal: AbortSignal) {
    this.#engine = engine
    this.#signal = signal
  }

  static async open(signal: AbortSignal): Promise<Boxes> {
    return new Boxes(await findEngine(), signal)
  }

  /** @throws HarnessError `ARTEFACT_UNAVAILABLE` */
  async fetch(image: string): Promise<void> {
    await pullImage(this.#engine, image, { signal: this.#signal, log: () => undefined })
  }

  /** `internal`: with no way out (docker network create --internal). */
  async network({ internal }: { readonly internal: boolean }): Promise<string> {
    const name = `assay-${this.#run}-${randomBytes(3).toString('hex')}`
    await this.#engine.client.network.create({ Name: name, Driver: 'bridge', Internal: internal, EnableIPv6: false, Labels: { ...labelsOf(this.#run) } })
    return name
  }

  /**
   * Starts one and waits until it answers.
   *
   * @throws HarnessError `INSTANCE_NOT_READY` with its last lines
   */
  async start({ image, user, readOnly = false, volumes = [], network, env = {}, args = [] }: BoxOptions): Promise<Box> {
    const [uid = '0', gid = uid] = (user ?? '').split(':')
    const owned = user === undefined ? 'rw,mode=0777' : `rw,mode=0700,uid=${uid},gid=${gid}`
    const container = await this.#engine.api.createContainer({
      Image: image,
      Env: Object.entries({ QDRANT__TELEMETRY_DISABLED: 'true', ...env }).map(([name, value]) => `${name}=${value}`),
      Labels: { ...labelsOf(this.#run) },
      ...(user === undefined ? {} : { User: user }),
      ...(args.length === 0 ? {} : { Cmd: ['./entrypoint.sh', ...args] }),
      HostConfig: { NetworkMode: network, ReadonlyRootfs: readOnly, Tmpfs: Object.fromEntries(volumes.map((folder) => [folder, owned])) },
    })
    await container.start()
    const { NetworkSettings } = await container.inspect()
    const box = new Box(this.#engine, container, NetworkSettings.Networks[network]?.IPAddress ?? '')
    await this.#ready(box, container)
    return box
  }

  async #ready(box: Box, container: ContainerHandle): Promise<void> {
    for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end;) {
      this.#signal.throwIfAborted()
      if (!(await container.inspect()).State.Running) break
      if ((await box.ask('GET', '/readyz').catch(() => ({ status: 0 }))).status === 200) return
      await within(new Promise((done) => setTimeout(done, POLL_MS)), this.#signal)
    }
    const { State } = await container.inspect()
    const how = State.Running ? `does not answer within ${READY_WITHIN_MS / 1000} s` : await howItEnded(container)
    const log = await logOfEnded(this.#engine, container)
    throw new HarnessError('INSTANCE_NOT_READY', `the container ${how}; its last lines:\n${log.slice(-LINES).join('\n')}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeLabelled(this.#engine, `${RUN}=${this.#run}`)
  }
}
