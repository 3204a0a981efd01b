import { describe, expect, test } from 'vitest'
import { EXIT, HarnessError, messageOf, worstExit } from './errors.ts'

describe('where several exit codes hold', () => {
  test.each([
    [[], 0],
    [[0, 0], 0],
    [[3, 0], 3],
    [[3, 4], 4],
    [[4, 1, 3], 1],
    [[1, 5], 5],
    [[5, 2], 2],
    [[2, 130, 1], 130],
  ] as const)('of %j, %i is used', (codes, used) => {
    expect(worstExit(codes)).toBe(used)
  })

  test('every code but 0 has its place in the order', () => {
    for (const code of Object.values(EXIT)) expect(worstExit([EXIT.conforms, code])).toBe(code)
  })
})

describe('an error of the harness', () => {
  test('says which exit code it leads to', () => {
    const codes = (['USAGE', 'ARTEFACT_CORRUPT', 'INSTANCE_EXITED', 'INTERRUPTED', 'HARNESS_DEFECT'] as const).map(
      (code) => new HarnessError(code, 'x').exitCode,
    )
    expect(codes).toEqual([2, 3, 3, 130, 5])
  })

  test('keeps its cause and its hint', () => {
    const cause = new Error('EACCES')
    expect(new HarnessError('CONFIG_INVALID', 'no', { cause, hint: 'try' })).toMatchObject({ name: 'HarnessError', message: 'no', cause, hint: 'try' })
    expect(new HarnessError('CONFIG_INVALID', 'no')).not.toHaveProperty('cause')
  })
})

test('the message of anything that was thrown is a text, never a stack', () => {
  const thrown = [
    new Error('plain'),
    new TypeError(),
    'a string',
    undefined,
    new AggregateError([new Error('one'), new Error('two')]),
    new AggregateError([], 'all failed'),
  ]
  expect(thrown.map(messageOf)).toEqual(['plain', 'TypeError', 'a string', 'undefined', 'one; two', 'all failed'])
})
