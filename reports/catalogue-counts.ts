import { createHash } from 'node:crypto'
import type { Suite } from '../src/product.ts'
import type { ProductName, Statement } from '../src/rule.ts'
import type { HeaderLine, StatementCounts } from './journal-lines.ts'

export type Suites = Readonly<Partial<Record<ProductName, Suite>>>

/** How much of what the documents say has rules: for the journal's header, so that a report needs nothing but the journal. */
export function catalogueCounts(suites: Suites): HeaderLine['catalogue'] {
  const all = Object.values(suites)
  const documents = Object.groupBy(
    all.flatMap((suite) => suite.statements),
    (statement) => statement.document,
  )
  return {
    digest: `sha256:${catalogueDigest(suites)}`,
    rules: Object.fromEntries(all.map((suite) => [suite.product, Object.keys(suite.rules).length])),
    statements: Object.fromEntries(Object.entries(documents).map(([document, statements]) => [document, countsOf(statements ?? [])])),
  }
}

/** Of all rules and cases. */
export const catalogueDigest = (suites: Suites): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.values(suites).map(({ rules, tables }) => ({ rules, tables }))))
    .digest('hex')

function countsOf(statements: readonly Statement[]): StatementCounts {
  const notYet = statements.filter(({ traced }) => traced === 'not-yet').length
  const excluded = statements.filter(({ traced }) => typeof traced === 'object' && 'excluded' in traced).length
  return { listed: statements.length, withRules: statements.length - excluded - notYet, excluded, notYet }
}
