import { execa } from 'execa'
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../src/root.ts'

const LONGEST_MS = 280_000

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'assay-test-'))

/** Scripts off: the Node that runs this test is new enough, so the project's own need not be fetched. */
const quietly = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=error']

test('the packed package, installed into an empty folder, runs its suites there', { timeout: LONGEST_MS }, async () => {
  const folder = emptyFolder()
  // Built and packed by hand: `npm pack` with its own scripts would print more than the name.
  await execa(process.execPath, [join(packageRoot, 'scripts', 'build.mjs')])
  const { stdout: name } = await execa('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder], { cwd: packageRoot })
  const project = emptyFolder()
  await execa('npm', ['init', '-y'], { cwd: project })
  await execa('npm', ['install', '--omit=dev', ...quietly, join(folder, name.trim())], { cwd: project })
  const installed = readdirSync(join(project, 'node_modules', 'vector-assay'))
  expect(installed.toSorted()).toEqual(['LICENSE', 'README.md', 'SECURITY.md', 'bin', 'dist', 'package.json', 'scripts'])

  const schemas = ['reports', 'schemas'] as const
  const carried = readdirSync(join(packageRoot, ...schemas)).filter((schema) => !schema.endsWith('.md'))
  expect(readdirSync(join(project, 'node_modules', 'vector-assay', 'dist', ...schemas)).toSorted()).toEqual(carried.toSorted())

  const env = { ASSAY_CACHE: emptyFolder(), DOCKER_HOST: 'unix:///nowhere/docker.sock', NO_COLOR: '1' }
  const assay = join(project, 'node_modules', '.bin', 'assay')
  const run = await execa(assay, ['run', '--runtime', 'model', '--product', 'qdrant', '--case', 'qdrant.*.anonymous.*'], { cwd: project, env, reject: false })
  expect([run.stderr, run.exitCode]).toEqual(['', 3])
  const record = JSON.parse(readFileSync(join(project, 'assay-out', 'latest', 'run.json'), 'utf8')) as {
    complete: boolean
    modelTotals: Record<string, number>
  }
  expect(record.complete).toBe(true)
  expect(record.modelTotals['conforms']).toBeGreaterThan(0)
  expect(record.modelTotals['harness-defect']).toBe(0)
})
