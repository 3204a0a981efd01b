import { describe, expect, test } from 'vitest'
import { servers } from '../containers/registry.ts'
import { productNames, type ProductName } from '../src/rule.ts'
import { duties } from './lint.ts'
import { suites } from './registry.ts'

const prefixes: Readonly<Record<ProductName, string>> = { qdrant: 'QDR', milvus: 'MLV', weaviate: 'WVT', keycloak: 'KCL' }

const otherRules = new Set(Object.values(suites).flatMap(({ rules }) => Object.keys(rules)))

describe.each(productNames)('the catalogue of %s', (product) => {
  const catalogue = { suite: suites[product], server: servers[product], prefix: prefixes[product], otherRules }

  test.each(Object.entries(duties))('%s', (_duty, check) => {
    expect(check(catalogue)).toEqual([])
  })
})
