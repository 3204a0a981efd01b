import { z } from 'zod'
import type { Denied, Failed } from '../../fixtures/oidc/tokens.ts'
import type { Outcome, RefusalClass } from '../../src/outcome.ts'
import type { RestAnswer, Unanswered } from '../../src/wire/rest.ts'

/** Errors of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1 and OpenID Connect Core 1.0 §3.1.2.6, by what they mean. */
const classOfError: Readonly<Record<string, RefusalClass>> = {
  invalid_client: 'unauthenticated',
  invalid_grant: 'unauthenticated',
  invalid_token: 'unauthenticated',
  login_required: 'unauthenticated',
  login: 'unauthenticated',
  unauthorized_client: 'forbidden',
  access_denied: 'forbidden',
  insufficient_scope: 'forbidden',
  invalid_request: 'invalid',
  invalid_scope: 'invalid',
  unsupported_grant_type: 'invalid',
  unsupported_response_type: 'invalid',
  unsupported_token_type: 'invalid',
  'error page': 'invalid',
}

const broken = (cause: string): Outcome => ({ kind: 'broken', cause })

/** A refusal in the words of OAuth; its code is `400 invalid_grant`, or `200 login` for the login page shown again. */
export function refusalOf(answer: Denied | Failed): Outcome {
  if (answer.kind === 'failed') return broken(answer.cause)
  // RFC 9110 §15.5.2: whatever the error is called, 401 says that it does not know who asks.
  const by = answer.status === 401 ? 'unauthenticated' : classOfError[answer.error]
  const code = `${answer.status} ${answer.error}`
  return by === undefined ? broken(`${code}: no error that is known`) : { kind: 'refused', by, code, message: answer.description }
}

const oauthBody = z.object({ error: z.string().min(1), error_description: z.string().default('') })
/**
 * Keycloak's own answer where a request ended in an exception that it did not foresee. It is no refusal that any
 * document knows, and no case expects its code; but it is an answer of that server and nobody else's, whose effect can be
 * looked at. Every other 500 is unreadable.
 */
function unforeseen(answer: RestAnswer): Outcome | undefined {
  const body = oauthBody.safeParse(answer.json)
  if (answer.status !== 500 || !body.success || body.data.error !== 'unknown_error') return undefined
  return { kind: 'refused', by: 'invalid', code: '500 unknown_error', message: body.data.error_description }
}

const challenge = /^(?:Bearer|DPoP|Basic) realm="[^"]+"/

/** The answer of an endpoint of OAuth: RFC 6749 §5.2 has the error in a body of JSON. */
export function oauthRefusal(answer: RestAnswer | Unanswered): Outcome {
  if (answer.kind === 'unanswered') return broken(answer.cause)
  const body = oauthBody.safeParse(answer.json)
  if (answer.status < 400 || answer.status > 499 || !body.success) return broken(`status ${answer.status} without an error of OAuth`)
  return refusalOf({ kind: 'denied', status: answer.status, error: body.data.error, description: body.data.error_description })
}

/** The answer of a resource that takes bearer tokens: RFC 6750 §3 has the error in `WWW-Authenticate`. */
export function bearerRefusal(answer: RestAnswer | Unanswered): Outcome {
  if (answer.kind === 'unanswered') return broken(answer.cause)
  const header = answer.headers['www-authenticate'] ?? ''
  const by = answer.status === 401 ? 'unauthenticated' : answer.status === 403 ? 'forbidden' : undefined
  if (by === undefined || !challenge.test(header)) return unforeseen(answer) ?? broken(`status ${answer.status} without a challenge`)
  return { kind: 'refused', by, code: String(answer.status), message: header.replace(/^(\w+) realm="[^"]*"(, )?/, '$1 ') }
}

const adminBody = z.object({ error: z.string(), error_description: z.string().default('') })
/** What the admin API says, word for word: a 401 of something in front of it says it otherwise. */
const adminWords = /^HTTP 40[13] (Unauthorized|Forbidden)$/

/** What 24 says of a 403 instead: the words that it has for whatever it has none of its own for. */
const olderWords = /^For more on this error consult the server log/

const isOfAdminApi = ({ error, error_description }: z.infer<typeof adminBody>): boolean =>
  adminWords.test(error) || (error === 'unknown_error' && olderWords.test(error_description))

/** The answer of the admin REST API: `{"error":"HTTP 401 Unauthorized"}`. */
export function adminRefusal(answer: RestAnswer | Unanswered): Outcome {
  if (answer.kind === 'unanswered') return broken(answer.cause)
  const body = adminBody.safeParse(answer.json)
  const by = answer.status === 401 ? 'unauthenticated' : answer.status === 403 ? 'forbidden' : undefined
  if (by === undefined || !body.success || !isOfAdminApi(body.data))
    return unforeseen(answer) ?? broken(`status ${answer.status} and no error of the admin API`)
  return { kind: 'refused', by, code: String(answer.status), message: body.data.error }
}
