import { getContainerRuntimeClient, type ContainerRuntimeClient } from 'testcontainers'
import { HarnessError, messageOf } from '../../../src/errors.ts'

const ANSWER_WITHIN_MS = 10_000

/** What the engine's own client can do; testcontainers chooses the socket and holds the credentials. */
export type DockerApi = ContainerRuntimeClient['container']['dockerode']

/** An engine that answers, wherever it is. */
export interface Engine {
  readonly client: ContainerRuntimeClient
  readonly api: DockerApi
  /** Where its published ports are reached from here. */
  readonly address: string
  /** Its loopback is ours: ports can be published there, and nowhere else. */
  readonly isLocal: boolean
}

/**
 * The engine that `DOCKER_HOST`, the user's testcontainers settings or the usual sockets lead to.
 *
 * @throws HarnessError `RUNTIME_UNAVAILABLE` where none answers within 10 s
 */
export async function findEngine(): Promise<Engine> {
  try {
    const client = await within(getContainerRuntimeClient(), AbortSignal.timeout(ANSWER_WITHIN_MS))
    const { host, hostIps } = client.info.containerRuntime
    const isLocal = ['localhost', '127.0.0.1', '::1'].includes(host)
    return { client, api: client.container.dockerode, address: isLocal ? '127.0.0.1' : (hostIps[0]?.address ?? host), isLocal }
  } catch (cause) {
    throw new HarnessError('RUNTIME_UNAVAILABLE', `no Docker engine answers${askedWhere()}`, {
      cause,
      hint: 'start Docker, or set DOCKER_HOST to an engine that runs',
    })
  }
}

const askedWhere = (): string => (process.env['DOCKER_HOST'] === undefined ? ' at the usual sockets' : ' at DOCKER_HOST nor at the usual sockets')

/** The promise, or a rejection as soon as the signal says so. What was asked goes on unseen: its own end is nobody's error. */
export async function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  promise.catch(() => undefined)
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Reads an engine's stream of progress to its end; an error that it reports is thrown, not lost. */
export function progressOf(api: DockerApi, stream: NodeJS.ReadableStream, onLine: (line: string) => void = () => undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const finished = (error: Error | null): void => (error === null ? resolve() : reject(error))
  api.modem.followProgress(stream, finished, (event: unknown) => onLine(textOf(event)))
  return promise
}

function textOf(event: unknown): string {
  if (typeof event !== 'object' || event === null) return ''
  return 'stream' in event ? String(event.stream) : 'status' in event ? String(event.status) : ''
}

/** Whether the engine said that there is no such thing. */
export const isMissing = (thrown: unknown): boolean => thrown instanceof Error && 'statusCode' in thrown && thrown.statusCode === 404

/** Lets an object be gone already: two may clean up at once. */
export async function unlessGone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((thrown: unknown) => {
    if (!isMissing(thrown) && !/already in progress/.test(messageOf(thrown))) throw thrown
  })
}
