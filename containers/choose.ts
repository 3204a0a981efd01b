import { HarnessError } from '../src/errors.ts'
import type { Availability, Runtime, RuntimeKind } from '../src/instance.ts'
import type { Target } from '../src/plan.ts'
import type { ProductName } from '../src/rule.ts'
import type { ServerDefinition } from './server.ts'

export interface Choice {
  readonly targets: readonly Target[]
  /** What needed products run as, where they are no targets themselves. */
  readonly support: readonly Target[]
  /** Products that no runtime can run for real, with the reason of each runtime that was asked. */
  readonly notJudged: readonly NotJudged[]
}

export interface NotJudged {
  readonly product: ProductName
  readonly version: string
  readonly because: string
  readonly hint: string
}

export interface ChooseOptions {
  readonly servers: Readonly<Record<ProductName, ServerDefinition>>
  readonly runtimes: Readonly<Partial<Record<RuntimeKind, Runtime>>>
  readonly wanted: readonly { readonly product: ProductName; readonly version: string }[]
  readonly runtime: RuntimeKind | 'auto'
  /** Only what is on this machine already: nothing is fetched. */
  readonly cachedOnly: boolean
  /** Run the model of what can also run for real. */
  readonly modelToo: boolean
}

const order: readonly RuntimeKind[] = ['docker', 'native']

/** For each wanted version the first runtime that can run it: docker, native, then (never as evidence) the model. */
export async function chooseTargets(options: ChooseOptions): Promise<Choice> {
  const targets: Target[] = []
  const notJudged: NotJudged[] = []
  for (const { product, version } of options.wanted) {
    const choice = await chooseReal(options, product, version)
    if (choice.kind === 'target') targets.push(choice.target)
    else notJudged.push(choice.notJudged)
    if ((choice.kind === 'none' || options.modelToo) && (await hasModel(options, product, version))) targets.push({ product, version, runtime: 'model' })
  }
  return { targets, support: await chooseSupport(options, targets), notJudged }
}

type RealChoice = { readonly kind: 'target'; readonly target: Target } | { readonly kind: 'none'; readonly notJudged: NotJudged }

async function chooseReal(options: ChooseOptions, product: ProductName, version: string): Promise<RealChoice> {
  const kinds = options.runtime === 'auto' ? order : order.filter((kind) => kind === options.runtime)
  const reasons: string[] = []
  let hint = options.runtime === 'model' ? 'the model was asked for; name another runtime for evidence' : ''
  for (const kind of kinds) {
    const availability = await availableOn(options, kind, product, version)
    if (isEnough(availability, options.cachedOnly)) return { kind: 'target', target: { product, version, runtime: kind } }
    reasons.push(`${kind}: ${whyNot(availability)}`)
    if (availability.kind === 'unavailable') hint = availability.hint
  }
  return { kind: 'none', notJudged: { product, version, because: reasons.join('; ') || 'only the model was asked for', hint } }
}

async function availableOn({ runtimes }: ChooseOptions, kind: RuntimeKind, product: ProductName, version: string): Promise<Availability> {
  return (await runtimes[kind]?.available(product, version)) ?? { kind: 'unavailable', because: `there is no ${kind} runtime`, hint: '' }
}

const isEnough = (availability: Availability, cachedOnly: boolean): boolean =>
  availability.kind === 'ready' || (availability.kind === 'fetchable' && !cachedOnly)

const whyNot = (availability: Availability): string => (availability.kind === 'unavailable' ? availability.because : 'not on this machine yet')

async function hasModel({ runtimes, runtime }: ChooseOptions, product: ProductName, version: string): Promise<boolean> {
  if (runtime !== 'auto' && runtime !== 'model') return false
  return (await runtimes.model?.available(product, version))?.kind === 'ready'
}

async function chooseSupport(options: ChooseOptions, targets: readonly Target[]): Promise<readonly Target[]> {
  const support: Target[] = []
  for (const target of targets) {
    for (const product of neededProducts(options.servers[target.product])) {
      if ([...targets, ...support].some((other) => other.product === product && other.runtime === target.runtime)) continue
      const version = defaultVersion(options.servers[product])
      if (isEnough(await availableOn(options, target.runtime, product, version), options.cachedOnly))
        support.push({ product, version, runtime: target.runtime })
    }
  }
  return support
}

const neededProducts = (server: ServerDefinition): readonly ProductName[] =>
  [...new Set(Object.values(server.profiles).flatMap((profile) => Object.keys(profile.needs ?? {})))] as ProductName[]

/** The version that `npm start` takes. */
export function defaultVersion(server: Pick<ServerDefinition<string>, 'product' | 'versions'>): string {
  const version = (server.versions.find((entry) => entry.default === true) ?? server.versions[0])?.version
  if (version === undefined) throw new HarnessError('HARNESS_DEFECT', `${server.product} has no versions`)
  return version
}
