import type { Json } from '../../src/json.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { GrpcAnswer } from '../../src/wire/grpc.ts'
import type { RestAnswer, Unanswered } from '../../src/wire/rest.ts'

/**
 * How Qdrant words its refusals. Before the caller is known it answers in plain text, afterwards in the envelope of
 * every other answer (some snapshot routes: in plain text too). Anything else with such a status is somebody else's.
 */
const authentication =
  /^(Must provide an API key|Invalid API key or JWT|Invalid JWT|InvalidSignature|ExpiredSignature|access(\[|:|\.)|value_exists|The 'payload')/
const authorization = /^(Forbidden: |This operation is not allowed|Global (manage )?access is required)/

const refusal = (message: string): boolean => authentication.test(message) || authorization.test(message)

/** A REST answer, classified by its shape; the content is the envelope's `result`, or the body where there is no envelope. */
export function restOutcome(answer: RestAnswer | Unanswered): Outcome {
  if (answer.kind === 'unanswered') return { kind: 'broken', cause: answer.cause }
  const { status, body, json } = answer
  if (status === 200) return granted(answer)
  const message = envelopeError(json) ?? (json === undefined ? body : '')
  if ((status === 401 || status === 403) && refusal(message))
    return { kind: 'refused', by: status === 401 ? 'unauthenticated' : 'forbidden', code: String(status), message }
  return { kind: 'broken', cause: `status ${status}: ${body.slice(0, 200)}` }
}

function granted({ headers, body, json }: RestAnswer): Outcome {
  const type = headers['content-type'] ?? ''
  if (typeof json === 'object' && json !== null && 'status' in json && 'result' in json) {
    if (json.status === 'ok') return { kind: 'allowed', code: '200', content: json.result as Json }
    return { kind: 'broken', cause: `status 200 with ${body.slice(0, 200)}` }
  }
  if (body === '') return { kind: 'broken', cause: 'status 200 with an empty body' }
  // A body that speaks of an error is no grant, whatever its status: a proxy's, or an envelope of none of its releases.
  if (typeof json === 'object' && json !== null && ('error' in json || envelopeError(json) !== undefined))
    return { kind: 'broken', cause: `status 200 with ${body.slice(0, 200)}` }
  if (type.startsWith('text/html')) return { kind: 'broken', cause: 'status 200 with a page of HTML' }
  return { kind: 'allowed', code: '200', content: body }
}

function envelopeError(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('status' in json)) return undefined
  const { status } = json
  return typeof status === 'object' && status !== null && 'error' in status && typeof status.error === 'string' ? status.error : undefined
}

const GRPC_CLASS = { 7: 'forbidden', 16: 'unauthenticated' } as const

export function grpcOutcome(answer: GrpcAnswer<Json>): Outcome {
  if (answer.kind === 'unanswered') return { kind: 'broken', cause: answer.cause }
  const { code, details } = answer
  if (code === 0) return { kind: 'allowed', code: 'grpc 0', content: answer.message ?? null }
  const by = GRPC_CLASS[code as keyof typeof GRPC_CLASS]
  if (by !== undefined && refusal(details)) return { kind: 'refused', by, code: `grpc ${code}`, message: details }
  return { kind: 'broken', cause: `grpc ${code}: ${details}` }
}
