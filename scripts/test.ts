import { startVitest } from 'vitest/node'
import { defaultVersion } from '../containers/choose.ts'
import { servers } from '../containers/registry.ts'
import { EXIT, worstExit, type ExitCode } from '../src/errors.ts'
import { defaultOutRoot, packageRoot } from '../src/root.ts'
import { productNames } from '../src/rule.ts'
import type { Command } from './command.ts'
import { performRun } from './run.ts'

export const testCommand: Command = {
  says: "runs the harness's own tests, then the suites on the model and on the servers that are on this machine already",
  positionals: '',
  options: { self: { type: 'boolean', says: "only the harness's own tests" } },
  async run(args) {
    const self = await selfTests()
    return args.is('self') || self !== EXIT.conforms ? self : worstExit([self, await suitesHere()])
  },
}

async function selfTests(): Promise<ExitCode> {
  const vitest = await startVitest([], { root: packageRoot, run: true, watch: false, reporters: ['default'] })
  await vitest.close()
  const failed = vitest.state.getCountOfFailedTests() > 0 || vitest.state.getUnhandledErrors().length > 0 || vitest.state.getFiles().length === 0
  return failed || process.exitCode === 1 ? EXIT.deviations : EXIT.conforms
}

/** Fetches nothing: what is not here is named in the summary, and is no failure. */
async function suitesHere(): Promise<ExitCode> {
  const code = await performRun({
    wanted: productNames.map((product) => ({ product, version: defaultVersion(servers[product]) })),
    named: [],
    runtime: 'auto',
    images: {},
    selection: {},
    failOn: 'new',
    outRoot: defaultOutRoot(),
    cachedOnly: true,
    modelToo: true,
    command: ['test'],
  })
  return code
}
