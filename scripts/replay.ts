import { styleText } from 'node:util'
import { chooseTargets, defaultVersion } from '../containers/choose.ts'
import { Fleet } from '../containers/fleet.ts'
import { needsOf, servers } from '../containers/registry.ts'
import { RunFolder, sweepDeadRuns } from '../containers/run-folder.ts'
import { makeRuntimes } from '../containers/runtimes/all.ts'
import { makePki } from '../fixtures/pki/make-pki.ts'
import { matchesPattern, settle } from '../src/deviation.ts'
import { systemClock, type Driver } from '../src/driver.ts'
import { EXIT, HarnessError, worstExit, type ExitCode } from '../src/errors.ts'
import { runtimeKinds, type InstanceInfo } from '../src/instance.ts'
import { newRunId, scopeName } from '../src/naming.ts'
import type { Exchange } from '../src/outcome.ts'
import { makePlan } from '../src/plan.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { productNames, type ProductName } from '../src/rule.ts'
import { runCase, type CaseResult } from '../src/run-case.ts'
import { Vault } from '../src/secret.ts'
import { suites } from '../suites/registry.ts'
import type { Case } from '../src/case.ts'
import { oneOf, type Arguments, type Command } from './command.ts'
import { interruptSignal } from './interrupt.ts'

const REQUEST_TIMEOUT_MS = 10_000

export const replayCommand: Command = {
  says: 'runs one case again (or all that a pattern names), by hand, with the wire shown',
  positionals: '<case>',
  options: {
    version: { type: 'string', value: 'X.Y.Z', says: "the product's version; absent: the default one" },
    runtime: { type: 'string', value: 'KIND', says: 'auto (default), docker, native, model' },
    image: { type: 'string', value: 'IMAGE', says: 'this image in place of the official one' },
    quiet: { type: 'boolean', says: 'only the verdicts that do not conform, without the wire' },
    keep: { type: 'boolean', says: 'leave the server up until Ctrl-C, and print how to reach it' },
  },
  run: replay,
}

async function replay(args: Arguments): Promise<ExitCode> {
  const [pattern] = args.positionals
  if (pattern === undefined) throw new HarnessError('USAGE', 'assay replay: which case?', { hint: '`assay list --cases` names them all' })
  const suite = suiteOf(pattern)
  const print = (line: string): void => console.log(line)
  const signal = interruptSignal(print)
  await sweepDeadRuns()
  const runId = newRunId(Date.now())
  const runtime = oneOf('the runtime', args.one('runtime') ?? 'auto', ['auto', ...runtimeKinds])
  const image = args.one('image')
  await using closing = new AsyncDisposableStack()
  const runtimes = await makeRuntimes({ kind: runtime, servers, runId, images: image === undefined ? {} : { [suite.product]: image } })
  for (const one of Object.values(runtimes)) closing.use(one)
  const wanted = [{ product: suite.product, version: args.one('version') ?? defaultVersion(servers[suite.product]) }]
  const choice = await chooseTargets({ servers, runtimes, wanted, runtime, cachedOnly: false, modelToo: false })
  const plan = makePlan({ suites, needs: needsOf(servers), targets: choice.targets, support: choice.support, selection: { cases: [pattern] } })
  using folder = new RunFolder(runId)
  const pki = await makePki(
    folder.instance('pki'),
    productNames.map((name) => `${name}.assay.test`),
  )
  await using fleet = new Fleet({
    plan,
    servers,
    runtimes,
    folder,
    pki,
    signal,
    boots: 2,
    log: print,
    onBoot: (instance, event) => event.kind === 'failed' && print(`${instance.id}: ${event.because}`),
  })
  const codes: ExitCode[] = []
  for (const planned of plan.instances.filter(({ cases }) => cases.length > 0)) {
    const { info } = await fleet.boot(planned.id)
    print(`${info.id} (${info.runtime}, ${info.evidence}) at ${JSON.stringify(info.endpoint.ports)}`)
    codes.push(await replayOn(suite, info, planned.cases, { runId, signal, wire: !args.is('quiet') }))
    if (args.is('keep')) await keep(info, signal, print)
  }
  return codes.length === 0 ? EXIT.incomplete : worstExit(codes)
}

function suiteOf(pattern: string): Suite {
  const found = Object.values(suites as Readonly<Record<ProductName, Suite>>).filter((suite) => casesOf(suite).some((row) => matchesPattern(pattern, row.id)))
  const [suite] = found
  if (suite === undefined)
    throw new HarnessError('UNKNOWN_NAME', `no case is called ${JSON.stringify(pattern)}`, { hint: '`assay list --cases` names them all' })
  if (found.length > 1) throw new HarnessError('USAGE', `${JSON.stringify(pattern)} names cases of several products`, { hint: 'begin it with the product' })
  return suite
}

interface ReplayOptions {
  readonly runId: string
  readonly signal: AbortSignal
  readonly wire: boolean
}

async function replayOn(suite: Suite, info: InstanceInfo, rows: readonly Case[], options: ReplayOptions): Promise<ExitCode> {
  const vault = new Vault()
  for (const [name, value] of Object.entries(info.endpoint.credentials)) vault.secret(value, name)
  await using driver: Driver = await suite.connect(info, { vault, clock: systemClock })
  const codes: ExitCode[] = []
  for (const row of rows) {
    options.signal.throwIfAborted()
    const result = await runCase(driver, row, {
      name: scopeName(options.runId, info.id, row.id),
      vault,
      clock: systemClock,
      signal: options.signal,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
    })
    const { state, because } = settle(row, result.verdict, info, suite.deviations)
    codes.push(
      state === 'conforms' || state === 'known-deviation'
        ? EXIT.conforms
        : state === 'deviates'
          ? EXIT.deviations
          : state === 'harness-defect'
            ? EXIT.defect
            : EXIT.incomplete,
    )
    if (options.wire || state !== 'conforms') console.log(textOf(row, result, state, because, options.wire))
  }
  return worstExit(codes)
}

function textOf(row: Case, { verdict, exchanges }: CaseResult, state: string, because: string, wire: boolean): string {
  const signature = verdict.kind === 'deviates' ? [`  class ${verdict.class}, code ${verdict.code}, message ${verdict.message}`] : []
  const head = [
    `${styleText(state === 'conforms' ? 'green' : 'red', state)} ${styleText('bold', row.id)} [${row.rules.join(' ')}]`,
    `  ${because}`,
    ...signature,
  ]
  return [...head, ...(wire ? exchanges.map(exchangeText) : [])].join('\n')
}

function exchangeText({ stage, request, headers, body, status, answer, ms }: Exchange): string {
  const sent = Object.entries(headers).map(([name, value]) => `\n      ${name}: ${value}`)
  return `  ${stage}\n    ${request}${sent.join('')}${body === '' ? '' : `\n      ${body}`}\n    ${status} (${ms.toFixed(0)} ms)${answer === '' ? '' : `\n      ${answer}`}`
}

/** The one place that prints credentials: those of a throw-away server, to whoever asked for it. */
async function keep(info: InstanceInfo, signal: AbortSignal, print: (line: string) => void): Promise<void> {
  print(
    `kept until Ctrl-C: ${JSON.stringify({ host: info.endpoint.host, ports: info.endpoint.ports, ca: info.endpoint.pki.ca, credentials: info.endpoint.credentials }, null, 2)}`,
  )
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
