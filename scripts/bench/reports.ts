import { execa } from 'execa'
import { join } from 'node:path'
import { z } from 'zod'
import { codeRoot, isBuilt } from '../../src/root.ts'

const costSchema = z.object({
  results: z.int(),
  journalMiB: z.number(),
  pageMiB: z.number(),
  ms: z.number(),
  /** Of all threads of the process. */
  cpuMs: z.number(),
  peakMiB: z.number(),
  faults: z.int(),
})

export type ReportCost = z.infer<typeof costSchema>

/** What all reports of a generated run of so many results cost, in a process of their own. */
export async function measureReports(results: number): Promise<ReportCost> {
  const program = join(codeRoot, 'scripts', 'bench', `report-process.${isBuilt ? 'js' : 'ts'}`)
  const { stdout } = await execa(process.execPath, [program, String(results)])
  return costSchema.parse(JSON.parse(stdout))
}
