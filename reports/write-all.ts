import { readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Secret } from '../src/secret.ts'
import { frameworkIds } from '../suites/controls.ts'
import type { Suites } from './catalogue-counts.ts'
import { readJournal } from './journal.ts'
import type { JournalLine } from './journal-lines.ts'
import { pointLatest } from './latest.ts'
import { leaksIn } from './leaks.ts'
import { toRunRecord } from './run-record.ts'
import { runJsonSchema, runRecordSchema, type RunRecord } from './run-schema.ts'
import { summaryOf } from './summary.ts'
import { validate, type Validation } from './validate.ts'
import { writeActionPlan } from './write-action-plan.ts'
import { writeBadge } from './write-badge.ts'
import { controlsFile, writeControls } from './write-controls.ts'
import { writeCtrf } from './write-ctrf.ts'
import { writeEarl } from './write-earl.ts'
import { writeHtml } from './write-html.ts'
import { writeInToto } from './write-in-toto.ts'
import { writeJunit } from './write-junit.ts'
import { writeMarkdown } from './write-markdown.ts'
import { writeOscal } from './write-oscal.ts'
import { writeSarif } from './write-sarif.ts'

export interface ReportOptions {
  /** Planted in the servers of the run: none of them may be in any report. */
  readonly secrets?: readonly Secret[]
  /** An earlier run, for the formats that say what is new. */
  readonly baseline?: RunRecord
}

export interface Written {
  readonly record: RunRecord
  /** For the terminal. */
  readonly summary: string
  /** What is wrong with the files themselves: a secret in one, or one that its schema refuses. Each is a defect of ours. */
  readonly faults: readonly string[]
  readonly validations: readonly Validation[]
}

interface Sources {
  readonly record: RunRecord
  readonly lines: readonly JournalLine[]
  readonly suites: Suites
  readonly baseline: RunRecord | undefined
  /** Other pages of the folder, written or about to be. */
  readonly beside: readonly string[]
}

/** One file of a run's folder; undefined where this run has none. */
const writers: Readonly<Record<string, (from: Sources) => string | undefined>> = {
  'run.json': ({ record }) => `${JSON.stringify(record, null, 2)}\n`,
  'run.schema.json': () => runJsonSchema(),
  'index.html': ({ record, lines, suites, beside }) => writeHtml(record, lines, suites, beside),
  ...Object.fromEntries(frameworkIds.map((id) => [controlsFile(id), ({ record, lines, suites }: Sources) => writeControls(record, lines, suites, id)])),
  'junit.xml': ({ record, lines, suites }) => writeJunit(record, lines, suites),
  'results.sarif': ({ record, lines, suites, baseline }) => writeSarif(record, lines, suites, baseline),
  'ctrf.json': ({ record, lines, suites }) => writeCtrf(record, lines, suites),
  'oscal-assessment-results.json': ({ record, lines, suites }) => writeOscal(record, lines, suites),
  'earl.jsonld': ({ record, lines, suites }) => writeEarl(record, lines, suites),
  'in-toto.json': ({ record, suites }) => writeInToto(record, suites),
  'summary.md': ({ record, lines, suites }) => writeMarkdown(record, lines, suites),
  'action-plan.csv': ({ record, lines, suites }) => writeActionPlan(record, lines, suites),
  'badge.json': ({ record }) => writeBadge(record),
}

/** The names of all reports, in the order in which they are written. */
export const reportFiles: readonly string[] = Object.keys(writers)

/**
 * Writes every report of a run into its folder, from its journal alone, validates those that have a published schema,
 * searches them all for secrets, and points `latest` beside that folder to it unless a later run is there already.
 *
 * @throws HarnessError `JOURNAL_TRUNCATED` where the journal cannot be read
 */
export async function writeReports(folder: string, journalPath: string, suites: Suites, options: ReportOptions = {}): Promise<Written> {
  const { lines } = await readJournal(journalPath)
  const record = runRecordSchema.parse(toRunRecord(lines, { suites }))
  const sources = {
    record,
    lines,
    suites,
    baseline: options.baseline,
    beside: [...frameworkIds.map(controlsFile), ...(await readdir(folder)).filter((name) => name === 'kill-matrix.html')],
  }
  const secrets = options.secrets ?? []
  const validations: Validation[] = []
  const faults = leaks('journal.ndjson', await readFile(journalPath, 'latin1'), secrets)
  for (const [name, write] of Object.entries(writers)) {
    const content = write(sources)
    if (content === undefined) await rm(join(folder, name), { force: true })
    else {
      await replaceFile(join(folder, name), content)
      faults.push(...leaks(name, content, secrets))
      const validation = await validate(name, content)
      if (validation !== undefined) validations.push(validation)
    }
  }
  faults.push(...validations.flatMap(invalid))
  await replaceFile(join(folder, 'validation.json'), `${JSON.stringify({ validations, faults }, null, 2)}\n`)
  await pointLatest(await realpath(folder), record)
  return { record, summary: [summaryOf(record, join(folder, 'index.html')), ...faults.map((fault) => `FAULT   ${fault}`)].join('\n'), faults, validations }
}

const leaks = (file: string, content: string, secrets: readonly Secret[]): string[] => leaksIn(content, secrets).map((name) => `${file} holds ${name}`)

const invalid = ({ file, by, result }: Validation): readonly string[] =>
  result.kind === 'invalid' ? [`${file} is refused by ${by}: ${result.problems.join('; ')}`] : []

/** A reader finds the old content or the new, never half of it. */
async function replaceFile(path: string, content: string): Promise<void> {
  const staging = `${path}.${process.pid}.tmp`
  await writeFile(staging, content)
  await rename(staging, path)
}
