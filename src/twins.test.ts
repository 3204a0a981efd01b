import { expect, test } from 'vitest'
import { Twins, type AskedTwin } from './twins.ts'

const allowedAt = (endedAt: number): AskedTwin => ({
  outcome: { kind: 'allowed', code: '200' },
  effect: { kind: 'seen', what: 'a point' },
  exchanges: [],
  caseId: `asked at ${endedAt}`,
  endedAt,
})

/** Twins on a clock that the test moves; each asking takes the time from it. */
function twinsAt(start: number) {
  const clock = { time: start, now: () => clock.time }
  return { clock, twins: new Twins(clock), anew: async () => allowedAt(clock.time) }
}

test('a twin that was allowed serves the next with the same question, and no other', async () => {
  const { clock, twins, anew } = twinsAt(1000)
  await twins.ask('put', anew)
  clock.time = 2000
  expect((await twins.ask('put', anew)).endedAt).toBe(1000)
  expect((await twins.ask('get', anew)).endedAt).toBe(2000)
})

test('a twin that is under way serves those who come meanwhile', async () => {
  const { twins, anew } = twinsAt(1000)
  let asked = 0
  const counted = async (): Promise<AskedTwin> => (asked++, anew())
  await Promise.all([twins.ask('put', counted), twins.ask('put', counted), twins.ask('put', counted)])
  expect(asked).toBe(1)
})

test('half a minute later it is asked again, for the server may have broken meanwhile', async () => {
  const { clock, twins, anew } = twinsAt(1000)
  await twins.ask('put', anew)
  clock.time = 30_999
  expect((await twins.ask('put', anew)).endedAt).toBe(1000)
  clock.time = 31_000
  expect((await twins.ask('put', anew)).endedAt).toBe(31_000)
})

test.each([
  ['refused', { outcome: { kind: 'refused', by: 'forbidden', code: 'http 403', message: '' } }],
  ['allowed without an effect', { effect: { kind: 'none', what: 'nothing' } }],
] satisfies readonly [string, Partial<AskedTwin>][])('one that was %s serves nobody else', async (_, failed) => {
  const { clock, twins, anew } = twinsAt(1000)
  await twins.ask('put', async () => ({ ...allowedAt(1000), ...failed }))
  clock.time = 1001
  expect((await twins.ask('put', anew)).endedAt).toBe(1001)
})

test('one that could not be asked is the trouble of who asked, and is asked again', async () => {
  const { twins, anew } = twinsAt(1000)
  await expect(twins.ask('put', () => Promise.reject(new Error('no set-up')))).rejects.toThrow('no set-up')
  expect((await twins.ask('put', anew)).endedAt).toBe(1000)
})
