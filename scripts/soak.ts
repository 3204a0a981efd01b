import { execa } from 'execa'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { canonicalView } from '../reports/canonical.ts'
import { EXIT, HarnessError, worstExit, type ExitCode } from '../src/errors.ts'
import { runtimeKinds } from '../src/instance.ts'
import { defaultOutRoot, packageRoot } from '../src/root.ts'
import { productNames } from '../src/rule.ts'
import { suites } from '../suites/registry.ts'
import { countOf, type Arguments, type Command } from './command.ts'
import { readRun } from './read-run.ts'

const BUSY_LOOPS = 2
const MOST_SHOWN = 20

interface Soaked {
  readonly tier: 'core' | 'full'
  /** Of the order in which the cases were asked. */
  readonly seed: number
  readonly busyLoops: number
  readonly exitCode: number
  readonly seconds: number
  readonly cases: number
  /** What its canonical view says otherwise than that of the tier's first run. */
  readonly differences: readonly string[]
}

export const soakCommand: Command = {
  says: 'runs again and again, in other orders and under load: the same verdicts each time, or 1; writes soak.json',
  positionals: '',
  options: {
    runs: { type: 'string', value: 'N', says: 'of the core tier; default 20' },
    whole: { type: 'string', value: 'N', says: 'of everything; default 3' },
    product: { type: 'string', multiple: true, value: 'NAME', says: `only these: ${productNames.join(', ')}`, values: productNames },
    version: { type: 'string', multiple: true, value: 'PRODUCT=X.Y.Z', says: 'this version in place of the default' },
    runtime: { type: 'string', value: 'KIND', says: 'auto (default), docker, native, model', values: ['auto', ...runtimeKinds] },
    out: { type: 'string', value: 'FOLDER', says: 'where soak.json and the runs go; absent: reports/out/soak' },
  },
  run: async (args) => {
    const out = args.one('out') ?? join(defaultOutRoot(), 'soak')
    mkdirSync(out, { recursive: true })
    const soaked = [...(await soak('core', timesOf('runs', args, 20), out, args)), ...(await soak('full', timesOf('whole', args, 3), out, args))]
    const file = join(out, 'soak.json')
    writeFileSync(file, `${JSON.stringify({ finishedAt: new Date().toISOString(), runs: soaked }, null, 2)}\n`)
    console.log(`figures: ${file}`)
    return exitCodeOf(soaked)
  },
}

/** Zero leaves a tier out. */
function timesOf(option: string, args: Arguments, otherwise: number): number {
  const given = args.one(option)
  return given === '0' ? 0 : given === undefined ? otherwise : countOf(option, given, String(otherwise))
}

async function soak(tier: Soaked['tier'], runs: number, out: string, args: Arguments): Promise<readonly Soaked[]> {
  const soaked: Soaked[] = []
  let first: string | undefined
  for (let seed = 1; seed <= runs; seed++) {
    // Every other run has to share the machine.
    const one = await soakOnce(tier, seed, seed % 2 === 0 ? BUSY_LOOPS : 0, join(out, `${tier}-${seed}`), args)
    first ??= one.view
    const soakedOne = { ...one.figures, differences: differences(first, one.view) }
    console.log(lineOf(soakedOne))
    for (const line of soakedOne.differences.slice(0, MOST_SHOWN)) console.log(`  ${line}`)
    soaked.push(soakedOne)
  }
  return soaked
}

async function soakOnce(tier: Soaked['tier'], seed: number, busyLoops: number, out: string, args: Arguments) {
  const started = performance.now()
  const loops = Array.from({ length: busyLoops }, () => new Worker('for (;;);', { eval: true }))
  const asked = ['product', 'version', 'runtime'].flatMap((name) => args.all(name).flatMap((value) => [`--${name}`, value]))
  const command = [join(packageRoot, 'bin', 'assay'), 'run', '--tier', tier, '--seed', String(seed), '--cached', '--out', out, ...asked]
  const { exitCode = EXIT.defect, stderr } = await execa(process.execPath, command, { reject: false, stdin: 'ignore' })
  await Promise.all(loops.map((loop) => loop.terminate()))
  const seconds = (performance.now() - started) / 1000
  const { record } = await readRun(join(out, 'latest'), suites).catch((cause: unknown) => {
    throw new HarnessError('HARNESS_DEFECT', `run ${seed} of ${tier} left no report (exit code ${exitCode}): ${stderr.slice(-500)}`, { cause })
  })
  return { view: canonicalView(record), figures: { tier, seed, busyLoops, exitCode, seconds, cases: record.cases.length } }
}

/** What the other run says otherwise: cases by name, and beside them the parts of the view that differ. */
function differences(first: string, other: string): readonly string[] {
  if (first === other) return []
  const [before, after] = [partsOf(first), partsOf(other)]
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((part) => before.get(part) !== after.get(part))
    .map((part) => `${part}: ${before.get(part) ?? 'absent'} → ${after.get(part) ?? 'absent'}`)
}

interface View {
  readonly cases: readonly { readonly id: string; readonly instance: string; readonly state: string; readonly because: string }[]
}

function partsOf(view: string): ReadonlyMap<string, string> {
  const { cases, ...rest } = JSON.parse(view) as View
  return new Map([
    ...cases.map((row) => [`${row.id} on ${row.instance}`, `${row.state} (${row.because}) ${digestOf(row)}`] as const),
    ...Object.entries(rest).map(([name, value]) => [name, digestOf(value)] as const),
  ])
}

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8)

function lineOf({ tier, seed, busyLoops, exitCode, seconds, cases, differences: found }: Soaked): string {
  const said = found.length === 0 ? 'the same' : `${found.length} DIFFERENCES`
  const load = busyLoops === 0 ? 'idle' : `${busyLoops} busy loops`
  return `${tier} ${String(seed).padStart(3)}  ${load.padEnd(12)} exit ${exitCode}  ${String(cases).padStart(6)} cases  ${seconds.toFixed(1).padStart(7)} s  ${said}`
}

function exitCodeOf(soaked: readonly Soaked[]): ExitCode {
  const known = Object.values(EXIT)
  const own = soaked.map(({ exitCode }) => known.find((code) => code === exitCode) ?? EXIT.defect)
  return worstExit([...own, ...(soaked.some(({ differences: found }) => found.length > 0) ? [EXIT.deviations] : [])])
}
