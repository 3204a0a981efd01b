import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { suites } from '../suites/registry.ts'
import { setsOf } from '../suites/requirements/sets.ts'
import { catalogueSchema, exportCatalogue } from './catalogue-export.ts'

test('the catalogue as JSON is valid by its schema, and lacks no rule and no case', () => {
  const exported: unknown = JSON.parse(JSON.stringify(exportCatalogue(Object.values(suites), setsOf)))
  const validate = new Ajv2020({ strict: true }).compile(z.toJSONSchema(catalogueSchema))
  expect([validate(exported), validate.errors]).toEqual([true, null])
  const { products } = catalogueSchema.parse(exported)
  expect(products.map(({ rules }) => rules.length)).toEqual(Object.values(suites).map(({ rules }) => Object.keys(rules).length))
  expect(products.map(({ cases }) => cases.length)).toEqual(Object.values(suites).map(({ tables }) => Object.values(tables).flat().length))
})

test('a rule says which frozen sets it is in', () => {
  expect(setsOf('QDR-KEY-REQUIRED-01')).toEqual(['2026.11'])
  expect(setsOf('QDR-NEVER-01')).toEqual([])
})
