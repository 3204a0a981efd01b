import { styleText } from 'node:util'
import type { Case } from '../src/case.ts'
import type { State } from '../src/deviation.ts'
import { EXIT, worstExit, type ExitCode } from '../src/errors.ts'
import type { Exchange } from '../src/outcome.ts'
import type { Report, Session } from '../src/session.ts'

export interface ReplayOptions {
  readonly signal: AbortSignal
  readonly wire: boolean
}

/** Asks these cases one after the other, and prints their verdicts; with the wire where that is wanted. */
export async function replayOn(session: Session, rows: readonly Case[], { signal, wire }: ReplayOptions): Promise<ExitCode> {
  const codes: ExitCode[] = []
  for (const row of rows) {
    signal.throwIfAborted()
    const report = await session.ask(row, signal)
    codes.push(codeOf(report.state))
    if (wire || report.state !== 'conforms') console.log(textOf(row, report, wire))
  }
  return worstExit(codes)
}

function codeOf(state: State): ExitCode {
  switch (state) {
    case 'conforms':
    case 'known-deviation':
    case 'waived':
      return EXIT.conforms
    case 'deviates':
      return EXIT.deviations
    case 'harness-defect':
      return EXIT.defect
    case 'could-not-run':
    case 'not-applicable':
      return EXIT.incomplete
  }
}

function textOf(row: Case, { verdict, exchanges, state, because }: Report, wire: boolean): string {
  const signature = verdict.kind === 'deviates' ? [`  class ${verdict.class}, code ${verdict.code}, message ${verdict.message}`] : []
  const head = [
    `${styleText(state === 'conforms' ? 'green' : 'red', state)} ${styleText('bold', row.id)} [${row.rules.join(' ')}]`,
    `  ${because}`,
    ...signature,
  ]
  return [...head, ...(wire ? exchanges.map(exchangeText) : [])].join('\n')
}

function exchangeText({ stage, request, headers, body, status, answer, ms }: Exchange): string {
  const sent = Object.entries(headers).map(([name, value]) => `\n      ${name}: ${value}`)
  return `  ${stage}\n    ${request}${sent.join('')}${body === '' ? '' : `\n      ${body}`}\n    ${status} (${ms.toFixed(0)} ms)${answer === '' ? '' : `\n      ${answer}`}`
}
