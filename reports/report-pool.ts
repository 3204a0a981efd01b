import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { HarnessError } from '../src/errors.ts'
import { Lanes } from '../src/lanes.ts'
import { codeRoot, isBuilt } from '../src/root.ts'
import type { Secret } from '../src/secret.ts'
import type { KeptLine, Stretch } from './journal.ts'
import type { PackedEvidence } from './pack-evidence.ts'
import type { ReportTasks, Searched } from './report-tasks.ts'
import type { Validation } from './validate.ts'

/** What a thread is told at its start; it stays in this process. */
export interface ForWorker {
  readonly journal: string
  readonly secrets: readonly { readonly value: string; readonly label: string }[]
}

export type Asked =
  | { readonly kind: 'read'; readonly stretch: Stretch }
  /** JSON of `Wanted[]`. */
  | { readonly kind: 'pack'; readonly cases: string }
  | { readonly kind: 'validate'; readonly file: string; readonly content: string }

/** JSON of what was made. */
export type Answer = { readonly made: string } | { readonly failed: string }

/** Two at a time keep the thread busy; what comes meanwhile is read here. */
const READ_BESIDE = 2

/** A thread's short-lived objects; without a bound it would take many times that, for nothing. */
const YOUNG_MIB = 16

/**
 * The same work on a thread beside this one, which does one thing at a time. Reading, while which there is nothing
 * else to do, is shared with it.
 *
 * @param here does the work on this thread
 */
export function tasksBeside(here: ReportTasks, journal: string, secrets: readonly Secret[]): ReportTasks {
  const workerData: ForWorker = { journal, secrets: secrets.map((secret) => ({ value: secret.reveal(), label: secret.label })) }
  const program = join(codeRoot, 'reports', `report-worker.${isBuilt ? 'js' : 'ts'}`)
  const worker = new Worker(program, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } })
  const lanes = new Lanes([worker])
  const ask = (asked: Asked): Promise<string> => lanes.use((thread) => answerOf(thread, asked))
  let reading = 0
  return {
    async read(stretch) {
      if (reading >= READ_BESIDE) return await here.read(stretch)
      reading++
      return await ask({ kind: 'read', stretch })
        .then((made) => JSON.parse(made) as Searched<readonly KeptLine[]>)
        .finally(() => reading--)
    },
    pack: async (cases) => JSON.parse(await ask({ kind: 'pack', cases: JSON.stringify(cases) })) as Searched<PackedEvidence>,
    validate: async (file, content) => (JSON.parse(await ask({ kind: 'validate', file, content })) as Validation | null) ?? undefined,
    async [Symbol.asyncDispose]() {
      await Promise.all([worker.terminate(), here[Symbol.asyncDispose]()])
    },
  }
}

async function answerOf(worker: Worker, asked: Asked): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const stopped = (code: number): void => reject(new HarnessError('HARNESS_DEFECT', `a thread that writes reports ended with ${code}`))
  worker.once('message', resolve).once('error', reject).once('exit', stopped)
  try {
    worker.postMessage(asked, [])
    const answer = await promise
    if ('failed' in answer)
      throw new HarnessError('JOURNAL_TRUNCATED', `${asked.kind}: ${answer.failed}`, { hint: 'the journal was changed while it was reported' })
    return answer.made
  } finally {
    worker.off('message', resolve).off('error', reject).off('exit', stopped)
  }
}
