import { existsSync } from 'node:fs'
import { parseArgs, styleText } from 'node:util'
import { Cache, defaultCacheRoot } from '../containers/cache.ts'
import { RunFolder, sweepDeadRuns } from '../containers/run-folder.ts'
import { nativeRuntime } from '../containers/runtimes/native.ts'
import type { ServerDefinition } from '../containers/server.ts'
import { makePki } from '../fixtures/pki/make-pki.ts'
import { settle } from '../src/deviation.ts'
import { systemClock } from '../src/driver.ts'
import type { Instance, InstanceInfo, Runtime } from '../src/instance.ts'
import { instanceId, newRunId, randomCredential, scopeName } from '../src/naming.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { productNames, type ProductName } from '../src/rule.ts'
import { runCase } from '../src/run-case.ts'
import { Vault } from '../src/secret.ts'
import { matchesPattern } from '../src/deviation.ts'
import pMap from 'p-map'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { version: { type: 'string' }, profile: { type: 'string' }, runtime: { type: 'string', default: 'native' }, case: { type: 'string', default: '*' }, wire: { type: 'boolean' }, keep: { type: 'boolean' }, all: { type: 'boolean' }, image: { type: 'string', multiple: true } },
})
const product = positionals[0] as ProductName
const servers: Partial<Record<ProductName, ServerDefinition>> = {}
for (const name of productNames) {
  if (existsSync(new URL(`../containers/${name}/server.ts`, import.meta.url))) servers[name] = ((await import(`../containers/${name}/server.ts`)) as Record<string, ServerDefinition>)[`${name}Server`] as ServerDefinition
}
const suite = ((await import(`../suites/${product}/suite.ts`)) as Record<string, Suite>)[`${product}Suite`] as Suite
const server = servers[product] as ServerDefinition
const version = values.version ?? server.versions.find((entry) => entry.default)?.version ?? server.versions[0]?.version ?? ''
const runId = newRunId(Date.now())
for (const line of await sweepDeadRuns()) console.log(line)
using folder = new RunFolder(runId)
const pki = await makePki(folder.instance('pki'), productNames.map((name) => `${name}.assay.test`))
const runtime = await runtimeOf(values.runtime)
const controller = new AbortController()
process.once('SIGINT', () => controller.abort(new Error('interrupted')))
const log = (line: string): void => console.log(line)

async function runtimeOf(kind: string): Promise<Runtime> {
  if (kind === 'native') return nativeRuntime({ servers, cache: new Cache(defaultCacheRoot()) })
  if (kind === 'model') return ((await import('../containers/runtimes/model.ts' as string)) as { modelRuntime: () => Runtime }).modelRuntime()
  const images = Object.fromEntries((values.image ?? []).map((pair) => pair.split('=')))
  return ((await import('../containers/runtimes/docker.ts' as string)) as { dockerRuntime: (options: unknown) => Runtime }).dockerRuntime({ servers, runId, images })
}

async function boot(name: ProductName, ofVersion: string, profile: string, stack: AsyncDisposableStack): Promise<Instance> {
  const definition = servers[name] as ServerDefinition
  const peers: Partial<Record<ProductName, InstanceInfo>> = {}
  for (const [peer, peerProfile] of Object.entries(definition.profiles[profile]?.needs ?? {}) as [ProductName, string][]) {
    const peerVersion = servers[peer]?.versions.find((entry) => entry.default)?.version ?? ''
    peers[peer] = (await boot(peer, peerVersion, peerProfile, stack)).info
  }
  await runtime.fetch(name, ofVersion, { signal: controller.signal, log })
  const evidence = runtime.kind === 'model' ? 'model' : 'real'
  const id = instanceId(name, ofVersion, profile, evidence)
  const started = performance.now()
  const credentials = definition.profiles[profile]?.credentials(randomCredential) ?? {}
  const instance = await runtime.start({ id, product: name, version: ofVersion, profile, runtime: runtime.kind, evidence, pki, folder: folder.instance(id), credentials, peers }, { signal: controller.signal, log })
  console.log(`${id} ready in ${((performance.now() - started) / 1000).toFixed(1)} s: ${JSON.stringify(instance.info.endpoint.ports)}`)
  return stack.use(instance)
}

const wanted = casesOf(suite).filter((row) => matchesPattern(values.case, row.id) && (values.profile === undefined || row.profile === values.profile))
const counts: Record<string, number> = {}
for (const profile of new Set(wanted.map((row) => row.profile))) {
  await using stack = new AsyncDisposableStack()
  const instance = await boot(product, version, profile, stack)
  const vault = new Vault()
  const driver = await suite.connect(instance.info, { vault, clock: systemClock })
  stack.use(driver)
  const started = performance.now()
  const rows = wanted.filter((row) => row.profile === profile)
  await pMap(
    [...rows.filter((row) => row.exclusive !== true), ...rows.filter((row) => row.exclusive === true)],
    async (row) => {
      const result = await runCase(driver, row, { name: scopeName(runId, instance.info.id, row.id), vault, clock: systemClock, signal: controller.signal, requestTimeoutMs: 10_000 })
      const { state, because } = settle(row, result.verdict, instance.info, suite.deviations)
      counts[state] = (counts[state] ?? 0) + 1
      if (state === 'conforms' && values.all !== true && values.wire !== true) return
      console.log(`${styleText(state === 'conforms' ? 'green' : 'red', state)} ${row.id} [${row.rules.join(' ')}]\n    ${because}`)
      if (result.verdict.kind === 'deviates') console.log(`    class=${result.verdict.class} code=${result.verdict.code} message=${result.verdict.message}`)
      if (values.wire === true) for (const e of result.exchanges) console.log(`    ${e.stage} ${e.request} ${JSON.stringify(e.headers)} ${e.body}\n      → ${e.status} ${e.answer} (${e.ms.toFixed(0)} ms)`)
    },
    { concurrency: 8 },
  )
  console.log(`${profile}: ${rows.length} cases in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  if (values.keep === true) {
    console.log(`kept: ${JSON.stringify(instance.info, null, 1)}\npress Ctrl-C to end`)
    await new Promise((resolve) => controller.signal.addEventListener('abort', resolve))
  }
}
console.log(JSON.stringify(counts))
