import { execa } from 'execa'
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../src/root.ts'
import { parseArguments } from './command.ts'
import { newCommand } from './new.ts'

const bin = (name: string): string => join(packageRoot, 'node_modules', '.bin', name)

/** A copy of the sources, whose packages are those of this one. */
function copy(): string {
  const root = mkdtempSync(join(tmpdir(), 'assay-test-'))
  for (const name of [
    'src',
    'suites',
    'containers',
    'fixtures',
    'reports',
    'examples',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
    '.oxlintrc.json',
    '.oxfmtrc.json',
  ])
    cpSync(join(packageRoot, name), join(root, name), { recursive: true, filter: (path) => !path.startsWith(join(packageRoot, 'reports', 'out')) })
  symlinkSync(join(packageRoot, 'node_modules'), join(root, 'node_modules'))
  return root
}

test('a rule and a product that were begun pass the types, the linter, the format and the duties of a catalogue', { timeout: 240_000 }, async () => {
  const root = copy()
  for (const args of [
    ['rule', 'keycloak', 'KCL-TRIAL-BEGUN-01'],
    ['product', 'trial-base', 'TRB'],
  ])
    await newCommand.run(parseArguments('new', newCommand, [...args, '--root', root]))
  const begun = ['examples/trial-base', 'suites/keycloak/kcl-trial-begun-01.cases.ts', 'suites/keycloak/suite.ts']
  const checks = await Promise.all([
    execa(bin('tsc'), ['--noEmit', '-p', root], { cwd: root, reject: false, all: true }),
    execa(bin('oxlint'), begun, { cwd: root, reject: false, all: true }),
    execa(bin('oxfmt'), ['--check', ...begun], { cwd: root, reject: false, all: true }),
  ])
  const complaints = checks.flatMap(({ all, exitCode }) => (exitCode === 0 ? [] : all.split('\n').filter((line) => /trial/i.test(line))))
  expect(complaints).toEqual([])
  const { stdout } = await execa(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', asked], { cwd: root })
  expect(JSON.parse(stdout)).toEqual([{}, {}])
})

/** The duties that are not kept, as the copy itself says it. */
const asked = `
const { problemsOf } = await import('./suites/lint.ts')
const { suites } = await import('./suites/registry.ts')
const { servers } = await import('./containers/registry.ts')
const { trialBaseSuite } = await import('./examples/trial-base/suite.ts')
const { trialBaseServer } = await import('./examples/trial-base/server.ts')
const otherRules = new Set(Object.values(suites).flatMap(({ rules }) => Object.keys(rules)))
const begun = [
  { suite: suites.keycloak, server: servers.keycloak, prefix: 'KCL', otherRules },
  { suite: trialBaseSuite, server: trialBaseServer, prefix: 'TRB' },
]
if (!suites.keycloak.rules['KCL-TRIAL-BEGUN-01']) throw new Error('the rule is not in its suite')
console.log(JSON.stringify(begun.map(problemsOf)))
process.exit()
`
