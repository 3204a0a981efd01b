import { z } from 'zod'
import { states, type State } from '../src/deviation.ts'
import { surfaces } from '../src/outcome.ts'
import { productNames, severities } from '../src/rule.ts'
import { censusSchema, instanceIdentitySchema, statementCountsSchema } from './journal-lines.ts'

export const RUN_SCHEMA = 1

const text = z.string()
const count = z.int().nonnegative()
const product = z.enum(productNames)
const severity = z.enum(severities)
const state = z.enum(states)
const countOfEach = Object.fromEntries(states.map((name) => [name, count])) as Record<State, typeof count>
const totals = z.object(countOfEach).describe('How many cases are in each of the seven states; all seven are there.')

const instance = z
  .object({
    ...instanceIdentitySchema.shape,
    origin: z.enum(['official', 'registry', 'local-build', 'user']).nullable().describe('Where the server came from; null where it never started.'),
    digest: text.nullable().describe('sha256 of the image or the artefact that ran; null where it never started.'),
    status: z.enum(['ran', 'failed', 'died', 'never-started']),
    because: text.exactOptional().describe('Why it failed or died, with its last log lines.'),
    bootMs: z.number().exactOptional(),
  })
  .describe('A server that was planned. `evidence` is "model" for an in-process reference server: never evidence about a product.')

const rule = z
  .object({
    id: text,
    product,
    state: state.describe('The worst of its cases.'),
    severity,
    evidence: z.enum(['real', 'model']).describe('"model" where no real server of the product had a case of it.'),
    cases: totals,
  })
  .describe('One rule that had cases in this run.')

const runCase = z
  .object({
    id: text,
    rules: z.array(text),
    instance: text,
    surface: z.enum(surfaces),
    principal: text,
    operation: text,
    state,
    because: text,
    reason: z
      .enum(['version', 'profile', 'runtime', 'safety'])
      .exactOptional()
      .describe('Of a not-applicable case; "runtime" and "safety" mean: not judged here.'),
    deviation: text.exactOptional().describe('The known deviation that covers it.'),
    class: z
      .enum(['allowed', 'refused', 'wrong-class', 'effect-despite-refusal', 'no-effect', 'wrong-content'])
      .exactOptional()
      .describe('How it deviates, known, waived or not.'),
    severity: severity
      .exactOptional()
      .describe('How bad the deviation is: the highest severity of its rules, but "low" for a recognised refusal without effect under another code.'),
    code: text.exactOptional().describe('Of the answer, as on the wire: "401", "grpc 7", "grpc 0 / 1100".'),
    message: text.exactOptional().describe('Of a deviation: what its signature is compared with.'),
    waiver: z
      .object({
        original: z.enum(['deviates', 'known-deviation']).describe('The state without the waiver.'),
        at: text,
        owner: text,
        reason: text,
        link: text,
        expiry: z.iso.date(),
      })
      .exactOptional()
      .describe('Of a waived case.'),
    ms: z.number().nonnegative(),
  })
  .describe('One case on one instance; the two ids together are its key.')

const knownDeviation = z.object({ id: text, product, rule: text, severity, count, versions: z.array(text), says: text })
const waiver = z.object({
  at: text.describe('File and line.'),
  what: text.describe('The rule or the case.'),
  product,
  owner: text,
  expiry: z.iso.date(),
  status: z
    .enum(['used', 'expired', 'unmatched', 'not-here'])
    .describe('"unmatched": its cases were judged, and none failed as it says; "not-here": none of its cases was judged in this run.'),
  cases: count.describe('How many it covers.'),
})
const staleDeviation = z.object({ id: text, product, rule: text, version: text, says: text })

export const runRecordSchema = z.object({
  schema: z.literal(RUN_SCHEMA),
  tool: z.object({ name: text, version: text, commit: text.exactOptional() }),
  runId: text,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable().describe('null where the run ended before it could say so.'),
  complete: z.boolean(),
  interrupted: z.boolean(),
  headline: text.describe('One sentence: what was real, what conforms, what deviates, what was not judged.'),
  instances: z.array(instance),
  totals: totals.describe('Cases on real servers.'),
  modelTotals: totals.describe('Cases on in-process reference servers: no evidence.'),
  rules: z.array(rule),
  cases: z.array(runCase),
  rulesWithoutCases: z.array(text).describe('Rules of the products that ran for which this run had no case.'),
  knownDeviations: z.array(knownDeviation).describe('Those that this run saw. Known is not accepted, and never counted as conforming.'),
  staleDeviations: z.array(staleDeviation).describe('Recorded for a version that was judged here, and no longer seen: counts as a deviation.'),
  waivers: z.array(waiver).describe('All that were given. An expired or unmatched one ends the run with 4.'),
  notJudged: z.array(z.object({ product, because: text, hint: text })),
  census: z
    .array(z.object({ instance: text, census: censusSchema }))
    .default([])
    .describe(
      'What each server lists of its operations, and its open ports, against what has cases or a reason. "incomplete" and "failed" end the run with 3.',
    ),
  statements: z.record(text, statementCountsSchema).describe('By document: how many of its sentences are listed, have rules, are excluded, or wait.'),
  exemptions: z
    .object({
      twin: z.object({ 'nobody-may': count, 'started-elsewhere': count }),
      effect: z.object({ 'never-arrived': count, invisible: count }),
    })
    .describe('Conforming cases on real servers that were judged without a twin, or without a look at the effect.'),
  defects: z.array(text).describe('Faults of the harness: where the journal does not add up, or its own model deviates.'),
})

export type RunRecord = z.infer<typeof runRecordSchema>
export type RunInstance = z.infer<typeof instance>
export type RunRule = z.infer<typeof rule>
export type RunCase = z.infer<typeof runCase>
export type Totals = z.infer<typeof totals>

/** The JSON Schema (2020-12) of `run.json`, as text; `run.schema.json` is this. */
export function runJsonSchema(): string {
  const schema = z.toJSONSchema(runRecordSchema, { target: 'draft-2020-12' })
  return `${JSON.stringify({ ...schema, title: 'run.json of vector-assay' }, null, 2)}\n`
}
