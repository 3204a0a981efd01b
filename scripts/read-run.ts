import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Suites } from '../reports/catalogue-counts.ts'
import { readJournal } from '../reports/journal.ts'
import type { JournalLine } from '../reports/journal-lines.ts'
import { toRunRecord } from '../reports/run-record.ts'
import { runRecordSchema, type RunRecord } from '../reports/run-schema.ts'
import { HarnessError, messageOf } from '../src/errors.ts'

export interface ReadRun {
  readonly record: RunRecord
  /** Empty where only `run.json` was given. */
  readonly lines: readonly JournalLine[]
  /** Where it is. */
  readonly folder: string
}

/**
 * A finished run, from its folder, its `run.json` or its journal.
 *
 * @throws HarnessError `USAGE` where there is none, `CONFIG_INVALID` where `run.json` is not one, `JOURNAL_TRUNCATED` for a damaged journal
 */
export async function readRun(given: string, suites: Suites): Promise<ReadRun> {
  const found = await stat(given).catch((cause: unknown) => {
    throw new HarnessError('USAGE', `${given}: there is no run: ${messageOf(cause)}`, { cause, hint: 'name the folder of a run, its run.json or its journal' })
  })
  if (!found.isDirectory()) return given.endsWith('.ndjson') ? fromJournal(given, suites) : fromRunJson(given)
  const journal = join(given, 'journal.ndjson')
  const hasJournal = await stat(journal).then(
    () => true,
    () => false,
  )
  return hasJournal ? fromJournal(journal, suites) : fromRunJson(join(given, 'run.json'))
}

async function fromJournal(path: string, suites: Suites): Promise<ReadRun> {
  const { lines } = await readJournal(path)
  return { record: runRecordSchema.parse(toRunRecord(lines, { suites })), lines, folder: dirname(path) }
}

async function fromRunJson(path: string): Promise<ReadRun> {
  try {
    return { record: runRecordSchema.parse(JSON.parse(await readFile(path, 'utf8'))), lines: [], folder: dirname(path) }
  } catch (cause) {
    throw new HarnessError('CONFIG_INVALID', `${path} is no run.json of this version of the harness`, {
      cause,
      hint: 'name the folder of a run, or its journal',
    })
  }
}
