import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeHtml, html, trusted } from './html.ts'
import { visible, visibleLine } from './visible.ts'

const anything = fc.string({ unit: 'binary' })

test('a value can neither open an element, nor leave an attribute, nor start an entity', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const markup = html`<p title="${text}">${text}</p>`.markup
      expect(markup.match(/[<>]/g)).toEqual(['<', '>', '<', '>'])
      expect(markup.match(/["'`]/g)).toEqual(['"', '"'])
      expect(markup.replaceAll(/&(?:amp|lt|gt|quot|#39|#96);/g, '')).not.toMatch('&')
    }),
  )
})

test('what is escaped reads as it was, for all that can be seen', () => {
  const unescaped: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#96;': '`' }
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-ascii' }),
      (text) => void expect(escapeHtml(text).replaceAll(/&[^;]+;/g, (entity) => unescaped[entity] ?? '')).toBe(text),
    ),
  )
})

test('markup made by the template is not escaped twice, lists are their parts, nothing is nothing', () => {
  expect(html`<ul>${['<a>', 1].map((one) => html`<li>${one}`)}${undefined}${trusted('<hr>')}</ul>`.markup).toBe('<ul><li>&lt;a&gt;<li>1<hr></ul>')
})

test('no character is left that a terminal obeys, that turns the text or that XML cannot carry', () => {
  fc.assert(fc.property(anything, (text) => void expect(visible(text)).not.toMatch(/[\p{Cs}\p{Bidi_Control}\ufffe\uffff[\p{Cc}--[\t\n]]]/v)))
})

test.for([
  ['\u001b[31mred', '␛[31mred'],
  ['a\u0000b\u0007c', 'a␀b␇c'],
  ['a\rb', 'a␍b'],
  ['\u202egnp.exe', '‹U+202E›gnp.exe'],
  ['\u009b31m', '‹U+009B›31m'],
  ['\ud800x', '‹U+D800›x'],
  ['tab\tand\nline', 'tab\tand\nline'],
  ['ünïcödé 漢字 🎉', 'ünïcödé 漢字 🎉'],
] as const)('%j is shown as %j', ([given, shown]) => {
  expect(visible(given)).toBe(shown)
})

test('one line stays one line', () => {
  expect(visibleLine('a\n\n b\tc\u2028d')).toBe('a b c‹U+2028›d')
})
