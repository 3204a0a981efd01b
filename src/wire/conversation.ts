import type { Socket } from 'node:net'
import type { Scope } from '../driver.ts'
import { messageOf } from '../errors.ts'
import type { Outcome } from '../outcome.ts'
import { Deadline } from './deadline.ts'

/**
 * What comes of a connection of our own within the time of one request, counted from now on: bytes that drip in do not put its end
 * off, as they would put off a socket's own time-out. The socket is gone afterwards.
 */
export async function concluded(socket: Socket, outcome: Promise<Outcome>, scope: Pick<Scope, 'signal' | 'requestTimeoutMs'>): Promise<Outcome> {
  using deadline = new Deadline(scope)
  try {
    return await deadline.orPassed(outcome)
  } catch (thrown) {
    return { kind: 'broken', cause: messageOf(thrown) }
  } finally {
    socket.destroy()
  }
}
