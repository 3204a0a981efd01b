import type { Block } from './block.ts'
import { decodeEntities } from './prose.ts'

type ProseKind = Extract<Block, { kind: 'prose' }>['as']

const fence = /^\s*(`{3,}|~{3,})\s*([\w+-]*)/
const heading = /^#{1,6}\s+(.*?)\s*#*$/
const listItem = /^\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)$/
const tableRule = /^\s*\|?[\s:|-]*-[\s:|-]*$/

const frontMatter = /^---\n([\s\S]*?)\n---\n/

export const withoutFrontMatter = (text: string): string => text.replace(frontMatter, '')

/** The title that the front matter gives a page; empty where there is none. */
export const titleOf = (text: string): string => /^title:[ \t]*(["']?)(.*)\1[ \t]*$/m.exec(frontMatter.exec(text)?.[1] ?? '')?.[2] ?? ''

/** The blocks of a Markdown page with the extensions of Docusaurus and Hugo: admonitions, imports, HTML between the lines. */
export function markdownBlocks(text: string): readonly Block[] {
  const reader = new Reader(
    withoutFrontMatter(text)
      .replace(/<!--[\s\S]*?-->/g, '')
      .split('\n'),
  )
  return reader.read()
}

/** Walks the lines once; holds the paragraph that is still open. */
class Reader {
  readonly #lines: string[]
  readonly #blocks: Block[] = []
  #open: { readonly as: ProseKind; readonly lines: string[] } | undefined
  #admonished = false

  constructor(lines: string[]) {
    this.#lines = lines.toReversed()
  }

  read(): readonly Block[] {
    for (let line = this.#lines.pop(); line !== undefined; line = this.#lines.pop()) this.#take(line)
    this.#close()
    return this.#blocks
  }

  #take(line: string): void {
    const opening = fence.exec(line)
    if (opening) return this.#takeCode(opening[1] ?? '', opening[2] ?? '')
    const title = heading.exec(line)?.[1]
    if (title !== undefined) return this.#push({ kind: 'heading', text: inlineText(title) })
    if (/^\s*:::/.test(line)) return this.#takeAdmonition(line)
    if (/^import .+ from ['"].+['"];?\s*$/.test(line)) return this.#push({ kind: 'include', text: line })
    if (line.trimStart().startsWith('|') && tableRule.test(this.#lines.at(-1) ?? '')) return this.#takeTable(line)
    if (line.trim() === '') return this.#close()
    this.#takeProse(line)
  }

  #takeProse(line: string): void {
    const item = listItem.exec(line)?.[1]
    const aside = /^\s*(?:<aside\b|>\s)/.test(line)
    if (item !== undefined || (aside && this.#open?.as !== 'admonition')) this.#close()
    const as = this.#admonished || aside ? 'admonition' : item === undefined ? 'sentence' : 'list-item'
    this.#open ??= { as, lines: [] }
    this.#open.lines.push((item ?? line).replace(/^\s*>\s/, ''))
  }

  /** `:::note Title` … `:::` */
  #takeAdmonition(line: string): void {
    const [, type = '', title = ''] = /^\s*:::+\s*(\w*)\s*(.*)$/.exec(line) ?? []
    this.#admonished = type !== ''
    if (title !== '') this.#push({ kind: 'prose', as: 'admonition', text: inlineText(title) })
    else this.#close()
  }

  #takeCode(marks: string, language: string): void {
    const lines: string[] = []
    for (let line = this.#lines.pop(); line !== undefined && !line.trimStart().startsWith(marks); line = this.#lines.pop()) lines.push(line)
    this.#push({ kind: 'code', language: language.toLowerCase(), text: lines.join('\n') })
  }

  #takeTable(head: string): void {
    const header = cellsOf(head)
    this.#lines.pop()
    while (this.#lines.at(-1)?.trimStart().startsWith('|')) this.#push({ kind: 'row', header, cells: cellsOf(this.#lines.pop() ?? '') })
  }

  #push(block: Block): void {
    this.#close()
    this.#blocks.push(block)
  }

  #close(): void {
    const open = this.#open
    this.#open = undefined
    if (open !== undefined) this.#blocks.push({ kind: 'prose', as: open.as, text: inlineText(open.lines.join(' ')) })
  }
}

const cellsOf = (line: string): readonly string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => inlineText(cell.trim().replaceAll('\\|', '|')))

/** The text of a line: the label of a link, the words between emphasis, code as it stands. */
function inlineText(line: string): string {
  const unlinked = line.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
  return unlinked
    .split(/(`[^`]+`)/)
    .map((part, at) => (at % 2 === 1 ? part.slice(1, -1) : plainText(part)))
    .join('')
    .replace(/\*{1,3}(?=\S)(.+?)(?<=\S)\*{1,3}/g, '$1')
}

const plainText = (part: string): string => decodeEntities(part.replace(/<br\b[^>]*>/gi, ' ').replace(/<\/?[a-zA-Z][^>]*>/g, ''))
