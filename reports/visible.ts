/**
 * Characters that a terminal obeys, that turn the reading direction, that nobody sees, or that XML and UTF-8 cannot
 * carry: C0 (but tab and line feed), DEL, C1, bidirectional controls, zero-width and other format characters,
 * non-characters, lone surrogates.
 */
const unseen = /(?![\t\n])[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\u00ad\u200b-\u200d\u2060-\u2064\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]/gu

/** Nearly all of what servers say; to see that is much quicker than to look for what is not. */
const plain = /^[\t\n\x20-\x7e\u2018-\u201d\u2026\u2039\u203a]*$/

/** The text with every such character shown instead of obeyed: `␛` for ESC, `‹U+202E›` for what has no picture. */
export const visible = (text: string): string => (plain.test(text) ? text : text.replace(unseen, picture))

/** The same on one line: for titles, table cells and log lines. */
export const visibleLine = (text: string): string =>
  visible(text)
    .replace(/[\t\n ]+/g, ' ')
    .trim()

const LONGEST_SAID = 4000

/** What a server said may be of any length; nobody reads more of it than this, and the journal has it whole. */
export const shortened = (text: string): string =>
  text.length > LONGEST_SAID ? `${text.slice(0, LONGEST_SAID).toWellFormed()}… (${text.length} characters)` : text

function picture(character: string): string {
  const point = character.codePointAt(0) ?? 0
  if (point < 0x20) return String.fromCodePoint(0x2400 + point)
  if (point === 0x7f) return '\u2421'
  return `‹U+${point.toString(16).toUpperCase().padStart(4, '0')}›`
}
