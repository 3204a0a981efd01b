import { expect, test } from 'vitest'
import type { RestAnswer } from '../../src/wire/rest.ts'
import { grpcOutcome, restOutcome } from './outcome.ts'

const ownHeaders = { 'access-control-allow-headers': 'Content-Type, Authorization, X-Weaviate-Api-Key, X-Weaviate-Cluster-Url' }

function answer(status: number, body: string, headers: Readonly<Record<string, string>> = ownHeaders): RestAnswer {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    json = undefined
  }
  return { kind: 'answered', status, headers, body, json }
}

const unknown = '{"code":401,"message": "anonymous access not enabled. Please authenticate through one of the available methods: [API-keys]" }'
const denied = '{"error":[{"message":"adminlist: authorization, forbidden action: user \'ro\' has insufficient permissions to C [schema/collections/A]"}]}'

test("Weaviate's own bodies are refusals of their class", () => {
  expect(restOutcome(answer(401, unknown))).toMatchObject({ kind: 'refused', by: 'unauthenticated', code: '401' })
  expect(restOutcome(answer(403, denied))).toMatchObject({ kind: 'refused', by: 'forbidden', code: '403' })
})

test.each([
  ['a proxy that wants a login', answer(401, '<html>401 Authorization Required</html>', {})],
  ['401 with a body of another service', answer(401, '{"error":"unauthorized"}', {})],
  ['401 without a body and without its headers', answer(401, '', {})],
  ['403 with a list of errors that have no message', answer(403, '{"error":[{}]}')],
  ['403 with an empty list of errors', answer(403, '{"error":[]}')],
  ['a code that is not the status', answer(403, '{"code":401,"message":"no"}')],
  ['404', answer(404, '{"code":404,"message":"path was not found"}')],
  ['500', answer(500, '{"error":[{"message":"forbidden action"}]}')],
  ['200 of something that is not Weaviate', answer(200, '{}', {})],
  ['a GraphQL answer with an error that is no denial', answer(200, '{"errors":[{"message":"Cannot query field"}]}')],
])('%s is neither a yes nor a no', (_what, given) => {
  expect(restOutcome(given)).toMatchObject({ kind: 'broken' })
})

test('a refusal without a body is known by the headers that Weaviate alone writes', () => {
  expect(restOutcome(answer(401, ''))).toEqual({ kind: 'refused', by: 'unauthenticated', code: '401', message: '' })
})

test('a denial inside a GraphQL answer of status 200 is a refusal, alone or in a batch', () => {
  const errors = [{ message: "adminlist: authorization, forbidden action: user 'x' has insufficient permissions to R [data/collections/A]" }]
  expect(restOutcome(answer(200, JSON.stringify({ data: null, errors })))).toMatchObject({ kind: 'refused', by: 'forbidden', code: '200 graphql' })
  expect(restOutcome(answer(200, JSON.stringify([{ data: null, errors }])))).toMatchObject({ kind: 'refused', by: 'forbidden', code: '200 graphql' })
})

test('a path that is off is told from one that is not there by its headers and the absence of a body', () => {
  expect(restOutcome(answer(404, ''), { absentWhenOff: true })).toMatchObject({ kind: 'refused', by: 'not-found' })
  expect(restOutcome(answer(404, '', {}), { absentWhenOff: true })).toMatchObject({ kind: 'broken' })
  expect(restOutcome(answer(404, ''))).toMatchObject({ kind: 'broken' })
})

const none = (): readonly string[] => []

test('gRPC refusals are known by code and message together', () => {
  expect(grpcOutcome({ kind: 'answered', code: 2, message: undefined, details: 'extract auth: unauthorized: invalid api key' }, none)).toMatchObject({
    kind: 'refused',
    by: 'unauthenticated',
    code: 'grpc 2',
  })
  expect(
    grpcOutcome(
      { kind: 'answered', code: 7, message: undefined, details: "adminlist: authorization, forbidden action: user 'x' has insufficient permissions" },
      none,
    ),
  ).toMatchObject({ kind: 'refused', by: 'forbidden', code: 'grpc 7' })
  const formerly = ['extract auth: invalid api key, please provide a valid api key', "extract auth: token doesn't contain required claim 'email'"]
  for (const details of formerly)
    expect(grpcOutcome({ kind: 'answered', code: 2, message: undefined, details }, none)).toMatchObject({ kind: 'refused', by: 'unauthenticated' })
  expect(grpcOutcome({ kind: 'answered', code: 2, message: undefined, details: 'could not find class A in schema' }, none)).toMatchObject({ kind: 'broken' })
  expect(grpcOutcome({ kind: 'answered', code: 16, message: undefined, details: '' }, none)).toMatchObject({ kind: 'broken' })
  expect(grpcOutcome({ kind: 'unanswered', cause: 'UNAVAILABLE' }, none)).toMatchObject({ kind: 'broken' })
})

test('errors inside a gRPC answer of status OK are a refusal only where they deny', () => {
  const ok = { kind: 'answered', code: 0, message: {}, details: '' } as const
  expect(grpcOutcome(ok, () => ["adminlist: authorization, forbidden action: user 'x'"])).toMatchObject({
    kind: 'refused',
    by: 'forbidden',
    code: 'grpc 0 / errors',
  })
  expect(grpcOutcome(ok, () => ['invalid UUID'])).toMatchObject({ kind: 'broken' })
  expect(grpcOutcome(ok, none)).toMatchObject({ kind: 'allowed', code: 'grpc 0' })
})
