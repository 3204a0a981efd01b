import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import type { Trouble } from '../fixtures/stand-in/relay.ts'
import { readJournal } from '../reports/journal.ts'
import type { RunRecord } from '../reports/run-schema.ts'
import { packageRoot } from '../src/root.ts'

/**
 * What may go wrong around a run, one test each. After each: the journal can be read, the report says the truth and adds
 * up, nothing is left running, and no folder of a dead run survives the next one. The server is a stand-in, a process that
 * serves Qdrant's model.
 */

const SOME = ['--case', 'qdrant.rest.jwt-other-collection-rw.*', '--case', 'qdrant.grpc.jwt-other-collection-rw.*', '--profile', 'keys-and-jwt'] as const
/** Enough for the boot and some cases, and far from all. */
const IN_THE_MIDDLE = 60

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'assay-test-'))

interface StandIn {
  readonly trouble?: Trouble
  readonly after?: number
  readonly clockMinutesOff?: number
}

/** A program as `ASSAY_QDRANT_BIN` wants it. */
function standIn({ trouble = 'none', after = IN_THE_MIDDLE, clockMinutesOff = 0 }: StandIn): string {
  const path = join(emptyFolder(), 'qdrant')
  const program = join(packageRoot, 'fixtures', 'stand-in', 'qdrant-program.ts')
  const options = `--trouble ${trouble} --after ${after} --clock-minutes-off ${clockMinutesOff}`
  const version = `if [ "$1" = --version ]; then echo 'qdrant 1.18.3'; exit 0; fi`
  writeFileSync(path, `#!/bin/sh\n${version}\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${program}' ${options} "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

interface Started {
  readonly child: ChildProcess
  readonly out: string
  readonly home: string
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>
}

/** Runs have their folders below the system's temporary folder: each test has one of its own, and can look into it. */
function start(
  args: readonly string[],
  given: { readonly server?: StandIn; readonly env?: Readonly<Record<string, string>>; readonly home?: string; readonly by?: readonly string[] } = {},
): Started {
  const { server = {}, env = {}, home = emptyFolder(), by = [] } = given
  const out = emptyFolder()
  const [program = process.execPath, ...before] = by
  const command = [...before, ...(by.length === 0 ? [] : [process.execPath]), join(packageRoot, 'bin', 'assay'), ...args, '--out', out]
  const child = spawn(program, command, {
    env: {
      ...process.env,
      TMPDIR: home,
      ASSAY_QDRANT_BIN: standIn(server),
      ASSAY_CACHE: emptyFolder(),
      NO_COLOR: '1',
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
      ...env,
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(([code, said, error]) => ({ code, said: said + error }))
  return { child, out, home, ended }
}

const native = (...more: readonly string[]): readonly string[] => ['run', '--product', 'qdrant', '--runtime', 'native', ...SOME, ...more]
const recordIn = (out: string): RunRecord => JSON.parse(readFileSync(join(out, 'latest', 'run.json'), 'utf8')) as RunRecord
const judged = (record: RunRecord): number => Object.values(record.totals).reduce((sum, count) => sum + count, 0)
const because = (record: RunRecord): readonly string[] => record.cases.filter(({ state }) => state === 'could-not-run').map((row) => row.because)

/** Processes that work in, or were told of, a folder. */
function processesAbout(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLine(pid))
    .filter((line) => line.includes(folder))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

const runFolders = (home: string): readonly string[] =>
  readdirSync(home)
    .filter((name) => name.startsWith('vector-assay-'))
    .flatMap((name) => readdirSync(join(home, name)))

function expectNothingLeft(home: string): void {
  expect(runFolders(home)).toEqual([])
  expect(processesAbout(home)).toEqual([])
}

describe('a server', () => {
  test('that keeps its rules is judged, and nothing is left of it', async () => {
    const { ended, out, home } = start(native())
    expect((await ended).code).toBe(0)
    const record = recordIn(out)
    expect(record.totals).toMatchObject({ deviates: 0, 'could-not-run': 0, 'harness-defect': 0 })
    expect(record.totals.conforms).toBeGreaterThan(50)
    expectNothingLeft(home)
  })

  test('that dies in the middle ends the run with 3: what it had not answered could not run, and says so', async () => {
    const { ended, out, home } = start(native(), { server: { trouble: 'dies' } })
    const { code, said } = await ended
    expect(code).toBe(3)
    expect(said).toContain('died')
    const record = recordIn(out)
    expect(record.totals.conforms).toBeLessThan(judged(record))
    expect(record.totals).toMatchObject({ deviates: 0, 'harness-defect': 0 })
    expect(record.instances.map(({ status }) => status)).toContain('died')
    expectNothingLeft(home)
  })

  test.each(['resets', 'garbage'] as const)('that %s in the middle is inconclusive from there on, never green and never a refusal', async (trouble) => {
    const { ended, out, home } = start(native(), { server: { trouble } })
    expect((await ended).code).toBe(3)
    const record = recordIn(out)
    expect(record.totals['could-not-run']).toBeGreaterThan(0)
    expect(record.totals).toMatchObject({ deviates: 0, 'harness-defect': 0 })
    expectNothingLeft(home)
  })

  test('that hangs in the middle is given up after the deadline of each request', async () => {
    const few = ['run', '--product', 'qdrant', '--runtime', 'native', '--case', 'qdrant.rest.jwt-other-collection-rw.*.list-*', '--profile', 'keys-and-jwt']
    const { ended, out, home } = start(few, { server: { trouble: 'hangs', after: 12 } })
    expect((await ended).code).toBe(3)
    const record = recordIn(out)
    expect(record.totals['could-not-run']).toBeGreaterThan(0)
    expect(record.totals).toMatchObject({ deviates: 0, 'harness-defect': 0 })
    expectNothingLeft(home)
  })

  test('that answers slowly is judged as any other', async () => {
    const { ended, out } = start(native(), { server: { trouble: 'slow', after: 0 } })
    expect((await ended).code).toBe(0)
    expect(recordIn(out).totals).toMatchObject({ deviates: 0, 'could-not-run': 0 })
  })

  test('whose port was taken between choice and bind could not run, and its last lines are shown', async () => {
    const { ended, out, home } = start(native(), { server: { trouble: 'port-taken' } })
    const { code, said } = await ended
    expect(code).toBe(3)
    expect(said).toContain('EADDRINUSE')
    expect(because(recordIn(out)).length).toBe(judged(recordIn(out)))
    expectNothingLeft(home)
  })

  test("whose clock is an hour off is not judged by the clock: its tokens' lives could not be told", async () => {
    const { ended, out } = start(['run', '--product', 'qdrant', '--runtime', 'native', '--rule', 'QDR-JWT-EXP-*', '--profile', 'keys-and-jwt'], {
      server: { clockMinutesOff: 60 },
    })
    expect((await ended).code).toBe(3)
    const record = recordIn(out)
    expect(record.totals.deviates).toBe(0)
    expect(because(record).some((reason) => reason.includes('clock'))).toBe(true)
  })
})

describe('the harness', () => {
  test.each([300, 1200, 2500, 4000, 6000])('killed with -9 after %i ms keeps what it had, and the next run removes the rest', async (ms) => {
    const { child, ended, out, home } = start(native())
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), ms)
    await ended
    clearTimeout(timer)
    const runs = readdirSync(out).filter((name) => name !== 'latest')
    const journals = await Promise.all(runs.map((run) => readJournal(join(out, run, 'journal.ndjson'))))
    expect(journals.map(({ complete }) => complete)).toEqual(runs.map(() => false))
    const next = start(native('--cached'), { home })
    await next.ended
    expectNothingLeft(home)
  })

  test('interrupted twice ends at once with 130, and the next run removes what is left', async () => {
    const { child, ended, home } = start(native(), { server: { trouble: 'slow', after: 0 } })
    await untilRunning(home)
    const group = -(child.pid ?? 0)
    process.kill(group, 'SIGINT')
    process.kill(group, 'SIGINT')
    expect((await ended).code).toBe(130)
    await start(native('--cached'), { home }).ended
    expectNothingLeft(home)
  })

  test('on a disk that is full says so, and ends its server', async () => {
    const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f 16; exec "$0" "$@"`]
    const { ended, home } = start(native(), { by: limited })
    const { code, said } = await ended
    expect(code).not.toBe(0)
    expect(said).toMatch(/cannot be written|EFBIG|file too large/i)
    expectNothingLeft(home)
  })

  test('whose cache cannot be written still runs what is here', async () => {
    const noFolder = join(emptyFolder(), 'a-file')
    writeFileSync(noFolder, '')
    const { ended, out } = start(native(), { env: { ASSAY_CACHE: noFolder } })
    expect((await ended).code).toBe(0)
    expect(recordIn(out).totals.conforms).toBeGreaterThan(50)
  })

  test('beside another run of the same user disturbs neither', async () => {
    const home = emptyFolder()
    const both = [start(native(), { home }), start(native(), { home })]
    const codes = await Promise.all(both.map(({ ended }) => ended.then(({ code }) => code)))
    expect(codes).toEqual([0, 0])
    const [first, second] = both.map(({ out }) => recordIn(out).cases.map(({ id, state }) => `${id} ${state}`))
    expect(first).toEqual(second)
    expectNothingLeft(home)
  })
})

/** A run has its folder as soon as it has chosen what to do. */
async function untilRunning(home: string): Promise<void> {
  const until = Date.now() + 30_000
  while (Date.now() < until && !hasServer(home)) await new Promise((resolve) => setTimeout(resolve, 50))
}

function hasServer(home: string): boolean {
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).some((path) => path.endsWith('server.log'))
}
