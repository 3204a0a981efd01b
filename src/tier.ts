import type { Case } from './case.ts'
import { matchesPattern } from './deviation.ts'
import type { ProductName } from './rule.ts'

/** A part of the catalogue that is asked oftener than the whole: data. */
export interface Tier {
  readonly name: string
  readonly says: string
  /** Configurations that are worth their boot, the most telling first. */
  readonly profiles: Readonly<Record<ProductName, readonly string[]>>
  /** Patterns of case ids that cost too much: a server of their own, a wait. */
  readonly without: readonly string[]
}

/** Of a product's cases the first for each rule on each surface, as far as the tier reaches; in the order that they had. Pure. */
export function casesOfTier(rows: readonly Case[], tier: Tier, product: ProductName): readonly Case[] {
  const profiles = tier.profiles[product]
  const affordable = rows.filter(({ id, profile }) => profiles.includes(profile) && !tier.without.some((pattern) => matchesPattern(pattern, id)))
  const byWorth = [...affordable].sort((a, b) => profiles.indexOf(a.profile) - profiles.indexOf(b.profile))
  const seen = new Set<string>()
  const chosen = new Set(byWorth.filter((row) => addsTo(seen, row)))
  return rows.filter((row) => chosen.has(row))
}

function addsTo(seen: Set<string>, { rules, surface }: Case): boolean {
  const pairs = rules.map((rule) => `${rule} ${surface}`)
  const isNew = pairs.some((pair) => !seen.has(pair))
  for (const pair of pairs) seen.add(pair)
  return isNew
}
