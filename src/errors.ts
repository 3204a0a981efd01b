/**
 * Exit codes of every command, in the order of the design: where several hold, the first of
 * 130, 2, 5, 1, 4, 3 is used (see `worstExit`).
 */
export const EXIT = {
  conforms: 0,
  deviations: 1,
  usage: 2,
  incomplete: 3,
  waiver: 4,
  defect: 5,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const precedence: readonly ExitCode[] = [EXIT.interrupted, EXIT.usage, EXIT.defect, EXIT.deviations, EXIT.waiver, EXIT.incomplete]

/** The exit code that wins where several hold; 0 where none does. */
export const worstExit = (codes: readonly ExitCode[]): ExitCode => precedence.find((code) => codes.includes(code)) ?? EXIT.conforms

/** Each code says whose fault it is and which exit code it leads to. */
const exitByCode = {
  USAGE: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  UNKNOWN_NAME: EXIT.usage,
  WAIVER_INVALID: EXIT.waiver,
  RUNTIME_UNAVAILABLE: EXIT.incomplete,
  ARTEFACT_UNAVAILABLE: EXIT.incomplete,
  ARTEFACT_CORRUPT: EXIT.incomplete,
  TOOL_MISSING: EXIT.incomplete,
  PORT_TAKEN: EXIT.incomplete,
  INSTANCE_EXITED: EXIT.incomplete,
  INSTANCE_NOT_READY: EXIT.incomplete,
  SET_UP_FAILED: EXIT.incomplete,
  JOURNAL_TRUNCATED: EXIT.incomplete,
  INTERRUPTED: EXIT.interrupted,
  HARNESS_DEFECT: EXIT.defect,
} as const satisfies Record<string, ExitCode>

export type HarnessErrorCode = keyof typeof exitByCode

/** A fault of the harness, of its user's input or of the machine: never a finding about a product. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError'
  readonly code: HarnessErrorCode
  /** What the user can do about it, one sentence. */
  readonly hint: string | undefined

  constructor(code: HarnessErrorCode, message: string, options: { readonly cause?: unknown; readonly hint?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.hint = options.hint
  }

  get exitCode(): ExitCode {
    return exitByCode[this.code]
  }
}

/** The text of anything that was thrown, for a message: never a stack, never `[object Object]`. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(messageOf).join('; ')
  return thrown.message === '' ? thrown.name : thrown.message
}
