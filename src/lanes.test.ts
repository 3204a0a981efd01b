import { expect, test } from 'vitest'
import { Lanes } from './lanes.ts'

/** Work that ends when it is told to. */
function job(log: string[], name: string): { readonly end: () => void; readonly work: (worker: string) => Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    end: resolve,
    work: async (worker) => {
      log.push(`${name} on ${worker}`)
      await promise
    },
  }
}

test('as many pieces of work run at once as there are workers, and who waited first is served first', async () => {
  const log: string[] = []
  const lanes = new Lanes(['left', 'right'])
  const jobs = ['first', 'second', 'third', 'fourth'].map((name) => job(log, name))
  const [first, second, ...rest] = jobs.map(({ work }) => lanes.use(work))
  expect(log).toEqual(['first on left', 'second on right'])
  jobs[1]?.end()
  await second
  for (const { end } of jobs) end()
  await Promise.all([first, ...rest])
  expect(log.slice(2)).toEqual(['third on right', 'fourth on left'])
})

test('a worker whose work failed is free again', async () => {
  const lanes = new Lanes(['only'])
  const failing = lanes.use(() => Promise.reject(new Error('no')))
  const after = lanes.use((worker) => Promise.resolve(worker))
  await expect(failing).rejects.toThrow('no')
  expect(await after).toBe('only')
})
