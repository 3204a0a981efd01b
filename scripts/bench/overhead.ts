import pMap from 'p-map'
import type { Case } from '../../src/case.ts'
import type { InstanceSpec } from '../../src/instance.ts'
import type { Suite } from '../../src/product.ts'
import { Session } from '../../src/session.ts'
import { listenToSent, type SentRequest } from '../../src/wire/sent.ts'
import { bareLoop } from './bare-loop.ts'
import { median } from './figures.ts'
import { serveModel } from './serve-model.ts'

const CASES_AT_ONCE = 8
const ROUNDS = 3

export interface OverheadOptions {
  readonly suite: Suite
  readonly rows: readonly Case[]
  readonly spec: InstanceSpec
  readonly requestTimeoutMs: number
  readonly signal: AbortSignal
}

export interface Overhead {
  readonly cases: number
  readonly requests: number
  /** Share of the requests that prepare and clean up, and look at effects; the rest are probes and twins. */
  readonly setUpShare: number
  readonly lookShare: number
  /** Medians of the rounds. */
  readonly harnessMs: number
  readonly bareMs: number
  readonly ratio: number
  readonly casesPerSecond: number
}

/** Wall time of the cases through `runCase` ÷ that of a bare loop that sends the same requests to a fresh server, median of the rounds. */
export async function measureOverhead(options: OverheadOptions): Promise<Overhead> {
  const recorded = await record(options)
  const rounds: { readonly harnessMs: number; readonly bareMs: number }[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureRound(options, recorded.requests))
  const harnessMs = median(rounds.map((one) => one.harnessMs))
  return {
    cases: options.rows.length,
    requests: recorded.requests.length,
    setUpShare: recorded.setUpShare,
    lookShare: recorded.lookShare,
    harnessMs,
    bareMs: median(rounds.map((one) => one.bareMs)),
    ratio: median(rounds.map((one) => one.harnessMs / one.bareMs)),
    casesPerSecond: (options.rows.length / harnessMs) * 1000,
  }
}

async function record(
  options: OverheadOptions,
): Promise<{ readonly requests: readonly SentRequest[]; readonly setUpShare: number; readonly lookShare: number }> {
  const requests: SentRequest[] = []
  const stop = listenToSent((request) => void requests.push(request))
  await using model = await serveModel(options.spec)
  const { stages } = await judgeAll(options, model.info)
  stop()
  const share = (...wanted: readonly string[]): number => stages.filter((stage) => wanted.includes(stage)).length / stages.length
  return { requests, setUpShare: share('set-up', 'clean-up'), lookShare: share('effect') }
}

async function measureRound(options: OverheadOptions, requests: readonly SentRequest[]): Promise<{ readonly harnessMs: number; readonly bareMs: number }> {
  const harnessMs = await onFreshModel(options.spec, async (info) => (await judgeAll(options, info)).ms)
  const bareMs = await onFreshModel(options.spec, async (info) => (await bareLoop(requests, info.endpoint, CASES_AT_ONCE)).ms)
  return { harnessMs, bareMs }
}

async function onFreshModel(spec: InstanceSpec, measure: (info: Parameters<typeof judgeAll>[1]) => Promise<number>): Promise<number> {
  await using model = await serveModel(spec)
  return await measure(model.info)
}

async function judgeAll({ suite, rows, requestTimeoutMs, signal }: OverheadOptions, info: ConstructorParameters<typeof Session>[1]) {
  await using session = new Session(suite, info, { runId: 'bench', requestTimeoutMs })
  const started = performance.now()
  const reports = await pMap(rows, (row) => session.ask(row, signal), { concurrency: CASES_AT_ONCE })
  const ms = performance.now() - started
  const lost = reports.find(({ state }) => state !== 'conforms')
  if (lost !== undefined) throw new Error(`the bench measures cases that conform; ${lost.caseId} is ${lost.state}: ${lost.because}`)
  return { ms, stages: reports.flatMap(({ exchanges }) => exchanges.map(({ stage }) => stage)) }
}
