import { join } from 'node:path'
import { matrixText } from '../reports/matrix.ts'
import type { Command } from './command.ts'
import { performRun, runCommand } from './run.ts'
import { requestOf } from './run-request.ts'

/** Of the options of `run`. */
const taken: ReadonlySet<string> = new Set([
  ...['plan', 'version', 'product', 'runtime', 'rule', 'case', 'profile', 'sample', 'memory'],
  ...['shard', 'waivers', 'cached', 'out', 'fail-on', 'rules', 'requirements'],
])

/** Several versions in one run: no more of them at a time than fits into memory, the others as those are done. */
export const matrixCommand: Command = {
  says: 'runs several versions (and profiles) of products in waves, and writes one table of rules against versions',
  positionals: '',
  options: Object.fromEntries(Object.entries(runCommand.options).filter(([name]) => taken.has(name))),
  run: async (args) => {
    const { code, record, folder } = await performRun(requestOf(args))
    console.log(`rules by version (${join(folder, 'matrix.html')} and matrix.md, where one product has several):\n${matrixText([record])}`)
    return code
  },
}
