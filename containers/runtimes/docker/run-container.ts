import { setTimeout as delay } from 'node:timers/promises'
import type { GenericContainer, StartedTestContainer } from 'testcontainers'
import { HarnessError, messageOf } from '../../../src/errors.ts'
import { isMissing, within, type Engine } from './engine.ts'
import { INSTANCE } from './labels.ts'
import { removeLabelled } from './leftovers.ts'
import { howItEnded, logOfEnded, type ContainerHandle, type LogTail } from './logs.ts'

const POLL_MS = 100

/** A port that was free when it was chosen is no longer: another choice may do. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
}

export interface RunOptions {
  readonly id: string
  /** The value of its label `assay.instance`, unique on the engine. */
  readonly key: string
  readonly signal: AbortSignal
}

/**
 * Starts a composed container. Nothing of it is left on the engine where that fails.
 *
 * @throws PortTaken; HarnessError `INSTANCE_EXITED` with its last lines as soon as it ends: Testcontainers would wait for
 *   the ports of a dead container; the signal's reason
 */
export async function runContainer(engine: Engine, composed: GenericContainer, { id, key, signal }: RunOptions): Promise<StartedTestContainer> {
  const settled = new AbortController()
  const starting = composed.start()
  const ended = starting.then(
    () => settled.abort(),
    () => settled.abort(),
  )
  try {
    return await Promise.race([within(starting, signal), failedEarly(engine, { id, key, signal }, settled.signal)])
  } catch (thrown) {
    // What is being created while we look is found at the second look.
    await removeLabelled(engine, `${INSTANCE}=${key}`)
    await ended
    await removeLabelled(engine, `${INSTANCE}=${key}`)
    throw whatWentWrong(thrown, id)
  }
}

/** Rejects when the container ends before Testcontainers says that it started; never resolves. */
async function failedEarly(engine: Engine, { id, key }: RunOptions, settled: AbortSignal): Promise<never> {
  while (!settled.aborted) {
    const dead = await engine.client.container.fetchByLabel(INSTANCE, key, { status: ['exited', 'dead'] })
    if (dead !== undefined && !settled.aborted) throw await exitError(engine, dead, id)
    await delay(POLL_MS, undefined, { signal: settled }).catch(() => undefined)
  }
  return new Promise(() => undefined)
}

async function exitError(engine: Engine, container: ContainerHandle, id: string): Promise<HarnessError> {
  const [how, lines] = await Promise.all([howItEnded(container), logOfEnded(engine, container)])
  return new HarnessError('INSTANCE_EXITED', `${id} ${how}; its last lines:\n${lines.join('\n')}`)
}

function whatWentWrong(thrown: unknown, id: string): unknown {
  const message = messageOf(thrown)
  if (/port is already allocated|address already in use|ports are not available/i.test(message)) return new PortTaken(message, { cause: thrown })
  // The engine's own answer: a program that is not in the image, an option that it does not know.
  if (thrown instanceof Error && 'statusCode' in thrown) return new HarnessError('INSTANCE_EXITED', `${id} could not be started: ${message}`, { cause: thrown })
  return thrown
}

/** Settles when the container ends, is removed, or is lost with its engine, with how; its log is whole by then. */
export async function untilExit(engine: Engine, container: ContainerHandle, log: LogTail): Promise<string> {
  try {
    await container.wait()
    const [how, lines] = await Promise.all([howItEnded(container), logOfEnded(engine, container)])
    log.replace(lines)
    return how
  } catch (thrown) {
    return isMissing(thrown) ? 'was removed' : `was lost with its engine: ${messageOf(thrown)}`
  }
}
