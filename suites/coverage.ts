import { casesOf, type Suite } from '../src/product.ts'
import type { Surface } from '../src/outcome.ts'
import type { ExclusionReason, Statement } from '../src/rule.ts'

/**
 * - `covered`: at least one of its rules has a case
 * - `without-cases`: it has rules, and none of them a case
 */
type CoverageState = 'covered' | 'without-cases' | 'excluded' | 'not-yet'

export interface StatementCoverage {
  readonly statement: Statement
  readonly state: CoverageState
  readonly rules: readonly { readonly id: string; readonly cases: readonly string[] }[]
}

export interface DocumentCounts {
  readonly listed: number
  readonly withRules: number
  readonly excluded: Readonly<Partial<Record<ExclusionReason, number>>>
  readonly notYet: number
}

export interface Coverage {
  readonly statements: readonly StatementCoverage[]
  readonly documents: Readonly<Record<string, DocumentCounts & { readonly covered: number }>>
  /** Named by a statement and not in the catalogue: a defect of ours. */
  readonly unknownRules: readonly string[]
  /** Rules whose source is a document and which no statement leads to. */
  readonly unstatedRules: readonly string[]
}

type Catalogue = Pick<Suite, 'statements' | 'rules' | 'tables'>

/**
 * Statement → rules → cases, and the totals by document. Pure.
 *
 * @param among - where rules and cases are looked up: a page on one product may state what another has to do (an issuer).
 */
export function coverageOf(suite: Catalogue, among: readonly Catalogue[] = [suite]): Coverage {
  const cases = casesByRule(among)
  const statements = suite.statements.map((statement) => coverageOfStatement(statement, cases))
  const known = new Set(among.flatMap((one) => Object.keys(one.rules)))
  const named = new Set(among.flatMap((one) => one.statements.flatMap(rulesOf)))
  const byDocument = Object.groupBy(statements, ({ statement }) => statement.document)
  return {
    statements,
    documents: Object.fromEntries(Object.entries(byDocument).map(([document, rows = []]) => [document, countCoverage(rows)])),
    unknownRules: [...new Set(suite.statements.flatMap(rulesOf))].filter((id) => !known.has(id)),
    unstatedRules: Object.keys(suite.rules).filter((id) => suite.rules[id]?.source.kind === 'document' && !named.has(id)),
  }
}

/** How many of the statements have rules, an exclusion, or neither yet. */
export function countStatements(statements: readonly Statement[]): DocumentCounts {
  const reasons = Object.groupBy(
    statements.flatMap(({ traced }) => (typeof traced === 'object' && 'excluded' in traced ? [traced.excluded] : [])),
    (reason) => reason,
  )
  return {
    listed: statements.length,
    withRules: statements.filter((statement) => rulesOf(statement).length > 0).length,
    excluded: Object.fromEntries(Object.entries(reasons).map(([reason, all]) => [reason, all.length])),
    notYet: statements.filter(({ traced }) => traced === 'not-yet').length,
  }
}

/** `42 listed, 30 with rules, 10 excluded (8 prose, 2 unsafe), 2 not yet`. */
export function countsText(counts: DocumentCounts): string {
  const reasons = Object.entries(counts.excluded).map(([reason, count]) => `${count} ${reason}`)
  const excluded = Object.values(counts.excluded).reduce((sum, count) => sum + count, 0)
  return `${counts.listed} listed, ${counts.withRules} with rules, ${excluded} excluded (${reasons.join(', ')}), ${counts.notYet} not yet`
}

const rulesOf = ({ traced }: Statement): readonly string[] => (typeof traced === 'object' && 'rules' in traced ? traced.rules : [])

function casesByRule(among: readonly Pick<Suite, 'tables'>[]): ReadonlyMap<string, readonly string[]> {
  const byRule = new Map<string, string[]>()
  for (const row of among.flatMap(casesOf)) for (const rule of row.rules) listUnder(byRule, rule).push(row.id)
  return byRule
}

function listUnder(lists: Map<string, string[]>, key: string): string[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

function coverageOfStatement(statement: Statement, cases: ReadonlyMap<string, readonly string[]>): StatementCoverage {
  const rules = rulesOf(statement).map((id) => ({ id, cases: cases.get(id) ?? [] }))
  return { statement, state: stateOf(statement, rules), rules }
}

function stateOf({ traced }: Statement, rules: StatementCoverage['rules']): CoverageState {
  if (traced === 'not-yet') return 'not-yet'
  if ('excluded' in traced) return 'excluded'
  return rules.some((rule) => rule.cases.length > 0) ? 'covered' : 'without-cases'
}

const countCoverage = (rows: readonly StatementCoverage[]): DocumentCounts & { covered: number } => ({
  ...countStatements(rows.map((row) => row.statement)),
  covered: rows.filter((row) => row.state === 'covered').length,
})

/** How much of what could be asked on a surface is asked: who asks what, of all that is asked there by all who ask there. */
export interface Reach {
  readonly surface: Surface
  readonly operations: number
  readonly principals: number
  /** Pairs of an operation and a principal that have a case; possible are `operations` × `principals`. */
  readonly asked: number
}

/** One line for each surface that a suite asks on. Pure. */
export function reachOf(suite: Pick<Suite, 'tables'>): readonly Reach[] {
  return [...Map.groupBy(casesOf(suite), (row) => row.surface)].map(([surface, rows]) => ({
    surface,
    operations: new Set(rows.map((row) => row.operation)).size,
    principals: new Set(rows.map((row) => row.principal)).size,
    asked: new Set(rows.map((row) => JSON.stringify([row.operation, row.principal]))).size,
  }))
}
