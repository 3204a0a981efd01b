import type { Renames } from '../src/gate.ts'

/** Ids that were given up for others, so that a run of before can be compared with one of after. Never removed. */
export const renames: Renames = { rules: {}, cases: {} }
