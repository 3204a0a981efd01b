import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { defaultCacheRoot } from '../containers/cache.ts'
import { EXIT, HarnessError, messageOf, type ExitCode } from '../src/errors.ts'
import { helpOf, oneOf, parseArguments, type Command } from './command.ts'

/** Each command is loaded when it is called: `assay --help` needs no Vitest. */
const commands = {
  run: async () => (await import('./run.ts')).runCommand,
  test: async () => (await import('./test.ts')).testCommand,
  list: async () => (await import('./list.ts')).listCommand,
  explain: async () => (await import('./list.ts')).explainCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  upstream: async () => (await import('./upstream.ts')).upstreamCommand,
  mutate: async () => (await import('./mutate.ts')).mutateCommand,
  gate: async () => (await import('./gate.ts')).gateCommand,
  upgrade: async () => (await import('./upgrade.ts')).upgradeCommand,
  artefacts: async () => (await import('./artefacts.ts')).artefactsCommand,
  matrix: async () => (await import('./matrix.ts')).matrixCommand,
  merge: async () => (await import('./merge.ts')).mergeCommand,
  waive: async () => (await import('./waive.ts')).waiveCommand,
  catalogue: async () => (await import('./catalogue.ts')).catalogueCommand,
  bench: async () => (await import('./bench.ts')).benchCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  clean: async () => (await import('./clean.ts')).cleanCommand,
} as const satisfies Record<string, () => Promise<Command>>

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return overview()
  const command = await commands[oneOf('the command', name, Object.keys(commands) as (keyof typeof commands)[])]()
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(helpOf(name, command))
    return EXIT.conforms
  }
  return command.run(parseArguments(name, command, rest))
}

async function overview(): Promise<ExitCode> {
  console.log('assay <command> [options]\n')
  for (const [name, load] of Object.entries(commands)) console.log(`  ${name.padEnd(10)} ${(await load()).says}`)
  console.log('\n`assay <command> --help` says more. Exit codes: 0 conforms, 1 deviations, 2 usage, 3 incomplete, 4 waiver, 5 harness defect, 130 interrupted.')
  return EXIT.conforms
}

/** One clear sentence for what we know; a stack only for what we do not. */
function explainFailure(thrown: unknown): ExitCode {
  if (thrown instanceof HarnessError) {
    console.error(styleText('red', `assay: ${thrown.message}`))
    if (thrown.hint !== undefined && thrown.hint !== '') console.error(`       ${thrown.hint}`)
    return thrown.exitCode
  }
  console.error(styleText('red', `assay: a defect of the harness: ${messageOf(thrown)}`))
  if (thrown instanceof Error) console.error(thrown.stack)
  return EXIT.defect
}

// Halves the time to the first line; where the folder cannot be written, Node goes on without.
enableCompileCache(join(defaultCacheRoot(), 'compiled'))
process.exitCode = await main(process.argv.slice(2)).catch(explainFailure)
// Kept-alive connections of libraries must not keep a finished command alive.
process.exit()
