import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isExpectedOn, matchesPattern, settle, states, type KnownDeviation, type Where } from './deviation.ts'
import type { Verdict } from './verdict.ts'

const row = { id: 'milvus.rest.root.may-not.create-user.password-73-bytes', rules: ['MLV-PW-MAX-01', 'MLV-USER-01'] } as const
const verdict = { kind: 'deviates', class: 'allowed', code: '200', message: 'code 0: success', because: 'allowed (200)' } as const
const here: Where = { product: 'milvus', version: '2.3.5', evidence: 'real' }
const known: KnownDeviation = {
  id: 'milvus-password-73-bytes',
  product: 'milvus',
  rule: 'MLV-PW-MAX-01',
  class: 'allowed',
  code: '200',
  messagePrefix: 'code 0',
  seenOn: ['2.2.16', '2.3.5'],
  says: 'A password of 73 bytes is accepted.',
  captured: '200 {"code":0}',
}

describe('a verdict is settled as', () => {
  test.each([
    [
      { kind: 'conforms', proof: { effect: 'looked-at', twin: 'not-needed' } },
      { state: 'conforms', because: 'as documented' },
    ],
    [
      { kind: 'inconclusive', because: 'a time-out' },
      { state: 'could-not-run', because: 'a time-out' },
    ],
    [
      { kind: 'not-applicable', reason: 'version', because: 'since 1.16' },
      { state: 'not-applicable', because: 'version: since 1.16' },
    ],
    [
      { kind: 'defect', because: 'TypeError' },
      { state: 'harness-defect', because: 'TypeError' },
    ],
    [verdict, { state: 'deviates', because: 'allowed (200)' }],
  ] satisfies [Verdict, object][])('%j → %j', (given, settled) => {
    expect(settle(row, given, here, [])).toEqual(settled)
  })

  test('known, with the name of the deviation that covers it', () => {
    expect(settle(row, verdict, here, [{ ...known, id: 'another', rule: 'MLV-X-01' }, known])).toEqual({
      state: 'known-deviation',
      because: 'milvus-password-73-bytes: allowed (200)',
      deviation: known.id,
    })
  })

  test('one of the seven words', () => {
    expect(states).toHaveLength(7)
    expect(new Set(states).size).toBe(7)
  })
})

describe('a known deviation covers', () => {
  const covers = (
    deviation: Partial<KnownDeviation>,
    given: Partial<typeof verdict | { message: string; class: string; code: string }> = {},
    where: Partial<Where> = {},
  ): boolean => settle(row, { ...verdict, ...given } as Verdict, { ...here, ...where }, [{ ...known, ...deviation }]).state === 'known-deviation'

  test('what agrees in rule, class, code, message and version', () => {
    expect(covers({})).toBe(true)
    expect(covers({ messagePrefix: '' })).toBe(true)
    expect(covers({ rule: 'MLV-USER-01' })).toBe(true)
  })

  test.each([
    ['another rule', { rule: 'MLV-PW-MAX-02' }],
    ['another class', { class: 'refused' }],
    ['another code', { code: '201' }],
    ['another message', { messagePrefix: 'code 1' }],
    ['a message of which its own is only a part', { messagePrefix: 'code 0: success, and more' }],
    ['another version', { seenOn: ['2.3.4', '2.3.50', '2.3'] }],
    ['another product', { product: 'qdrant' }],
    ['other cases', { cases: ['milvus.grpc.*'] }],
    ['no case', { cases: [] }],
  ] satisfies [string, Partial<KnownDeviation>][])('not %s', (_, other) => {
    expect(covers(other)).toBe(false)
  })

  test('the cases that it names, where it names some', () => {
    expect(covers({ cases: ['nothing', '*.password-73-bytes'] })).toBe(true)
  })

  test('nothing on a model, which shows the documents and no release', () => {
    expect(covers({}, {}, { evidence: 'model' })).toBe(false)
  })

  test('no verdict but a deviation: what was not judged stays so', () => {
    const others: readonly Verdict[] = [
      { kind: 'inconclusive', because: 'code 0' },
      { kind: 'defect', because: 'code 0' },
      { kind: 'conforms', proof: { effect: 'looked-at', twin: 'not-needed' } },
    ]
    for (const other of others) expect(settle(row, other, here, [known]).state).not.toBe('known-deviation')
  })

  test('is expected on the versions of its own product alone', () => {
    expect(isExpectedOn(known, here)).toBe(true)
    expect(isExpectedOn(known, { product: 'milvus', version: '2.6.1' })).toBe(false)
    expect(isExpectedOn(known, { product: 'weaviate', version: '2.3.5' })).toBe(false)
  })
})

describe('a pattern', () => {
  test.each([
    ['a.b', 'a.b', true],
    ['a.b', 'axb', false],
    ['a', 'ab', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['a*', 'a', true],
    ['a*', 'ba', false],
    ['*a', 'ba', true],
    ['*a', 'ab', false],
    ['a*c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['*b*', 'abc', true],
    ['a**c', 'abc', true],
    ['', '', true],
    ['', 'a', false],
  ])('%j against %j is %j', (pattern, text, matches) => {
    expect(matchesPattern(pattern, text)).toBe(matches)
  })

  test('agrees with the regular expression that it stands for', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 })
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 }), (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
        expect(matchesPattern(pattern, text)).toBe(expression.test(text))
      }),
    )
  })
})
