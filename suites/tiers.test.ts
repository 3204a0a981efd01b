import { expect, test } from 'vitest'
import { servers } from '../containers/registry.ts'
import { matchesPattern } from '../src/deviation.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { productNames } from '../src/rule.ts'
import { casesOfTier, type Tier } from '../src/tier.ts'
import { suites } from './registry.ts'
import { tiers } from './tiers.ts'

/** Of a product's rules, at least so many have a case in the tier: what it leaves out needs a server of its own, or time. */
const LEAST_SHARE = 0.6

const pairs = Object.values(tiers).flatMap((tier: Tier) => productNames.map((product) => ({ tier, product, name: `${tier.name} tier of ${product}` })))

test.each(pairs)('the $name names profiles that there are, and reaches most rules with few cases', ({ tier, product }) => {
  const suite: Suite = suites[product]
  const rows = casesOf(suite)
  const chosen = casesOfTier(rows, tier, product)
  expect(tier.profiles[product].filter((profile) => !(profile in servers[product].profiles))).toEqual([])
  expect(new Set(chosen.flatMap((row) => row.rules)).size).toBeGreaterThan(Object.keys(suite.rules).length * LEAST_SHARE)
  expect(chosen.length).toBeLessThan(Math.max(60, rows.length / 5))
})

test('what a tier leaves out, it leaves out of something', () => {
  const ids = Object.values(suites).flatMap((suite: Suite) => casesOf(suite).map(({ id }) => id))
  const idle = Object.values(tiers).flatMap((tier) => tier.without.filter((pattern) => !ids.some((id) => matchesPattern(pattern, id))))
  expect(idle).toEqual([])
})
