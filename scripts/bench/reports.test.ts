import { expect, test } from 'vitest'
import { measureReports } from './reports.ts'

test('all reports of five times the results take no more than five times the work, and hardly more memory', { timeout: 120_000 }, async () => {
  const [few, many] = [await measureReports(1000), await measureReports(5000)]
  expect([few.results, few.faults, many.results, many.faults]).toEqual([1000, 0, 5000, 0])
  expect(many.cpuMs).toBeLessThan(few.cpuMs * 5)
  expect(many.peakMiB).toBeLessThan(few.peakMiB * 2)
})
