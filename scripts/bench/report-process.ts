import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largeSuites, writeLargeJournal } from '../../reports/large-journal.ts'
import { writeReports } from '../../reports/write-all.ts'

// A process of its own, so that its memory is its own: `node report-process.ts <results>` says what all reports of so many cost.

const results = Number(process.argv[2] ?? 1000)
const folder = await mkdtemp(join(tmpdir(), 'assay-large-'))
try {
  const journal = join(folder, 'journal.ndjson')
  writeLargeJournal(journal, results)
  const before = { at: performance.now(), cpu: process.cpuUsage() }
  const { record, faults } = await writeReports(folder, journal, largeSuites)
  const { user, system } = process.cpuUsage(before.cpu)
  console.log(
    JSON.stringify({
      results: record.cases.length,
      journalMiB: Math.round((await stat(journal)).size / 2 ** 20),
      pageMiB: Math.round((await stat(join(folder, 'index.html'))).size / 2 ** 20),
      ms: Math.round(performance.now() - before.at),
      cpuMs: Math.round((user + system) / 1000),
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      faults: faults.length,
    }),
  )
} finally {
  await rm(folder, { recursive: true })
}
