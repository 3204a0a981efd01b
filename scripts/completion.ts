import { EXIT, HarnessError } from '../src/errors.ts'
import { oneOf, type Command, type Option } from './command.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** Every command with its options, in their order. */
export type CommandTable = Readonly<Record<string, Pick<Command, 'says' | 'options'>>>

const writers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  (typeof shells)[number],
  (table: CommandTable) => string
>

export const completionCommand: Command = {
  says: `writes the completion of a shell: ${shells.join(', ')}`,
  positionals: '<shell>',
  options: {},
  async run({ positionals: [shell] }) {
    if (shell === undefined) throw new HarnessError('USAGE', 'assay completion: which shell?', { hint: `known: ${shells.join(', ')}` })
    // Written to standard output alone: a shell reads it.
    process.stdout.write(writers[oneOf('the shell', shell, shells)](await tableOf()))
    return EXIT.conforms
  },
}

async function tableOf(): Promise<CommandTable> {
  const { commands } = await import('./commands.ts')
  const loaded = await Promise.all(Object.entries(commands).map(async ([name, load]) => [name, await load()] as const))
  return Object.fromEntries(loaded)
}

const optionsOf = ({ options }: Pick<Command, 'options'>): readonly (readonly [string, Option])[] => Object.entries(options)

/** For `source <(assay completion bash)`. */
export function bashCompletion(table: CommandTable): string {
  const perCommand = Object.entries(table).map(
    ([name, command]) => `    ${name}) words='${[...optionsOf(command).map(([option]) => `--${option}`), '--help'].join(' ')}' ;;`,
  )
  const perValue = Object.entries(table).flatMap(([name, command]) =>
    optionsOf(command).flatMap(([option, { type, values }]) => (type === 'string' ? [`    '${name} --${option}') ${valuesInBash(values)} ;;`] : [])),
  )
  return `_assay() {
  local now="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W '${Object.keys(table).join(' ')}' -- "$now")); return; fi
  case "$command $before" in
${perValue.join('\n')}
  esac
  case "$command" in
${perCommand.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$now"))
}
complete -F _assay assay
`
}

const valuesInBash = (values: readonly string[] | undefined): string =>
  values === undefined ? 'COMPREPLY=($(compgen -f -- "$now")); return' : `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$now")); return`

/** For a file `_assay` on zsh's `fpath`. */
export function zshCompletion(table: CommandTable): string {
  const names = Object.entries(table).map(([name, { says }]) => `    ${quoted(`${name}:${says.replaceAll(':', ' -')}`)}`)
  const perCommand = Object.entries(table).map(([name, command]) => {
    const specs = optionsOf(command).map(([option, its]) => `        ${quoted(zshOption(option, its))}`)
    return `      ${name}) _arguments -S ${['', ...specs, `        '*:file:_files'`].join(' \\\n')} ;;`
  })
  return `#compdef assay
_assay() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command="$words[2]"
  shift words; (( CURRENT-- ))
  case "$command" in
${perCommand.join('\n')}
  esac
}
_assay "$@"
`
}

function zshOption(option: string, { type, multiple, says, value, values }: Option): string {
  const text = says.replaceAll(/[[\]]/g, ' ').replaceAll(':', ' -')
  const action = values === undefined ? '_files' : `(${values.join(' ')})`
  return `${multiple === true ? '*' : ''}--${option}[${text}]${type === 'string' ? `:${value ?? 'value'}:${action}` : ''}`
}

/** For `assay completion fish > ~/.config/fish/completions/assay.fish`. */
export function fishCompletion(table: CommandTable): string {
  const first = Object.entries(table).map(([name, { says }]) => `complete -c assay -n __fish_use_subcommand -f -a ${name} -d ${quoted(says)}`)
  const rest = Object.entries(table).flatMap(([name, command]) =>
    optionsOf(command).map(
      ([option, its]) => `complete -c assay -n '__fish_seen_subcommand_from ${name}' -l ${option}${fishValue(its)} -d ${quoted(its.says)}`,
    ),
  )
  return `${[...first, ...rest].join('\n')}\n`
}

function fishValue({ type, values }: Option): string {
  if (type === 'boolean') return ''
  return values === undefined ? ' -r' : ` -x -a ${quoted(values.join(' '))}`
}

const quoted = (text: string): string => `'${text.replaceAll(`'`, `'\\''`)}'`
