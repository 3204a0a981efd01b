import { open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { killMatrixSchema } from '../fixtures/faults/kill-matrix.ts'
import type { Secret } from '../src/secret.ts'
import { frameworkIds } from '../suites/controls.ts'
import type { Suites } from './catalogue-counts.ts'
import { readJournal } from './journal.ts'
import { jsonParts, lazily } from './json-parts.ts'
import { pointLatest } from './latest.ts'
import { LeakFinder, type LeakSearch } from './leaks.ts'
import { hasNeighbours, matricesOf, writeMatrixMarkdown } from './matrix.ts'
import { batches, whole, type Content } from './parts.ts'
import { reportModel, type ReportModel } from './report-model.ts'
import { toRunRecord } from './run-record.ts'
import { runJsonSchema, type RunRecord } from './run-schema.ts'
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
import { writeMatrixHtml } from './write-matrix-html.ts'
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
  readonly model: ReportModel
  readonly baseline: RunRecord | undefined
  /** Other pages of the folder, written or about to be. */
  readonly beside: readonly string[]
  /** See `PageOptions.kills`. */
  readonly kills: ReadonlyMap<string, readonly string[]>
  /** Is told what a file holds in a form that a search of the file would not see. */
  readonly onText: (text: string) => void
}

/** One file of a run's folder; undefined where this run has none. */
const writers: Readonly<Record<string, (from: Sources) => Content | undefined>> = {
  'run.json': ({ model: { record } }) => jsonParts({ ...record, cases: lazily(record.cases, (row) => row) }),
  'run.schema.json': () => runJsonSchema(),
  'index.html': ({ model, beside, kills, onText }) => writeHtml(model, { beside, kills, onText }),
  ...Object.fromEntries(frameworkIds.map((id) => [controlsFile(id), ({ model }: Sources) => writeControls(model, id)])),
  'matrix.html': ({ model: { record, suites } }) => ifSeveral(record, () => writeMatrixHtml([record], { suites, pageOf: () => 'index.html' })),
  'matrix.md': ({ model: { record } }) => ifSeveral(record, () => writeMatrixMarkdown([record])),
  'junit.xml': ({ model }) => writeJunit(model),
  'results.sarif': ({ model, baseline }) => writeSarif(model, baseline),
  'ctrf.json': ({ model }) => writeCtrf(model),
  'oscal-assessment-results.json': ({ model }) => writeOscal(model),
  'earl.jsonld': ({ model }) => writeEarl(model),
  'in-toto.json': ({ model }) => writeInToto(model),
  'summary.md': ({ model }) => writeMarkdown(model),
  'action-plan.csv': ({ model }) => writeActionPlan(model),
  'badge.json': ({ model }) => writeBadge(model),
}

/** Side by side stand versions of one product. */
const ifSeveral = (record: RunRecord, write: () => string): string | undefined => (hasNeighbours(matricesOf([record])) ? write() : undefined)

/** The names of all reports, in the order in which they are written. */
export const reportFiles: readonly string[] = Object.keys(writers)

/** Longer files are many times the same: of them a part is checked, made by the same writer of every so manieth case. */
const LONGEST_CHECKED = 16 * 1024 * 1024
const SAMPLED_CASES = 1000

/**
 * Writes every report of a run into its folder, from its journal alone, validates those that have a published schema,
 * searches them all for secrets, and points `latest` beside that folder to it unless a later run is there already.
 * Each file is written in parts as it is made: memory grows with the number of cases, not with what servers said.
 *
 * @throws HarnessError `JOURNAL_TRUNCATED` where the journal cannot be read
 */
export async function writeReports(folder: string, journalPath: string, suites: Suites, options: ReportOptions = {}): Promise<Written> {
  const finder = new LeakFinder(options.secrets ?? [])
  const inJournal = finder.search()
  const { lines } = await readJournal(journalPath, (text) => inJournal.feed(text))
  const record = toRunRecord(lines, { suites })
  const sources = {
    model: reportModel(record, lines, suites),
    baseline: options.baseline,
    kills: await killsIn(folder),
    beside: [
      ...frameworkIds.map(controlsFile),
      ...(ifSeveral(record, () => 'matrix.html') === undefined ? [] : ['matrix.html']),
      ...(await readdir(folder)).filter((name) => name === 'kill-matrix.html'),
    ],
  }
  const validations: Validation[] = []
  const faults = leaks('journal.ndjson', [inJournal])
  for (const [name, write] of Object.entries(writers)) {
    const path = join(folder, name)
    const [inFile, outOfSight] = [finder.search(), finder.search()]
    const content = write({ ...sources, onText: (text) => outOfSight.feed(text) })
    if (content === undefined) await rm(path, { force: true })
    else {
      const length = await replaceFile(path, content, inFile)
      faults.push(...leaks(name, [inFile, outOfSight]))
      const validation = await validate(name, () => checkedContent(path, length, write, sources))
      if (validation !== undefined) validations.push(validation)
    }
  }
  faults.push(...validations.flatMap(invalid))
  await replaceFile(join(folder, 'validation.json'), `${JSON.stringify({ validations, faults }, null, 2)}\n`, finder.search())
  await pointLatest(await realpath(folder), record)
  return { record, summary: [summaryOf(record, join(folder, 'index.html')), ...faults.map((fault) => `FAULT   ${fault}`)].join('\n'), faults, validations }
}

/** From the kill matrix beside the run; none where there is none, or it is of another version of this tool. */
async function killsIn(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await readFile(join(folder, 'kill-matrix.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return new Map()
  const parsed = killMatrixSchema.safeParse(JSON.parse(text))
  return new Map(parsed.data?.rules.map(({ id, by }) => [id, by]))
}

/** The file as it was written or, where it is too long for that, a shorter one of the same run. */
async function checkedContent(
  path: string,
  length: number,
  write: (typeof writers)[string],
  { model, baseline, beside, kills }: Omit<Sources, 'onText'>,
): Promise<string> {
  if (length <= LONGEST_CHECKED) return await readFile(path, 'utf8')
  const step = Math.ceil(model.record.cases.length / SAMPLED_CASES)
  const fewer = { ...model.record, cases: model.record.cases.filter((_, at) => at % step === 0) }
  const content = write({ model: reportModel(fewer, model.lines, model.suites), baseline, beside, kills, onText: () => undefined }) ?? ''
  return whole(content)
}

const leaks = (file: string, searches: readonly LeakSearch[]): string[] =>
  [...new Set(searches.flatMap(({ found }) => found))].map((name) => `${file} holds ${name}`)

const invalid = ({ file, by, result }: Validation): readonly string[] =>
  result.kind === 'invalid' ? [`${file} is refused by ${by}: ${result.problems.join('; ')}`] : []

/** A reader finds the old content or the new, never half of it. @returns how many characters it has */
async function replaceFile(path: string, content: Content, search: LeakSearch): Promise<number> {
  const staging = `${path}.${process.pid}.tmp`
  await using file = await open(staging, 'w')
  let length = 0
  for await (const text of batches(content)) {
    search.feed(text)
    await file.write(text)
    length += text.length
  }
  await rename(staging, path)
  return length
}
