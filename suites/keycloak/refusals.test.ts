import { describe, expect, test } from 'vitest'
import type { RestAnswer } from '../../src/wire/rest.ts'
import { adminRefusal, bearerRefusal, oauthRefusal, refusalOf } from './refusals.ts'

function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): RestAnswer {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    json = undefined
  }
  return { kind: 'answered', status, headers, body, json }
}

/** What any server in front of Keycloak, or none of them, may say. */
const unreadable: readonly (readonly [string, RestAnswer])[] = [
  ['an empty 401', answer(401, '')],
  ['an empty 403', answer(403, '')],
  ['a 401 of HTML', answer(401, '<html><body>401</body></html>')],
  ['a 401 of another product', answer(401, '{"message":"Unauthorized"}')],
  ['a 404', answer(404, '{}')],
  ['a 500', answer(500, '{"error":"HTTP 500 Internal Server Error"}')],
  ['a 502 that says invalid_grant', answer(502, '{"error":"invalid_grant"}')],
  ['a 200', answer(200, '{}')],
]

describe.each([
  ['the token endpoint', oauthRefusal],
  ['UserInfo', bearerRefusal],
  ['the admin API', adminRefusal],
] as const)('no refusal of %s', (_, read) => {
  test.each(unreadable)('is %s', (_name, said) => {
    expect(read(said).kind).toBe('broken')
  })

  test('is no answer at all', () => {
    expect(read({ kind: 'unanswered', cause: 'ECONNRESET' })).toEqual({ kind: 'broken', cause: 'ECONNRESET' })
  })
})

describe('a refusal', () => {
  test('of the token endpoint has the error in its body', () => {
    expect(oauthRefusal(answer(400, '{"error":"invalid_grant","error_description":"Account disabled"}'))).toEqual({
      kind: 'refused',
      by: 'unauthenticated',
      code: '400 invalid_grant',
      message: 'Account disabled',
    })
  })

  test('with 401 is one of who is not known, whatever its error is called', () => {
    expect(oauthRefusal(answer(401, '{"error":"unauthorized_client"}'))).toMatchObject({ by: 'unauthenticated', code: '401 unauthorized_client' })
    expect(oauthRefusal(answer(400, '{"error":"unauthorized_client"}'))).toMatchObject({ by: 'forbidden', code: '400 unauthorized_client' })
  })

  test('by an error that no standard knows is none', () => {
    expect(refusalOf({ kind: 'denied', status: 400, error: 'bad_luck', description: '' }).kind).toBe('broken')
  })

  test('of UserInfo has a challenge', () => {
    expect(
      bearerRefusal(answer(401, '', { 'www-authenticate': 'Bearer realm="assay", error="invalid_token", error_description="Token verification failed"' })),
    ).toEqual({
      kind: 'refused',
      by: 'unauthenticated',
      code: '401',
      message: 'Bearer error="invalid_token", error_description="Token verification failed"',
    })
  })

  test('of the admin API has its own words', () => {
    expect(adminRefusal(answer(403, '{"error":"HTTP 403 Forbidden"}'))).toEqual({
      kind: 'refused',
      by: 'forbidden',
      code: '403',
      message: 'HTTP 403 Forbidden',
    })
  })

  test('of the admin API of 24 has the words for everything that has none, beside the status', () => {
    const said = answer(403, '{"error":"unknown_error","error_description":"For more on this error consult the server log at the debug level."}')
    expect(adminRefusal(said)).toEqual({ kind: 'refused', by: 'forbidden', code: '403', message: 'unknown_error' })
  })

  test('is told from an exception that Keycloak did not foresee, which no case expects', () => {
    const fault = answer(500, '{"error":"unknown_error","error_description":"For more on this error consult the server log."}')
    expect(adminRefusal(fault)).toMatchObject({ by: 'invalid', code: '500 unknown_error' })
    expect(bearerRefusal(fault)).toMatchObject({ by: 'invalid', code: '500 unknown_error' })
    expect(oauthRefusal(fault).kind).toBe('broken')
  })
})
