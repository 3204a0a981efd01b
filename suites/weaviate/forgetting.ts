import { setTimeout as delay } from 'node:timers/promises'
import type { Scope } from '../../src/driver.ts'
import type { AskAs } from './own-driver.ts'

const POLL_MS = 50
const LONGEST_MOMENT_MS = 2000

/**
 * Until the server no longer knows a key. One that it does not know makes it look again, and it answers a moment before it puts
 * what it found in the place of what it had: whoever asks in that moment still meets the keys of before. A server that never
 * forgets is left to the probe.
 *
 * @param keys principals whose tokens are under a key that is no longer published, and under one that is
 */
export async function forgetting(ask: AskAs, keys: { readonly gone: string; readonly there: string }, scope: Scope): Promise<void> {
  for (const until = scope.clock.now() + LONGEST_MOMENT_MS; scope.clock.now() < until && (await ask(keys.gone)).kind !== 'refused';) {
    await ask(keys.there)
    await delay(POLL_MS, undefined, { signal: scope.signal })
  }
  await ask(keys.there)
}
