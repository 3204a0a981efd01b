import type { Readable } from 'node:stream'
import { messageOf } from '../../../src/errors.ts'
import { within, type DockerApi, type Engine } from './engine.ts'

const TAIL_LINES = 20
const TAIL_CHARACTERS = 64 * 1024
const READ_WITHIN_MS = 5000

export type ContainerHandle = ReturnType<DockerApi['getContainer']>

/** The end of what a container prints, while it runs. */
export class LogTail {
  #text = ''

  follow(stream: Readable): void {
    stream.on('data', (text: string | Buffer) => (this.#text = (this.#text + text.toString()).slice(-TAIL_CHARACTERS)))
    stream.on('error', () => undefined)
  }

  replace(lines: readonly string[]): void {
    this.#text = lines.join('\n')
  }

  /** At most 20 lines. */
  lines(): readonly string[] {
    return lastLines(this.#text)
  }
}

/** The last lines of a container that has ended, as the engine kept them. */
export async function logOfEnded({ client }: Engine, container: ContainerHandle): Promise<readonly string[]> {
  try {
    const signal = AbortSignal.timeout(READ_WITHIN_MS)
    const stream = await within(client.container.logs(container, { tail: TAIL_LINES }), signal)
    return lastLines((await within(stream.toArray(), signal)).join(''))
  } catch (thrown) {
    return [`(its log cannot be read: ${messageOf(thrown)})`]
  }
}

const lastLines = (text: string): readonly string[] => text.trimEnd().split('\n').slice(-TAIL_LINES)

/** How it ended, in the words that the native runtime uses too. */
export async function howItEnded(container: ContainerHandle): Promise<string> {
  const { State } = await container.inspect()
  const why = State.Error === '' ? '' : ` (${State.Error})`
  return `ended with exit code ${State.ExitCode}${State.OOMKilled ? ', out of memory' : ''}${why}`
}
