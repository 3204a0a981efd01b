import { defineConfig } from 'vitest/config'

/** The tests of what turns observations into an exit code: no mutant of that may survive them. */
export default defineConfig({
  test: {
    include: ['src/{verdict,deviation,waiver,gate,errors}.test.ts', 'reports/{gate,run-record,waivers,turned-away}.test.ts', 'scripts/waiver-file.test.ts'],
    pool: 'threads',
    maxWorkers: 1,
    retry: 0,
  },
})
