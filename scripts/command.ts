import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { HarnessError, messageOf, type ExitCode } from '../src/errors.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  readonly short?: string
  /** For the help: what stands for the value, `NAME`. */
  readonly value?: string
  readonly says: string
}

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
    throw new HarnessError('USAGE', `assay ${name}: ${messageOf(cause).split('. ')[0]}`, { cause, hint: helpHint(name) })
  }
}

const helpHint = (name: string): string => `\`assay ${name} --help\` lists what it takes`

/** The help of one command, in a screen. */
export function helpOf(name: string, command: Command): string {
  const rows = Object.entries(command.options).map(([option, { value, says, short }]) => [
    `${short === undefined ? '    ' : `-${short}, `}--${option}${value === undefined ? '' : ` ${value}`}`,
    says,
  ])
  const width = Math.max(...rows.map(([left = '']) => left.length), 0)
  return [
    `assay ${name}${command.positionals === '' ? '' : ` ${command.positionals}`}`,
    `  ${command.says}`,
    '',
    ...rows.map(([left = '', says = '']) => `  ${left.padEnd(width)}  ${says}`),
  ].join('\n')
}

/**
 * One of a closed list, or a message that names the nearest.
 *
 * @throws HarnessError `UNKNOWN_NAME`
 */
export function oneOf<T extends string>(what: string, given: string, known: readonly T[]): T {
  const found = known.find((name) => name === given)
  if (found !== undefined) return found
  throw new HarnessError('UNKNOWN_NAME', `${what} ${JSON.stringify(given)} is not known`, { hint: `known: ${known.join(', ')}` })
}

/** `milvus=2.3.5` → [`milvus`, `2.3.5`]. */
export function pairOf(option: string, given: string): readonly [string, string] {
  const at = given.indexOf('=')
  if (at > 0 && at < given.length - 1) return [given.slice(0, at), given.slice(at + 1)]
  throw new HarnessError('USAGE', `--${option} ${given}: a product, an equals sign and a value are expected`, { hint: `for example --${option} milvus=2.3.5` })
}
