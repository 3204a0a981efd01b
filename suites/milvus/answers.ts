import { satisfies } from 'semver'
import { z } from 'zod'
import type { Outcome } from '../../src/outcome.ts'
import type { GrpcAnswer } from '../../src/wire/grpc.ts'
import type { RestAnswer, Unanswered } from '../../src/wire/rest.ts'
import { knownRefusals, type KnownRefusal } from './refusals.ts'

const statusShape = z.object({ errorCode: z.number(), reason: z.string(), code: z.number() })
const withStatus = z.object({ status: statusShape })

/** Reads the answers of one release. */
export interface AnswerReader {
  /** An answer without a status of its own, or with an error that is not known, is `broken`. */
  outcome(answer: GrpcAnswer<unknown>): Outcome
  /** For the one call whose answer has no status; an empty one is `broken`. */
  statuslessOutcome(answer: GrpcAnswer<unknown>): Outcome
  /** Of the interface over HTTP, which puts its own code into the body. */
  restOutcome(answer: RestAnswer | Unanswered): Outcome
  /** Of the port for metrics and health, which hands on what the calls answer. */
  portOutcome(answer: RestAnswer | Unanswered): Outcome
}

export function answerReader(version: string): AnswerReader {
  const known = knownRefusals.filter((one) => satisfies(version, one.versions, { includePrerelease: true }))
  return {
    outcome: (answer) => outcomeOf(answer, known),
    statuslessOutcome: (answer) =>
      answer.kind === 'answered' && answer.code === 0 && dummyShape.safeParse(answer.message).success
        ? { kind: 'allowed', code: 'grpc 0' }
        : outcomeOf(answer, known),
    restOutcome: (answer) => restOutcomeOf(answer, known),
    portOutcome: (answer) => portOutcomeOf(answer, known),
  }
}

const dummyShape = z.object({ response: z.string().min(1) })

function outcomeOf(answer: GrpcAnswer<unknown>, known: readonly KnownRefusal[]): Outcome {
  if (answer.kind === 'unanswered') return { kind: 'broken', cause: answer.cause }
  if (answer.code !== 0) return refusal(`grpc ${answer.code}`, answer.details, known)
  const status = statusOf(answer.message)
  if (status === undefined) return { kind: 'broken', cause: 'an answer without a status of the server' }
  // From 2.3 on both numbers are there and `code` is the finer one; before, only the old enumeration is.
  const code = status.code === 0 ? status.errorCode : status.code
  if (code === 0) return { kind: 'allowed', code: 'grpc 0' }
  return refusal(`grpc 0 / ${code}`, status.reason, known)
}

const restShape = z.object({ code: z.number(), message: z.string().optional() })

function restOutcomeOf(answer: RestAnswer | Unanswered, known: readonly KnownRefusal[]): Outcome {
  if (answer.kind === 'unanswered') return { kind: 'broken', cause: answer.cause }
  const said = restShape.safeParse(answer.json)
  if (!said.success) return { kind: 'broken', cause: `${answer.status} without the server's own code` }
  const { code, message = '' } = said.data
  if (answer.status === 200 && code === 200) return { kind: 'allowed', code: '200' }
  return refusal(answer.status === 200 ? `200 / ${code}` : String(answer.status), message, known)
}

const portShape = z.object({
  error_code: z.literal(0).optional(),
  status: z.object({ error_code: z.literal(0).optional() }).optional(),
  msg: z.undefined().optional(),
})

function portOutcomeOf(answer: RestAnswer | Unanswered, known: readonly KnownRefusal[]): Outcome {
  if (answer.kind === 'answered' && answer.status === 200 && portShape.safeParse(answer.json).success) return { kind: 'allowed', code: '200' }
  return answer.kind === 'answered' && answer.status === 200 ? { kind: 'broken', cause: '200 with an error' } : restOutcomeOf(answer, known)
}

function refusal(code: string, message: string, known: readonly KnownRefusal[]): Outcome {
  const match = known.find((one) => one.code === code && one.message.test(message))
  if (match === undefined) return { kind: 'broken', cause: `an error that is no known refusal: ${code}: ${message}` }
  return { kind: 'refused', by: match.by, code, message }
}

/** A status is the whole answer of a write, and a field of the answer of a read. */
function statusOf(message: unknown): z.infer<typeof statusShape> | undefined {
  const inside = withStatus.safeParse(message)
  if (inside.success) return inside.data.status
  const bare = statusShape.safeParse(message)
  return bare.success ? bare.data : undefined
}
