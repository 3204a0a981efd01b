import { z } from 'zod'
import { surfaces } from '../src/outcome.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { productNames, severities, type Rule } from '../src/rule.ts'

const ruleSchema = z.strictObject({
  id: z.string().describe('Stable, and never used again.'),
  says: z.string(),
  source: z.strictObject({ kind: z.enum(['document', 'vendor-page', 'standard', 'advisory', 'derived']), ref: z.string() }),
  level: z.enum(['MUST', 'SHOULD']),
  severity: z.enum(severities),
  versions: z.string().describe('A semver range of the versions that it holds for; absent: all.').optional(),
  cwe: z.array(z.string()),
  controls: z.array(z.string()).describe('Controls of NIST SP 800-53 r5.'),
  remediation: z.string(),
  requirements: z.array(z.string()).describe('The frozen sets of requirements that it is in, by their names.'),
  cases: z.array(z.string()).describe('Ids of the cases that are about it.'),
  known: z.array(z.strictObject({ id: z.string(), says: z.string(), seenOn: z.array(z.string()) })).describe('Deviations that were seen on released versions.'),
})

const caseSchema = z.strictObject({
  id: z.string(),
  profile: z.string(),
  surface: z.enum(surfaces),
  operation: z.string(),
  principal: z.string(),
  expect: z.enum(['allowed', 'refused']),
  rules: z.array(z.string()),
})

/** The catalogue as other tools read it: `assay list --json`. */
export const catalogueSchema = z.strictObject({
  schema: z.literal(1),
  products: z.array(z.strictObject({ product: z.enum(productNames), rules: z.array(ruleSchema), cases: z.array(caseSchema) })),
})

export type CatalogueExport = z.infer<typeof catalogueSchema>
export type ExportedRule = z.infer<typeof ruleSchema>

/** @param sets the frozen sets that a rule is in, by its id */
export const exportCatalogue = (suites: readonly Suite[], sets: (rule: string) => readonly string[]): CatalogueExport => ({
  schema: 1,
  products: suites.map((suite) => ({
    product: suite.product,
    rules: Object.entries(suite.rules).map(([id, rule]) => exportRule(suite, id, rule, sets)),
    cases: casesOf(suite).map(({ id, profile, surface, operation, principal, expect, rules }) => ({
      ...{ id, profile, surface, operation, principal },
      ...{ expect: expect.kind, rules: [...rules] },
    })),
  })),
})

export const exportRule = (suite: Suite, id: string, rule: Rule, sets: (rule: string) => readonly string[]): ExportedRule => {
  const { says, source, level, severity, versions, cwe, controls, remediation } = rule
  return {
    ...{ id, says, source, level, severity, cwe: [...cwe], controls: [...controls], remediation, requirements: [...sets(id)] },
    ...(versions === undefined ? {} : { versions }),
    cases: casesOf(suite).flatMap((row) => (row.rules.includes(id) ? [row.id] : [])),
    known: suite.deviations.flatMap((known) => (known.rule === id ? [{ id: known.id, says: known.says, seenOn: [...known.seenOn] }] : [])),
  }
}
