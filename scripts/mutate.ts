import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { defaultVersion } from '../containers/choose.ts'
import { servers } from '../containers/registry.ts'
import { faults } from '../fixtures/faults/catalogue.ts'
import type { AnyFault } from '../fixtures/faults/fault.ts'
import { lineOf, redIn, type FaultRecord } from '../fixtures/faults/kill-matrix.ts'
import { mutate } from '../fixtures/faults/mutate.ts'
import { reachesRule } from '../fixtures/faults/reach.ts'
import { unkillable } from '../fixtures/faults/unkillable.ts'
import { writeKillMatrix } from '../reports/write-kill-matrix.ts'
import { matchesPattern } from '../src/deviation.ts'
import { EXIT, HarnessError, type ExitCode } from '../src/errors.ts'
import { runtimeKinds } from '../src/instance.ts'
import { holdsFor } from '../src/plan.ts'
import { productNames, type ProductName } from '../src/rule.ts'
import { suites } from '../suites/registry.ts'
import { oneOf, ownRulesOption, type Arguments, type Command } from './command.ts'
import { Harness } from './harness.ts'

export const mutateCommand: Command = {
  says: 'breaks each product in every way that is declared, and shows that each rule notices',
  positionals: '',
  options: {
    rules: ownRulesOption,
    product: { type: 'string', multiple: true, value: 'NAME', says: 'only this product' },
    rule: { type: 'string', multiple: true, value: 'PATTERN', says: 'only rules of these names' },
    fault: { type: 'string', multiple: true, value: 'PATTERN', says: 'only faults of these names' },
    runtime: { type: 'string', value: 'KIND', says: 'auto (default), docker, native, model' },
    version: { type: 'string', multiple: true, value: 'PRODUCT=X.Y.Z', says: "a product's version; absent: the default one" },
    seed: { type: 'string', value: 'N', says: 'of the sample of pairs that no declaration joins; default 1' },
    out: { type: 'string', value: 'FOLDER', says: 'where the folders of runs go' },
    null: { type: 'boolean', says: 'ask servers without rules too, behind a set-up that works: none may be praised' },
    list: { type: 'boolean', says: 'only say what is declared' },
  },
  run,
}

async function run(args: Arguments): Promise<ExitCode> {
  const { chosen, rules } = choose(args)
  if (args.is('list')) return list(chosen)
  const print = (line: string): void => console.log(line)
  const products = productNames.filter((product) => chosen.some((fault) => fault.product === product))
  const runtime = oneOf('the runtime', args.one('runtime') ?? 'auto', ['auto', ...runtimeKinds])
  const wanted = products.flatMap((product) => versionsOf(product, args, rules).map((version) => ({ product, version })))
  await using harness = await Harness.open({ wanted, runtime, cachedOnly: true, modelToo: false, images: {}, selection: {}, print })
  for (const { product, because } of harness.choice.notJudged) print(styleText('yellow', `${product}: no real server: ${because}`))
  await using fleet = harness.fleet((instance, event) => event.kind === 'ready' && print(`${instance.id}: ready after ${(event.ms / 1000).toFixed(1)} s`))
  const matrix = await mutate({
    ...{ runId: harness.runId, seed: Number(args.one('seed') ?? 1), instances: harness.plan.instances, pki: harness.pki, signal: harness.signal },
    ...{ servers, suites, unkillable, rules, faults: chosen, nullServers: args.is('null'), log: print, onFault: (record) => void printFault(record) },
    boot: async (id) => (await fleet.boot(id)).info,
    release: (id) => fleet.release(id),
    folder: (name) => harness.folder.instance(name),
  })
  const out = join(args.one('out') ?? 'reports/out', harness.runId)
  await mkdir(out, { recursive: true })
  const written = await writeKillMatrix(out, matrix)
  const red = redIn(matrix)
  for (const line of red) print(styleText('red', `  ${line}`))
  const { asked, believed } = matrix.wrongReasons
  print(`wrong reasons believed ${believed.length}/${asked}`)
  print(styleText(red.length === 0 ? 'green' : 'red', `${lineOf(matrix)} in ${(matrix.ms / 1000).toFixed(0)} s`))
  print(`the matrix: ${written}`)
  return red.length === 0 ? EXIT.conforms : EXIT.deviations
}

interface Chosen {
  readonly chosen: readonly AnyFault[]
  readonly rules: readonly string[]
}

function choose(args: Arguments): Chosen {
  const products = args.all('product').map((name) => oneOf('the product', name, productNames))
  const named = (patterns: readonly string[], name: string): boolean => patterns.length === 0 || patterns.some((pattern) => matchesPattern(pattern, name))
  const isOf = ({ product }: { readonly product: ProductName }): boolean => products.length === 0 || products.includes(product)
  const asked = Object.values(suites)
    .filter(isOf)
    .flatMap((suite) => Object.keys(suite.rules))
    .filter((rule) => named(args.all('rule'), rule))
  const chosen = faults.filter((fault) => isOf(fault) && named(args.all('fault'), fault.id) && asked.some((rule) => reachesRule(fault, rule)))
  if (chosen.length === 0) throw new HarnessError('UNKNOWN_NAME', 'no fault is called so', { hint: '`assay mutate --list` names them all' })
  const rules = args.all('fault').length === 0 ? asked : asked.filter((rule) => chosen.some((fault) => reachesRule(fault, rule)))
  return { chosen, rules }
}

/** The wanted version, and the newest one that each rule holds for which does not hold for that. */
function versionsOf(product: ProductName, args: Arguments, rules: readonly string[]): readonly string[] {
  const given = args
    .all('version')
    .find((text) => text.startsWith(`${product}=`))
    ?.slice(product.length + 1)
  const first = given ?? defaultVersion(servers[product])
  const ranges = Object.entries(suites[product].rules).flatMap(([id, { versions }]) => (rules.includes(id) && versions !== undefined ? [versions] : []))
  const known = servers[product].versions.map(({ version }) => version)
  const others = ranges.filter((range) => !holdsFor(range, first)).flatMap((range) => known.find((version) => holdsFor(range, version)) ?? [])
  return [...new Set([first, ...others])]
}

function printFault({ id, kills, survived, spared, undeclared, notTried, byRelease, asked, ms }: FaultRecord): void {
  const rules = [...new Set(kills.map(({ rule }) => rule))]
  const said =
    notTried !== null
      ? styleText('red', `not tried: ${notTried}`)
      : rules.length > 0
        ? `kills ${rules.join(' ')}`
        : byRelease
          ? 'the release is so by itself'
          : styleText('red', `kills nothing: ${spared.join('; ')}`)
  const notes = [
    ...(survived.length === 0 ? [] : [styleText('yellow', `not ${survived.join(' ')}`)]),
    ...(undeclared.length === 0 ? [] : [styleText('yellow', `undeclared ${undeclared.map(({ rule, class: kind }) => `${rule} ${kind}`).join(', ')}`)]),
  ]
  console.log(`  ${id} (${asked} cases, ${ms} ms): ${[said, ...notes].join('; ')}`)
}

function list(chosen: readonly AnyFault[]): ExitCode {
  for (const { id, says, breaks } of chosen) console.log(`${id}\n  ${says}\n  ${breaks.rules.join(' ')}`)
  console.log(`${chosen.length} faults`)
  return EXIT.conforms
}
