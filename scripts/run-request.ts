import { defaultVersion } from '../containers/choose.ts'
import { servers } from '../containers/registry.ts'
import type { ExitOptions } from '../reports/exit-code.ts'
import { matchesPattern } from '../src/deviation.ts'
import { HarnessError } from '../src/errors.ts'
import { runtimeKinds, type RuntimeKind } from '../src/instance.ts'
import type { JsonObject } from '../src/json.ts'
import type { Selection } from '../src/plan.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { defaultOutRoot } from '../src/root.ts'
import { productNames, severities, type ProductName } from '../src/rule.ts'
import type { PlacedWaiver } from '../src/waiver.ts'
import { suites } from '../suites/registry.ts'
import { renames } from '../suites/renames.ts'
import { requirementSets, rulesOfSet } from '../suites/requirements/sets.ts'
import { tierNames, tiers } from '../suites/tiers.ts'
import { countOf, meantOr, oneOf, pairOf, type Arguments } from './command.ts'
import { readPlanFile, type PlanFile } from './plan-file.ts'
import type { ExternalRequest } from './external.ts'
import { readTargets } from './target-file.ts'
import { readWaivers } from './waiver-file.ts'

/** What a run is to do, as the user said it. */
export interface RunRequest {
  readonly wanted: readonly { readonly product: ProductName; readonly version: string }[]
  /** Products that the user named: not to judge them is a failure. */
  readonly named: readonly ProductName[]
  readonly runtime: RuntimeKind | 'auto'
  readonly images: Readonly<Partial<Record<ProductName, string>>>
  readonly selection: Selection
  readonly failOn: ExitOptions['failOn']
  readonly outRoot: string
  readonly cachedOnly: boolean
  readonly modelToo: boolean
  readonly allure: boolean
  readonly waivers: readonly PlacedWaiver[]
  /** For all servers that run at a time; absent: what this machine has free. */
  readonly memoryMiB?: number
  /** Stop at the first case that is not as it should be. */
  readonly bail?: boolean
  /** Give run.json to standard output, and everything else to standard error. */
  readonly json?: boolean
  /** For the journal's header. */
  readonly command: readonly string[]
}

/** @throws HarnessError `USAGE`, `UNKNOWN_NAME` or `CONFIG_INVALID`: nothing was started */
export function requestOf(args: Arguments): RunRequest {
  const file = args.one('plan')
  const plan = file === undefined ? {} : readPlanFile(file)
  const named = [
    ...new Set([...args.all('product').map((name) => oneOf('the product', name, productNames)), ...(Object.keys(plan.products ?? {}) as ProductName[])]),
  ]
  const versions = [
    ...args.all('version').map((given) => pairOf('version', given)),
    ...Object.entries(plan.products ?? {}).flatMap(([product, list]) => list.map((version) => [product, version] as const)),
  ]
  const runtime = oneOf('the runtime', args.one('runtime') ?? plan.runtime ?? 'auto', ['auto', ...runtimeKinds])
  const selection = selectionOf(args, plan)
  return {
    wanted: wantedVersions(named, versions),
    named,
    runtime,
    images: { ...plan.images, ...imagesOf(args.all('image')) },
    selection: {
      ...selection,
      ...sampleOf(args),
      ...tierOf(args.one('tier')),
      ...requirementsOf(args.one('requirements')),
      ...seedOf(args),
      ...shardOf(args.one('shard')),
    },
    failOn: oneOf('the level', args.one('fail-on') ?? 'new', ['new', ...severities]),
    outRoot: args.one('out') ?? defaultOutRoot(),
    cachedOnly: args.is('cached'),
    modelToo: false,
    allure: args.is('allure'),
    bail: args.is('bail'),
    json: args.is('json'),
    waivers: waiversOf(args),
    ...memoryOf(args.one('memory')),
    command: ['run', ...process.argv.slice(3)],
  }
}

/** @throws HarnessError `USAGE` where there is no file of targets */
export function externalRequestOf(args: Arguments): ExternalRequest {
  const file = args.one('target')
  if (file === undefined)
    throw new HarnessError('USAGE', '--runtime external: --target FILE is missing', { hint: 'the file names hosts, ports, ca and where the credentials are' })
  const base = requestOf(args)
  return {
    ...base,
    targets: readTargets(file).filter(({ product }) => base.named.length === 0 || base.named.includes(product)),
    failOn: args.one('fail-on') === undefined ? 'high' : base.failOn,
    isOwn: args.is('i-own-this-system'),
    dryRun: args.is('dry-run'),
  }
}

/** Read before anything starts: a waiver that is no waiver ends the command at once. */
export const waiversOf = (args: Arguments): readonly PlacedWaiver[] => args.all('waivers').flatMap((file) => readWaivers(file, suites, Date.now()))

function sampleOf(args: Arguments): Pick<Selection, 'sample'> {
  const given = args.one('sample')
  return given === undefined ? {} : { sample: countOf('sample', given, '300') }
}

function seedOf(args: Arguments): Pick<Selection, 'seed'> {
  const given = args.one('seed')
  return given === undefined ? {} : { seed: countOf('seed', given, '7') }
}

function memoryOf(given: string | undefined): Pick<RunRequest, 'memoryMiB'> {
  return given === undefined ? {} : { memoryMiB: countOf('memory', given, '4000') }
}

function tierOf(given = 'full'): Pick<Selection, 'tier'> {
  const name = oneOf('the tier', given, tierNames)
  return name === 'full' ? {} : { tier: tiers[name] }
}

function shardOf(given: string | undefined): Pick<Selection, 'shard'> {
  if (given === undefined) return {}
  const [index = 0, count = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(given) ?? []).slice(1).map(Number)
  if (index >= 1 && index <= count) return { shard: { index, count } }
  throw new HarnessError('USAGE', `--shard ${given}: a number, a slash and how many there are is expected`, { hint: 'for example --shard 1/4' })
}

function requirementsOf(given: string | undefined): Pick<Selection, 'requirements'> {
  if (given === undefined) return {}
  const name = oneOf('the set of requirements', given, Object.keys(requirementSets) as (keyof typeof requirementSets)[])
  return { requirements: { name, rules: rulesOfSet(requirementSets[name], renames) } }
}

/** A selection as the journal's header has it: a tier and a set of requirements by their names, for what they hold is the catalogue's. */
export const told = ({ tier, requirements, ...selection }: Selection): JsonObject => ({
  ...selection,
  ...(tier === undefined ? {} : { tier: tier.name }),
  ...(requirements === undefined ? {} : { requirements: requirements.name }),
})

/** Every pattern must name something: a misspelt rule is no run of nothing. */
function selectionOf(args: Arguments, plan: PlanFile): Selection {
  const every: readonly Suite[] = Object.values(suites)
  const rows = every.flatMap(casesOf)
  const rules = checked(
    'rule',
    [...args.all('rule'), ...(plan.rules ?? [])],
    every.flatMap((suite) => Object.keys(suite.rules)),
  )
  const cases = checked(
    'case',
    [...args.all('case'), ...(plan.cases ?? [])],
    rows.map((row) => row.id),
  )
  const profiles = checked('profile', [...args.all('profile'), ...(plan.profiles ?? [])], [...new Set(rows.map((row) => row.profile))])
  return { ...(rules.length === 0 ? {} : { rules }), ...(cases.length === 0 ? {} : { cases }), ...(profiles.length === 0 ? {} : { profiles }) }
}

function checked(what: 'rule' | 'case' | 'profile', patterns: readonly string[], known: readonly string[]): readonly string[] {
  const lost = patterns.find((pattern) => !known.some((name) => matchesPattern(pattern, name)))
  if (lost === undefined) return patterns
  const all = what === 'profile' ? `known: ${known.join(', ')}` : `\`assay list${what === 'case' ? ' --cases' : ''}\` names them all`
  throw new HarnessError('UNKNOWN_NAME', `no ${what} is called ${JSON.stringify(lost)}`, { hint: meantOr(lost, known, all) })
}

function wantedVersions(named: readonly ProductName[], versions: readonly (readonly [string, string])[]): RunRequest['wanted'] {
  const asked = versions.map(([product, version]) => knownVersion(oneOf('the product', product, productNames), version))
  const products =
    named.length > 0
      ? [...new Set([...named, ...asked.map(({ product }) => product)])]
      : asked.length > 0
        ? [...new Set(asked.map(({ product }) => product))]
        : productNames
  return products.flatMap((product) => {
    const own = asked.filter((one) => one.product === product)
    return own.length > 0 ? own : [{ product, version: defaultVersion(servers[product]) }]
  })
}

function knownVersion(product: ProductName, version: string): RunRequest['wanted'][number] {
  oneOf(
    `${product}'s version`,
    version,
    servers[product].versions.map((entry) => entry.version),
  )
  return { product, version }
}

const imagesOf = (given: readonly string[]): RunRequest['images'] =>
  Object.fromEntries(given.map((pair) => pairOf('image', pair)).map(([product, image]) => [oneOf('the product', product, productNames), image]))
