import { array, assert, constantFrom, integer, oneof, property, sample, string, tuple, type Arbitrary } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generatedNames, generatedPasswords } from './generated.ts'
import { faultOfName, faultOfPassword } from './grammar.ts'
import { usernameCases } from './usernames.cases.ts'

const SEED = 20_261_122
const letter = constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'))
const inner = oneof({ weight: 4, arbitrary: letter }, { weight: 2, arbitrary: constantFrom(...Array.from('0123456789_')) })
const odd = constantFrom(
  ...Array.from(' !"#$%&\'()*+,-./:;<=>?@[\\]^`{|}~\t\n\u0000\u007f'),
  '\u00e9',
  '\u0430',
  '\u4e2d',
  '\u0301',
  '\u200b',
  '\u202e',
  '\u{1f600}',
)
const pieces = (unit: Arbitrary<string>, minLength: number, maxLength: number): Arbitrary<string> =>
  array(unit, { minLength, maxLength }).map((units) => units.join(''))

const permitted = tuple(letter, pieces(inner, 5, 31)).map(([first, rest]) => first + rest)
const badFirst = tuple(oneof(odd, constantFrom(...Array.from('0123456789_'))), pieces(inner, 5, 30)).map(([first, rest]) => first + rest)
const badInside = tuple(letter, pieces(inner, 2, 12), pieces(odd, 1, 3), pieces(inner, 2, 12)).map((parts) => parts.join(''))
const tooLong = tuple(letter, pieces(inner, 32, 60)).map(([first, rest]) => first + rest)
/** White space around a name has cases of its own. */
const name = oneof(permitted, badFirst, badInside, tooLong).filter((text) => !/^[\s\u0085]|[\s\u0085]$/.test(text))

const anyCharacter = oneof(string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }), odd)
const password = oneof(pieces(anyCharacter, 1, 5), pieces(anyCharacter, 6, 8), pieces(anyCharacter, 6, 40))

describe('what was generated for Milvus', () => {
  test('is what the seed gives', () => {
    expect(unique(sample(name, { seed: SEED, numRuns: 60 }))).toEqual(generatedNames)
    expect(unique(sample(password, { seed: SEED, numRuns: 40 }))).toEqual(generatedPasswords)
  })

  test('has names of every fault and of none, and passwords too short and long enough', () => {
    expect(new Set(generatedNames.map(faultOfName))).toEqual(new Set([undefined, 'first', 'characters', 'long']))
    expect(new Set(generatedPasswords.map(faultOfPassword))).toEqual(new Set([undefined, 'short']))
  })

  test('permits every name that the documents describe, and none with a character that they do not', () => {
    assert(property(permitted, (text) => faultOfName(text) === undefined))
    assert(property(oneof(badFirst, badInside, tooLong), (text) => faultOfName(text) !== undefined))
    assert(
      property(permitted, odd, integer({ min: 0, max: 32 }), (text, stranger, at) => faultOfName(text.slice(0, at) + stranger + text.slice(at)) !== undefined),
    )
  })

  test('agrees with what the tables of names expect, wherever a name is written out', () => {
    const written = usernameCases.flatMap(({ input, expect: expected }) => {
      const username = (input['username'] ?? {}) as { readonly literal?: string }
      return username.literal === undefined ? [] : [{ literal: username.literal, expected: expected.kind }]
    })
    expect(written.filter(({ literal, expected }) => (faultOfName(literal) === undefined) !== (expected === 'allowed'))).toEqual([])
  })
})

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)]
