import type { Piece } from './block.ts'
import { normalise, sentencesOf } from './prose.ts'

const settingLanguages = new Set(['yaml', 'yml', 'json', 'jsonc', 'json5', 'toml', 'ini', 'properties', 'env', 'http'])
const shellLanguages = new Set(['bash', 'sh', 'shell', 'console'])

const key = /^(?:- )?["']?([\w.$-]+)["']?\s*[:=](?:\s+|$)(.*)$/
const comment = /^(?:#|\/\/)\s?(.*)$/
/** Brackets and ellipses set nothing. */
const scaffold = /^[\s[\]{}(),.;…]*$/
/** What follows a key that only opens a level. */
const opens = /^(?:[|>][+-]?|[[{(])?$/

/**
 * One unit for each line of a configuration that sets something, with the path of the keys above it, and one for each
 * sentence of its comments; a program or a command is one unit as a whole.
 */
export function piecesOfCode(language: string, text: string): readonly Piece[] {
  if (shellLanguages.has(language)) return shellPieces(text)
  if (settingLanguages.has(language) || (language === '' && looksLikeSettings(text))) return settingPieces(text.split('\n'))
  const whole = normalise(text)
  return whole === '' ? [] : [{ kind: language === 'mermaid' ? 'diagram' : 'code', text: whole }]
}

function looksLikeSettings(text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.every((line) => scaffold.test(line) || comment.test(line) || line.startsWith('- ') || /^["']?[\w.-]+["']?:(?:\s|$)/.test(line))
}

function settingPieces(lines: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = []
  const remarks: string[] = []
  const path: { readonly indent: number; readonly key: string }[] = []
  for (const line of lines) {
    const trimmed = line.trim()
    const remark = comment.exec(trimmed)?.[1]
    if (remark !== undefined && remark !== '') {
      remarks.push(remark)
      continue
    }
    pieces.push(...remarkPieces(remarks.splice(0)))
    if (remark !== undefined || scaffold.test(trimmed)) continue
    const indent = line.length - line.trimStart().length
    leaveDeeper(path, trimmed.startsWith('- ') ? indent + 1 : indent)
    const [, name = '', value = ''] = key.exec(trimmed) ?? []
    if (name !== '' && opens.test(value)) path.push({ indent, key: name })
    else
      pieces.push({
        kind: 'setting',
        text: settingText(
          path.map((level) => level.key),
          trimmed,
        ),
      })
  }
  return [...pieces, ...remarkPieces(remarks)]
}

function settingText(path: readonly string[], line: string): string {
  const bare = normalise(line.replace(/,$/, '').replace(/^["']([\w.$-]+)["']/, '$1'))
  return path.length === 0 ? bare : `${path.join('.')}${/^\w/.test(bare) ? '.' : ' '}${bare}`
}

function leaveDeeper(path: { readonly indent: number }[], indent: number): void {
  while ((path.at(-1)?.indent ?? -1) >= indent) path.pop()
}

/** A comment of one word says nothing. */
const remarkPieces = (remarks: readonly string[]): readonly Piece[] =>
  sentencesOf(remarks.join(' '))
    .filter((text) => text.includes(' '))
    .map((text) => ({ kind: 'comment', text }))

function shellPieces(text: string): readonly Piece[] {
  const commands = text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map(normalise)
  return commands.flatMap((line): readonly Piece[] => {
    const remark = comment.exec(line)?.[1]
    if (remark !== undefined) return remarkPieces([remark])
    if (line === '') return []
    return [{ kind: /^(?:export )?\w+=/.test(line) ? 'setting' : 'code', text: line }]
  })
}
