import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { HarnessError } from '../../src/errors.ts'

const GRACE_MS = 4000
const POLL_MS = 25
const TAIL_LINES = 20
const TAIL_BYTES = 64 * 1024

export interface ProcessGroupOptions {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Its output goes there. */
  readonly logFile: string
  /** Says who it is to a later run, should this one be killed; see `leftovers.ts`. */
  readonly recordFile: string
}

/** A process that can be told from another one with the same id later on. */
export interface ProcessRecord {
  readonly pid: number
  /** Field 22 of `/proc/<pid>/stat`; empty where there is no `/proc`. */
  readonly startedAt: string
}

/** A program that leads a process group of its own, so that it ends with all its children. */
export class ProcessGroup implements AsyncDisposable {
  readonly pid: number
  readonly #logFile: string
  readonly #ended: Promise<string>
  #running = true

  constructor(options: ProcessGroupOptions) {
    this.#logFile = options.logFile
    mkdirSync(dirname(options.logFile), { recursive: true })
    const log = openSync(options.logFile, 'a', 0o600)
    const child = spawn(options.program, [...options.args], { cwd: options.cwd, env: { ...options.env }, detached: true, stdio: ['ignore', log, log] })
    closeSync(log)
    this.pid = child.pid ?? 0
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`))
      child.once('exit', (code, signal) => resolve(code === null ? `ended by ${signal}` : `ended with exit code ${code}`))
    }).then((how) => {
      this.#running = false
      return String(how)
    })
    if (this.pid > 0) writeFileSync(options.recordFile, JSON.stringify(recordOf(this.pid)), { mode: 0o600 })
  }

  /** How it ended, once it has. */
  get ended(): Promise<string> {
    return this.#ended
  }

  get isRunning(): boolean {
    return this.#running
  }

  /** Its last lines of output, at most 20. */
  logTail(): readonly string[] {
    return tailOf(this.#logFile)
  }

  /** Asks the whole group to end, and makes it end after a grace of 4 s. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.pid === 0) return
    signalGroup(this.pid, 'SIGTERM')
    await endOfGroup(this.pid, GRACE_MS)
    signalGroup(this.pid, 'SIGKILL')
    await endOfGroup(this.pid, GRACE_MS)
  }
}

/** Runs a program to its end, as a group. Rejects with its last lines where it fails. */
export async function runToEnd(options: ProcessGroupOptions, signal: AbortSignal): Promise<void> {
  await using group = new ProcessGroup(options)
  const aborted = new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
  const how = await Promise.race([group.ended, aborted])
  if (how === 'ended with exit code 0') return
  throw new HarnessError('INSTANCE_EXITED', `${options.program} ${options.args.join(' ')} ${how}; its last lines:\n${group.logTail().join('\n')}`)
}

function tailOf(file: string): readonly string[] {
  try {
    const text = readFileSync(file)
    return text
      .subarray(Math.max(0, text.length - TAIL_BYTES))
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .slice(-TAIL_LINES)
  } catch {
    return []
  }
}

export function recordOf(pid: number): ProcessRecord {
  return { pid, startedAt: startOf(pid) ?? '' }
}

/** Whether the process of the record still runs, and is not another one that was given its id. */
export function isSameProcess(record: ProcessRecord): boolean {
  try {
    process.kill(record.pid, 0)
  } catch {
    return false
  }
  return record.startedAt === '' || startOf(record.pid) === record.startedAt
}

function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in field 2 may hold blanks and parentheses: count from the last one.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** Sends a signal to every process of the group; a group that is gone is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // ESRCH: nothing is left of it.
  }
}

/** Waits until nothing of the group is left, at most that long. */
export async function endOfGroup(pid: number, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs
  while (Date.now() < deadline && groupLives(pid)) await delay(POLL_MS)
}

function groupLives(pid: number): boolean {
  try {
    process.kill(-pid, 0)
    return true
  } catch {
    return false
  }
}
