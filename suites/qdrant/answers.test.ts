import { describe, expect, test } from 'vitest'
import type { RestAnswer } from '../../src/wire/rest.ts'
import { grpcOutcome, restOutcome } from './answers.ts'

const rest = (status: number, body: string, type = 'text/plain'): RestAnswer => ({
  kind: 'answered',
  status,
  headers: { 'content-type': type },
  body,
  json: parsed(body),
})

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

describe('a REST answer', () => {
  test.each([
    [401, 'Must provide an API key or an Authorization bearer token', 'unauthenticated'],
    [401, 'Invalid API key or JWT', 'unauthenticated'],
    [403, 'InvalidSignature', 'forbidden'],
    [403, '{"status":{"error":"Forbidden: Global manage access is required"},"time":0.1}', 'forbidden'],
  ])('%i %j is a refusal as %s', (status, body, by) => {
    expect(restOutcome(rest(status, body))).toMatchObject({ kind: 'refused', by, code: String(status) })
  })

  test.each([
    [401, ''],
    [401, 'Unauthorized'],
    [401, '<html>Invalid API key or JWT</html>'],
    [403, '{"error":"forbidden"}'],
    [404, '{"status":{"error":"Not found: Collection `x` doesn\'t exist!"},"time":0.1}'],
    [500, 'Invalid API key or JWT'],
    [200, ''],
    [200, '{"status":{"error":"Forbidden: x"},"result":null}'],
    [202, '{"status":"ok","result":true}'],
  ])('%i %j is no answer to go by', (status, body) => {
    expect(restOutcome(rest(status, body)).kind).toBe('broken')
  })

  test('a page of HTML is none either', () => {
    expect(restOutcome(rest(200, '<!doctype html>', 'text/html')).kind).toBe('broken')
  })

  test('200 in the envelope grants, and its result is the content', () => {
    expect(restOutcome(rest(200, '{"result":{"exists":true},"status":"ok","time":0.1}'))).toEqual({ kind: 'allowed', code: '200', content: { exists: true } })
  })
})

describe('a gRPC answer', () => {
  test.each([
    [16, 'Invalid API key or JWT', 'refused'],
    [7, 'Forbidden: Global manage access is required', 'refused'],
    [16, 'unauthenticated', 'broken'],
    [5, "Not found: Collection `x` doesn't exist!", 'broken'],
    [13, 'Forbidden: x', 'broken'],
  ])('%i %j is %s', (code, details, kind) => {
    expect(grpcOutcome({ kind: 'answered', code, message: undefined, details }).kind).toBe(kind)
  })
})
