import type { Case } from './case.ts'
import type { PlannedInstance } from './plan.ts'
import type { Rehearsed } from './rehearsal.ts'

/**
 * How much may be done to a system that is not ours.
 *
 * - `observe`: only cases that prepare nothing and ask for reads, granted or refused: nothing is made (see `rehearse`)
 * - `isolated`: cases that work on users and collections of their own, which are removed again
 * - `full`: all, as on a throw-away system
 */
export const levels = ['observe', 'isolated', 'full'] as const
export type Level = (typeof levels)[number]

/** Why a case is not asked at a level, or undefined. What touches the whole server is never isolated. */
function unsafeAt(level: Level, row: Case, looks: ReadonlyMap<string, string | undefined>): string | undefined {
  switch (level) {
    case 'full':
      return undefined
    case 'isolated':
      return row.exclusive !== undefined ? 'it touches the whole server' : undefined
    case 'observe':
      return looks.has(row.id) ? looks.get(row.id) : 'it was not rehearsed'
  }
}

/** The instance with what is not safe at a level moved to what does not apply here. Pure: at `observe` it goes by what a rehearsal found. */
export function atLevel(level: Level, instance: PlannedInstance, rehearsed: readonly Rehearsed[] = []): PlannedInstance {
  const looks = new Map(rehearsed.map(({ row, because }) => [row.id, because]))
  const judged = instance.cases.map((row) => ({ row, because: unsafeAt(level, row, looks) }))
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
