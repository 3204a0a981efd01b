import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { HarnessError, messageOf, type ExitCode } from '../src/errors.ts'
import { nearestOf } from './nearest.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  readonly short?: string
  /** For the help: what stands for the value, `NAME`. */
  readonly value?: string
  readonly says: string
  /** Seldom needed: the help names it, and says what it does with `--all`. */
  readonly rare?: true
  /** What may stand for the value, for completion. */
  readonly values?: readonly string[]
}

/** Read before the command is: see `nameOwnRules` of the command line. */
export const ownRulesOption = {
  type: 'string',
  value: 'DIR',
  says: 'rules of your own beside ours: YAML tables or modules, see docs/own-rules.md',
} as const satisfies Option

export interface Arguments {
  readonly positionals: readonly string[]
  /** The value of an option that is given at most once. */
  one(name: string): string | undefined
  /** All values of an option that may be given several times; values may also be separated by commas. */
  all(name: string): readonly string[]
  is(name: string): boolean
}

/** One command of the command line. */
export interface Command {
  readonly says: string
  /** What follows the options: `<case>`; empty for none. */
  readonly positionals: string
  readonly options: Readonly<Record<string, Option>>
  run(args: Arguments): Promise<ExitCode>
}

/** @throws HarnessError `USAGE` for an unknown option, a missing value or a surplus argument */
export function parseArguments(name: string, command: Command, argv: readonly string[]): Arguments {
  const { values, positionals } = parsed(name, command, argv)
  if (positionals.length > 0 && command.positionals === '') {
    throw new HarnessError('USAGE', `assay ${name}: nothing is done with ${JSON.stringify(positionals[0])}`, { hint: helpHint(name) })
  }
  return {
    positionals,
    one: (option) =>
      [values[option]]
        .flat()
        .filter((value) => typeof value === 'string')
        .at(-1),
    all: (option) => [values[option]].flat().flatMap((value) => (typeof value === 'string' ? value.split(',') : [])),
    is: (option) => values[option] === true,
  }
}

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

function parsed(name: string, command: Command, argv: readonly string[]): { values: Values; positionals: string[] } {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(command.options).map(([option, { type, multiple, short }]) => [
      option,
      { type, ...(multiple === undefined ? {} : { multiple }), ...(short === undefined ? {} : { short }) },
    ]),
  )
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (cause) {
    const unknown = /^Unknown option '--([^']+)'/.exec(messageOf(cause))?.[1]
    const meant = unknown === undefined ? undefined : nearestOf(unknown, Object.keys(command.options))
    const hint = meant === undefined ? helpHint(name) : `did you mean --${meant}? ${helpHint(name)}`
    throw new HarnessError('USAGE', `assay ${name}: ${messageOf(cause).split('. ')[0]}`, { cause, hint })
  }
}

const helpHint = (name: string): string => `\`assay ${name} --help\` lists what it takes`

/** What a screen of a terminal has, at the least. */
export const SCREEN = { columns: 80, lines: 24 } as const

/** The help of one command, in a screen; what is rare is only named there, unless all is asked for. */
export function helpOf(name: string, command: Command, { all = false }: { readonly all?: boolean } = {}): string {
  const options = Object.entries(command.options)
  const rare = options.filter(([, option]) => option.rare === true && !all).map(([option]) => `--${option}`)
  return [
    `assay ${name}${command.positionals === '' ? '' : ` ${command.positionals}`}`,
    ...wrapped(command.says, SCREEN.columns - 2).map((line) => `  ${line}`),
    '',
    ...rowsText(options.filter(([, option]) => option.rare !== true || all).map(([option, its]) => [leftOf(option, its), its.says])),
    ...(rare.length === 0 ? [] : wrapped(`seldom needed: ${rare.join(' ')} (assay ${name} --help --all)`, SCREEN.columns - 2).map((line) => `  ${line}`)),
  ].join('\n')
}

/** The help of all commands, in a screen: the everyday ones by what they do, the others by name. */
export function overviewOf(known: Readonly<Record<string, object>>, everyday: readonly string[]): string {
  const rows = everyday.map((name) => [name, saysOf(known[name])] as const)
  const others = Object.keys(known).filter((name) => !everyday.includes(name))
  return [
    'assay <command> [options]',
    '',
    ...rowsText(rows),
    '',
    ...rowsText([['also', others.join(' ')]]),
    '',
    ...wrapped(
      '`assay <command> --help` says more. Exit codes: 0 conforms, 1 deviations, 2 usage, 3 incomplete, 4 waiver, 5 harness defect, 130 interrupted.',
      SCREEN.columns,
    ),
  ].join('\n')
}

const saysOf = (command: object | undefined): string => (command !== undefined && 'says' in command && typeof command.says === 'string' ? command.says : '')

const leftOf = (option: string, { short, value }: Option): string =>
  `${short === undefined ? '' : `-${short}, `}--${option}${value === undefined ? '' : ` ${value}`}`

/** Two columns: names, and what they mean; the second broken between words. */
function rowsText(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length), 0)
  return rows.flatMap(([left, says]) => wrapped(says, SCREEN.columns - width - 4).map((line, at) => `  ${(at === 0 ? left : '').padEnd(width)}  ${line}`))
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/**
 * One of a closed list, or a message that names the nearest.
 *
 * @throws HarnessError `UNKNOWN_NAME`
 */
export function oneOf<T extends string>(what: string, given: string, known: readonly T[]): T {
  const found = known.find((name) => name === given)
  if (found !== undefined) return found
  throw new HarnessError('UNKNOWN_NAME', `${what} ${JSON.stringify(given)} is not known`, { hint: meantOr(given, known, `known: ${known.join(', ')}`) })
}

/** For a name that is not known: the nearest that is, and where all of them are. */
export function meantOr(given: string, known: readonly string[], otherwise: string): string {
  const meant = nearestOf(given, known)
  return meant === undefined ? otherwise : `did you mean ${meant}? ${otherwise}`
}

/** A whole number from 1 on. */
export function countOf(option: string, given: string, example: string): number {
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given)
  throw new HarnessError('USAGE', `--${option} ${given}: a whole number is expected`, { hint: `for example --${option} ${example}` })
}

/** `milvus=2.3.5` → [`milvus`, `2.3.5`]. */
export function pairOf(option: string, given: string): readonly [string, string] {
  const at = given.indexOf('=')
  if (at > 0 && at < given.length - 1) return [given.slice(0, at), given.slice(at + 1)]
  throw new HarnessError('USAGE', `--${option} ${given}: a product, an equals sign and a value are expected`, { hint: `for example --${option} milvus=2.3.5` })
}
