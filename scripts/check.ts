import { execa } from 'execa'
import { join } from 'node:path'
import { packageRoot } from '../src/root.ts'

/** Side by side. The linter reads the types anyway, so it checks them too: tsc beside it would do the same work once more. */
const checks = [
  ['oxlint', '--type-aware', '--type-check'],
  ['oxfmt', '--check'],
  ['knip', '--cache', '--cache-location', join('node_modules', '.cache', 'knip')],
] as const

const ended = await Promise.all(
  checks.map(async ([program, ...args]) => {
    const { exitCode, all } = await execa(program, args, { cwd: packageRoot, preferLocal: true, reject: false, all: true })
    console.log(`${program}: ${exitCode === 0 ? 'nothing to say' : `ended with ${exitCode ?? 'a signal'}\n${all}`}`)
    return exitCode
  }),
)
process.exitCode = ended.every((code) => code === 0) ? 0 : 1
