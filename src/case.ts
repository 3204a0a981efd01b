import type { RuntimeKind } from './instance.ts'
import type { Json, JsonObject } from './json.ts'
import type { RefusalClass, Surface } from './outcome.ts'

/** Why a refusal is judged without a twin. Counted in the summary. */
export type TwinExemption =
  /** The documents let nobody do this. */
  | 'nobody-may'
  /** The twin is a server that started: the instances of the run are that. */
  | 'started-elsewhere'

/** Why a case is judged without a look at its effect. Counted in the summary. */
export type EffectExemption =
  /** The request ends before it reaches anything that has a state: a refused handshake, a process that did not start. */
  | 'never-arrived'
  /** What it does cannot be seen from outside without disturbing the server. */
  | 'invisible'

/** `exactly`: the labels of the items that the answer must show, all of them and nothing else. */
export type Expectation =
  | { readonly kind: 'allowed'; readonly exactly?: readonly string[] }
  | {
      readonly kind: 'refused'
      readonly by: RefusalClass
      /**
       * Codes that the document or a standard names. Absent, RFC 9110 and the gRPC status codes say it for
       * `unauthenticated` and `forbidden`, and any code will do for the other classes.
       */
      readonly codes?: readonly string[]
    }

/** One thing that is asked: operation × principal × surface × input. It knows nothing of what is expected. */
export interface Probe {
  readonly operation: string
  readonly principal: string
  readonly surface: Surface
  readonly input: JsonObject
}

/** A case's id is unique in its product and reads as a claim: `qdrant.rest.read-only-key.may-not.upsert-points`. */
export interface Case extends Probe {
  readonly id: string
  readonly profile: string
  readonly rules: readonly [string, ...string[]]
  readonly expect: Expectation
  /** The same request by a caller who may, or with the input that is permitted: what differs from the probe. */
  readonly twin?: { readonly principal?: string; readonly input?: JsonObject } | { readonly exempt: TwinExemption }
  readonly effect?: { readonly exempt: EffectExemption }
  /** A semver range of the versions whose server has this operation; absent: all that the rule holds for. */
  readonly versions?: string
  /** The only runtimes on which it can be judged; absent: all. A model that follows the releases cannot show what they no longer do. */
  readonly runtimes?: readonly RuntimeKind[]
  /**
   * What it shares with others and changes. `true`: the whole server, so that it runs alone on its instance; a name: what
   * the server does one of at a time (`backups`), so that those of that name run one after the other, beside all else.
   */
  readonly exclusive?: true | string
}

export const allowed = { kind: 'allowed' } as const satisfies Expectation
export const unauthenticated = { kind: 'refused', by: 'unauthenticated' } as const satisfies Expectation
export const forbidden = { kind: 'refused', by: 'forbidden' } as const satisfies Expectation
export const invalid = { kind: 'refused', by: 'invalid' } as const satisfies Expectation
export const showing = (...exactly: readonly string[]): Expectation => ({ kind: 'allowed', exactly })

/** A documented table of access: every operation has a cell for every principal, or it does not compile. */
export type Matrix<Operation extends string, Principal extends string> = Readonly<Record<Operation, Readonly<Record<Principal, Expectation>>>>

export interface MatrixOptions<Operation extends string, Principal extends string> {
  readonly product: string
  readonly profile: string
  readonly matrix: Matrix<Operation, Principal>
  readonly surfaces: (operation: Operation) => readonly Surface[]
  readonly rules: (operation: Operation, principal: Principal, expect: Expectation) => readonly [string, ...string[]]
  /** The principal that may do everything in the table. */
  readonly twin: NoInfer<Principal>
}

/** One case for each cell and surface. */
export function casesFromMatrix<Operation extends string, Principal extends string>(options: MatrixOptions<Operation, Principal>): readonly Case[] {
  const operations = Object.keys(options.matrix) as Operation[]
  return operations.flatMap((operation) =>
    (Object.keys(options.matrix[operation]) as Principal[]).flatMap((principal) =>
      options.surfaces(operation).map((surface) => caseOfCell(options, operation, principal, surface)),
    ),
  )
}

function caseOfCell<Operation extends string, Principal extends string>(
  options: MatrixOptions<Operation, Principal>,
  operation: Operation,
  principal: Principal,
  surface: Surface,
): Case {
  const expect = options.matrix[operation][principal]
  return {
    id: claim(options.product, surface, principal, expect, operation),
    profile: options.profile,
    rules: options.rules(operation, principal, expect),
    operation,
    principal,
    surface,
    input: {},
    expect,
    ...(expect.kind === 'refused' ? { twin: { principal: options.twin } } : {}),
  }
}

/** `qdrant.rest.anonymous.may-not.list-collections`; `detail` names the input where it matters. */
export function claim(product: string, surface: Surface, principal: string, expect: Expectation, operation: string, detail = ''): string {
  const verb = expect.kind === 'allowed' ? 'may' : 'may-not'
  return [product, surface, principal, verb, operation, ...(detail === '' ? [] : [detail])].join('.')
}

/** What makes two cases the same probe: the same repeated is not a second case. */
export const probeKey = (row: Case): string => JSON.stringify([row.profile, row.surface, row.operation, row.principal, canonical(row.input)])

function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, inner]) => [key, canonical(inner)]),
  )
}
