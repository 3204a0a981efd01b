import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { HarnessError } from '../src/errors.ts'

/**
 * The mutants that turn the question "was it allowed, and should it have been?" round: where one of them lives, or none was made, the
 * mutation run itself is not to be believed, whatever its score.
 */
const CANARY = { file: 'src/verdict.ts', line: /return expected\.kind === 'allowed' \? judgeGrant/ }

const report = z.object({
  files: z.record(
    z.string(),
    z.object({ source: z.string(), mutants: z.array(z.object({ status: z.string(), location: z.object({ start: z.object({ line: z.number() }) }) })) }),
  ),
})

const [path = 'reports/out/mutants.json'] = process.argv.slice(2)
const file = report.parse(JSON.parse(readFileSync(path, 'utf8'))).files[CANARY.file]
const line = (file?.source.split('\n').findIndex((text) => CANARY.line.test(text)) ?? -1) + 1
const canaries = file?.mutants.filter(({ location }) => location.start.line === line) ?? []
const alive = canaries.filter(({ status }) => status !== 'Killed')
if (canaries.length === 0 || alive.length > 0)
  throw new HarnessError('HARNESS_DEFECT', `the canary mutants of ${CANARY.file}:${line}: ${canaries.length} made, ${alive.length} alive`)
console.log(`canary mutants killed ${canaries.length}/${canaries.length}`)
