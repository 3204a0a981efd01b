import { readdirSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { claim, type Case, type Expectation } from './case.ts'
import { HarnessError, messageOf } from './errors.ts'
import { surfaces } from './outcome.ts'
import { productNames, severities, type ProductName, type Rule } from './rule.ts'
import { readYamlFile } from './yaml-file.ts'

/** Where a user's own rules are; set by `--rules`, so that workers find them too. */
export const OWN_RULES_VARIABLE = 'ASSAY_RULES'

const words = z.string().trim().min(1)
const input = z.record(z.string(), z.json())

const ruleSchema = z.strictObject({
  says: words,
  source: z.strictObject({ kind: z.enum(['document', 'vendor-page', 'standard', 'advisory', 'derived']), ref: words }),
  level: z.enum(['MUST', 'SHOULD']),
  severity: z.enum(severities),
  versions: words.exactOptional(),
  cwe: z.array(z.templateLiteral(['CWE-', z.number()])).readonly(),
  controls: z.array(words).readonly(),
  remediation: words,
  /** The fault that it dies of, by its id: `assay mutate --rule` shows that it does. */
  fault: words,
})

/** Somebody like a caller whom the product's driver knows, with an input of their own. */
const principalSchema = z.strictObject({ like: words, input: input.default({}) })

/** A configuration like one that there is, with other settings: environment variables, or what a YAML file of it says. */
const profileSchema = z.strictObject({
  says: words,
  like: words,
  env: z.record(z.string(), z.string()).default({}),
  settings: z.record(z.string(), z.record(z.string(), z.json())).default({}),
})

const refusal = z.strictObject({ refused: z.enum(['unauthenticated', 'forbidden', 'invalid', 'conflict', 'not-found']), codes: z.array(words).exactOptional() })
const showing = z.strictObject({ shows: z.array(z.string()) })

const caseSchema = z.strictObject({
  rules: z.array(words).min(1),
  profile: words,
  surface: z.enum(surfaces),
  operation: words,
  principal: words,
  input: input.default({}),
  /** Ends the id where two cases differ in their input alone. */
  detail: z.string().default(''),
  expect: z.union([z.literal('allowed'), showing, refusal]),
  twin: z.strictObject({ principal: words.exactOptional(), input: input.exactOptional() }).exactOptional(),
  versions: words.exactOptional(),
})

const ownRulesSchema = z.strictObject({
  product: z.enum(productNames),
  rules: z.record(words, ruleSchema).default({}),
  principals: z.record(words, principalSchema).default({}),
  profiles: z.record(words, profileSchema).default({}),
  cases: z.array(caseSchema).default([]),
})

/** What a module of a user's exports as `ownRules`; the same as a YAML file holds. */
export type OwnRulesTable = z.input<typeof ownRulesSchema>

export interface OwnProfile extends z.infer<typeof profileSchema> {}

/** One file of a user's: rules, callers, configurations and cases that are added to a product. */
export interface OwnRules {
  readonly file: string
  readonly product: ProductName
  readonly rules: Readonly<Record<string, Rule>>
  /** The fault that each rule says it dies of. */
  readonly faults: Readonly<Record<string, string>>
  readonly principals: z.infer<typeof ownRulesSchema>['principals']
  readonly profiles: Readonly<Record<string, OwnProfile>>
  readonly cases: readonly Case[]
}

let wanted: Promise<readonly OwnRules[]> | undefined

/** Those that the user named, read once; none where none were named. */
export function ownRules(env: Readonly<Record<string, string | undefined>> = process.env): Promise<readonly OwnRules[]> {
  const folder = env[OWN_RULES_VARIABLE]
  if (folder === undefined || folder === '') return Promise.resolve([])
  return (wanted ??= readOwnRules(folder))
}

/**
 * Reads a folder: each `.yaml` is a table, each `.ts`, `.mts`, `.js` or `.mjs` a module that exports one as `ownRules`.
 *
 * @throws HarnessError `CONFIG_INVALID` with the file (and, of YAML, the line) and what is wrong
 */
export async function readOwnRules(folder: string): Promise<readonly OwnRules[]> {
  const found: OwnRules[] = []
  for (const name of namesIn(folder)) {
    const path = resolve(folder, name)
    found.push(ownRulesOf(name, /^\.ya?ml$/.test(extname(name)) ? fromYaml(path) : await fromModule(path)))
  }
  if (found.length === 0) throw new HarnessError('CONFIG_INVALID', `${folder} holds no table of rules`, { hint: 'a table is a .yaml file, or a module' })
  return found
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(ya?ml|m?[jt]s)$/.test(name) && !/\.(test|d)\.m?[jt]s$/.test(name))
      .toSorted()
  } catch (cause) {
    throw new HarnessError('CONFIG_INVALID', `the folder of rules ${folder} cannot be read`, { cause, hint: 'name a folder: --rules DIR' })
  }
}

const HINT = 'a table has product, rules, principals, profiles, cases; docs/own-rules.md shows one'

const fromYaml = (path: string): z.infer<typeof ownRulesSchema> =>
  readYamlFile(path, ownRulesSchema, { code: 'CONFIG_INVALID', what: 'the rules', hint: HINT }).value

async function fromModule(path: string): Promise<z.infer<typeof ownRulesSchema>> {
  const loaded: unknown = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new HarnessError('CONFIG_INVALID', `${path}: ${messageOf(cause)}`, { cause, hint: HINT })
  })
  const checked = z.object({ ownRules: ownRulesSchema }).safeParse(loaded)
  if (checked.success) return checked.data.ownRules
  const [issue] = checked.error.issues
  throw new HarnessError('CONFIG_INVALID', `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, { hint: HINT })
}

function ownRulesOf(file: string, { product, rules, principals, profiles, cases }: z.infer<typeof ownRulesSchema>): OwnRules {
  const bare = Object.entries(rules).map(([id, { fault: _fault, ...rule }]) => [id, { product, ...rule }] as const)
  return {
    ...{ file, product, principals, profiles },
    rules: Object.fromEntries(bare),
    faults: Object.fromEntries(Object.entries(rules).map(([id, { fault }]) => [id, fault])),
    cases: cases.map((row) => caseOf(product, row, profiles[row.profile])),
  }
}

function caseOf(product: ProductName, { detail, expect, rules, ...row }: z.infer<typeof caseSchema>, profile: OwnProfile | undefined): Case {
  const expected = expectationOf(expect)
  const [first = '', ...others] = rules
  return {
    ...row,
    id: claim(product, row.surface, row.principal, expected, row.operation, detail),
    rules: [first, ...others],
    expect: expected,
    // A model has the settings of the profiles that it knows, and no others.
    ...(profile === undefined ? {} : { runtimes: ['docker', 'native', 'external'] as const }),
  }
}

function expectationOf(expect: z.infer<typeof caseSchema>['expect']): Expectation {
  if (expect === 'allowed') return { kind: 'allowed' }
  if ('shows' in expect) return { kind: 'allowed', exactly: expect.shows }
  return { kind: 'refused', by: expect.refused, ...(expect.codes === undefined ? {} : { codes: expect.codes }) }
}
