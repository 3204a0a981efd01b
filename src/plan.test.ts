import { expect, test } from 'vitest'
import type { Case } from './case.ts'
import { holdsFor, makePlan, type Needs, type PlanInput, type Target } from './plan.ts'
import type { Suite } from './product.ts'
import type { ProductName, Rule } from './rule.ts'
import type { Tier } from './tier.ts'

const rule = (product: ProductName, versions?: string): Rule => ({
  product,
  says: 'a promise',
  source: { kind: 'document', ref: 'somewhere' },
  level: 'MUST',
  severity: 'high',
  cwe: ['CWE-306'],
  controls: ['AC-3'],
  remediation: 'do it',
  ...(versions === undefined ? {} : { versions }),
})

const row = (id: string, profile: string, rules: Case['rules'], more: Partial<Case> = {}): Case => ({
  id,
  profile,
  rules,
  operation: 'read',
  principal: 'anonymous',
  surface: 'rest',
  input: {},
  expect: { kind: 'allowed' },
  ...more,
})

const suiteOf = (product: ProductName, cases: readonly Case[], rules: Suite['rules']): Suite => ({
  product,
  rules,
  statements: [],
  tables: { all: cases },
  deviations: [],
  connect: () => Promise.reject(new Error('a plan asks nobody')),
})

const weaviate = suiteOf('weaviate', [row('weaviate.keys', 'keys', ['WVT-A-01']), row('weaviate.oidc', 'oidc', ['WVT-B-01'])], {
  'WVT-A-01': rule('weaviate'),
  'WVT-B-01': rule('weaviate', '>=1.30'),
})
const keycloak = suiteOf('keycloak', [row('keycloak.discovery', 'realm', ['KCL-A-01'])], { 'KCL-A-01': rule('keycloak') })
const needs: Needs = { weaviate: { oidc: { keycloak: 'realm' } } }
const native = (product: ProductName, version: string): Target => ({ product, version, runtime: 'native' })

const planOf = (input: Partial<PlanInput>) => makePlan({ suites: { weaviate, keycloak }, needs, targets: [], support: [], selection: {}, ...input })

const shape = (plan: ReturnType<typeof makePlan>) => plan.instances.map(({ id, cases, needs: wanted }) => [id, cases.map((one) => one.id), wanted])

test('each profile of a target is planned once, after what it needs', () => {
  const plan = planOf({ targets: [native('weaviate', '1.39.0'), native('keycloak', '26.4.0')] })
  expect(shape(plan)).toEqual([
    ['weaviate-1.39.0-keys', ['weaviate.keys'], {}],
    ['weaviate-1.39.0-oidc', ['weaviate.oidc'], { keycloak: 'keycloak-26.4.0-realm' }],
    ['keycloak-26.4.0-realm', ['keycloak.discovery'], {}],
  ])
})

test('what is needed and no target comes from the support, without cases', () => {
  const plan = planOf({ targets: [native('weaviate', '1.39.0')], support: [native('keycloak', '26.4.0')] })
  expect(shape(plan)).toContainEqual(['keycloak-26.4.0-realm', [], {}])
})

test('two versions share the instance that both need', () => {
  const plan = planOf({ targets: [native('weaviate', '1.35.2'), native('weaviate', '1.39.0')], support: [native('keycloak', '26.4.0')] })
  expect(plan.instances.filter(({ product }) => product === 'keycloak')).toHaveLength(1)
})

test('a server of another runtime is not what is needed', () => {
  const plan = planOf({ targets: [native('weaviate', '1.39.0'), { product: 'keycloak', version: '26.4.0', runtime: 'docker' }] })
  expect(plan.instances.find(({ profile }) => profile === 'oidc')?.needs).toEqual({})
})

test('a case outside the range of its rule stays planned, as not applicable with the reason', () => {
  const [, oidc] = planOf({ targets: [native('weaviate', '1.29.1')] }).instances
  expect(oidc?.cases).toEqual([])
  expect(oidc?.notApplicable.map(({ row: { id }, verdict }) => [id, verdict])).toEqual([
    ['weaviate.oidc', { kind: 'not-applicable', reason: 'version', because: 'it is about >=1.30, this is 1.29.1' }],
  ])
})

test('a case that can only be judged on other runtimes stays planned, as not applicable with the reason', () => {
  const qdrant = suiteOf('qdrant', [row('qdrant.image', 'keys', ['QDR-A-01'], { runtimes: ['docker'] })], { 'QDR-A-01': rule('qdrant') })
  const [instance] = planOf({ suites: { qdrant }, targets: [native('qdrant', '1.18.3')] }).instances
  expect(instance?.cases).toEqual([])
  expect(instance?.notApplicable.map(({ verdict }) => verdict)).toEqual([
    { kind: 'not-applicable', reason: 'runtime', because: 'it is judged on docker, this is native' },
  ])
  expect(planOf({ suites: { qdrant }, targets: [{ product: 'qdrant', version: '1.18.3', runtime: 'docker' }] }).instances[0]?.cases).toHaveLength(1)
})

test('a selection by rule, by case or by profile leaves the rest out, and their profiles unbooted', () => {
  const targets = [native('weaviate', '1.39.0')]
  expect(shape(planOf({ targets, selection: { rules: ['WVT-A-*'] } }))).toEqual([['weaviate-1.39.0-keys', ['weaviate.keys'], {}]])
  expect(shape(planOf({ targets, selection: { cases: ['*.oidc'] } })).map(([id]) => id)).toEqual(['weaviate-1.39.0-oidc'])
  expect(shape(planOf({ targets, selection: { profiles: ['key*'] } })).map(([id]) => id)).toEqual(['weaviate-1.39.0-keys'])
})

test('a sample is spread evenly, has at least one case of every rule, and is the same each time', () => {
  const rows = Array.from({ length: 1000 }, (_, at) => row(`milvus.case-${at}`, 'one', [at === 777 ? 'MLV-B-01' : 'MLV-A-01']))
  const input = { suites: { milvus: suiteOf('milvus', rows, {}) }, needs: {}, targets: [native('milvus', '2.3.5')], support: [], selection: { sample: 10 } }
  const ids = makePlan(input).instances.flatMap(({ cases }) => cases.map(({ id }) => id))
  expect(ids).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 777, 800, 900].map((at) => `milvus.case-${at}`))
  expect(makePlan({ ...input, selection: { sample: 5000 } }).instances.flatMap(({ cases }) => cases)).toHaveLength(1000)
})

const core: Tier = {
  name: 'core',
  says: 'a part',
  profiles: { qdrant: [], milvus: ['good', 'fair'], weaviate: [], keycloak: [] },
  without: ['*.slow'],
}

test('a tier takes the first case of each rule on each surface, from the profiles that it has, the best first', () => {
  const rows = [
    row('milvus.fair', 'fair', ['MLV-A-01']),
    row('milvus.slow', 'good', ['MLV-A-01']),
    row('milvus.good', 'good', ['MLV-A-01']),
    row('milvus.again', 'good', ['MLV-A-01']),
    row('milvus.grpc', 'good', ['MLV-A-01'], { surface: 'grpc' }),
    row('milvus.only-fair', 'fair', ['MLV-A-01', 'MLV-B-01']),
    row('milvus.dear', 'dear', ['MLV-C-01']),
  ]
  const input = { suites: { milvus: suiteOf('milvus', rows, {}) }, needs: {}, targets: [native('milvus', '2.3.5')], support: [], selection: { tier: core } }
  expect(shape(makePlan(input))).toEqual([
    ['milvus-2.3.5-good', ['milvus.good', 'milvus.grpc'], {}],
    ['milvus-2.3.5-fair', ['milvus.only-fair'], {}],
  ])
})

test('a seed changes the order of the cases and nothing else, and always in the same way', () => {
  const rows = Array.from({ length: 30 }, (_, at) => row(`milvus.case-${at}`, 'one', ['MLV-A-01']))
  const input = { suites: { milvus: suiteOf('milvus', rows, {}) }, needs: {}, targets: [native('milvus', '2.3.5')], support: [] }
  const idsBy = (seed?: number) =>
    makePlan({ ...input, selection: seed === undefined ? {} : { seed } }).instances.flatMap(({ cases }) => cases.map(({ id }) => id))
  expect(idsBy(1)).toEqual(idsBy(1))
  expect(idsBy(1)).not.toEqual(idsBy(2))
  expect(idsBy(1)).not.toEqual(idsBy())
  expect([...idsBy(1)].sort()).toEqual([...idsBy()].sort())
})

test('a model is told apart in the id of its instance', () => {
  const plan = planOf({ targets: [{ product: 'weaviate', version: '1.39.0', runtime: 'model' }], selection: { rules: ['WVT-A-01'] } })
  expect(plan.instances.map(({ id, evidence }) => [id, evidence])).toEqual([['weaviate-1.39.0-keys-model', 'model']])
})

test('planning does not change what it is given', () => {
  const input = Object.freeze({ targets: Object.freeze([native('weaviate', '1.39.0')]) })
  expect(shape(planOf(input))).toEqual(shape(planOf(input)))
})

test("100,000 cases are planned within a second of a core's time", () => {
  const many = suiteOf(
    'milvus',
    Array.from({ length: 100_000 }, (_, at) => row(`milvus.case-${at}`, `profile-${at % 10}`, ['MLV-A-01'])),
    { 'MLV-A-01': rule('milvus', '>=2.2') },
  )
  const before = process.threadCpuUsage()
  const plan = makePlan({ suites: { milvus: many }, needs: {}, targets: [native('milvus', '2.3.5')], support: [], selection: {} })
  expect(plan.instances.reduce((sum, { cases }) => sum + cases.length, 0)).toBe(100_000)
  const { user, system } = process.threadCpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(1000)
})

test('a pre-release counts as its version', () => {
  expect(holdsFor('>=1.16.0', '1.16.0-dev')).toBe(true)
  expect(holdsFor('>=1.9.0 <1.16.0', '1.16.0')).toBe(false)
  expect(holdsFor('>=1.9.0 <1.16.0', '1.15.5')).toBe(true)
})
