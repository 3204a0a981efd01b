import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultVersion } from '../containers/choose.ts'
import { servers } from '../containers/registry.ts'
import { EXIT, type ExitCode } from '../src/errors.ts'
import type { InstanceSpec } from '../src/instance.ts'
import { instanceId, randomCredential } from '../src/naming.ts'
import { holdsFor } from '../src/plan.ts'
import { casesOf } from '../src/product.ts'
import { defaultOutRoot } from '../src/root.ts'
import { suites } from '../suites/registry.ts'
import { measureGrowth, measurePlanning } from './bench/growth.ts'
import { measureOverhead, type OverheadOptions } from './bench/overhead.ts'
import { measureReports } from './bench/reports.ts'
import type { Command } from './command.ts'
import { Harness, REQUEST_TIMEOUT_MS } from './harness.ts'

const PROFILE = 'keys-and-jwt'
const GROWTH_ROWS = 200
const REPORTED_RESULTS = 100_000

/** One figure with what it may be at most (or at least); absent: shown only. */
interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly atMost?: number
  readonly atLeast?: number
}

export const benchCommand: Command = {
  says: "measures what the harness itself costs, against Qdrant's model; writes bench.json",
  positionals: '',
  options: { out: { type: 'string', value: 'FOLDER', says: 'where bench.json goes; absent: reports/out' } },
  async run(args) {
    const out = args.one('out') ?? defaultOutRoot()
    // Before the minutes of measuring, so that a folder that cannot be made is told at once.
    mkdirSync(out, { recursive: true })
    const figures = await measure()
    const file = join(out, 'bench.json')
    writeFileSync(file, `${JSON.stringify({ measuredAt: new Date().toISOString(), figures }, null, 2)}\n`)
    for (const figure of figures) console.log(lineOf(figure))
    console.log(`figures: ${file}`)
    return verdictOf(figures)
  },
}

async function measure(): Promise<readonly Figure[]> {
  await using harness = await Harness.open({
    wanted: [],
    runtime: 'model',
    images: {},
    cachedOnly: true,
    modelToo: false,
    selection: {},
    print: (line) => console.log(line),
  })
  const rest = await measureOverhead(optionsFor(harness, 'rest'))
  const grpc = await measureOverhead(optionsFor(harness, 'grpc'))
  const all = optionsFor(harness, 'rest')
  const growth = await measureGrowth({ ...all, rows: all.rows.slice(0, GROWTH_ROWS) })
  return [
    ...Object.entries({ rest, grpc }).flatMap(([surface, one]): readonly Figure[] => [
      { name: `overhead ${surface}: harness ÷ bare loop, ${one.cases} cases, ${one.requests} requests`, value: one.ratio, unit: '×', atMost: 1.25 },
      { name: `decisions ${surface}`, value: one.casesPerSecond, unit: '/s' },
      { name: `requests ${surface} that set up or clean up`, value: one.setUpShare * 100, unit: '%' },
      { name: `requests ${surface} that look at effects`, value: one.lookShare * 100, unit: '%' },
    ]),
    { name: `growth: time of ${growth.cases} cases ÷ that of a tenth`, value: growth.timeRatio, unit: '×', atMost: 10.5 },
    { name: 'growth: heap after the last tenth ÷ after the first', value: growth.heapRatio, unit: '×', atMost: 1.5 },
    { name: 'planning 100,000 cases', value: measurePlanning(suites.qdrant), unit: 'ms', atMost: 1000 },
    ...(await reportFigures()),
  ]
}

async function reportFigures(): Promise<readonly Figure[]> {
  const [tenth, whole] = [await measureReports(REPORTED_RESULTS / 10), await measureReports(REPORTED_RESULTS)]
  return [
    { name: `all reports of ${REPORTED_RESULTS} results, journal of ${whole.journalMiB} MiB`, value: whole.ms / 1000, unit: 's', atMost: 20 },
    { name: 'all reports: peak memory', value: whole.peakMiB, unit: 'MiB', atMost: 1000 },
    { name: 'all reports: work of ten times the results', value: whole.cpuMs / tenth.cpuMs, unit: '×', atMost: 10.5 },
  ]
}

/** Cases that hold on the default version, share the server, and do not wait for a clock. */
function optionsFor({ pki, folder, signal }: Harness, surface: 'rest' | 'grpc'): OverheadOptions {
  const suite = suites.qdrant
  const version = defaultVersion(servers.qdrant)
  const holds = (range: string | undefined): boolean => range === undefined || holdsFor(range, version)
  const rows = casesOf(suite).filter(
    (row) =>
      row.profile === PROFILE &&
      row.surface === surface &&
      row.exclusive === undefined &&
      row.runtimes === undefined &&
      holds(row.versions) &&
      row.rules.every((rule) => holds(suite.rules[rule]?.versions)),
  )
  const spec: InstanceSpec = {
    id: instanceId('qdrant', version, PROFILE, 'model'),
    product: 'qdrant',
    version,
    profile: PROFILE,
    runtime: 'model',
    evidence: 'model',
    pki,
    folder: folder.instance('bench'),
    credentials: servers.qdrant.profiles[PROFILE]?.credentials(randomCredential) ?? {},
    peers: {},
  }
  return { suite, rows, spec, requestTimeoutMs: REQUEST_TIMEOUT_MS, signal }
}

const isOver = ({ value, atMost, atLeast }: Figure): boolean => (atMost !== undefined && !(value <= atMost)) || (atLeast !== undefined && !(value >= atLeast))

function lineOf(figure: Figure): string {
  const { name, value, unit, atMost, atLeast } = figure
  const limit = atMost !== undefined ? `at most ${atMost}` : atLeast !== undefined ? `at least ${atLeast}` : ''
  const mark = limit === '' ? '   ' : isOver(figure) ? 'OVER' : 'ok '
  return `${mark.padEnd(4)} ${name.padEnd(72)} ${value.toFixed(2).padStart(10)} ${unit.padEnd(3)} ${limit}`
}

const verdictOf = (figures: readonly Figure[]): ExitCode => (figures.some(isOver) ? EXIT.deviations : EXIT.conforms)
