import { expect, test } from 'vitest'
import { unsure } from './bracket.ts'

const NOON = Date.UTC(2026, 0, 1, 12)
const asked = (exp: number, fromMs: number, toMs: number): string | undefined =>
  unsure(exp, { sentAt: NOON + fromMs, answeredAt: NOON + toMs, date: undefined })

test('within the leeway is sure until its last second begins', () => {
  expect(asked(-28, 0, 1900)).toBeUndefined()
  expect(asked(-28, 0, 2000)).toContain('end of its life')
})

test('beyond the leeway is sure once its last second is over', () => {
  expect(asked(-31, 100, 200)).toBeUndefined()
  expect(asked(-31, 0, 100)).toContain('end of its life')
  expect(asked(-32, 0, 5000)).toBeUndefined()
})

test('the thirtieth second itself is unsure, whatever the moment', () => {
  expect(asked(-30, 0, 10)).toContain('end of its life')
  expect(asked(-30, 900, 910)).toContain('end of its life')
})

test('clocks that disagree make it unsure, and a Date that is a second old does not', () => {
  const bracket = { sentAt: NOON, answeredAt: NOON + 10 }
  expect(unsure(3600, { ...bracket, date: new Date(NOON - 1000).toUTCString() })).toBeUndefined()
  expect(unsure(3600, { ...bracket, date: new Date(NOON - 60_000).toUTCString() })).toContain("server's clock")
})
