import type { Case, Expectation } from '../src/case.ts'
import type { KnownDeviation, Settled } from '../src/deviation.ts'
import type { InstanceIdentity } from '../src/instance.ts'
import type { Exchange, Outcome } from '../src/outcome.ts'
import type { Suite } from '../src/product.ts'
import type { ProductName, Rule, Rules, Statement } from '../src/rule.ts'
import type { Verdict } from '../src/verdict.ts'
import {
  plannedCaseOf,
  type BootLine,
  type FooterLine,
  type HeaderLine,
  type JournalLine,
  type NotJudgedLine,
  type PlanLine,
  type ResultLine,
} from './journal-lines.ts'

// Journals built by hand, for the tests of what is made from them.

const STARTED = '2026-03-01T10:00:00.000Z'

export const header = (over: Partial<HeaderLine> = {}): HeaderLine => ({
  type: 'header',
  schema: 1,
  tool: { name: 'vector-assay', version: '0.1.0', commit: '1c5ba19' },
  runId: 'r-0001',
  startedAt: STARTED,
  command: ['assay', 'run'],
  selection: { runtime: 'auto' },
  catalogue: { rules: {}, statements: {} },
  ...over,
})

export const footer = (over: Partial<FooterLine> = {}): FooterLine => ({
  type: 'footer',
  finishedAt: '2026-03-01T10:04:12.000Z',
  complete: true,
  interrupted: false,
  ...over,
})

export const instance = (product: ProductName = 'milvus', over: Partial<InstanceIdentity> = {}): InstanceIdentity => {
  const version = over.version ?? '2.3.5'
  const profile = over.profile ?? 'default'
  return {
    id: `${product}-${version}-${profile}${over.evidence === 'model' ? '-model' : ''}`,
    product,
    version,
    profile,
    runtime: 'native',
    evidence: 'real',
    ...over,
  }
}

export const exampleCase = (id: string, over: Partial<Case> = {}): Case => ({
  id,
  profile: 'default',
  rules: ['MIL-AUTH-01'],
  surface: 'rest',
  principal: 'anonymous',
  operation: 'list-collections',
  input: {},
  expect: refusal,
  ...over,
})

const refusal: Expectation = { kind: 'refused', by: 'unauthenticated' }

export const plan = (at: InstanceIdentity, cases: readonly Case[]): PlanLine => ({ type: 'plan', instance: at, cases: cases.map(plannedCaseOf) })

export const boot = (at: InstanceIdentity, phase: BootLine['phase'], over: Partial<BootLine> = {}): BootLine => ({
  type: 'boot',
  instance: at.id,
  phase,
  atMs: Date.parse(STARTED),
  ...(phase === 'ready' ? { info: { origin: 'registry', digest: `sha256:${'ab'.repeat(32)}`, ports: { rest: 19530 } } } : {}),
  ...over,
})

export const notJudged = (product: ProductName, over: Partial<NotJudgedLine> = {}): NotJudgedLine => ({
  type: 'not-judged',
  product,
  because: 'no real server of it can be had on this machine',
  hint: 'set ASSAY_QDRANT_BIN, or start Docker',
  ...over,
})

export const exchange = (over: Partial<Exchange> = {}): Exchange => ({
  stage: 'probe',
  surface: 'rest',
  request: 'POST https://localhost:19530/v1/vector/collections',
  headers: { authorization: 'Bearer ‹api key›' },
  body: '{"dbName":"default"}',
  status: '401',
  answer: '{"code":1800,"message":"user hasn\'t authenticated"}',
  ms: 3.4,
  ...over,
})

const refused: Outcome = { kind: 'refused', by: 'unauthenticated', code: '401', message: "user hasn't authenticated" }

export const verdicts = {
  conforms: { kind: 'conforms', proof: { effect: 'looked-at', twin: 'allowed-with-effect' } },
  deviates: {
    kind: 'deviates',
    class: 'allowed',
    code: '200',
    message: '',
    because: 'allowed (200), with effect: lists canary; documented as refused (unauthenticated)',
  },
  inconclusive: { kind: 'inconclusive', because: 'no readable answer: ECONNRESET' },
  'not-applicable': { kind: 'not-applicable', reason: 'version', because: 'since 2.4.0' },
  defect: { kind: 'defect', because: 'probe: TypeError: x is undefined' },
} as const satisfies Record<string, Verdict>

export const conforms: Settled = { state: 'conforms', because: 'as documented' }
export const deviates: Settled = { state: 'deviates', because: verdicts.deviates.because }
export const couldNotRun: Settled = { state: 'could-not-run', because: verdicts.inconclusive.because }
export const notApplicable: Settled = { state: 'not-applicable', because: 'version: since 2.4.0' }
export const harnessDefect: Settled = { state: 'harness-defect', because: verdicts.defect.because }
export const known = (deviation: string): Settled => ({ state: 'known-deviation', because: `${deviation}: ${verdicts.deviates.because}`, deviation })

const verdictOf: Readonly<Record<Settled['state'], Verdict>> = {
  conforms: verdicts.conforms,
  deviates: verdicts.deviates,
  'known-deviation': verdicts.deviates,
  waived: verdicts.deviates,
  'not-applicable': verdicts['not-applicable'],
  'could-not-run': verdicts.inconclusive,
  'harness-defect': verdicts.defect,
}

export const result = (at: InstanceIdentity, row: Pick<Case, 'id'>, settled: Settled = conforms, over: Partial<ResultLine> = {}): ResultLine => ({
  type: 'result',
  instance: at.id,
  caseId: row.id,
  ...settled,
  verdict: verdictOf[settled.state],
  observation: {
    surface: 'rest',
    probe: refused,
    effect: { kind: 'none', what: 'the answer does not name the canary collection' },
    twin: { kind: 'asked', outcome: { kind: 'allowed', code: '200' }, effect: { kind: 'seen', what: 'lists the canary collection' } },
  },
  exchanges: [exchange(), exchange({ stage: 'twin', status: '200', answer: '{"code":200,"data":["canary"]}' })],
  startedAt: STARTED,
  ms: 12,
  ...over,
})

/** A run of one instance that was planned, booted, judged and finished. */
export const wholeRun = (at: InstanceIdentity, results: readonly (readonly [Case, Settled])[]): readonly JournalLine[] => [
  header(),
  plan(
    at,
    results.map(([row]) => row),
  ),
  boot(at, 'started'),
  boot(at, 'ready'),
  ...results.map(([row, settled]) => result(at, row, settled)),
  boot(at, 'stopped'),
  footer(),
]

export const rule = (over: Partial<Rule> = {}): Rule => ({
  product: 'milvus',
  says: 'A caller without a credential is refused.',
  source: { kind: 'document', ref: 'milvus-authenticate, Enable user authentication' },
  level: 'MUST',
  severity: 'high',
  cwe: ['CWE-306'],
  controls: ['IA-2'],
  remediation: 'Set `common.security.authorizationEnabled` to true.',
  ...over,
})

export const deviation = (over: Partial<KnownDeviation> = {}): KnownDeviation => ({
  id: 'milvus-anonymous-lists',
  product: 'milvus',
  rule: 'MIL-AUTH-01',
  class: 'allowed',
  code: '200',
  messagePrefix: '',
  seenOn: ['2.3.5'],
  says: 'Anonymous callers may list collections.',
  captured: '200 {"code":200}',
  ...over,
})

export interface ExampleSuite {
  readonly rules?: Rules
  readonly cases?: readonly Case[]
  readonly statements?: readonly Statement[]
  readonly deviations?: readonly KnownDeviation[]
}

export const suite = (product: ProductName, { rules = { 'MIL-AUTH-01': rule() }, cases = [], statements = [], deviations = [] }: ExampleSuite = {}): Suite => ({
  product,
  rules,
  statements,
  tables: { access: cases },
  deviations,
  connect: () => Promise.reject(new Error('an example has no server')),
})
