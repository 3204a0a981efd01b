import { allowed, invalid, type Case, type Expectation } from '../../src/case.ts'
import { generatedNames } from './generated.ts'
import { faultOfName } from './grammar.ts'
import type { UsernameInput } from './inputs.ts'
import type { MilvusRule } from './rules.ts'

const letters = characters('az', 'AZ')
const digits = characters('09')
const printable = characters(' ~')
/** The printable characters of ASCII that the documents leave out. */
const forbidden = printable.filter((text) => !letters.includes(text) && !digits.includes(text) && text !== '_')
const controls = [...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)), '\u007f']

/** Neither letters nor digits in any script. */
const oddities = {
  emoji: '\u{1f600}',
  'no-break-space': '\u00a0',
  'zero-width-space': '\u200b',
  'zero-width-joiner': '\u200d',
  'right-to-left-override': '\u202e',
  'combining-acute': '\u0301',
  'byte-order-mark': '\ufeff',
  'line-separator': '\u2028',
  'em-dash': '\u2014',
  'replacement-character': '\ufffd',
} as const

/** Letters and digits, but not of ASCII; some look like one that is. */
const foreign = {
  'e-acute': '\u00e9',
  'sharp-s': '\u00df',
  'cyrillic-a': '\u0430',
  'greek-omicron': '\u03bf',
  'fullwidth-a': '\uff41',
  'han-middle': '\u4e2d',
  'arabic-indic-3': '\u0663',
  'mathematical-a': '\u{1d44e}',
  'kelvin-sign': '\u212a',
  'dotless-i': '\u0131',
} as const

interface Row {
  readonly detail: string
  readonly rule: MilvusRule
  readonly username: UsernameInput
  readonly expect: Expectation
  /** The nearest name that the documents permit. */
  readonly twin?: UsernameInput
}

const lengths: readonly Row[] = [
  { detail: 'empty', rule: 'MLV-USERNAME-EMPTY-01', username: { length: 0 }, expect: invalid, twin: { length: 5 } },
  ...[1, 2, 31, 32].map((length): Row => ({ detail: `of-${length}-characters`, rule: 'MLV-USERNAME-LENGTH-01', username: { length }, expect: allowed })),
  ...[33, 34, 64, 255, 256, 1000].map((length): Row => ({
    detail: `of-${length}-characters`,
    rule: 'MLV-USERNAME-LENGTH-01',
    username: { length },
    expect: invalid,
    twin: { length: 32 },
  })),
]

const firsts: readonly Row[] = [
  ...letters.map((text): Row => ({ detail: `starting-with-${text}`, rule: 'MLV-USERNAME-FIRST-01', username: { at: 'first', text }, expect: allowed })),
  ...[...digits, '_', ...forbidden].map((text): Row => ({
    detail: `starting-with-${named(text)}`,
    rule: 'MLV-USERNAME-FIRST-01',
    username: { at: 'first', text },
    expect: invalid,
    twin: { at: 'first', text: 'a' },
  })),
  ...[...controls, ...Object.values(oddities)].map((text): Row => ({
    detail: `starting-with-${named(text)}`,
    rule: 'MLV-USERNAME-FIRST-01',
    username: { at: 'first', text },
    expect: invalid,
    twin: { at: 'first', text: 'a' },
  })),
]

const insides: readonly Row[] = (['inside', 'last'] as const).flatMap((at) => [
  ...[...letters, ...digits, '_'].map((text): Row => ({
    detail: `with-${named(text)}-${at}`,
    rule: 'MLV-USERNAME-CHARS-01',
    username: { at, text },
    expect: allowed,
  })),
  ...[...forbidden, ...controls, ...Object.values(oddities)].map((text): Row => ({
    detail: `with-${named(text)}-${at}`,
    rule: 'MLV-USERNAME-CHARS-01',
    username: { at, text },
    expect: invalid,
    twin: { at, text: '_' },
  })),
  ...Object.values(foreign).map((text): Row => ({
    detail: `with-${named(text)}-${at}`,
    rule: 'MLV-USERNAME-ASCII-01',
    username: { at, text },
    expect: invalid,
    twin: { at, text: 'a' },
  })),
])

const shapes: readonly Row[] = Object.entries({
  'two-words': ' and ',
  'path-up': '/../',
  'key-separator': '/credential/',
  'windows-path': '\\..\\',
  'sql-quote': "' or '1'='1",
  wildcard: '*.*',
  template: '{{root}}',
  'format-verb': '%s%n',
  'line-break-and-header': '\r\nauthorization: x',
  'token-separator': ':Milvus',
  'e-mail': '@example.org',
  dotted: 'a.b',
  dashed: 'a-b',
}).map(([detail, text]): Row => ({
  detail: `like-${detail}`,
  rule: 'MLV-USERNAME-CHARS-01',
  username: { at: 'inside', text },
  expect: invalid,
  twin: { at: 'inside', text: 'ab' },
}))

const faults = { empty: 'MLV-USERNAME-EMPTY-01', long: 'MLV-USERNAME-LENGTH-01', first: 'MLV-USERNAME-FIRST-01', characters: 'MLV-USERNAME-CHARS-01' } as const

/** Combinations that nobody thought of. */
const generated: readonly Row[] = generatedNames.map((literal, at) => {
  const fault = faultOfName(literal)
  const detail = `generated-${String(at + 1).padStart(2, '0')}`
  if (fault === undefined) return { detail, rule: 'MLV-USERNAME-CHARS-01', username: { literal }, expect: allowed }
  return { detail: `${detail}-${fault}`, rule: faults[fault], username: { literal }, expect: invalid, twin: { length: 20 } }
})

/** Every limit of a username, at its boundary and for each character, on the creation of a user. */
export const usernameCases: readonly Case[] = [...lengths, ...firsts, ...insides, ...shapes, ...generated].map((row) => ({
  id: `milvus.grpc.root.${row.expect.kind === 'allowed' ? 'may' : 'may-not'}.create-user.${row.detail}`,
  profile: 'authorization',
  rules: [row.rule],
  operation: 'create-user',
  principal: 'root',
  surface: 'grpc',
  input: { username: { ...row.username } },
  expect: row.expect,
  ...(row.twin === undefined ? {} : { twin: { input: { username: { ...row.twin } } } }),
}))

function characters(...ranges: readonly string[]): readonly string[] {
  return ranges.flatMap((range) => {
    const [from = 0, to = 0] = Array.from(range, (letter) => letter.charCodeAt(0))
    return Array.from({ length: to - from + 1 }, (_, at) => String.fromCharCode(from + at))
  })
}

/** A character in a case's id: itself where it is a letter or a digit of ASCII, else its code point. */
function named(text: string): string {
  return /^[A-Za-z0-9_]$/.test(text) ? text : `u${(text.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}
