import type { Json } from './json.ts'

/** The ways in which a caller can ask a product. `port` is any other listener, `process` the server's own start. */
export const surfaces = ['rest', 'grpc', 'graphql', 'port', 'process'] as const
export type Surface = (typeof surfaces)[number]

/**
 * Why a server said no, recognised by the shape of its answer and never inferred from a missing one.
 *
 * - `unauthenticated`: it does not know who asks (RFC 9110 §15.5.2; gRPC 16)
 * - `forbidden`: it knows, and the caller may not (RFC 9110 §15.5.4; gRPC 7)
 * - `invalid`: the request breaks a documented limit of its content
 * - `conflict`: what is asked for is there already
 * - `not-found`: documented as the answer where a feature is off
 * - `handshake`: the connection was refused by TLS
 * - `start-up`: the server process refused its configuration and ended
 */
export type RefusalClass = 'unauthenticated' | 'forbidden' | 'invalid' | 'conflict' | 'not-found' | 'handshake' | 'start-up'

/** `code` is as on the wire: `401`, `grpc 16`, `grpc 0 / 1100` (an error in a successful gRPC answer), `tls alert 116`. */
export type Outcome =
  | { readonly kind: 'allowed'; readonly code: string; readonly content?: Json; readonly shown?: readonly string[] }
  | { readonly kind: 'refused'; readonly by: RefusalClass; readonly code: string; readonly message: string }
  /** A time-out, a reset, a 404, a 500, an answer that nobody can read: neither a yes nor a no. */
  | { readonly kind: 'broken'; readonly cause: string }
  /** The probe met a moment in which both answers are right (a token at the edge of its life): asked again, at most five times. */
  | { readonly kind: 'void'; readonly cause: string }

/** What an operation did or disclosed, seen in the state by someone who may look, or in the answer itself. */
export type Effect =
  | { readonly kind: 'seen'; readonly what: string }
  | { readonly kind: 'none'; readonly what: string }
  | { readonly kind: 'unclear'; readonly because: string }

/** `set-up` makes what a case needs; `effect` is a look at the state, before or after. */
export type Stage = 'set-up' | 'probe' | 'twin' | 'effect' | 'clean-up'

/** One request and its answer as they were on the wire, secrets redacted, bodies cut at `EVIDENCE_BYTES`. */
export interface Exchange {
  readonly stage: Stage
  readonly surface: Surface
  /** `POST https://localhost:6333/collections/x/points` or `/qdrant.Points/Upsert at localhost:6334`. */
  readonly request: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** `401 Unauthorized`, `grpc 16 UNAUTHENTICATED: …`, or what went wrong instead. */
  readonly status: string
  readonly answer: string
  readonly ms: number
  /** Of a twin that was asked a moment ago for another case with the same one: that case, which has the rest of it. */
  readonly askedFor?: string
}

export const EVIDENCE_BYTES = 4096
