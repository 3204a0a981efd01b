import { enableCompileCache } from 'node:module'
import { join, resolve } from 'node:path'
import { styleText } from 'node:util'
import { defaultCacheRoot } from '../containers/cache.ts'
import { EXIT, HarnessError, messageOf, type ExitCode } from '../src/errors.ts'
import { makeFolder } from '../src/folder.ts'
import { OWN_RULES_VARIABLE } from '../src/own-rules.ts'
import { helpOf, oneOf, overviewOf, parseArguments, type Command } from './command.ts'
import { commandNames, commands, everyday } from './commands.ts'

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = argv[0] === 'help' && argv[1] !== undefined ? [argv[1], '--help'] : argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return overview()
  await nameOwnRules(rest)
  const command: Command = await commands[oneOf('the command', name, commandNames)]()
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(helpOf(name, command, { all: rest.includes('--all') }))
    return EXIT.conforms
  }
  const args = parseArguments(name, command, rest)
  makeOut(args.one('out'))
  return command.run(args)
}

/** Before any suite is loaded: workers find the folder in their environment too. */
async function nameOwnRules(argv: readonly string[]): Promise<void> {
  const at = argv.findIndex((one) => one === '--rules' || one.startsWith('--rules='))
  const folder = argv[at]?.includes('=') === true ? argv[at].slice('--rules='.length) : argv[at + 1]
  if (at < 0 || folder === undefined) return
  process.env[OWN_RULES_VARIABLE] = resolve(folder)
  await (await import('./own-rules.ts')).checkOwnRules()
}

/** Before anything starts: an hour's results must not find that they cannot be written. */
function makeOut(given: string | undefined): void {
  if (given === undefined) return
  try {
    makeFolder(resolve(given))
  } catch (cause) {
    throw new HarnessError('CONFIG_INVALID', `the output folder ${given} cannot be written: ${messageOf(cause)}`, { cause, hint: 'name another by --out' })
  }
}

async function overview(): Promise<ExitCode> {
  const loaded = await Promise.all(everyday.map(async (name) => [name, await commands[name]()] as const))
  console.log(overviewOf({ ...commands, ...Object.fromEntries(loaded) }, everyday))
  return EXIT.conforms
}

/** One clear sentence for what we know; a stack only for what we do not. */
function explainFailure(thrown: unknown): ExitCode {
  if (thrown instanceof HarnessError) {
    console.error(alarming(`assay: ${thrown.message}`))
    if (thrown.hint !== undefined && thrown.hint !== '') console.error(`       ${thrown.hint}`)
    return thrown.exitCode
  }
  console.error(alarming(`assay: a defect of the harness: ${messageOf(thrown)}`))
  if (thrown instanceof Error) console.error(thrown.stack)
  return EXIT.defect
}

/** Whether it is coloured depends on where errors go, not on where the output does. */
const alarming = (text: string): string => styleText('red', text, { stream: process.stderr })

/** Halves the time to the first line. Node is only let into a folder that can be written: elsewhere it may try without end. */
function cacheCompiled(): void {
  const folder = join(defaultCacheRoot(), 'compiled')
  try {
    makeFolder(folder)
    enableCompileCache(folder)
  } catch (thrown) {
    console.error(`assay: the cache folder ${defaultCacheRoot()} cannot be written (${messageOf(thrown)}): nothing can be fetched`)
    console.error('       set ASSAY_CACHE to a folder that can')
  }
}

cacheCompiled()
process.exitCode = await main(process.argv.slice(2)).catch(explainFailure)
// Kept-alive connections of libraries must not keep a finished command alive.
process.exit()
