import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { HarnessError } from '../src/errors.ts'
import { endOfGroup, isSameProcess, recordOf, signalGroup, type ProcessRecord } from './runtimes/process-group.ts'

const OWNER = 'owner.json'
const KILL_WITHIN_MS = 4000

const recordSchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() })

/** Where the folders of all runs of this user are: certificates, configurations and data of running servers. */
const runsRoot = (): string => join(tmpdir(), `vector-assay-${userInfo().uid}`)

/** A run's own folder, removed at its end. Says who owns it, so that a later run can tell a dead run's from a live one's. */
export class RunFolder implements Disposable {
  readonly path: string

  constructor(runId: string, root = runsRoot()) {
    this.path = join(root, runId)
    mkdirSync(root, { recursive: true, mode: 0o700 })
    refuseShared(root)
    mkdirSync(this.path, { mode: 0o700 })
    writeFileSync(join(this.path, OWNER), JSON.stringify(recordOf(process.pid)), { mode: 0o600 })
  }

  /** An empty folder for one instance. */
  instance(id: string): string {
    const folder = join(this.path, id)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * The system's temporary folder is everybody's: who else could write to ours could put other keys in the place of a run's,
 * or name a process that the next run is to end.
 */
function refuseShared(root: string): void {
  const { uid, mode } = statSync(root)
  const isShared = process.platform !== 'win32' && ((mode & 0o022) !== 0 || uid !== userInfo().uid)
  if (!isShared) return
  throw new HarnessError('CONFIG_INVALID', `${root} belongs to, or can be written by others`, { hint: 'remove it, or set TMPDIR to a folder of your own' })
}

/**
 * Ends the servers and removes the folders of runs that were killed before they could do it.
 *
 * @returns one line for each run that it cleaned up after
 */
export async function sweepDeadRuns(root = runsRoot()): Promise<readonly string[]> {
  const runs = await readdir(root).catch(() => undefined)
  if (runs === undefined) return []
  refuseShared(root)
  const swept: string[] = []
  for (const run of runs) {
    const folder = join(root, run)
    const owner = readRecord(join(folder, OWNER))
    if (owner !== undefined && isSameProcess(owner)) continue
    const ended = await endServersOf(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    swept.push(`removed what a killed run left: ${run}, ${ended} server process${ended === 1 ? '' : 'es'} ended`)
  }
  return swept
}

async function endServersOf(folder: string): Promise<number> {
  const records = processRecords(folder).filter(isSameProcess)
  for (const { pid } of records) {
    signalGroup(pid, 'SIGKILL')
    await endOfGroup(pid, KILL_WITHIN_MS)
  }
  return records.length
}

function processRecords(folder: string): readonly ProcessRecord[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name === PROCESS_RECORD)
  return files.map((entry) => readRecord(join(entry.parentPath, entry.name))).filter((record) => record !== undefined)
}

export const PROCESS_RECORD = 'assay-process.json'

function readRecord(path: string): ProcessRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}
