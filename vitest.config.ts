import { configDefaults, defineConfig } from 'vitest/config'

const STURDY = 'scripts/sturdy.test.ts'

const common = { pool: 'threads', testTimeout: 60_000, hookTimeout: 60_000, retry: 0 } as const

/** The harness's own tests. The suites against servers and models are started by `assay run` and `assay test`. */
export default defineConfig({
  test: {
    // Vitest leaves a core to others; most of these tests wait for processes of their own.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'self',
          include: ['{src,suites,fixtures,containers,reports,scripts,examples}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, STURDY],
        },
      },
      // What may go wrong around a run: minutes long, for `npm run soak`.
      { test: { ...common, name: 'sturdy', include: [STURDY], testTimeout: 240_000 } },
    ],
  },
})
