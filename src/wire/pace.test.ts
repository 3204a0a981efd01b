import { expect, test } from 'vitest'
import { atPace, departureOf, guardDepartures, limitPace } from './pace.ts'

const never = new AbortController().signal

test('requests to a limited address leave one after the other, whoever sends them', async () => {
  using _limit = limitPace('192.0.2.1', 50)
  const started = performance.now()
  await Promise.all(Array.from({ length: 6 }, () => atPace('192.0.2.1', 'GET /', never)))
  expect(performance.now() - started).toBeGreaterThanOrEqual(95)
})

test('an address that nothing limits, or nothing any more, is not waited for', async () => {
  const started = performance.now()
  limitPace('192.0.2.2', 1)[Symbol.dispose]()
  await Promise.all(Array.from({ length: 100 }, () => atPace('192.0.2.2', 'GET /', never)))
  expect(performance.now() - started).toBeLessThan(500)
})

test('a wait that is called off ends at once', async () => {
  using _limit = limitPace('192.0.2.3', 0.01)
  await atPace('192.0.2.3', 'GET /', never)
  await expect(atPace('192.0.2.3', 'GET /', AbortSignal.abort())).resolves.toBeUndefined()
})

test('what a guard refuses does not leave, and what it admits does, until it is disposed of', async () => {
  const admit = (departure: string): void => {
    if (!departure.startsWith('GET ')) throw new Error(departure)
  }
  {
    using _guard = guardDepartures('192.0.2.4', admit)
    await expect(atPace('192.0.2.4', 'PUT /collections/x', never)).rejects.toThrow('PUT /collections/x')
    await expect(atPace('192.0.2.4', 'GET /collections', never)).resolves.toBeUndefined()
    await expect(atPace('192.0.2.5', 'PUT /collections/x', never)).resolves.toBeUndefined()
  }
  await expect(atPace('192.0.2.4', 'PUT /collections/x', never)).resolves.toBeUndefined()
})

test('a departure holds no query: a credential may be there', () => {
  expect(departureOf('GET', '/collections?api-key=x')).toBe('GET /collections')
})
