import { allowed, invalid, type Case, type Expectation } from '../../src/case.ts'
import type { JsonObject } from '../../src/json.ts'
import { generatedPasswords } from './generated.ts'
import { faultOfPassword } from './grammar.ts'
import type { PasswordInput } from './inputs.ts'
import type { MilvusRule } from './rules.ts'

interface Row {
  readonly detail: string
  readonly rule: MilvusRule
  readonly password: PasswordInput
  readonly expect: Expectation
  /** The nearest password that the documents permit. */
  readonly twin?: PasswordInput
}

const SHORTEST = 6
const shortest = { length: SHORTEST } as const
const long = { length: 64 } as const

const lengths: readonly Row[] = [
  { detail: 'empty', rule: 'MLV-PASSWORD-SHORT-01', password: { length: 0 }, expect: invalid, twin: shortest },
  ...[1, 2, 3, 4, 5].map((length): Row => ({
    detail: `of-${length}-characters`,
    rule: 'MLV-PASSWORD-SHORT-01',
    password: { length },
    expect: invalid,
    twin: shortest,
  })),
  ...[6, 7].map((length): Row => ({ detail: `of-${length}-characters`, rule: 'MLV-PASSWORD-SHORT-01', password: { length }, expect: allowed })),
  ...[32, 71, 72, 73, 74, 100, 128, 200, 255, 256].map((length): Row => ({
    detail: `of-${length}-characters`,
    rule: 'MLV-PASSWORD-LONG-01',
    password: { length },
    expect: allowed,
  })),
  ...[257, 258, 512, 1000, 10_000].map((length): Row => ({
    detail: `of-${length}-characters`,
    rule: 'MLV-PASSWORD-LONG-02',
    password: { length },
    expect: invalid,
    twin: long,
  })),
]

/** The documents count characters; where a character takes several bytes the two differ. */
const wide: readonly Row[] = [
  ...[
    ['two-bytes', '\u00e9'],
    ['three-bytes', '\u4e2d'],
    ['four-bytes', '\u{1f600}'],
  ].flatMap(([size = '', unit = '']): readonly Row[] => [
    ...[2, 3, 5].map((length): Row => ({
      detail: `of-${length}-characters-of-${size}`,
      rule: 'MLV-PASSWORD-SHORT-01',
      password: { length, unit },
      expect: invalid,
      twin: { length: 6, unit },
    })),
    ...[6, 18].map((length): Row => ({
      detail: `of-${length}-characters-of-${size}`,
      rule: 'MLV-PASSWORD-SHORT-01',
      password: { length, unit },
      expect: allowed,
    })),
    ...[72, 129, 256].map((length): Row => ({
      detail: `of-${length}-characters-of-${size}`,
      rule: 'MLV-PASSWORD-LONG-01',
      password: { length, unit },
      expect: allowed,
    })),
    { detail: `of-257-characters-of-${size}`, rule: 'MLV-PASSWORD-LONG-02', password: { length: 257, unit }, expect: invalid, twin: { length: 18, unit } },
  ]),
]

const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at))
const characters: readonly Row[] = [...printable, '\t', '\n', '\r', '\u0000', '\u007f', '\u00e9', '\u4e2d', '\u{1f600}', '\u202e', 'e\u0301'].map((text) => ({
  detail: `with-u${(text.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}${text.length > 1 && text.codePointAt(1) === 0x301 ? '-u0301' : ''}`,
  rule: 'MLV-PASSWORD-CHARS-01',
  password: { with: text },
  expect: allowed,
}))

/** Combinations that nobody thought of; where bytes and characters fall on two sides of a limit the name says so. */
const generated: readonly Row[] = generatedPasswords.map((literal, at) => {
  const detail = `generated-${String(at + 1).padStart(2, '0')}`
  if (faultOfPassword(literal) === undefined) return { detail, rule: 'MLV-PASSWORD-CHARS-01', password: { literal }, expect: allowed }
  const wideEnough = Buffer.byteLength(literal) >= SHORTEST ? '-in-characters-only' : ''
  return { detail: `${detail}-short${wideEnough}`, rule: 'MLV-PASSWORD-SHORT-01', password: { literal }, expect: invalid, twin: shortest }
})

const rows = [...lengths, ...wide, ...characters, ...generated]

/** Every limit of a password, when a user is made and when a password is changed: whether it connects is part of each. */
export const passwordCases: readonly Case[] = [
  ...rows.map((row) => caseOf('create-user', row, (password) => ({ password: { ...password } }))),
  ...rows.map((row) => caseOf('update-password', row, (newPassword) => ({ newPassword: { ...newPassword } }))),
]

function caseOf(operation: string, row: Row, input: (password: PasswordInput) => JsonObject): Case {
  return {
    id: `milvus.grpc.root.${row.expect.kind === 'allowed' ? 'may' : 'may-not'}.${operation}.password-${row.detail}`,
    profile: 'authorization',
    rules: [row.rule],
    operation,
    principal: 'root',
    surface: 'grpc',
    input: input(row.password),
    expect: row.expect,
    ...(row.twin === undefined ? {} : { twin: { input: input(row.twin) } }),
  }
}
