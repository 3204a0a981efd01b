const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
}

/** One space for any white space, none at the ends; zero-width characters gone. */
export const normalise = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\u200b\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()

/** Character references of HTML; an unknown name stays as it is. */
export function decodeEntities(text: string): string {
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole
    const code = name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

// A full stop, a blank and a capital: not `Intl.Segmenter`, whose cuts change with the ICU version and the digests with them.
const boundary = /(?<=[.!?][)"'”’\]]?)(?<!\b(?:e\.g|i\.e|vs|cf|etc)\.)\s+(?=[\p{Lu}("'“[])/u

/** The sentences of a paragraph; what holds no letter is none. */
export const sentencesOf = (paragraph: string): readonly string[] =>
  normalise(paragraph)
    .split(boundary)
    .filter((sentence) => /\p{L}/u.test(sentence))
