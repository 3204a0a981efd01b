import pMap from 'p-map'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { InstanceInfo } from '../../src/instance.ts'
import { makePlan } from '../../src/plan.ts'
import { casesOf, type Suite } from '../../src/product.ts'
import { Session } from '../../src/session.ts'
import { median } from './figures.ts'
import type { OverheadOptions } from './overhead.ts'
import { serveModel } from './serve-model.ts'

const CASES_AT_ONCE = 8
const TIMES = 10
const PLANNED_CASES = 100_000

export interface Growth {
  readonly cases: number
  readonly timesAsMany: number
  /** Time of ten times the cases ÷ ten times the median time of a tenth, within the same minute. */
  readonly timeRatio: number
  /** Heap in use after the last tenth ÷ after the first, garbage collected before each. */
  readonly heapRatio: number
}

/** Whether ten times the cases take more than ten times as long, or memory that grows with them. */
export async function measureGrowth(options: OverheadOptions): Promise<Growth> {
  await using model = await serveModel(options.spec)
  await judge(options, model.info, 'warm')
  const tenths: { readonly ms: number; readonly heap: number }[] = []
  for (let tenth = 0; tenth < TIMES; tenth++) tenths.push(await judge(options, model.info, `t${tenth}`))
  const whole = tenths.reduce((sum, { ms }) => sum + ms, 0)
  return {
    cases: options.rows.length * TIMES,
    timesAsMany: TIMES,
    timeRatio: whole / median(tenths.slice(0, 3).map(({ ms }) => ms)),
    heapRatio: (tenths.at(-1)?.heap ?? Number.NaN) / (tenths[0]?.heap ?? Number.NaN),
  }
}

async function judge({ suite, rows, requestTimeoutMs, signal }: OverheadOptions, info: InstanceInfo, runId: string): Promise<{ ms: number; heap: number }> {
  await using session = new Session(suite, info, { runId, requestTimeoutMs })
  const started = performance.now()
  await pMap(rows, async (row) => void (await session.ask(row, signal)), { concurrency: CASES_AT_ONCE })
  const ms = performance.now() - started
  return { ms, heap: heapInUse() }
}

function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed
}

/** Milliseconds that planning takes with 100,000 cases of one product. */
export function measurePlanning(suite: Suite): number {
  const rows = casesOf(suite)
  const many = Array.from({ length: PLANNED_CASES }, (_, at) => ({ row: rows[at % rows.length], at })).flatMap(({ row, at }) =>
    row === undefined ? [] : [{ ...row, id: `${row.id}.${at}` }],
  )
  const started = performance.now()
  makePlan({
    suites: { [suite.product]: { ...suite, tables: { many } } },
    needs: {},
    targets: [{ product: suite.product, version: '1.18.3', runtime: 'model' }],
    support: [],
    selection: {},
  })
  return performance.now() - started
}
