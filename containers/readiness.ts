import { setTimeout as delay } from 'node:timers/promises'
import { HarnessError, messageOf } from '../src/errors.ts'
import type { Endpoint } from '../src/instance.ts'
import type { ServerDefinition } from './server.ts'

const POLL_MS = 100
const PROBE_TIMEOUT_MS = 2000

export interface WatchOptions {
  readonly id: string
  readonly signal: AbortSignal
  /** Settles with the reason where the server ends by itself. */
  readonly exited: Promise<string>
  readonly logTail: () => readonly string[] | Promise<readonly string[]>
}

/**
 * Waits until the server answers our own probe over TLS.
 *
 * @throws HarnessError `INSTANCE_EXITED` as soon as it ends, `INSTANCE_NOT_READY` after its boot time-out, each with its last log lines
 */
export async function untilReady(definition: ServerDefinition<string>, endpoint: Endpoint, options: WatchOptions): Promise<void> {
  const deadline = Date.now() + definition.bootTimeoutMs
  let ended: string | undefined
  void options.exited.then((how) => (ended = how))
  let lastReason = 'never asked'
  while (Date.now() < deadline) {
    options.signal.throwIfAborted()
    if (ended !== undefined) throw new HarnessError('INSTANCE_EXITED', `${options.id} ${ended}; its last lines:\n${await tail(options)}`)
    try {
      await definition.ready(endpoint, AbortSignal.any([options.signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]))
      return
    } catch (thrown) {
      lastReason = messageOf(thrown)
    }
    await delay(POLL_MS, undefined, { signal: options.signal })
  }
  throw new HarnessError(
    'INSTANCE_NOT_READY',
    `${options.id} was not ready within ${definition.bootTimeoutMs / 1000} s (${lastReason}); its last lines:\n${await tail(options)}`,
  )
}

const tail = async (options: WatchOptions): Promise<string> => (await options.logTail()).join('\n')
