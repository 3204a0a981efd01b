import type { TestProjectInlineConfiguration } from 'vitest/config'
import { createVitest, type Reporter, type TestCase, type TestModule, type Vitest } from 'vitest/node'
import { HarnessError } from '../src/errors.ts'
import type { PlannedInstance } from '../src/plan.ts'
import { codeRoot, isBuilt } from '../src/root.ts'
import { Secret } from '../src/secret.ts'
import type { Report } from '../src/session.ts'
import type { Assignment } from './register.ts'

const LONGEST_CASE_MS = 120_000

export interface RunnerOptions {
  readonly instances: readonly PlannedInstance[]
  /** How many cases of one instance are under way at once. */
  readonly concurrency: number
  /** Where Allure's reporter writes its results; absent: it is not there. */
  readonly allureFolder: string | undefined
  readonly onReport: (instance: string, report: Report) => void
  /** Each secret that a case made. */
  readonly onSecret: (secret: Secret) => void
  /** Something of Vitest's or of a suite file that is no case: a defect of ours. */
  readonly onDefect: (text: string) => void
}

/** Runs the suites of instances, one after the other as they are given: one Vitest, one project an instance. */
export class SuiteRunner implements AsyncDisposable {
  readonly #vitest: Vitest

  private constructor(vitest: Vitest) {
    this.#vitest = vitest
  }

  static async create(options: RunnerOptions): Promise<SuiteRunner> {
    const projects = options.instances.map((instance) => projectOf(instance, options.concurrency))
    const reporters: readonly Reporter[] = [new Collector(options), ...(await allureReporters(options.allureFolder))]
    const restoreListeners = keepListeners()
    const vitest = await createVitest(
      { root: codeRoot, watch: false, config: false, reporters: [...reporters], passWithNoTests: true, maxWorkers: 1, fileParallelism: false },
      { logLevel: 'silent', test: { projects } },
    )
    restoreListeners()
    // Vitest tells reporters of its start only where it collects the files by itself.
    for (const reporter of reporters) reporter.onInit?.(vitest)
    return new SuiteRunner(vitest)
  }

  /** Runs the cases of an instance to their end; the reports have arrived when it resolves. */
  async run(assignment: Assignment): Promise<void> {
    const { id } = assignment.instance
    const specifications = await this.#vitest.globTestSpecifications()
    this.#vitest.projects.find((project) => project.name === id)?.provide('assignment', assignment)
    const chosen = specifications.filter(({ project }) => project.name === id)
    if (chosen.length === 0) throw new HarnessError('HARNESS_DEFECT', `no suite file was found for ${id} under ${codeRoot}`)
    await this.#vitest.runTestSpecifications(chosen)
  }

  async cancel(): Promise<void> {
    await this.#vitest.cancelCurrentRun('keyboard-input')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#vitest.close()
  }
}

const watched = ['SIGINT', 'SIGTERM', 'exit'] as const

/** Vitest ends the whole process at the first signal: ours stops the servers and writes the report before that. */
function keepListeners(): () => void {
  const before = watched.map((event) => new Set<unknown>(process.listeners(event as 'SIGINT')))
  return () => {
    watched.forEach((event, at) => {
      for (const listener of process.listeners(event as 'SIGINT')) if (before[at]?.has(listener) !== true) process.off(event, listener)
    })
  }
}

/** Without the arguments of `expect`, which it would otherwise write down. */
async function allureReporters(resultsDir: string | undefined): Promise<readonly Reporter[]> {
  if (resultsDir === undefined) return []
  const { default: AllureReporter } = await import('allure-vitest/reporter')
  return [new AllureReporter({ resultsDir, reportMatchers: false })]
}

function projectOf(instance: PlannedInstance, concurrency: number): TestProjectInlineConfiguration {
  const extension = isBuilt ? 'js' : 'ts'
  return {
    test: {
      name: instance.id,
      root: codeRoot,
      include: [`suites/${instance.product}/*.suite.${extension}`],
      // The package may itself lie under node_modules.
      exclude: [],
      pool: 'threads',
      isolate: false,
      maxConcurrency: concurrency,
      testTimeout: LONGEST_CASE_MS,
      retry: 0,
    },
  }
}

/** Hands each case's report on as it arrives, and everything that went wrong outside a case. */
class Collector implements Reporter {
  readonly #options: RunnerOptions
  /** Of a run that is cancelled in the middle Vitest tells each result again. */
  readonly #told = new Set<string>()

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  onTestCaseResult(test: TestCase): void {
    if (this.#told.has(test.id)) return
    this.#told.add(test.id)
    const { report, planted = [] } = test.meta()
    for (const { label, value } of planted) this.#options.onSecret(new Secret(value, label))
    if (report !== undefined) return this.#options.onReport(test.project.name, report)
    const errors = test.result().errors?.map((error) => error.message) ?? []
    if (errors.length > 0) this.#options.onDefect(`${test.project.name}: ${test.name}: ${errors.join('; ')}`)
  }

  onTestModuleEnd(module: TestModule): void {
    for (const error of module.errors()) this.#options.onDefect(`${module.moduleId}: ${error.stack ?? error.message}`)
  }

  onTestRunEnd(_modules: readonly TestModule[], errors: readonly { readonly message: string; readonly stack?: string }[]): void {
    for (const error of errors) this.#options.onDefect(error.stack ?? error.message)
  }
}
