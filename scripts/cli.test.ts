import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { native, recordIn, startRun } from '../fixtures/stand-in/started-run.ts'
import { HarnessError } from '../src/errors.ts'
import { packageRoot } from '../src/root.ts'
import { parseArguments, type Command } from './command.ts'
import { commands, type CommandName } from './commands.ts'

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'assay-test-'))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

/** The command line as a user calls it, with a cache and an output folder of its own. */
async function assay(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(packageRoot, 'bin', 'assay'), ...args], {
    env: { ...process.env, ASSAY_CACHE: emptyFolder(), ASSAY_QDRANT_BIN: '', NO_COLOR: '1', DOCKER_HOST: 'unix:///nowhere/docker.sock', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, error }
}

/** One sentence, perhaps a hint below it, and never a stack. */
const isOneClearMessage = (error: string): boolean => /^assay: [^\n]+\n(?: {7}[^\n]+\n)?$/.test(error)

test.concurrent.each([
  ['an unknown command', ['rnu'], 'the command "rnu" is not known'],
  ['an unknown option', ['run', '--produkt', 'milvus'], '--produkt'],
  ['an output folder that cannot be made', ['run', '--out', '/proc/nowhere/out'], 'the output folder /proc/nowhere/out cannot be written'],
])('%s ends with 2 and one sentence that names it', async (_what, args, named) => {
  const { code, error, out } = await assay(args)
  expect(error).toContain(named)
  expect(isOneClearMessage(error)).toBe(true)
  expect([code, out]).toEqual([2, ''])
})

/** What a command says to arguments that it refuses, before it has done anything. */
async function refusalOf(name: CommandName, argv: readonly string[]): Promise<HarnessError> {
  const command: Command = await commands[name]()
  try {
    await command.run(parseArguments(name, command, argv))
  } catch (thrown) {
    if (thrown instanceof HarnessError) return thrown
  }
  throw new Error('it was not refused')
}

test.each([
  ['option', 'run', ['--produkt', 'milvus'], 'assay run: Unknown option', '--product'],
  ['product', 'run', ['--product', 'milvius'], 'the product "milvius" is not known', 'milvus'],
  ['version', 'run', ['--version', 'milvus=2.3.55'], `milvus's version "2.3.55" is not known`, '2.3.5'],
  ['rule', 'run', ['--rule', 'MLV-SUPER-LISTD-01'], 'no rule is called "MLV-SUPER-LISTD-01"', 'MLV-SUPER-LISTED-01'],
  ['pattern of rules', 'run', ['--rule', 'QDR-JTW-*'], 'no rule is called "QDR-JTW-*"', 'QDR-JWT-*'],
  ['runtime', 'run', ['--runtime', 'dockre'], 'the runtime "dockre" is not known', 'docker'],
  ['tier', 'run', ['--tier', 'cor'], 'the tier "cor" is not known', 'core'],
  ['rule to explain', 'explain', ['MLV-SUPER-LISTED-1'], 'no rule is called "MLV-SUPER-LISTED-1"', 'MLV-SUPER-LISTED-01'],
  ['case to replay', 'replay', ['milvus.grpc.root.may.creat-user'], 'no case is called "milvus.grpc.root.may.creat-user"', 'milvus.grpc.root.may.create-user'],
] as const)('a misspelt %s is refused in one sentence that names it, with the nearest', async (_what, name, argv, named, meant) => {
  const refusal = await refusalOf(name, argv)
  expect(refusal.message.startsWith(named)).toBe(true)
  expect([refusal.exitCode, refusal.message.includes('\n')]).toEqual([2, false])
  expect(refusal.hint).toContain(`did you mean ${meant}?`)
})

test.each([
  ['a runtime that is none', ['--runtime', 'podman'], 'the runtime "podman" is not known'],
  ['a plan that is not there', ['--plan', '/nowhere/plan.yaml'], 'the plan /nowhere/plan.yaml cannot be read'],
  ['a seed that is no number', ['--seed', 'x'], '--seed x: a whole number is expected'],
])('%s is refused with 2, and named', async (_what, argv, named) => {
  const refusal = await refusalOf('run', argv)
  expect([refusal.exitCode, refusal.message.startsWith(named)]).toEqual([2, true])
})

test.concurrent('a cache that cannot be made is named at once, with what to do, and the command goes on', async () => {
  const { code, out, error } = await assay(['list', '--product', 'keycloak'], { ASSAY_CACHE: '/proc/nowhere' })
  expect(error).toMatch(/^assay: the cache folder \/proc\/nowhere cannot be written .*\n {7}set ASSAY_CACHE /)
  expect([code, out.startsWith('keycloak: ')]).toEqual([0, true])
})

const A_RUN_MS = 180_000

test.concurrent(
  'a run in which nothing real can start ends with 3, whatever the model says',
  async () => {
    const out = emptyFolder()
    const ended = await assay(['run', '--product', 'qdrant', '--cached', '--runtime', 'model', '--case', 'qdrant.rest.anonymous.*', '--out', out])
    expect(ended.error).toBe('')
    expect(ended.code).toBe(3)
    const record = JSON.parse(readFileSync(join(out, 'latest', 'run.json'), 'utf8')) as {
      headline: string
      totals: Record<string, number>
      modelTotals: Record<string, number>
      instances: { evidence: string }[]
    }
    expect(record.headline).toMatch(/nothing real ran/i)
    expect(Object.values(record.totals).every((count) => count === 0)).toBe(true)
    expect(record.modelTotals['conforms']).toBeGreaterThan(0)
    expect(new Set(record.instances.map(({ evidence }) => evidence))).toEqual(new Set(['model']))
  },
  A_RUN_MS,
)

test.concurrent('with --bail a run ends at the first case that is not as it should be, says which, and is not whole', { timeout: 240_000 }, async () => {
  const run = startRun(native('--bail', '--seed', '7'), { server: { trouble: 'garbage' } })
  const { code, said } = await run.ended
  expect(code).toBe(3)
  expect(said.match(/^stopped at the first case that is not as it should be: qdrant\.\S+ could-not-run$/gm)).toHaveLength(1)
  expect([recordIn(run.out).complete, recordIn(run.out).interrupted]).toEqual([false, false])
})

/** Node alone: no pip, mvn, go or docker. */
const nodeOnly = [dirname(process.execPath), '/bin'].join(delimiter)

test.concurrent('a missing package manager is named with what to do, and the run ends with 3', async () => {
  const ended = await assay(['run', '--product', 'milvus,weaviate,keycloak', '--runtime', 'native', '--out', emptyFolder()], { PATH: emptyFolder() })
  expect(ended.code).toBe(3)
  expect(ended.out).toMatch(/milvus .*not judged: native: .*(pip|Python)/i)
  expect(ended.out).toMatch(/keycloak .*not judged: native: .*(mvn|Maven|Java)/i)
  expect(ended.out).toMatch(/weaviate .*not judged: native: .*\bgo\b/i)
})

test.concurrent('no Docker engine is named with what to do, and the run ends with 3', async () => {
  const ended = await assay(['run', '--product', 'milvus', '--runtime', 'docker', '--out', emptyFolder()])
  expect(ended.code).toBe(3)
  expect(ended.out).toMatch(/milvus .*not judged: docker: .*(engine|Docker)/i)
})

test.concurrent('a cached server whose digest is wrong is not run', async () => {
  const cache = emptyFolder()
  const entry = join(cache, 'qdrant', '1.18.3')
  for (const folder of [entry, `${entry}-linux-x64`]) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'qdrant'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    writeFileSync(join(folder, 'assay-manifest.json'), JSON.stringify({ digest: `sha256:${'0'.repeat(64)}`, checked: ['qdrant'] }))
  }
  const ended = await assay(['run', '--product', 'qdrant', '--runtime', 'native', '--cached', '--case', 'qdrant.rest.anonymous.*', '--out', emptyFolder()], {
    ASSAY_CACHE: cache,
    PATH: nodeOnly,
  })
  expect(ended.code).toBe(3)
  expect(ended.out).toMatch(/its contents are sha256:[0-9a-f]{64}, not sha256:0{64} as when it was filled/)
})

test.concurrent('Ctrl-C stops the servers, writes what there is, and ends with 130', async () => {
  const out = emptyFolder()
  const env = { ...process.env, ASSAY_CACHE: emptyFolder(), NO_COLOR: '1', DOCKER_HOST: 'unix:///nowhere/docker.sock' }
  const child = spawn(process.execPath, [join(packageRoot, 'bin', 'assay'), 'run', '--runtime', 'model', '--product', 'qdrant', '--out', out], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let said = ''
  let sent = false
  for await (const chunk of child.stdout) {
    said += String(chunk)
    // As a terminal does it: the whole group gets the signal.
    if (!sent && said.includes('ready in')) sent = process.kill(-(child.pid ?? 0), 'SIGINT')
    if (said.includes('report: ')) break
  }
  expect(await ended).toBe(130)
  const record = JSON.parse(readFileSync(join(out, 'latest', 'run.json'), 'utf8')) as { complete: boolean; interrupted: boolean; headline: string }
  expect([record.complete, record.interrupted]).toEqual([false, true])
  expect(record.headline).toMatch(/^Interrupted: /)
})

test.concurrent('help fits a screen and goes to standard output', async () => {
  const { code, out, error } = await assay(['--help'])
  expect([code, error]).toEqual([0, ''])
  expect(out.trimEnd().split('\n').length).toBeLessThan(24)
  expect(out).toContain('Exit codes: 0 conforms')
})

test.concurrent('doctor says for each product what can run and why not', async () => {
  const { code, out } = await assay(['doctor'], { NO_COLOR: '' })
  expect(code).toBe(0)
  // A pipe takes no colours.
  expect(out).not.toContain('\u001B')
  for (const product of ['qdrant', 'milvus', 'weaviate', 'keycloak']) expect(out).toMatch(new RegExp(`^${product} \\d`, 'm'))
  expect(out).toMatch(/model +ready/)
})
