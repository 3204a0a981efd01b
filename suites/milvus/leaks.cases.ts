import { showing, type Case } from '../../src/case.ts'
import { leakCalls, overHttpOnly, type LeakCall } from './leaks.ts'

/** No call brings a password back: not in its answer, and not in the log of a server that logs all it can. */
export const leakCases: readonly Case[] = [
  ...leakCalls.map((call) => caseOf(call, 'read-the-answer', 'authorization', 'MLV-SECRET-ANSWER-01')),
  ...leakCalls.map((call) => caseOf(call, 'read-the-log', 'super-users-root', 'MLV-SECRET-LOG-01')),
  caseOf('all', 'read-the-log-of-the-run', 'authorization', 'MLV-SECRET-LOG-01'),
]

function caseOf(
  call: LeakCall | 'all',
  operation: 'read-the-answer' | 'read-the-log' | 'read-the-log-of-the-run',
  profile: string,
  rule: 'MLV-SECRET-ANSWER-01' | 'MLV-SECRET-LOG-01',
): Case {
  return {
    id: `milvus.port.anybody.may.${operation}.of-${call}-and-finds-no-password`,
    profile,
    rules: [rule],
    operation,
    principal: 'anybody',
    surface: 'port',
    input: { call },
    expect: showing(),
    ...(call !== 'all' && overHttpOnly(call) ? { versions: '>=2.2.12' } : {}),
  }
}
