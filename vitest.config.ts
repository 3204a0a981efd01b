import { defineConfig } from 'vitest/config'

/** The harness's own tests. The suites against servers and models are started by `assay run` and `assay test`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'self',
          include: ['{src,suites,fixtures,containers,reports,scripts}/**/*.test.ts'],
          pool: 'threads',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          retry: 0,
        },
      },
    ],
  },
})
