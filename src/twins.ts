import type { Clock } from './driver.ts'
import type { Effect, Exchange, Outcome } from './outcome.ts'

/** How long a twin speaks for others, in milliseconds: a server that breaks meanwhile is not to be praised for its refusals. */
const HOLDS_MS = 30_000

export interface AskedTwin {
  readonly outcome: Outcome
  readonly effect: Effect
  /** Everything that was asked for it, its set-up and clean-up included. */
  readonly exchanges: readonly Exchange[]
  /** The case that it was asked for. */
  readonly caseId: string
  readonly endedAt: number
}

/**
 * The twins that were asked on one instance. Many cases have the same one: whoever is refused, the administrator asks the
 * same for all of them. One that was allowed, its effect seen, a short while ago serves the others too; any other is
 * asked again for each.
 */
export class Twins {
  readonly #clock: Clock
  readonly #asked = new Map<string, Promise<AskedTwin>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * @param key of the twin's probe: the same key, the same question
   * @throws what `askAnew` throws
   */
  async ask(key: string, askAnew: () => Promise<AskedTwin>): Promise<AskedTwin> {
    const earlier = this.#asked.get(key)
    // Nothing is waited for where there is none: who comes next finds this one.
    const answered = earlier && (await earlier.catch(() => undefined))
    if (answered !== undefined && this.#holds(answered)) return answered
    const anew = askAnew()
    this.#asked.set(key, anew)
    return anew
  }

  #holds({ outcome, effect, endedAt }: AskedTwin): boolean {
    return outcome.kind === 'allowed' && effect.kind === 'seen' && this.#clock.now() - endedAt < HOLDS_MS
  }
}
