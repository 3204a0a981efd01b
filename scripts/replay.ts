import { defaultVersion } from '../containers/choose.ts'
import { servers } from '../containers/registry.ts'
import { matchesPattern } from '../src/deviation.ts'
import { EXIT, HarnessError, worstExit, type ExitCode } from '../src/errors.ts'
import { runtimeKinds, type InstanceInfo } from '../src/instance.ts'
import { casesOf, type Suite } from '../src/product.ts'
import type { ProductName } from '../src/rule.ts'
import { Session } from '../src/session.ts'
import { suites } from '../suites/registry.ts'
import { meantOr, oneOf, ownRulesOption, type Arguments, type Command } from './command.ts'
import { Harness, REQUEST_TIMEOUT_MS } from './harness.ts'
import { replayOn } from './replay-cases.ts'
import { watchAndReplay } from './watch.ts'

export const replayCommand: Command = {
  says: 'runs one case again, or all of a pattern, with the wire shown',
  positionals: '<case>',
  options: {
    rules: ownRulesOption,
    version: { type: 'string', value: 'X.Y.Z', says: "the product's version; absent: the default one" },
    runtime: { type: 'string', value: 'KIND', says: 'auto (default), docker, native, model' },
    image: { type: 'string', value: 'IMAGE', says: 'this image in place of the official one' },
    quiet: { type: 'boolean', says: 'only the verdicts that do not conform, without the wire' },
    watch: { type: 'boolean', says: "until Ctrl-C, ask again on the same servers whenever the product's files change" },
    keep: { type: 'boolean', says: 'leave the server up until Ctrl-C, and print how to reach it' },
  },
  run: replay,
}

async function replay(args: Arguments): Promise<ExitCode> {
  const [pattern] = args.positionals
  if (pattern === undefined) throw new HarnessError('USAGE', 'assay replay: which case?', { hint: '`assay list --cases` names them all' })
  const suite = suiteOf(pattern)
  const print = (line: string): void => console.log(line)
  const image = args.one('image')
  await using harness = await Harness.open({
    wanted: [{ product: suite.product, version: args.one('version') ?? defaultVersion(servers[suite.product]) }],
    runtime: oneOf('the runtime', args.one('runtime') ?? 'auto', ['auto', ...runtimeKinds]),
    images: image === undefined ? {} : { [suite.product]: image },
    cachedOnly: false,
    modelToo: false,
    selection: { cases: [pattern] },
    print,
  })
  await using fleet = harness.fleet((instance, event) => void (event.kind === 'failed' && print(`${instance.id}: ${event.because}`)))
  if (args.is('watch')) {
    const infos = await Promise.all(harness.plan.instances.filter(({ cases }) => cases.length > 0).map(async ({ id }) => (await fleet.boot(id)).info))
    await watchAndReplay({ infos, pattern, product: suite.product, runId: harness.runId, wire: !args.is('quiet') }, harness.signal)
    return EXIT.interrupted
  }
  const codes: ExitCode[] = []
  for (const planned of harness.plan.instances.filter(({ cases }) => cases.length > 0)) {
    const { info } = await fleet.boot(planned.id)
    print(`${info.id} (${info.runtime}, ${info.evidence}) at ${JSON.stringify(info.endpoint.ports)}`)
    await using session = new Session(suite, info, { runId: harness.runId, requestTimeoutMs: REQUEST_TIMEOUT_MS })
    codes.push(await replayOn(session, planned.cases, { signal: harness.signal, wire: !args.is('quiet') }))
    if (args.is('keep')) await keep(info, harness.signal, print)
  }
  return codes.length === 0 ? EXIT.incomplete : worstExit(codes)
}

function suiteOf(pattern: string): Suite {
  const found = Object.values(suites as Readonly<Record<ProductName, Suite>>).filter((suite) => casesOf(suite).some((row) => matchesPattern(pattern, row.id)))
  const [suite] = found
  if (suite === undefined)
    throw new HarnessError('UNKNOWN_NAME', `no case is called ${JSON.stringify(pattern)}`, {
      hint: meantOr(pattern, allCases(), '`assay list --cases` names them all'),
    })
  if (found.length > 1) throw new HarnessError('USAGE', `${JSON.stringify(pattern)} names cases of several products`, { hint: 'begin it with the product' })
  return suite
}

const allCases = (): readonly string[] => Object.values(suites).flatMap((suite: Suite) => casesOf(suite).map(({ id }) => id))

/** The one place that prints credentials: those of a throw-away server, to whoever asked for it. */
async function keep({ endpoint }: InstanceInfo, signal: AbortSignal, print: (line: string) => void): Promise<void> {
  const { host, address, ports, pki, credentials } = endpoint
  print(`kept until Ctrl-C: ${JSON.stringify({ host, ports, ca: pki.ca, credentials }, null, 2)}`)
  const port = ports['rest'] ?? ports['https']
  if (port !== undefined) print(`for example: curl --cacert ${pki.ca} --connect-to ${host}:${port}:${address}:${port} https://${host}:${port}/`)
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
