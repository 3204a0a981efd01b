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

/** The same work on threads beside this one, each doing one thing at a time. */
export function tasksBeside(journal: string, secrets: readonly Secret[], threads: number): ReportTasks {
  const workerData: ForWorker = { journal, secrets: secrets.map((secret) => ({ value: secret.reveal(), label: secret.label })) }
  const program = join(codeRoot, 'reports', `report-worker.${isBuilt ? 'js' : 'ts'}`)
  const workers = Array.from({ length: threads }, () => new Worker(program, { workerData }))
  const lanes = new Lanes(workers)
  const ask = (asked: Asked): Promise<string> => lanes.use((worker) => answerOf(worker, asked))
  return {
    read: async (stretch) => JSON.parse(await ask({ kind: 'read', stretch })) as Searched<readonly KeptLine[]>,
    pack: async (cases) => JSON.parse(await ask({ kind: 'pack', cases: JSON.stringify(cases) })) as Searched<PackedEvidence>,
    validate: async (file, content) => (JSON.parse(await ask({ kind: 'validate', file, content })) as Validation | null) ?? undefined,
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

async function answerOf(worker: Worker, asked: Asked): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const stopped = (code: number): void => reject(new HarnessError('HARNESS_DEFECT', `a thread that writes reports ended with ${code}`))
  worker.once('message', resolve).once('error', reject).once('exit', stopped)
  try {
    worker.postMessage(asked)
    const answer = await promise
    if ('failed' in answer)
      throw new HarnessError('JOURNAL_TRUNCATED', `${asked.kind}: ${answer.failed}`, { hint: 'the journal was changed while it was reported' })
    return answer.made
  } finally {
    worker.off('message', resolve).off('error', reject).off('exit', stopped)
  }
}
