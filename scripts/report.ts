import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exitCodeOf } from '../reports/exit-code.ts'
import { writeReports } from '../reports/write-all.ts'
import { HarnessError } from '../src/errors.ts'
import { suites } from '../suites/registry.ts'
import type { Command } from './command.ts'

export const reportCommand: Command = {
  says: 'writes the reports of a run again, from its journal',
  positionals: '<run folder or journal.ndjson>',
  options: {},
  async run({ positionals: [given] }) {
    if (given === undefined) throw new HarnessError('USAGE', 'assay report: which run?', { hint: 'name its folder, for example reports/out/latest' })
    const isFolder = await stat(given).then(
      (found) => found.isDirectory(),
      () => false,
    )
    const journal = isFolder ? join(given, 'journal.ndjson') : given
    const { record, summary } = await writeReports(isFolder ? given : dirname(given), journal, suites)
    console.log(summary)
    return exitCodeOf(record, { failOn: 'new', named: [] })
  },
}
