import { visible } from './visible.ts'

/** Markup that is safe to put into a page: made by `html`, or vouched for by `trusted`. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

export type Part = Html | string | number | undefined | readonly Part[]

/** Text for element content and quoted attribute values, control characters shown as pictures. */
export function escapeHtml(text: string): string {
  const shown = visible(text)
  return /[&<>"'`]/.test(shown) ? betweenTags(shown).replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('`', '&#96;') : shown
}

/** Long text that stands between tags, where quotes need no escape: answers in JSON are full of them. Not for attributes. */
export const preformatted = (text: string): Html => new Html(betweenTags(visible(text)))

const betweenTags = (text: string): string => (/[&<>]/.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text)

/** A template whose values are all escaped, unless they are `Html` themselves; `undefined` is nothing, a list is its parts. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = literals[0] ?? ''
  for (let at = 0; at < parts.length; at++) markup += markupOf(parts[at]) + (literals[at + 1] ?? '')
  return new Html(markup)
}

/** Our own constants, and nothing that a server, a user or a file said. */
export const trusted = (markup: string): Html => new Html(markup)

function markupOf(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Html) return part.markup
  if (typeof part === 'object') return part.map(markupOf).join('')
  return escapeHtml(String(part))
}
