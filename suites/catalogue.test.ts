import semver from 'semver'
import { describe, expect, test } from 'vitest'
import { servers } from '../containers/registry.ts'
import type { ServerDefinition } from '../containers/server.ts'
import { probeKey, type Case } from '../src/case.ts'
import { matchesPattern } from '../src/deviation.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { productNames, type ProductName, type Rule } from '../src/rule.ts'
import { suites } from './registry.ts'

/** Rules that no case asks about yet, each with the reason. A rule that has a case, or is none, may not be here. */
const rulesWithoutCases: Readonly<Record<string, string>> = {}

const prefixes: Readonly<Record<ProductName, string>> = { qdrant: 'QDR', milvus: 'MLV', weaviate: 'WVT', keycloak: 'KCL' }

/** Each test lists what is wrong: an empty list is what it wants. */
describe.each(productNames)('the catalogue of %s', (product) => {
  const suite: Suite = suites[product]
  const server: ServerDefinition = servers[product]
  const cases = casesOf(suite)
  const rules = Object.entries(suite.rules) as readonly (readonly [string, Rule])[]
  const casesWhere = (isWrong: (row: Case) => boolean): readonly string[] => cases.filter(isWrong).map((row) => row.id)

  test('has rules and cases', () => {
    expect(suite.product).toBe(product)
    expect(rules.length).toBeGreaterThan(0)
    expect(cases.length).toBeGreaterThan(0)
  })

  test('names its rules as rules are named, for its own product, with ranges that can be read', () => {
    const form = new RegExp(`^${prefixes[product]}-[A-Z0-9]+(-[A-Z0-9]+)*-\\d\\d$`)
    expect(rules.filter(([id, rule]) => !form.test(id) || rule.product !== product).map(([id]) => id)).toEqual([])
    expect(rules.filter(([, { versions }]) => versions !== undefined && semver.validRange(versions) === null).map(([id]) => id)).toEqual([])
    expect(rules.filter(([, rule]) => rule.says.trim() === '' || rule.source.ref.trim() === '' || rule.remediation.trim() === '').map(([id]) => id)).toEqual([])
  })

  test('has a case for every rule, or a reason why there is none', () => {
    const asked = new Set(cases.flatMap((row) => row.rules))
    expect(rules.map(([id]) => id).filter((id) => !asked.has(id) && !Object.hasOwn(rulesWithoutCases, id))).toEqual([])
    expect(Object.keys(rulesWithoutCases).filter((id) => id.startsWith(prefixes[product]) && (asked.has(id) || !Object.hasOwn(suite.rules, id)))).toEqual([])
  })

  test('has cases about rules and profiles that exist', () => {
    expect(casesWhere((row) => row.rules.length === 0 || row.rules.some((rule) => !Object.hasOwn(suite.rules, rule)))).toEqual([])
    expect(casesWhere((row) => !Object.hasOwn(server.profiles, row.profile))).toEqual([])
    expect(casesWhere(({ versions }) => versions !== undefined && semver.validRange(versions) === null)).toEqual([])
  })

  test('gives each case an id of its own, which begins with the product and claims what is expected', () => {
    expect(repeated(cases.map((row) => row.id))).toEqual([])
    expect(casesWhere((row) => !row.id.startsWith(`${product}.`) || /\s/.test(row.id))).toEqual([])
    expect(casesWhere((row) => /\.may\./.test(row.id) && row.expect.kind === 'refused')).toEqual([])
    expect(casesWhere((row) => /\.may-not\./.test(row.id) && row.expect.kind === 'allowed')).toEqual([])
  })

  test('repeats no probe', () => {
    const byKey = Map.groupBy(cases, probeKey)
    expect([...byKey.values()].filter((rows) => rows.length > 1).map((rows) => rows.map((row) => row.id))).toEqual([])
  })

  test('gives every refusal a twin that differs from it, or an exemption by name', () => {
    expect(casesWhere((row) => row.expect.kind === 'refused' && row.twin === undefined)).toEqual([])
    expect(casesWhere((row) => row.twin !== undefined && !('exempt' in row.twin) && probeKey({ ...row, ...row.twin }) === probeKey(row))).toEqual([])
  })

  test('has a twin that is expected to be allowed, wherever that is a case too', () => {
    const byKey = new Map(cases.map((row) => [probeKey(row), row]))
    const isRefused = (row: Case): boolean => {
      if (row.twin === undefined || 'exempt' in row.twin) return false
      return byKey.get(probeKey({ ...row, ...row.twin }))?.expect.kind === 'refused'
    }
    expect(casesWhere(isRefused)).toEqual([])
  })

  test('excuses no look at the effect of what may be done', () => {
    expect(casesWhere((row) => row.expect.kind === 'allowed' && row.effect?.exempt === 'never-arrived')).toEqual([])
  })

  test('describes known deviations of versions that there are, from rules that there are, on cases that there are', () => {
    const versions = new Set(server.versions.map((entry) => entry.version))
    const about = ({ rule, cases: patterns }: Suite['deviations'][number]): readonly Case[] =>
      cases.filter((row) => row.rules.includes(rule) && (patterns === undefined || patterns.some((pattern) => matchesPattern(pattern, row.id))))
    const idle = ({ cases: patterns }: Suite['deviations'][number]): boolean =>
      patterns?.some((pattern) => !cases.some((row) => matchesPattern(pattern, row.id))) === true
    expect(repeated(suite.deviations.map((deviation) => deviation.id))).toEqual([])
    expect(suite.deviations.filter((one) => one.product !== product || !Object.hasOwn(suite.rules, one.rule)).map((one) => one.id)).toEqual([])
    expect(suite.deviations.filter((one) => one.seenOn.length === 0 || one.seenOn.some((version) => !versions.has(version))).map((one) => one.id)).toEqual([])
    expect(suite.deviations.filter((one) => about(one).length === 0 || idle(one)).map((one) => one.id)).toEqual([])
    expect(suite.deviations.filter((one) => one.says.trim() === '' || one.captured.trim() === '').map((one) => one.id)).toEqual([])
  })

  test('traces its statements to rules that exist', () => {
    expect(repeated(suite.statements.map((statement) => statement.id))).toEqual([])
    const traced = suite.statements.flatMap(({ id, traced: to }) => (typeof to === 'object' && 'rules' in to ? to.rules.map((rule) => ({ id, rule })) : []))
    // A page on one product may state what another has to do: Weaviate's tells what an issuer does.
    expect(traced.filter(({ rule }) => !Object.values(suites).some((one) => Object.hasOwn(one.rules, rule)))).toEqual([])
    expect(suite.statements.filter(({ traced: to }) => typeof to === 'object' && 'rules' in to && to.rules.length === 0).map(({ id }) => id)).toEqual([])
  })

  test('has one default version among those that it knows', () => {
    expect(repeated(server.versions.map((entry) => entry.version))).toEqual([])
    expect(server.versions.filter((entry) => entry.default === true)).toHaveLength(1)
  })
})

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))]
}
