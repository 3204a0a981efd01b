import { expect, test } from 'vitest'
import { atPace, limitPace } from './pace.ts'

const never = new AbortController().signal

test('requests to a limited address leave one after the other, whoever sends them', async () => {
  using _limit = limitPace('192.0.2.1', 50)
  const started = performance.now()
  await Promise.all(Array.from({ length: 6 }, () => atPace('192.0.2.1', never)))
  expect(performance.now() - started).toBeGreaterThanOrEqual(95)
})

test('an address that nothing limits, or nothing any more, is not waited for', async () => {
  const started = performance.now()
  limitPace('192.0.2.2', 1)[Symbol.dispose]()
  await Promise.all(Array.from({ length: 100 }, () => atPace('192.0.2.2', never)))
  expect(performance.now() - started).toBeLessThan(500)
})

test('a wait that is called off ends at once', async () => {
  using _limit = limitPace('192.0.2.3', 0.01)
  await atPace('192.0.2.3', never)
  await expect(atPace('192.0.2.3', AbortSignal.abort())).resolves.toBeUndefined()
})
