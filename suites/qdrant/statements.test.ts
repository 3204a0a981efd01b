import { expect, test } from 'vitest'
import { accessCases } from './access.cases.ts'
import { qdrantStatements } from './statements.ts'

const rows = qdrantStatements
  .filter(({ section, says }) => section === 'Table of access' && /^[^:]+: .*(?:may|see all)/.test(says))
  .map(({ says, traced }) => ({ says, operations: operationsOf(says), rules: typeof traced === 'object' && 'rules' in traced ? traced.rules : [] }))

/** `Get collection info: every level may.` → `get-collection-info`; a row may name several. */
function operationsOf(says: string): readonly string[] {
  return (says.split(':')[0] ?? '')
    .toLowerCase()
    .split(', ')
    .map((name) => name.replaceAll(' ', '-'))
}

const casesOf = (operation: string): readonly { readonly rules: readonly string[] }[] => accessCases.filter((row) => row.operation === operation)
const byColumn = (rules: readonly string[]): readonly string[] =>
  [...new Set(rules)].filter((id) => /KEY-READ-ONLY|JWT-READ|COLLECTION-(?:RW|R)-/.test(id)).toSorted()

test('the table of access has fifty-nine rows', () => {
  expect(rows).toHaveLength(59)
})

test('a row of the table of access has rules exactly where its operation is asked', () => {
  const asked = rows.filter(({ operations }) => operations.every((name) => casesOf(name).length > 0))
  expect(rows.filter(({ rules }) => rules.length > 0)).toEqual(asked)
})

test('what a row says and what is expected of its operation are the same, column by column', () => {
  for (const { says, operations, rules } of rows.filter((row) => row.rules.length > 0)) {
    for (const operation of operations) {
      expect({ says, rules: byColumn(casesOf(operation).flatMap((row) => row.rules)) }).toEqual({ says, rules: byColumn(rules) })
    }
  }
})
