import { readFile, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { Suites } from './catalogue-counts.ts'
import { readJournal } from './journal.ts'
import { toRunRecord } from './run-record.ts'
import { runJsonSchema, runRecordSchema, type RunRecord } from './run-schema.ts'
import { summaryOf } from './summary.ts'
import { writeActionPlan } from './write-action-plan.ts'
import { writeBadge } from './write-badge.ts'
import { writeCtrf } from './write-ctrf.ts'
import { writeHtml } from './write-html.ts'
import { writeJunit } from './write-junit.ts'
import { writeMarkdown } from './write-markdown.ts'
import { writeSarif } from './write-sarif.ts'

export interface Written {
  readonly record: RunRecord
  /** For the terminal. */
  readonly summary: string
}

/**
 * Writes every report of a run into its folder, from its journal alone, and points `latest` beside that folder to it
 * unless a later run is there already.
 *
 * @throws HarnessError `JOURNAL_TRUNCATED` where the journal cannot be read
 */
export async function writeReports(folder: string, journalPath: string, suites: Suites): Promise<Written> {
  const { lines } = await readJournal(journalPath)
  const record = runRecordSchema.parse(toRunRecord(lines, { suites }))
  const files: Readonly<Record<string, string>> = {
    'run.json': `${JSON.stringify(record, null, 2)}\n`,
    'run.schema.json': runJsonSchema(),
    'index.html': writeHtml(record, lines, suites),
    'junit.xml': writeJunit(record, lines, suites),
    'results.sarif': writeSarif(record, lines, suites),
    'ctrf.json': writeCtrf(record, lines, suites),
    'summary.md': writeMarkdown(record, lines, suites),
    'action-plan.csv': writeActionPlan(record, lines, suites),
    'badge.json': writeBadge(record),
  }
  for (const [name, content] of Object.entries(files)) await replaceFile(join(folder, name), content)
  const real = await realpath(folder)
  await pointLatest(real, record)
  return { record, summary: summaryOf(record, join(folder, 'index.html')) }
}

/** A reader finds the old content or the new, never half of it. */
async function replaceFile(path: string, content: string): Promise<void> {
  const staging = `${path}.${process.pid}.tmp`
  await writeFile(staging, content)
  await rename(staging, path)
}

async function pointLatest(folder: string, record: RunRecord): Promise<void> {
  const latest = join(dirname(folder), 'latest')
  const standing = await startOf(await targetOf(latest))
  if (standing !== undefined && standing > record.startedAt) return
  const staging = `${latest}.${process.pid}.tmp`
  await rm(staging, { force: true })
  // Windows, and some mounted file systems, let nobody make a link: the name in a file says the same.
  await symlink(basename(folder), staging, 'dir').catch(() => writeFile(staging, `${basename(folder)}\n`))
  await rename(staging, latest)
}

const targetOf = async (latest: string): Promise<string> => {
  const name = await readlink(latest).catch(() => readFile(latest, 'utf8').catch(() => ''))
  return join(dirname(latest), name.trim())
}

async function startOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => '{}')
  const parsed = z.object({ startedAt: z.string() }).safeParse(jsonOf(text))
  return parsed.success ? parsed.data.startedAt : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
