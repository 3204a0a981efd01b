import { workerData } from 'node:worker_threads'
import { matchesPattern } from '../src/deviation.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { Session } from '../src/session.ts'
import { suites } from '../suites/registry.ts'
import { REQUEST_TIMEOUT_MS } from './harness.ts'
import { replayOn } from './replay-cases.ts'
import type { Watched } from './watch.ts'

/** Asks the named cases once, as the files say them now. A clock makes the names: what the last time left has others. */
const { infos, pattern, product, runId, wire } = workerData as Watched
const suite: Suite = suites[product]
const rows = casesOf(suite).filter((row) => matchesPattern(pattern, row.id))
const elsewhere = rows.filter(({ profile }) => !infos.some((info) => info.profile === profile))
if (rows.length === 0) console.log(`no case is called ${JSON.stringify(pattern)} any more`)
for (const { id, profile } of elsewhere) console.log(`${id}: its profile ${profile} was not started: start again to ask it`)
for (const info of infos) {
  await using session = new Session(suite, info, { runId: `${runId}-${Date.now()}`, requestTimeoutMs: REQUEST_TIMEOUT_MS })
  const own = rows.filter(({ profile }) => profile === info.profile)
  await replayOn(session, own, { signal: new AbortController().signal, wire })
  console.log(`${info.id}: ${own.length} cases asked`)
}
