import type { Block } from './block.ts'
import { decodeEntities } from './prose.ts'

interface Element {
  readonly tag: string
  readonly attributes: string
  readonly children: (Element | string)[]
}

type ProseKind = Extract<Block, { kind: 'prose' }>['as']

/** What a reader of the page does not read as its text. */
const dropped = new Set(['head', 'script', 'style', 'svg', 'nav', 'footer', 'button', 'select', 'form', 'template', 'noscript', 'iframe'])
const empty = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'])
const inline = new Set([
  'a',
  'abbr',
  'b',
  'bdi',
  'cite',
  'code',
  'em',
  'i',
  'kbd',
  'mark',
  'q',
  's',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'u',
  'var',
  'wbr',
])

const token = /<!--[\s\S]*?-->|<![^>]*>|<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|[^<]+|</g

/** The blocks of the page's article, or of its main part, or of all of it where it has neither. */
export function htmlBlocks(text: string): readonly Block[] {
  const root = treeOf(text.replace(/<(script|style|svg)\b[\s\S]*?<\/\1\s*>/gi, ''))
  const writer = new Writer()
  writer.walk(find(root, 'article') ?? find(root, 'main') ?? root, 'sentence')
  return writer.finish()
}

/** A lenient tree: a closing tag that nothing opened is ignored, what was left open closes with its parent. */
function treeOf(text: string): Element {
  const open: [Element, ...Element[]] = [{ tag: '', attributes: '', children: [] }]
  for (const [whole, slash, name, attributes = ''] of text.matchAll(token)) {
    const parent = open.at(-1) ?? open[0]
    const tag = name?.toLowerCase()
    if (tag === undefined) {
      if (!whole.startsWith('<!')) parent.children.push(decodeEntities(whole))
    } else if (slash === '/') {
      const at = open.findLastIndex((element) => element.tag === tag)
      if (at > 0) open.length = at
    } else {
      const element: Element = { tag, attributes, children: [] }
      parent.children.push(element)
      if (!empty.has(tag) && !attributes.endsWith('/')) open.push(element)
    }
  }
  return open[0]
}

function find(element: Element, tag: string): Element | undefined {
  if (element.tag === tag) return element
  for (const child of element.children) {
    const found = typeof child === 'string' ? undefined : find(child, tag)
    if (found !== undefined) return found
  }
  return undefined
}

function textOf(node: Element | string): string {
  if (typeof node === 'string') return node
  if (node.tag === 'br') return '\n'
  return dropped.has(node.tag) ? '' : node.children.map(textOf).join('')
}

class Writer {
  readonly #blocks: Block[] = []
  #text = ''

  finish(): readonly Block[] {
    this.#flush('sentence')
    return this.#blocks
  }

  walk(element: Element, as: ProseKind): void {
    if (dropped.has(element.tag)) return
    if (inline.has(element.tag)) return this.#walkChildren(element, as)
    this.#flush(as)
    if (/^h[1-6]$/.test(element.tag)) this.#blocks.push({ kind: 'heading', text: textOf(element) })
    else if (element.tag === 'pre') this.#blocks.push({ kind: 'code', language: languageOf(element), text: textOf(element) })
    else if (element.tag === 'table') this.#blocks.push(...rowsOf(element))
    else this.#walkBlock(element, proseKind(element, as))
  }

  #walkBlock(element: Element, as: ProseKind): void {
    this.#walkChildren(element, as)
    this.#flush(as)
  }

  #walkChildren(element: Element, as: ProseKind): void {
    for (const child of element.children) {
      if (typeof child === 'string') this.#text += child
      else this.walk(child, as)
    }
  }

  #flush(as: ProseKind): void {
    const text = this.#text
    this.#text = ''
    if (text.trim() !== '') this.#blocks.push({ kind: 'prose', as, text })
  }
}

function proseKind(element: Element, inherited: ProseKind): ProseKind {
  if (inherited === 'admonition' || element.tag === 'aside') return 'admonition'
  if (element.tag !== 'details' && /\b(?:class|role)\s*=\s*["'][^"']*\b(?:admonition|alert)\b/.test(element.attributes)) return 'admonition'
  return element.tag === 'li' ? 'list-item' : inherited
}

const languageOf = (element: Element): string =>
  /\blanguage-([\w+-]+)/.exec(element.attributes)?.[1] ??
  element.children.map((child) => (typeof child === 'string' ? '' : languageOf(child))).find((language) => language !== '') ??
  ''

function rowsOf(table: Element): readonly Block[] {
  const rows = descendants(table, 'tr').map((row) => row.children.filter((cell) => typeof cell !== 'string'))
  const head = rows.find((cells) => cells.length > 0 && cells.every((cell) => cell.tag === 'th'))
  const header = (head ?? []).map(textOf)
  return rows.filter((cells) => cells !== head).map((cells) => ({ kind: 'row', header, cells: cells.map(textOf) }))
}

const descendants = (element: Element, tag: string): readonly Element[] =>
  element.children.flatMap((child) => (typeof child === 'string' ? [] : child.tag === tag ? [child] : descendants(child, tag)))
