import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { canonicalView } from '../reports/canonical.ts'
import { exitCodeOf } from '../reports/exit-code.ts'
import { Journal, readJournal } from '../reports/journal.ts'
import { mergeJournals } from '../reports/merge-journals.ts'
import { writeReports } from '../reports/write-all.ts'
import { EXIT, HarnessError, worstExit } from '../src/errors.ts'
import { severities } from '../src/rule.ts'
import { suites } from '../suites/registry.ts'
import { oneOf, type Command } from './command.ts'
import { readRun } from './read-run.ts'

export const mergeCommand: Command = {
  says: 'makes the shards of a run one run, and writes its reports',
  positionals: '<run folder or journal.ndjson> …',
  options: {
    out: { type: 'string', value: 'FOLDER', says: "the merged run's folder; absent: `merged` beside the first shard" },
    compare: {
      type: 'string',
      value: 'RUN',
      says: 'a run of the whole: ends with 1 unless both say the same, byte for byte but for times, ports, names and latencies',
    },
    'fail-on': { type: 'string', value: 'LEVEL', says: `which deviations end with 1: new (default), ${severities.join(', ')}` },
  },
  run: async (args) => {
    if (args.positionals.length === 0) throw new HarnessError('USAGE', 'assay merge: which shards?', { hint: 'name the folders of all of them' })
    const failOn = oneOf('the level', args.one('fail-on') ?? 'new', ['new', ...severities])
    const journals = await Promise.all(args.positionals.map(journalPath))
    const contents = await Promise.all(journals.map(async (path) => (await readJournal(path)).lines))
    const [header, ...rest] = mergeJournals(contents)
    if (header?.type !== 'header') throw new HarnessError('HARNESS_DEFECT', 'a merged journal has no header')
    const folder = args.one('out') ?? join(dirname(dirname(journals[0] ?? '.')), 'merged')
    await mkdir(folder, { recursive: true })
    const path = join(folder, 'journal.ndjson')
    // Merging again replaces what was merged before: the shards are what is kept.
    await rm(path, { force: true })
    const journal = Journal.create(path, header)
    for (const line of rest) journal.append(line)
    await journal[Symbol.asyncDispose]()
    const { record, summary, faults } = await writeReports(folder, path, suites)
    console.log(summary)
    const whole = args.one('compare')
    const same = whole === undefined || canonicalView(record) === canonicalView((await readRun(whole, suites)).record)
    if (whole !== undefined) console.log(same ? `the same as ${whole}, byte for byte in the canonical view` : `NOT the same as ${whole} in the canonical view`)
    return worstExit([exitCodeOf(record, { failOn, named: [] }), ...(same ? [] : [EXIT.deviations]), ...(faults.length === 0 ? [] : [EXIT.defect])])
  },
}

async function journalPath(given: string): Promise<string> {
  const isFolder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isFolder ? join(given, 'journal.ndjson') : given
}
