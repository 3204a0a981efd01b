import { expect, test } from 'vitest'
import { arrivals } from './arrivals.ts'

test('what arrives while a round is worked on is the next round, and what fails is left out', async () => {
  const [slow, fast, faulty, faster] = [
    Promise.withResolvers<string>(),
    Promise.withResolvers<string>(),
    Promise.withResolvers<string>(),
    Promise.withResolvers<string>(),
  ]
  const rounds: (readonly string[])[] = []
  faster.resolve('faster')
  for await (const round of arrivals([slow.promise, fast.promise, faulty.promise, faster.promise])) {
    rounds.push(round)
    if (rounds.length === 1) {
      fast.resolve('fast')
      slow.resolve('slow')
      faulty.reject(new Error('it could not start'))
      await Promise.allSettled([fast.promise, slow.promise, faulty.promise])
    }
  }
  expect(rounds.map((round) => round.toSorted())).toEqual([['faster'], ['fast', 'slow']])
})

test('nothing to wait for ends at once, and so does nothing but failures', async () => {
  const rounds: unknown[] = []
  for await (const round of arrivals([])) rounds.push(round)
  for await (const round of arrivals([Promise.reject(new Error('no')), Promise.reject(new Error('no'))])) rounds.push(round)
  expect(rounds).toEqual([])
})
