import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { ScriptMaker } from './script.ts'

const ROUNDS = 20

/**
 * A user's token is taken, the user is deleted, and the very next request is refused; then the user comes back. Twenty times over, each
 * with a user of its own. How long it takes from the deletion to the refusal is in what is recorded.
 */
export const revokeUsers: ScriptMaker = (_, { main }) =>
  Promise.resolve({
    async perform({ surface, principal }, scope) {
      const latencies: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const probe: Probe = { operation: 'list-collections', principal, surface, input: {} }
        const found = await revoke(main, probe, { ...scope, name: `${scope.name}r${round}` })
        if (typeof found !== 'number') return found
        latencies.push(found)
      }
      record(latencies, surface, scope)
      return { kind: 'allowed', code: 'revoked', shown: ['revoked at once', 'restored at once'] }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  })

/** Milliseconds from the deletion to the refusal, or the outcome that is none of what was promised. */
async function revoke(driver: Parameters<ScriptMaker>[1]['main'], probe: Probe, scope: Scope): Promise<number | Outcome> {
  const place = await driver.prepare(probe, scope)
  const ask = (): Promise<Outcome> => driver.perform(probe, place, scope)
  const before = await ask()
  if (before.kind !== 'allowed') return before
  await driver.setUser(place, 'deleted', scope)
  const deletedAt = performance.now()
  const during = await ask()
  const took = performance.now() - deletedAt
  if (during.kind !== 'refused') return during.kind === 'allowed' ? { ...during, shown: ['a deleted user'] } : during
  await driver.setUser(place, 'present', scope)
  const after = await ask()
  return after.kind === 'allowed' ? took : after
}

function record(latencies: readonly number[], surface: Probe['surface'], scope: Scope): void {
  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (share: number): string => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(1)
  scope.record({
    stage: scope.stage,
    surface,
    request: `${ROUNDS} users deleted and restored`,
    headers: {},
    body: '',
    status: `refused on the next request: p50 ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms after the deletion`,
    answer: '',
    ms: sorted.reduce((sum, one) => sum + one, 0),
  })
}
