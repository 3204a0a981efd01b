import type { Outcome } from '../../src/outcome.ts'
import type { GrpcAnswer } from '../../src/wire/grpc.ts'
import type { RestAnswer } from '../../src/wire/rest.ts'
import type { RestOperation } from './operation.ts'
import { field, items, text } from './shapes.ts'

/** Every answer of Weaviate's own names its header among those that a browser may send; no proxy's error page does. */
const isWeaviate = ({ headers }: RestAnswer): boolean => /(^|,\s*)x-weaviate-api-key(,|$)/i.test(headers['access-control-allow-headers'] ?? '')

/** What is special about the answers of an operation; see `RestOperation`. */
type Manners = Pick<RestOperation, 'bare' | 'absentWhenOff' | 'refuses'>

/**
 * A REST answer as an outcome. A refusal is recognised by its status together with Weaviate's own body: `code` and
 * `message` of its middleware, or a list of `error`s of its handlers.
 */
export function restOutcome(answer: RestAnswer, how: Manners = {}): Outcome {
  const { status } = answer
  if (status >= 200 && status < 300)
    return how.bare === true || isWeaviate(answer) ? allowedAnswer(answer) : { kind: 'broken', cause: `${status} without Weaviate's headers` }
  if (status === 404 && how.absentWhenOff === true && answer.body === '' && isWeaviate(answer))
    return { kind: 'refused', by: 'not-found', code: '404', message: '' }
  const by =
    refusals[status] ?? (how.refuses?.statuses.includes(status) === true ? how.refuses.by : undefined) ?? (lacksClaim(answer) ? 'unauthenticated' : undefined)
  if (by === undefined) return { kind: 'broken', cause: `${status} ${answer.body.slice(0, 300)}` }
  const message = refusalMessage(answer)
  if (message === undefined) return { kind: 'broken', cause: `${status} without Weaviate's error body: ${answer.body.slice(0, 300) || 'empty'}` }
  return { kind: 'refused', by, code: String(status), message }
}

/** A token without a usable name is refused as if the server had failed. */
const lacksClaim = (answer: RestAnswer): boolean =>
  answer.status === 500 && /^(oidc: )?(token doesn't contain required claim|claim '.*' is not a string)/.test(text(answer.json, 'message') ?? '')

const refusals: Readonly<Record<number, 'unauthenticated' | 'forbidden'>> = { 401: 'unauthenticated', 403: 'forbidden' }

/**
 * What Weaviate says in the body of an answer that is no success; `undefined` where the body has not its shape. HEAD
 * has no body (RFC 9110 §9.3.2), nor has the refusal of the list of tasks: they are known by their header.
 */
export function refusalMessage(answer: RestAnswer): string | undefined {
  if (answer.body === '') return isWeaviate(answer) ? '' : undefined
  const own = text(answer.json, 'message')
  if (own !== undefined && field(answer.json, 'code') === answer.status) return own
  const messages = (items(answer.json, 'error') ?? []).map((one) => text(one, 'message'))
  return messages.length > 0 && messages.every((one) => one !== undefined) ? messages.join('; ') : undefined
}

function allowedAnswer(answer: RestAnswer): Outcome {
  const errors = graphqlErrors(answer.json)
  if (errors.length === 0) return { kind: 'allowed', code: String(answer.status), content: { status: answer.status, body: answer.body } }
  const message = errors.join('; ')
  if (/forbidden action/.test(message)) return { kind: 'refused', by: 'forbidden', code: `${answer.status} graphql`, message }
  return { kind: 'broken', cause: `${answer.status} with errors: ${message}` }
}

/** The errors of a GraphQL answer, or of each of a batch. */
function graphqlErrors(json: unknown): readonly string[] {
  const answers = Array.isArray(json) ? json : [json]
  return answers.flatMap((one: unknown) => (items(one, 'errors') ?? []).map((error) => text(error, 'message') ?? 'without a message'))
}

/** Messages that a gRPC answer carries when the caller was not known, under whatever code. */
const notKnown =
  /^(extract auth: )?(unauthorized:|anonymous access not enabled|unauthenticated|invalid api key, |token doesn't contain required claim|claim '.*' is not a string)|oauth2?: |oidc: /i
const notAllowed = /forbidden action|has insufficient permissions/

/** A gRPC answer as an outcome, by code and message together: code 2 stands for many things. */
export function grpcOutcome(answer: GrpcAnswer<unknown>, refusalsIn: (message: unknown) => readonly string[]): Outcome {
  if (answer.kind === 'unanswered') return { kind: 'broken', cause: answer.cause }
  if (answer.code !== 0) return grpcRefusal(answer.code, answer.details)
  const inside = refusalsIn(answer.message)
  if (inside.length === 0) return { kind: 'allowed', code: 'grpc 0', content: { status: 0, body: plain(answer.message) } }
  const message = inside.join('; ')
  if (notAllowed.test(message)) return { kind: 'refused', by: 'forbidden', code: 'grpc 0 / errors', message }
  return { kind: 'broken', cause: `grpc 0 with errors: ${message}` }
}

function grpcRefusal(code: number, details: string): Outcome {
  if (notAllowed.test(details)) return { kind: 'refused', by: 'forbidden', code: `grpc ${code}`, message: details }
  if (notKnown.test(details)) return { kind: 'refused', by: 'unauthenticated', code: `grpc ${code}`, message: details }
  return { kind: 'broken', cause: `grpc ${code}: ${details}` }
}

const plain = (message: unknown): string => JSON.stringify(message, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)) ?? ''
