import { z } from 'zod'
import type { Case, Expectation } from '../src/case.ts'
import type { Census } from '../src/census.ts'
import type { Configuration } from '../src/configuration.ts'
import { states } from '../src/deviation.ts'
import { runtimeKinds, type InstanceIdentity } from '../src/instance.ts'
import type { Json } from '../src/json.ts'
import { surfaces, type Exchange, type Outcome, type RefusalClass } from '../src/outcome.ts'
import { productNames } from '../src/rule.ts'
import type { Observation, Verdict } from '../src/verdict.ts'
import { waiverSchema } from '../src/waiver.ts'

export const JOURNAL_SCHEMA = 1

const product = z.enum(productNames)
const text = z.string()
const texts = z.array(text).readonly()
const count = z.int().nonnegative()
const instant = z.iso.datetime()
const json: z.ZodType<Json> = z.json()

export const instanceIdentitySchema = z.object({
  id: text,
  product,
  version: text,
  profile: text,
  runtime: z.enum(runtimeKinds),
  evidence: z.enum(['real', 'model']),
}) satisfies z.ZodType<InstanceIdentity>

const refusalClass = z.enum(['unauthenticated', 'forbidden', 'invalid', 'conflict', 'not-found', 'handshake', 'start-up']) satisfies z.ZodType<RefusalClass>

const expectation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allowed'), exactly: texts.exactOptional() }),
  z.object({ kind: z.literal('refused'), by: refusalClass, codes: texts.exactOptional() }),
]) satisfies z.ZodType<Expectation>

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allowed'), code: text, content: json.exactOptional(), shown: texts.exactOptional() }),
  z.object({ kind: z.literal('refused'), by: refusalClass, code: text, message: text }),
  z.object({ kind: z.literal('broken'), cause: text }),
  z.object({ kind: z.literal('void'), cause: text }),
]) satisfies z.ZodType<Outcome>

const effectExemption = z.enum(['never-arrived', 'invisible'])
const twinExemption = z.enum(['nobody-may', 'started-elsewhere'])
const seen = z.object({ kind: z.literal('seen'), what: text })
const none = z.object({ kind: z.literal('none'), what: text })
const unclear = z.object({ kind: z.literal('unclear'), because: text })
const effect = z.discriminatedUnion('kind', [seen, none, unclear])

const observation = z.object({
  surface: z.enum(surfaces),
  probe: outcome,
  effect: z.discriminatedUnion('kind', [seen, none, unclear, z.object({ kind: z.literal('exempt'), exemption: effectExemption })]),
  twin: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('asked'), outcome, effect }),
    z.object({ kind: z.literal('exempt'), exemption: twinExemption }),
    z.object({ kind: z.literal('not-asked') }),
  ]),
}) satisfies z.ZodType<Observation>

const verdict = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('conforms'),
    proof: z.object({
      effect: z.enum(['looked-at', ...effectExemption.options]),
      twin: z.enum(['allowed-with-effect', 'not-needed', ...twinExemption.options]),
    }),
  }),
  z.object({
    kind: z.literal('deviates'),
    class: z.enum(['allowed', 'refused', 'wrong-class', 'effect-despite-refusal', 'no-effect', 'wrong-content']),
    code: text,
    message: text,
    because: text,
  }),
  z.object({ kind: z.literal('inconclusive'), because: text }),
  z.object({ kind: z.literal('not-applicable'), reason: z.enum(['version', 'profile', 'runtime', 'safety']), because: text }),
  z.object({ kind: z.literal('defect'), because: text }),
]) satisfies z.ZodType<Verdict>

const exchange = z.object({
  stage: z.enum(['set-up', 'probe', 'twin', 'effect', 'clean-up']),
  surface: z.enum(surfaces),
  request: text,
  headers: z.record(text, text),
  body: text,
  status: text,
  answer: text,
  ms: z.number(),
  askedFor: text.exactOptional(),
}) satisfies z.ZodType<Exchange>

/** How many sentences of one document are listed, and how many of them have rules, are excluded with a reason, or wait. */
export const statementCountsSchema = z.object({ listed: count, withRules: count, excluded: count, notYet: count })

const header = z.object({
  type: z.literal('header'),
  schema: z.literal(JOURNAL_SCHEMA),
  tool: z.object({ name: text, version: text, commit: text.exactOptional() }),
  runId: text,
  startedAt: instant,
  /** As the user gave it, without secrets. */
  command: texts,
  /** What was asked for: products, versions, rules, runtime. */
  selection: z.record(text, json),
  catalogue: z.object({
    /** Of all rules and cases: the same digest, the same catalogue. */
    digest: text.exactOptional(),
    rules: z.partialRecord(product, count),
    statements: z.record(text, statementCountsSchema),
  }),
})

const plannedCase = z.object({
  id: text,
  rules: texts,
  surface: z.enum(surfaces),
  principal: text,
  operation: text,
  expect: expectation,
})

const plan = z.object({ type: z.literal('plan'), instance: instanceIdentitySchema, cases: z.array(plannedCase).readonly() })

const notJudged = z.object({ type: z.literal('not-judged'), product, because: text, hint: text })

const configuration = z.object({ args: texts, env: z.record(text, text), files: z.record(text, text) }) satisfies z.ZodType<Configuration>

const boot = z.object({
  type: z.literal('boot'),
  /** `InstanceIdentity.id`. */
  instance: text,
  phase: z.enum(['started', 'ready', 'failed', 'stopped', 'died']),
  /** Milliseconds since the Unix epoch. */
  atMs: z.number(),
  because: text.exactOptional(),
  info: z
    .object({
      origin: z.enum(['official', 'registry', 'local-build', 'user']),
      digest: text,
      ports: z.record(text, z.number()),
      configuration: configuration.exactOptional(),
    })
    .exactOptional(),
})

const counted = z.enum(['operations', 'ports'])
const countedFrom = { what: counted, from: text, listed: count }

export const censusSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('complete'), ...countedFrom }),
  z.object({ state: z.literal('incomplete'), ...countedFrom, unknown: texts }),
  z.object({ state: z.enum(['failed', 'not-here']), what: counted, because: text }),
]) satisfies z.ZodType<Census>

/** `instance`: `InstanceIdentity.id`. */
const census = z.object({ type: z.literal('census'), instance: text, census: censusSchema })

const result = z.object({
  type: z.literal('result'),
  /** `InstanceIdentity.id`. */
  instance: text,
  caseId: text,
  state: z.enum(states),
  because: text,
  /** The known deviation that covers it. */
  deviation: text.exactOptional(),
  verdict,
  observation: observation.exactOptional(),
  exchanges: z.array(exchange).readonly(),
  startedAt: instant,
  ms: z.number(),
})

/** The waivers that the user gave to the run, as they were then. */
const waivers = z.object({ type: z.literal('waivers'), waivers: z.array(waiverSchema.extend({ at: text })).readonly() })

const note = z.object({ type: z.literal('note'), text })

const footer = z.object({ type: z.literal('footer'), finishedAt: instant, complete: z.boolean(), interrupted: z.boolean() })

export const journalLineSchema = z.discriminatedUnion('type', [header, waivers, plan, notJudged, boot, census, result, note, footer])

export type StatementCounts = z.infer<typeof statementCountsSchema>
export type HeaderLine = z.infer<typeof header>
export type PlannedCase = z.infer<typeof plannedCase>
export type PlanLine = z.infer<typeof plan>
export type NotJudgedLine = z.infer<typeof notJudged>
export type BootLine = z.infer<typeof boot>
export type ResultLine = z.infer<typeof result>
export type WaiversLine = z.infer<typeof waivers>
export type FooterLine = z.infer<typeof footer>
export type JournalLine = z.infer<typeof journalLineSchema>

/** What the journal keeps of a case that is planned. */
export const plannedCaseOf = ({ id, rules, surface, principal, operation, expect }: Case): PlannedCase => ({ id, rules, surface, principal, operation, expect })
