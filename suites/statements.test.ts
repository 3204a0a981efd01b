import { expect, test } from 'vitest'
import type { Suite } from '../src/product.ts'
import { coverageOf } from './coverage.ts'
import { suites } from './registry.ts'

const all: readonly Suite[] = Object.values(suites)
const statements = all.flatMap((suite) => suite.statements)
const repeated = (values: readonly string[]): readonly string[] => values.filter((value, at) => values.indexOf(value) !== at)

test('no statement and no unit of a document is listed twice', () => {
  expect(repeated(statements.map((statement) => statement.id))).toEqual([])
  expect(repeated(statements.map((statement) => `${statement.document} ${statement.digest}`))).toEqual([])
})

test.each(all.map((suite) => [suite.product, suite] as const))(
  'every statement on %s is our own sentence, with rules that exist or a reason',
  (_product, suite) => {
    for (const { says, digest, traced } of suite.statements) {
      const reason = typeof traced === 'object' && 'excluded' in traced ? traced.note : 'none needed'
      expect({ says, digest, reason }).toEqual({
        says: expect.stringMatching(/^.{8,200}\.$/),
        digest: expect.stringMatching(/^[\da-f]{16}$/),
        reason: expect.stringMatching(/./),
      })
    }
    expect(coverageOf(suite, all).unknownRules).toEqual([])
  },
)

test.each(all.map((suite) => [suite.product, suite] as const))(
  'every rule of %s that a document is the source of has a statement that leads to it',
  (_product, suite) => {
    expect(coverageOf(suite, all).unstatedRules).toEqual([])
  },
)
