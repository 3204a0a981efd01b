import { createHash } from 'node:crypto'
import type { Block, Piece, UnitKind } from './document/block.ts'
import { piecesOfCode } from './document/code.ts'
import { htmlBlocks } from './document/html.ts'
import { markdownBlocks, titleOf, withoutFrontMatter } from './document/markdown.ts'
import { normalise, sentencesOf } from './document/prose.ts'
import { isUnmarked, unmarkedBlocks } from './document/unmarked.ts'

/** The smallest piece of a document that can state something: a sentence, a row of a table, a setting, an example. */
export interface Unit {
  /** The nearest heading above it; before the first, the title in the front matter. */
  readonly section: string
  readonly kind: UnitKind
  /** White space made one blank, marks of the format gone. A table row carries its header, a setting the keys above it. */
  readonly text: string
  /** First 16 hexadecimal characters of the SHA-256 of `text`. */
  readonly digest: string
}

/**
 * Cuts a page into units, in the order of the page; the same text gives the same units on every machine. Headings,
 * front matter and what is not the page's own text (navigation, footer, scripts) are none.
 *
 * @param name - `.html` or `.htm` at its end means HTML, anything else Markdown, or text that has lost its marks.
 */
export function splitDocument(name: string, text: string): readonly Unit[] {
  const page = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
  const units: Unit[] = []
  let section = normalise(titleOf(page))
  for (const block of blocksOf(name, page)) {
    if (block.kind === 'heading') section = normalise(block.text)
    else for (const piece of piecesOf(block)) units.push({ section, ...piece, digest: digestOf(piece.text) })
  }
  return units
}

/** First 16 hexadecimal characters of the SHA-256 of the text with its white space normalised. */
export const digestOf = (text: string): string => createHash('sha256').update(normalise(text)).digest('hex').slice(0, 16)

function blocksOf(name: string, text: string): readonly Block[] {
  if (/\.html?$/i.test(name)) return htmlBlocks(withoutFrontMatter(text))
  return isUnmarked(text) ? unmarkedBlocks(text) : markdownBlocks(text)
}

function piecesOf(block: Exclude<Block, { kind: 'heading' }>): readonly Piece[] {
  switch (block.kind) {
    case 'prose':
      return sentencesOf(block.text).map((text) => ({ kind: block.as, text }))
    case 'row':
      return [{ kind: 'table-row', text: normalise(rowText(block.header, block.cells)) }]
    case 'code':
      return piecesOfCode(block.language, block.text)
    case 'include':
      return [{ kind: 'include', text: normalise(block.text) }]
  }
}

/** With its header, so that a column that is moved or renamed changes every row below it. */
const rowText = (header: readonly string[], cells: readonly string[]): string =>
  cells.map((cell, at) => (header[at] === undefined ? cell : `${header[at]}: ${cell}`)).join(' | ')
