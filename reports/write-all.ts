import { createReadStream } from 'node:fs'
import { open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { killMatrixSchema } from '../fixtures/faults/kill-matrix.ts'
import type { Secret } from '../src/secret.ts'
import { frameworkIds } from '../suites/controls.ts'
import type { Suites } from './catalogue-counts.ts'
import { scanJournal } from './journal.ts'
import { jsonParts, lazily } from './json-parts.ts'
import { pointLatest } from './latest.ts'
import { LeakFinder, type LeakSearch } from './leaks.ts'
import { hasNeighbours, matricesOf, writeMatrixMarkdown } from './matrix.ts'
import type { PackedEvidence } from './pack-evidence.ts'
import { batches, whole, type Content } from './parts.ts'
import { reportModel, type ReportCase, type ReportModel } from './report-model.ts'
import { tasksBeside } from './report-pool.ts'
import { tasksHere, type ReportTasks, type Searched } from './report-tasks.ts'
import { toRunRecord } from './run-record.ts'
import { runJsonSchema, type RunRecord } from './run-schema.ts'
import { summaryOf } from './summary.ts'
import { hasSchema, type Validation } from './validate.ts'
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
  readonly validations: readonly Checked[]
}

/** A validation, and of what: long files hold many times the same. */
export interface Checked extends Validation {
  readonly of: string
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
  readonly pack?: (cases: readonly ReportCase[]) => Promise<PackedEvidence>
}

/** One file of a run's folder; undefined where this run has none. */
const writers: Readonly<Record<string, (from: Sources) => Content | undefined>> = {
  'run.json': ({ model: { record } }) => jsonParts({ ...record, cases: lazily(record.cases, (row) => row) }),
  'run.schema.json': () => runJsonSchema(),
  'index.html': ({ model, ...options }) => writeHtml(model, options),
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

/** Shorter journals are reported sooner than a thread is started. */
const SHORTEST_SHARED = 32 * 1024 * 1024

/**
 * Writes every report of a run into its folder, from its journal alone, validates those that have a published schema,
 * searches them all for secrets, and points `latest` beside that folder to it unless a later run is there already.
 * Each file is written in parts as it is made: memory grows with the number of cases, not with what servers said.
 * A long journal is read, and its evidence packed, with the help of a thread beside; the files are the same.
 *
 * @throws HarnessError `JOURNAL_TRUNCATED` where the journal cannot be read
 */
export async function writeReports(folder: string, journalPath: string, suites: Suites, options: ReportOptions = {}): Promise<Written> {
  const finder = new LeakFinder(options.secrets ?? [])
  await using tasks = await tasksFor(journalPath, finder, options.secrets ?? [])
  const inJournal = new Set<string>()
  const { lines, places } = await scanJournal(journalPath, async (stretch) => noted(await tasks.read(stretch), inJournal))
  const record = toRunRecord(lines, { suites })
  const sources: Sources = {
    model: reportModel(record, lines, suites),
    baseline: options.baseline,
    kills: await killsIn(folder),
    beside: [
      ...frameworkIds.map(controlsFile),
      ...(ifSeveral(record, () => 'matrix.html') === undefined ? [] : ['matrix.html']),
      ...(await readdir(folder)).filter((name) => name === 'kill-matrix.html'),
    ],
    onText: () => undefined,
  }
  const desk: Desk = { folder, finder, tasks, sources, places, sample: sampleOf(sources.model) }
  const made = await Promise.all(inTwoRows(Object.keys(writers)).map((row) => writeOneByOne(row, desk)))
  const byName = new Map(made.flat())
  const validations = [...Object.keys(writers)].flatMap((name) => byName.get(name)?.validation ?? [])
  const faults = [
    ...leaks('journal.ndjson', inJournal),
    ...Object.keys(writers).flatMap((name) => leaks(name, byName.get(name)?.found ?? new Set())),
    ...(await leaksBeside(folder, journalPath, finder)),
    ...validations.flatMap(invalid),
  ]
  await replaceFile(join(folder, 'validation.json'), `${JSON.stringify({ validations, faults }, null, 2)}\n`, finder.search())
  await pointLatest(await realpath(folder), record)
  return { record, summary: [summaryOf(record, join(folder, 'index.html')), ...faults.map((fault) => `FAULT   ${fault}`)].join('\n'), faults, validations }
}

async function tasksFor(journal: string, finder: LeakFinder, secrets: readonly Secret[]): Promise<ReportTasks> {
  const here = tasksHere(journal, finder)
  const size = (await stat(journal).catch(() => undefined))?.size ?? 0
  return size < SHORTEST_SHARED || availableParallelism() === 1 ? here : tasksBeside(here, journal, secrets)
}

/** The page waits for its evidence, which threads may make: the others are written meanwhile. */
const inTwoRows = (names: readonly string[]): readonly (readonly string[])[] => [
  names.filter((name) => name === 'index.html'),
  names.filter((name) => name !== 'index.html'),
]

interface Desk {
  readonly folder: string
  readonly finder: LeakFinder
  readonly tasks: ReportTasks
  readonly sources: Sources
  /** The run with fewer cases. */
  readonly sample: () => ReportModel
  /** By line of the journal. */
  readonly places: Awaited<ReturnType<typeof scanJournal>>['places']
}

/** What came of one file. */
interface Made {
  readonly found: ReadonlySet<string>
  readonly validation: Checked | undefined
}

async function writeOneByOne(names: readonly string[], desk: Desk): Promise<readonly (readonly [name: string, made: Made])[]> {
  const made: (readonly [string, Made])[] = []
  for (const name of names) {
    const one = await writeOne(name, desk)
    if (one !== undefined) made.push([name, one])
  }
  return made
}

/** Undefined where this run has no such file: one that an earlier report left is removed. */
async function writeOne(name: string, { folder, finder, tasks, sources, places, sample }: Desk): Promise<Made | undefined> {
  const write = writers[name]
  const path = join(folder, name)
  const [inFile, outOfSight] = [finder.search(), finder.search()]
  const found = new Set<string>()
  const pack = async (cases: readonly ReportCase[]): Promise<PackedEvidence> =>
    noted(
      await tasks.pack(cases.map(({ row, instance, expect, line }) => ({ row, instance, expect, place: line === undefined ? undefined : places[line - 1] }))),
      found,
    )
  const content = write?.({ ...sources, onText: (text) => outOfSight.feed(text), pack })
  if (write === undefined || content === undefined) {
    await rm(path, { force: true })
    return undefined
  }
  const length = await replaceFile(path, content, inFile)
  for (const label of [...inFile.found, ...outOfSight.found]) found.add(label)
  return { found, validation: hasSchema(name) ? await checked(name, path, length, write, { tasks, sources, sample }) : undefined }
}

function noted<Result>({ made, found }: Searched<Result>, all: Set<string>): Result {
  for (const label of found) all.add(label)
  return made
}

/** From the kill matrix beside the run; none where there is none, or it is of another version of this tool. */
async function killsIn(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await readFile(join(folder, 'kill-matrix.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return new Map()
  const parsed = killMatrixSchema.safeParse(JSON.parse(text))
  return new Map(parsed.data?.rules.map(({ id, by }) => [id, by]))
}

function sampleOf({ record, lines, suites }: ReportModel): () => ReportModel {
  let made: ReportModel | undefined
  const step = Math.ceil(record.cases.length / SAMPLED_CASES)
  return () => (made ??= reportModel({ ...record, cases: record.cases.filter((_, at) => at % step === 0) }, lines, suites))
}

/** The file as it was written or, where it is too long for that, a shorter one of the same run. */
async function checked(
  name: string,
  path: string,
  length: number,
  write: (typeof writers)[string],
  { tasks, sources, sample }: Pick<Desk, 'tasks' | 'sources' | 'sample'>,
): Promise<Checked | undefined> {
  const isWhole = length <= LONGEST_CHECKED
  const content = isWhole ? await readFile(path, 'utf8') : await whole(write({ ...sources, model: sample() }) ?? '')
  const validation = await tasks.validate(name, content)
  const of = isWhole
    ? 'the file'
    : `one of ${sample().record.cases.length} of its ${sources.model.record.cases.length} cases by the same writer: it has ${length} characters`
  return validation && { ...validation, of }
}

/** What else is in the run's folder by now: the results for Allure, a kill matrix. */
async function leaksBeside(folder: string, journalPath: string, finder: LeakFinder): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    if (!entry.isFile() || name in writers || path === journalPath) continue
    const search = finder.search()
    for await (const text of createReadStream(path, 'utf8')) search.feed(text as string)
    found.push(...leaks(name, new Set(search.found)))
  }
  return found
}

const leaks = (file: string, found: ReadonlySet<string>): string[] => [...found].map((name) => `${file} holds ${name}`)

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
