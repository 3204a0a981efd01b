import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exitCodeOf } from '../reports/exit-code.ts'
import { writeReports } from '../reports/write-all.ts'
import { EXIT, HarnessError, worstExit } from '../src/errors.ts'
import { suites } from '../suites/registry.ts'
import type { Command } from './command.ts'
import { readRun } from './read-run.ts'

export const reportCommand: Command = {
  says: 'writes the reports of a run again, from its journal',
  positionals: '<run folder or journal.ndjson>',
  options: {
    baseline: { type: 'string', value: 'RUN', says: 'an earlier run, for the formats that say what is new (SARIF)' },
  },
  async run({ positionals: [given], one }) {
    if (given === undefined) throw new HarnessError('USAGE', 'assay report: which run?', { hint: 'name its folder, for example reports/out/latest' })
    const isFolder = await stat(given).then(
      (found) => found.isDirectory(),
      () => false,
    )
    const journal = isFolder ? join(given, 'journal.ndjson') : given
    const earlier = one('baseline')
    const baseline = earlier === undefined ? {} : { baseline: (await readRun(earlier, suites)).record }
    const { record, summary, faults } = await writeReports(isFolder ? given : dirname(given), journal, suites, baseline)
    console.log(summary)
    return worstExit([exitCodeOf(record, { failOn: 'new', named: [] }), ...(faults.length === 0 ? [] : [EXIT.defect])])
  },
}
