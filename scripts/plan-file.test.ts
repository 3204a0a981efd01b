import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HarnessError } from '../src/errors.ts'
import { readPlanFile } from './plan-file.ts'

const planFile = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'assay-test-')), 'plan.yaml')
  writeFileSync(path, text)
  return path
}

const failureOf = (text: string): string => {
  const path = planFile(text)
  try {
    readPlanFile(path)
  } catch (thrown) {
    if (thrown instanceof HarnessError) return `${thrown.exitCode} ${thrown.message.replace(path, 'plan.yaml')}`
  }
  return 'it was accepted'
}

test('a plan names products with versions, a runtime, images, rules and cases', () => {
  const path = planFile('products:\n  milvus: [2.2.16, 2.3.5]\n  qdrant: []\nruntime: native\nimages: { qdrant: "here/qdrant:1" }\nrules: [MLV-*]\n')
  expect(readPlanFile(path)).toEqual({
    products: { milvus: ['2.2.16', '2.3.5'], qdrant: [] },
    runtime: 'native',
    images: { qdrant: 'here/qdrant:1' },
    rules: ['MLV-*'],
  })
})

test('an empty plan asks for nothing special', () => {
  expect(readPlanFile(planFile(''))).toEqual({})
})

test('a typing error is named with its line', () => {
  expect(failureOf('runtime: native\nproduct:\n  milvus: []\n')).toBe('2 plan.yaml, line 2: Unrecognized key: "product"')
  expect(failureOf('products:\n  milvus: []\n  milvius: []\n')).toMatch(/^2 plan\.yaml, line 3: products.*/)
  expect(failureOf('\nruntime: podman\n')).toMatch(/^2 plan\.yaml, line 2: runtime: /)
  expect(failureOf('products:\n  milvus:\n    - "2.3"\n')).toBe('2 plan.yaml, line 3: products.milvus.0: a version has three numbers')
  expect(failureOf('products: {milvus: [2.3.5\nruntime: x')).toMatch(/^2 plan\.yaml, line \d: /)
})

test('a plan that is not there is a configuration error', () => {
  expect(() => readPlanFile('/nowhere/plan.yaml')).toThrow(/^the plan \/nowhere\/plan\.yaml cannot be read: ENOENT/)
})
