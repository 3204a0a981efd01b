import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { makeBundle } from '../reports/bundle.ts'
import { exitCodeOf } from '../reports/exit-code.ts'
import { readJournal } from '../reports/journal.ts'
import { matrixText, writeMatrixMarkdown } from '../reports/matrix.ts'
import type { RunRecord } from '../reports/run-schema.ts'
import { reportFiles, writeReports } from '../reports/write-all.ts'
import { writeMatrixHtml } from '../reports/write-matrix-html.ts'
import { EXIT, HarnessError, worstExit, type ExitCode } from '../src/errors.ts'
import { suites } from '../suites/registry.ts'
import type { Command } from './command.ts'
import { readRun } from './read-run.ts'

export const reportCommand: Command = {
  says: 'writes the reports of a run again, from its journal',
  positionals: '<run folder or journal.ndjson> …',
  options: {
    bundle: { type: 'boolean', says: 'also one archive of the journal, the reports and their digests: evidence.zip in the folder; `assay verify` checks it' },
    key: { type: 'string', value: 'FILE', says: 'a private key (Ed25519, PEM) to sign the bundle with' },
    matrix: { type: 'boolean', says: 'of several runs: no reports, but one page with their versions side by side, and what changed from each to the next' },
    out: { type: 'string', value: 'FOLDER', says: 'where the matrix goes; absent: beside the first run' },
    baseline: { type: 'string', value: 'RUN', says: 'an earlier run, for the formats that say what is new (SARIF)' },
  },
  async run({ positionals, one, is }) {
    if (is('matrix')) return writeMatrix(positionals, one('out'))
    const [given, surplus] = positionals
    if (surplus !== undefined) throw new HarnessError('USAGE', 'assay report: one run at a time', { hint: 'to set several side by side, add --matrix' })
    if (given === undefined) throw new HarnessError('USAGE', 'assay report: which run?', { hint: 'name its folder, for example reports/out/latest' })
    const isFolder = await stat(given).then(
      (found) => found.isDirectory(),
      () => false,
    )
    const journal = isFolder ? join(given, 'journal.ndjson') : given
    const earlier = one('baseline')
    const baseline = earlier === undefined ? {} : { baseline: (await readRun(earlier, suites)).record }
    const folder = isFolder ? given : dirname(given)
    const { record, summary, faults } = await writeReports(folder, journal, suites, baseline)
    console.log(summary)
    if (is('bundle')) await writeBundle(folder, journal, record, one('key'))
    return worstExit([exitCodeOf(record, { failOn: 'new', named: [] }), ...(faults.length === 0 ? [] : [EXIT.defect])])
  },
}

/** Ends with 0: what each run is worth, its own report says. */
async function writeMatrix(given: readonly string[], out: string | undefined): Promise<ExitCode> {
  if (given.length === 0) throw new HarnessError('USAGE', 'assay report --matrix: which runs?', { hint: 'name their folders, or their run.json' })
  const runs = await Promise.all(given.map((one) => readRun(one, suites)))
  const folder = out ?? dirname(runs[0]?.folder ?? '.')
  const pages = new Map(runs.map(({ record, folder: at }) => [record.runId, relative(folder, join(at, 'index.html'))]))
  const records = runs.map(({ record }) => record)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'matrix.html'), writeMatrixHtml(records, { suites, pageOf: (runId) => pages.get(runId) }))
  await writeFile(join(folder, 'matrix.md'), writeMatrixMarkdown(records))
  console.log(`${matrixText(records)}\nmatrix: ${join(folder, 'matrix.html')}`)
  return EXIT.conforms
}

/** Everything that the run's folder holds of it, as it is there now. */
async function writeBundle(folder: string, journal: string, record: RunRecord, keyPath: string | undefined): Promise<void> {
  const names = (await readdir(folder)).filter(
    (name) => reportFiles.includes(name) || ['validation.json', 'kill-matrix.json', 'kill-matrix.html'].includes(name),
  )
  const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)))
  const key = keyPath === undefined ? undefined : await readFile(keyPath, 'utf8')
  const { lines } = await readJournal(journal)
  const header = lines.find((line) => line.type === 'header')
  const bundle = makeBundle(record, header?.selection ?? {}, { 'journal.ndjson': await readFile(journal), ...files }, key)
  const path = join(folder, 'evidence.zip')
  await writeFile(path, bundle)
  console.log(`bundle: ${path} sha256:${createHash('sha256').update(bundle).digest('hex')}`)
}
