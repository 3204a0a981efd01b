import { expect, test } from 'vitest'
import { answerReader } from './answers.ts'

const statusOf = (errorCode: number, code: number, reason: string): object => ({ errorCode, code, reason })
const ok = (message: unknown) => ({ kind: 'answered', code: 0, message, details: '' }) as const

test('an answer without a status is neither a yes nor a no', () => {
  expect(answerReader('2.3.5').outcome(ok({ usernames: [], status: null }))).toMatchObject({ kind: 'broken' })
})

test('an error inside a successful answer is a refusal under its own code, in both generations', () => {
  expect(answerReader('2.3.5').outcome(ok(statusOf(5, 1100, 'invalid password length: invalid parameter[5')))).toMatchObject({
    kind: 'refused',
    by: 'invalid',
    code: 'grpc 0 / 1100',
  })
  expect(answerReader('2.2.16').outcome(ok(statusOf(5, 0, 'Invalid username: 1u. The first')))).toMatchObject({
    kind: 'refused',
    by: 'invalid',
    code: 'grpc 0 / 5',
  })
})

test('a refusal of one generation is not taken for one of the other', () => {
  expect(answerReader('2.3.5').outcome(ok(statusOf(5, 0, 'Invalid username: 1u. The first')))).toMatchObject({ kind: 'broken' })
  expect(
    answerReader('2.3.5').outcome({
      kind: 'answered',
      code: 2,
      message: undefined,
      details: 'auth check failure, please check username and password are correct',
    }),
  ).toMatchObject({ kind: 'broken' })
})

test('an error that nobody has described is broken, whatever its code', () => {
  expect(answerReader('2.3.5').outcome({ kind: 'answered', code: 16, message: undefined, details: 'go away' })).toMatchObject({ kind: 'broken' })
  expect(answerReader('2.3.5').outcome(ok(statusOf(1, 65535, 'disk full')))).toMatchObject({ kind: 'broken' })
})

test('401 is a refusal over HTTP only with the code of the server in its body', () => {
  const answer = (body: string, status = 401) => ({ kind: 'answered', status, headers: {}, body, json: parse(body) }) as const
  expect(answerReader('2.3.5').restOutcome(answer('{"code":1800,"message":"user hasn\'t authenticated"}'))).toMatchObject({
    kind: 'refused',
    by: 'unauthenticated',
    code: '401',
  })
  expect(answerReader('2.3.5').restOutcome(answer('<html>go away</html>'))).toMatchObject({ kind: 'broken' })
  expect(answerReader('2.3.5').restOutcome(answer('{}', 200))).toMatchObject({ kind: 'broken' })
})

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
