import { once } from 'node:events'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyFolder, judged, native, processesAbout, recordIn, runFolders, standInOnly, startRun, untilServing } from '../fixtures/stand-in/started-run.ts'
import { readJournal } from '../reports/journal.ts'
import type { RunRecord } from '../reports/run-schema.ts'

/**
 * What may go wrong around a run, one test each. After each: the journal can be read, the report says the truth and adds
 * up, nothing is left running, and no folder of a dead run survives the next one. The server is a stand-in, a process that
 * serves Qdrant's model.
 */

/** `npm run soak` asks for fifty. */
const KILLS = Number(process.env['ASSAY_KILLS'] ?? 5)

const hasNamespaces = ((): boolean => {
  try {
    execFileSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

const because = (record: RunRecord): readonly string[] => record.cases.filter(({ state }) => state === 'could-not-run').map((row) => row.because)

function expectNothingLeft(home: string): void {
  expect(runFolders(home)).toEqual([])
  expect(processesAbout(home)).toEqual([])
}

/** Moments in ms over a run's time but its last reports, each anywhere in its part of it. */
const spread = (count: number, wholeMs: number): readonly number[] => Array.from({ length: count }, (_, n) => ((n + Math.random()) / count) * 0.8 * wholeMs)

describe('a server', () => {
  test('that keeps its rules is judged, and nothing is left of it', async () => {
    const { ended, out, home } = startRun(native())
    expect((await ended).code).toBe(0)
    const record = recordIn(out)
    expect(record.totals).toMatchObject({ deviates: 0, 'could-not-run': 0, 'harness-defect': 0 })
    expect(record.totals.conforms).toBeGreaterThan(50)
    expectNothingLeft(home)
  })

  test('that dies in the middle ends the run with 3: what it had not answered could not run, and says so', async () => {
    const { ended, out, home } = startRun(native(), { server: { trouble: 'dies' } })
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
    const { ended, out, home } = startRun(native(), { server: { trouble } })
    expect((await ended).code).toBe(3)
    const record = recordIn(out)
    expect(record.totals['could-not-run']).toBeGreaterThan(0)
    expect(record.totals).toMatchObject({ deviates: 0, 'harness-defect': 0 })
    expectNothingLeft(home)
  })

  test('that opens one more port than anybody knows of ends the run with 3 and that port, though every case conforms', async () => {
    const { ended, out } = startRun([...standInOnly, '--case', 'qdrant.rest.jwt-other-collection-rw.*.list-*'], { server: { trouble: 'another-port' } })
    const { code, said } = await ended
    const record = recordIn(out)
    expect({ code, ...record.totals }).toMatchObject({ code: 3, deviates: 0, 'could-not-run': 0 })
    expect(record.census.filter(({ census }) => census.state === 'incomplete')).toMatchObject([{ census: { what: 'ports', listed: 3 } }])
    expect(said).toMatch(/in no table, and excluded by nobody: port \d+, on loopback/)
  })

  test('that restarts in the middle is inconclusive while it is away, and judged again afterwards', async () => {
    const { ended, out, home } = startRun(native(), { server: { trouble: 'restarts' } })
    expect((await ended).code).toBe(3)
    const { totals, cases } = recordIn(out)
    expect(totals).toMatchObject({ deviates: 0, 'harness-defect': 0 })
    const lost = cases.filter(({ state }) => state === 'could-not-run').length
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThan(cases.length / 2)
    expectNothingLeft(home)
  })

  test('that hangs in the middle is given up after the deadline of each request', async () => {
    const few = [...standInOnly, '--case', 'qdrant.rest.jwt-other-collection-rw.*.list-*']
    const { ended, out, home } = startRun(few, { server: { trouble: 'hangs', after: 12 } })
    expect((await ended).code).toBe(3)
    const record = recordIn(out)
    expect(record.totals['could-not-run']).toBeGreaterThan(0)
    expect(record.totals).toMatchObject({ deviates: 0, 'harness-defect': 0 })
    expectNothingLeft(home)
  })

  test('that answers slowly is judged as any other', async () => {
    const { ended, out } = startRun(native(), { server: { trouble: 'slow', after: 0 } })
    expect((await ended).code).toBe(0)
    expect(recordIn(out).totals).toMatchObject({ deviates: 0, 'could-not-run': 0 })
  })

  test('whose port was taken between choice and bind could not run, and its last lines are shown', async () => {
    const { ended, out, home } = startRun(native(), { server: { trouble: 'port-taken' } })
    const { code, said } = await ended
    expect(code).toBe(3)
    expect(said).toContain('EADDRINUSE')
    const record = recordIn(out)
    expect(because(record).length).toBe(judged(record) - record.totals['not-applicable'])
    expectNothingLeft(home)
  })

  test("whose clock is an hour off is not judged by the clock: its tokens' lives could not be told", async () => {
    const { ended, out } = startRun([...standInOnly, '--rule', 'QDR-JWT-EXP-*'], {
      server: { clockMinutesOff: 60 },
    })
    expect((await ended).code).toBe(3)
    const record = recordIn(out)
    expect(record.totals.deviates).toBe(0)
    expect(because(record).some((reason) => reason.includes('clock'))).toBe(true)
  })
})

describe('the harness', () => {
  test(
    `killed with -9 at ${KILLS} moments of a run keeps what it had, and the next run removes the rest`,
    async () => {
      const started = performance.now()
      const home = emptyFolder()
      await startRun(native(), { home }).ended
      const whole = performance.now() - started
      const met: number[] = []
      for (const after of spread(KILLS, whole)) met.push(await killedAfter(after, home))
      expect(met.filter((lines) => lines > 0).length, 'kills that met a run with a journal').toBeGreaterThan(KILLS / 4)
      expect((await startRun(native('--cached'), { home }).ended).code).toBe(0)
      expectNothingLeft(home)
    },
    KILLS * 60_000,
  )

  test('interrupted twice ends at once with 130, and the next run removes what is left', async () => {
    const run = startRun(native(), { server: { trouble: 'slow', after: 0 } })
    const { child, ended, home } = run
    await untilServing(run)
    const group = -(child.pid ?? 0)
    process.kill(group, 'SIGINT')
    process.kill(group, 'SIGINT')
    expect((await ended).code).toBe(130)
    await startRun(native('--cached'), { home }).ended
    expectNothingLeft(home)
  })

  test('on a disk that is full says so, and ends its server', async () => {
    const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f 16; exec "$0" "$@"`]
    const { ended, home } = startRun(native(), { by: limited })
    const { code, said } = await ended
    expect(code).not.toBe(0)
    expect(said).toMatch(/cannot be written|EFBIG|file too large/i)
    expectNothingLeft(home)
  })

  test('whose cache cannot be written still runs what is here', async () => {
    const noFolder = join(emptyFolder(), 'a-file')
    writeFileSync(noFolder, '')
    const { ended, out } = startRun(native(), { env: { ASSAY_CACHE: noFolder } })
    expect((await ended).code).toBe(0)
    expect(recordIn(out).totals.conforms).toBeGreaterThan(50)
  })

  test('whose cache was damaged says which server, and what to do, before anything of it is started', async () => {
    const cache = emptyFolder()
    const entry = join(cache, 'milvus', `2.3.5-${process.platform}-${process.arch}`)
    mkdirSync(entry, { recursive: true })
    writeFileSync(join(entry, 'assay-manifest.json'), '{"digest":"sha256:0","checked":["milvus"]}')
    writeFileSync(join(entry, 'milvus'), 'not what was put here')
    const { ended, home } = startRun(['run', '--product', 'milvus', '--runtime', 'native', '--cached'], { env: { ASSAY_CACHE: cache } })
    const { code, said } = await ended
    expect(code).toBe(3)
    expect(said).toMatch(/milvus.*its contents are sha256:\w+, not sha256:0/)
    expect(said).toContain('assay clean --cache')
    expectNothingLeft(home)
  })

  test.runIf(hasNamespaces)('on a machine without any network judges what is here, and names what it could not get', async () => {
    const alone = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"']
    const here = startRun(native(), { by: alone })
    expect((await here.ended).code).toBe(0)
    const { ended, out } = startRun(['run', '--product', 'milvus', '--runtime', 'native', '--profile', 'authorization'], { by: alone })
    const { code, said } = await ended
    expect(code).toBe(3)
    expect(said).toMatch(/milvus/i)
    expect(recordIn(out).totals).toMatchObject({ conforms: 0, deviates: 0 })
  })

  test('whose Docker engine goes away in the middle says so and judges nothing', async () => {
    let asked = 0
    const engine = createServer((socket) => void ((asked += 1), socket.resetAndDestroy())).listen(0, '127.0.0.1')
    await once(engine, 'listening')
    const { port } = engine.address() as AddressInfo
    const { ended, home } = startRun(['run', '--product', 'milvus', '--runtime', 'docker'], { env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` } })
    const { code, said } = await ended
    engine.close()
    expect(asked).toBeGreaterThan(0)
    expect(code).toBe(3)
    expect(said).toMatch(/docker/i)
    expectNothingLeft(home)
  })

  test('beside another run of the same user disturbs neither', async () => {
    const home = emptyFolder()
    const both = [startRun(native(), { home }), startRun(native(), { home })]
    const codes = await Promise.all(both.map(({ ended }) => ended.then(({ code }) => code)))
    expect(codes).toEqual([0, 0])
    const [first, second] = both.map(({ out }) => recordIn(out).cases.map(({ id, state }) => `${id} ${state}`))
    expect(first).toEqual(second)
    expectNothingLeft(home)
  })
})

/** @returns lines of the journal that it left */
async function killedAfter(ms: number, home: string): Promise<number> {
  const { child, ended, out } = startRun(native(), { home })
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), ms)
  const { code } = await ended
  clearTimeout(timer)
  const runs = readdirSync(out).filter((name) => name !== 'latest')
  const journals = await Promise.all(runs.map((run) => readJournal(join(out, run, 'journal.ndjson'))))
  expect(journals.map(({ complete }) => complete)).toEqual(runs.map(() => code !== null))
  return journals.reduce((sum, { lines }) => sum + lines.length, 0)
}
