// Sums up what `npm test` and the runs of a folder counted, in one line: `N passed, N failed, N skipped`.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'

const out = process.argv[2] ?? join(root, 'reports', 'out')
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const sum = { passed: 0, failed: 0, skipped: 0 }
const self = join(out, 'self-tests.json')
if (existsSync(self)) {
  const { passed, failed } = read(self)
  sum.passed += passed
  sum.failed += failed
}
const runs = readdirSync(out, { withFileTypes: true }).filter((entry) => entry.isDirectory())
for (const path of runs.map(({ name }) => join(out, name, 'run.json')).filter(existsSync)) {
  const { totals, modelTotals, defects, staleDeviations } = read(path)
  for (const states of [totals, modelTotals]) {
    sum.passed += states.conforms + states['known-deviation'] + states.waived
    sum.failed += states.deviates + states['could-not-run'] + states['harness-defect']
    sum.skipped += states['not-applicable']
  }
  sum.failed += defects.length + staleDeviations.length
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
