import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../src/root.ts'
import { productNames } from '../src/rule.ts'
import { suites } from '../suites/registry.ts'
import { rulePage } from './rule-pages.ts'

test.each(productNames)('the page of the rules of %s is up to date: `assay catalogue write` makes it so', (product) => {
  expect(readFileSync(join(packageRoot, 'docs', 'rules', `${product}.md`), 'utf8')).toBe(rulePage(suites[product]))
})
