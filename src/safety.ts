import type { Case } from './case.ts'
import type { PlannedInstance } from './plan.ts'

/**
 * How much may be done to a system that is not ours.
 *
 * - `observe`: only cases that are marked as safe and that expect a refusal or a read: nothing is made
 * - `isolated`: cases that work on users and collections of their own, which are removed again
 * - `full`: all, as on a throw-away system
 */
export const levels = ['observe', 'isolated', 'full'] as const
export type Level = (typeof levels)[number]

/** Why a case is not asked at a level, or undefined. What touches the whole server is never isolated. */
function unsafeAt(level: Level, row: Case): string | undefined {
  switch (level) {
    case 'full':
      return undefined
    case 'isolated':
      return row.exclusive === true && row.safe !== true ? 'it touches the whole server' : undefined
    case 'observe':
      return row.safe === true ? undefined : 'it prepares something on the server'
  }
}

/** The instance with what is not safe at a level moved to what does not apply here. Pure. */
export function atLevel(level: Level, instance: PlannedInstance): PlannedInstance {
  const judged = instance.cases.map((row) => ({ row, because: unsafeAt(level, row) }))
  return {
    ...instance,
    cases: judged.filter(({ because }) => because === undefined).map(({ row }) => row),
    notApplicable: [
      ...instance.notApplicable,
      ...judged.flatMap(({ row, because }) =>
        because === undefined
          ? []
          : [{ row, verdict: { kind: 'not-applicable', reason: 'safety', because: `${because}, and the level is ${level}` } as const }],
      ),
    ],
  }
}
