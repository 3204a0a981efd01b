import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RunFolder, sweepDeadRuns } from '../containers/run-folder.ts'
import { openListeners } from '../containers/runtimes/open-listeners.ts'
import { runFolders, standInOnly, startRun, untilServing } from '../fixtures/stand-in/started-run.ts'
import { packageRoot } from '../src/root.ts'

/** What Assay makes and opens on a machine stays in its place, and what is secret stays with whom it is meant for. */

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'assay-test-'))

interface Seen {
  readonly pid: number
  readonly group: number
  /** Its title and arguments. */
  readonly line: string
  readonly environment: string
}

/** Every process whose title, arguments or environment tell of a folder. */
function processesTold(folder: string): readonly Seen[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      if (!/^\d+$/.test(name)) return []
      const [line, environment] = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${name}/${file}`, 'latin1'))
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
      const isTold = `${line}\n${environment}`.includes(folder)
      return isTold ? [{ pid: Number(name), group, line: line ?? '', environment: environment ?? '' }] : []
    } catch {
      // It ended between the listing and the look.
      return []
    }
  })
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)

/** The keys that the server was made with, as its configuration has them. */
const keysIn = (files: readonly string[]): readonly string[] =>
  files.filter((path) => path.endsWith('.yaml')).flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/api_key: (\S{16,})/g)].map(([, key = '']) => key))

test(
  'of a run nothing secret is in a title, an argument or an environment, its keys are for their owner alone, and all listens on loopback',
  { timeout: 240_000 },
  async () => {
    const run = startRun([...standInOnly, '--case', 'qdrant.rest.jwt-other-collection-rw.*.list-*'], { server: { trouble: 'slow', after: 0 } })
    await untilServing(run)
    const [folder = ''] = runFolders(run.home)
    const below = join(run.home, readdirSync(run.home).find((name) => name.startsWith('vector-assay-')) ?? '', folder)
    const files = filesBelow(below)
    const keys = keysIn(files)
    const told = processesTold(run.home)
    const open = [...new Set(told.map(({ group }) => group))].flatMap((group) => openListeners(group))
    const modes = files.map((path) => [path, (statSync(path).mode & 0o777).toString(8)] as const)
    run.child.kill('SIGINT')
    const { said } = await run.ended

    expect(keys.length).toBeGreaterThan(0)
    expect(told.length).toBeGreaterThan(1)
    expect(told.filter(({ line, environment }) => keys.some((key) => `${line}${environment}`.includes(key))).map(({ pid }) => pid)).toEqual([])
    expect(keys.filter((key) => said.includes(key))).toEqual([])
    expect(modes.filter(([, mode]) => !mode.endsWith('00'))).toEqual([])
    expect(open).toEqual([])
    expect(runFolders(run.home)).toEqual([])
    const written = filesBelow(run.out).filter((path) => keys.some((key) => readFileSync(path, 'utf8').includes(key)))
    expect(written).toEqual([])
  },
)

test('a folder for runs that others could write to is not used, nor is anything ended that stands in it', async () => {
  const root = join(emptyFolder(), 'vector-assay-0')
  mkdirSync(root, { mode: 0o777 })
  chmodSync(root, 0o777)
  expect(() => new RunFolder('20261122-000000-0000', root)).toThrow(/can be written by others/)
  await expect(sweepDeadRuns(root)).rejects.toThrow(/can be written by others/)
})

/** An archive as `artefacts load` wants it, with its digest. */
function archiveOf(make: (folder: string) => void, ...more: readonly string[]): string {
  const folder = emptyFolder()
  make(folder)
  const file = join(emptyFolder(), 'servers.tgz')
  execFileSync('tar', ['-czf', file, '-C', folder, ...more, 'milvus'], { stdio: 'ignore' })
  writeFileSync(`${file}.sha256`, createHash('sha256').update(readFileSync(file)).digest('hex'))
  return file
}

test.each([
  ['a name that leads out', (outside: string) => ({ rename: `s|milvus/evil|milvus/../../${outside.slice(1)}/evil|` })],
  ['a link that leads out', () => ({ rename: '' })],
])('an archive with %s is refused, and nothing is unpacked', (what, how) => {
  const outside = emptyFolder()
  const { rename } = how(outside)
  const file = archiveOf(
    (folder) => {
      mkdirSync(join(folder, 'milvus'))
      if (what.includes('link')) symlinkSync(outside, join(folder, 'milvus', 'evil'))
      else writeFileSync(join(folder, 'milvus', 'evil'), 'evil')
    },
    ...(rename === '' ? [] : ['--absolute-names', `--transform=${rename}`]),
  )
  const cache = emptyFolder()
  const { status, stderr } = spawnSync(process.execPath, [join(packageRoot, 'bin', 'assay'), 'artefacts', 'load', file], {
    encoding: 'utf8',
    env: { ...process.env, ASSAY_CACHE: cache, NO_COLOR: '1' },
  })
  expect([status, stderr.includes('milvus/')]).toEqual([3, true])
  expect(existsSync(join(outside, 'evil'))).toBe(false)
  expect(readdirSync(cache).filter((name) => name === 'milvus')).toEqual([])
})
