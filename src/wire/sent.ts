import { channel } from 'node:diagnostics_channel'

/** A request as its bytes leave, credentials and all: what the bench sends again without the harness. */
export type SentRequest =
  | {
      readonly kind: 'rest'
      readonly origin: string
      readonly method: string
      readonly path: string
      readonly headers: readonly string[]
      readonly body: string | Buffer | undefined
    }
  | {
      readonly kind: 'grpc'
      readonly target: string
      readonly path: string
      readonly metadata: readonly (readonly [string, string])[]
      readonly bytes: Buffer
      readonly decode: (bytes: Buffer) => unknown
    }

const requests = channel('assay:request-sent')

/** Costs nothing while nobody listens, and in a run nobody does. */
export function tellSent(request: () => SentRequest): void {
  if (requests.hasSubscribers) requests.publish(request())
}

/** @returns ends the listening */
export function listenToSent(listener: (request: SentRequest) => void): () => void {
  const heard = (message: unknown): void => listener(message as SentRequest)
  requests.subscribe(heard)
  return () => void requests.unsubscribe(heard)
}
