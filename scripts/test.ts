import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startVitest } from 'vitest/node'
import { defaultVersion } from '../containers/choose.ts'
import { servers } from '../containers/registry.ts'
import { EXIT, worstExit, type ExitCode } from '../src/errors.ts'
import { defaultOutRoot, packageRoot } from '../src/root.ts'
import { productNames } from '../src/rule.ts'
import type { Command } from './command.ts'
import { performRun } from './run.ts'
import { waiversOf, type RunRequest } from './run-request.ts'

/** Cases of each product, spread evenly: `npm start` asks all of them. */
const SAMPLE = 120

/** Counts of the harness's own tests, for whoever sums up. */
const SELF_TESTS = 'self-tests.json'

export const testCommand: Command = {
  says: "runs the harness's own tests, then a sample of the suites on the model and on the servers that are here already",
  positionals: '',
  options: {
    self: { type: 'boolean', says: "only the harness's own tests" },
    waivers: { type: 'string', multiple: true, value: 'FILE', says: 'deviations that you accept for a time' },
  },
  async run(args) {
    const waivers = waiversOf(args)
    const self = await selfTests()
    return args.is('self') || self !== EXIT.conforms ? self : worstExit([self, await suitesHere(waivers)])
  },
}

async function selfTests(): Promise<ExitCode> {
  const vitest = await startVitest([], { root: packageRoot, project: ['self'], run: true, watch: false, reporters: ['default'] })
  await vitest.close()
  const modules = vitest.state.getTestModules()
  const results = modules.flatMap((module) => [...module.children.allTests()].map((one) => one.result().state))
  const counts = { passed: results.filter((state) => state === 'passed').length, failed: results.filter((state) => state === 'failed').length }
  await mkdir(defaultOutRoot(), { recursive: true })
  await writeFile(join(defaultOutRoot(), SELF_TESTS), JSON.stringify(counts))
  // Vitest says by the exit code of the process what it thinks of the run; ours is decided once, at the end.
  process.exitCode = undefined
  return modules.every((module) => module.ok()) && vitest.state.getUnhandledErrors().length === 0 && counts.passed > 0 ? EXIT.conforms : EXIT.deviations
}

/**
 * Fetches nothing: a product that is not here is named in the summary, and is no failure. What is here must be judged, and
 * deviate only where that is known; the model must conform.
 */
async function suitesHere(waivers: RunRequest['waivers']): Promise<ExitCode> {
  const { code, record } = await performRun({
    wanted: productNames.map((product) => ({ product, version: defaultVersion(servers[product]) })),
    named: [],
    runtime: 'auto',
    images: {},
    selection: { sample: SAMPLE, thin: true },
    failOn: 'new',
    outRoot: defaultOutRoot(),
    cachedOnly: true,
    modelToo: true,
    allure: false,
    waivers,
    command: ['test'],
  })
  if (code !== EXIT.incomplete && code !== EXIT.conforms) return code
  const notJudged = record.totals['could-not-run'] + record.modelTotals['could-not-run']
  return record.complete && notJudged === 0 && record.modelTotals.conforms > 0 ? EXIT.conforms : EXIT.incomplete
}
