import type { Block } from './block.ts'

/** Lines of a program or of a configuration, by their looks. */
const code = [
  /^#/,
  /^[)\]}]/,
  /^\.{3}$/,
  /[([{]$/,
  /^["']?[\w.-]+["']?:$/,
  /^[\w.-]+: \S+(?:, \S+)*$/,
  /^[\w.]+ ?= ?\S/,
  /^from \w+ import /,
  /^[\w.]+\(.*\)[;,]?$/,
]
const finished = /[.:?!]$/
const goesOn = /^(?:\p{Ll}|[.,;)])/u

/** No blank line, no fence, no heading, no table, no tag: a Markdown page has one of them. `# …` further down may be a comment of a program. */
export const isUnmarked = (text: string): boolean =>
  !/\n[ \t]*\n/.test(text.trim()) && !/^(?:#{2,6} |```|:::|[|<])/m.test(text) && !/^\s*(?:# |---\n)/.test(text)

/**
 * The blocks of a page that has lost its marks: every line is one, but an unfinished line of prose goes on with a line
 * that begins in lower case or with a stop, and with the next where that does not finish it; a short unfinished line
 * that does not go on is a heading.
 */
export function unmarkedBlocks(text: string): readonly Block[] {
  const groups = groupsOf(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  )
  return groups.map((group): Block => {
    const [first = '', ...rest] = group.lines
    if (group.kind === 'code') return { kind: 'code', language: '', text: group.lines.join('\n') }
    if (first.startsWith('- ')) return { kind: 'prose', as: 'list-item', text: first.slice(2) }
    const whole = [first, ...rest].join(' ').replace(/ (?=[.,;])/g, '')
    return rest.length === 0 && !finished.test(whole) ? { kind: 'heading', text: whole } : { kind: 'prose', as: 'sentence', text: whole }
  })
}

interface Group {
  readonly kind: 'code' | 'prose'
  readonly lines: string[]
}

function groupsOf(lines: readonly string[]): readonly Group[] {
  const groups: Group[] = []
  for (const line of lines) {
    const last = groups.at(-1)
    const isOpen = last?.kind === 'prose' && !finished.test(last.lines.at(-1) ?? '') && !last.lines[0]?.startsWith('- ')
    if (last !== undefined && isOpen && (goesOn.test(line) || last.lines.length > 1)) last.lines.push(line)
    else if (last?.kind === 'code' && isCode(line)) last.lines.push(line)
    else groups.push({ kind: isCode(line) ? 'code' : 'prose', lines: [line] })
  }
  return groups
}

const isCode = (line: string): boolean => code.some((looks) => looks.test(line))
