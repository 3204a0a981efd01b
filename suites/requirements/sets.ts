import { createHash } from 'node:crypto'
import type { Renames } from '../../src/gate.ts'
import { followRenames } from '../../src/gate.ts'
import type { ProductName } from '../../src/rule.ts'
import { renames } from '../renames.ts'
import { requirements202611 } from './2026-11.ts'

/** What a catalogue of that version demands of each product, by the ids of rules. It never changes: its digest says so. */
export interface RequirementSet {
  readonly rules: Readonly<Record<ProductName, readonly string[]>>
  /** Of the rules as they were frozen, see `digestOfSet`. */
  readonly digest: string
}

/** By version of the catalogue. A set is added, and never edited. */
export const requirementSets = {
  '2026.11': { rules: requirements202611, digest: 'sha256:144f45314afac2af430c9134758d47531e3d3e9f76eb1eb822b4534d55350efa' },
} as const satisfies Readonly<Record<string, RequirementSet>>

export const digestOfSet = ({ rules }: Pick<RequirementSet, 'rules'>): string => `sha256:${createHash('sha256').update(JSON.stringify(rules)).digest('hex')}`

/** The rules of a set under the names that they have today. */
export const rulesOfSet = (set: RequirementSet, names: Renames): ReadonlySet<string> =>
  new Set(
    Object.values(set.rules)
      .flat()
      .map((rule) => followRenames(rule, names.rules)),
  )

/** The names of the sets that a rule of today is in. */
export const setsOf = (rule: string): readonly string[] =>
  Object.entries(requirementSets).flatMap(([name, set]) => (rulesOfSet(set, renames).has(rule) ? [name] : []))
