import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { codeRoot } from '../src/root.ts'
import { PROCESS_RECORD, RunFolder, sweepDeadRuns } from './run-folder.ts'
import { ProcessGroup, isSameProcess, recordOf } from './runtimes/process-group.ts'

const emptyRoot = (): string => mkdtempSync(join(tmpdir(), 'assay-test-'))

/** A run that starts one server with a child of its own, says so, and waits to be killed. */
const run = (root: string): string => `
  import { join } from 'node:path'
  import { RunFolder } from ${JSON.stringify(join(codeRoot, 'containers/run-folder.ts'))}
  import { ProcessGroup } from ${JSON.stringify(join(codeRoot, 'containers/runtimes/process-group.ts'))}
  const folder = new RunFolder('killed-run', ${JSON.stringify(root)})
  const cwd = folder.instance('server')
  const group = new ProcessGroup({ program: '/bin/sh', args: ['-c', 'sleep 600 & sleep 600'], env: {}, cwd, logFile: join(cwd, 'server.log'), recordFile: join(cwd, ${JSON.stringify(PROCESS_RECORD)}) })
  console.log(group.pid)
  setInterval(() => {}, 1000)
`

const groupLives = (pid: number): boolean => {
  try {
    process.kill(-pid, 0)
    return true
  } catch {
    return false
  }
}

test('the next run ends the servers, with their children, of a run that was killed with -9, and removes its folder', async () => {
  const root = emptyRoot()
  const harness = spawn(process.execPath, ['--input-type=module-typescript', '--eval', run(root)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [chunk] = (await once(harness.stdout, 'data')) as [Buffer]
  const server = Number(chunk.toString())
  onTestFinished(() => void (groupLives(server) && process.kill(-server, 'SIGKILL')))
  harness.kill('SIGKILL')
  await once(harness, 'exit')
  expect(groupLives(server)).toBe(true)
  expect(await sweepDeadRuns(root)).toEqual(['removed what a killed run left: killed-run, 1 server process ended'])
  expect(groupLives(server)).toBe(false)
  expect(existsSync(join(root, 'killed-run'))).toBe(false)
})

test('the folder of a run that is alive is left alone', async () => {
  const root = emptyRoot()
  using folder = new RunFolder('live-run', root)
  expect(await sweepDeadRuns(root)).toEqual([])
  expect(existsSync(folder.path)).toBe(true)
})

test('a process that was given the id of a dead server is left alone', async () => {
  const self = recordOf(process.pid)
  expect(isSameProcess(self)).toBe(true)
  expect(isSameProcess({ ...self, startedAt: `${self.startedAt}1` })).toBe(process.platform !== 'linux')
})

test('disposing of a process group ends what it started too, and what it printed can be read', async () => {
  const cwd = emptyRoot()
  const options = {
    program: '/bin/sh',
    args: ['-c', 'sleep 600 & echo started; wait'],
    env: { PATH: '/usr/bin:/bin' },
    cwd,
    logFile: join(cwd, 'server.log'),
    recordFile: join(cwd, PROCESS_RECORD),
  }
  const group = new ProcessGroup(options)
  await expect.poll(() => group.logTail()).toEqual(['started'])
  await group[Symbol.asyncDispose]()
  expect(groupLives(group.pid)).toBe(false)
  expect(await group.ended).toBe('ended by SIGTERM')
  expect(JSON.parse(readFileSync(options.recordFile, 'utf8'))).toHaveProperty('pid', group.pid)
})

test('a program that is not there is said to be so', async () => {
  const cwd = emptyRoot()
  await using group = new ProcessGroup({
    program: join(cwd, 'nothing'),
    args: [],
    env: {},
    cwd,
    logFile: join(cwd, 'server.log'),
    recordFile: join(cwd, PROCESS_RECORD),
  })
  expect(await group.ended).toMatch(/^could not be started: spawn .*nothing ENOENT$/)
})
