import { expect, test } from 'vitest'
import { allowed, type Case } from '../src/case.ts'
import type { Rule } from '../src/rule.ts'
import { coverageOf, reachOf } from './coverage.ts'
import { notYet, prose, rules, statementsOf } from './statement.ts'

const rule = (says: string): Rule => ({
  product: 'qdrant',
  says,
  source: { kind: 'document', ref: 'doors, Doors' },
  level: 'MUST',
  severity: 'low',
  cwe: [],
  controls: [],
  remediation: 'Lock it.',
})
const row = (id: string, ...[first, ...rest]: [string, ...string[]]): Case => ({
  id,
  profile: 'p',
  rules: [first, ...rest],
  operation: 'open',
  principal: 'guest',
  surface: 'rest',
  input: {},
  expect: allowed,
})

const suite = {
  rules: { 'DOOR-LOCK-01': rule('Doors lock.'), 'DOOR-KEY-01': rule('A key opens.'), 'DOOR-BELL-01': rule('A bell rings.') },
  tables: { doors: [row('doors.locked', 'DOOR-LOCK-01'), row('doors.bolted', 'DOOR-LOCK-01')] },
  statements: statementsOf('doors.md', {
    Doors: [
      ['001', '0000000000000001', 'Doors lock.', rules('DOOR-LOCK-01', 'DOOR-KEY-01')],
      ['002', '0000000000000002', 'A key opens.', rules('DOOR-KEY-01')],
      ['003', '0000000000000003', 'It goes on.', prose('points elsewhere')],
      ['004', '0000000000000004', 'Hinges turn.', notYet],
      ['005', '0000000000000005', 'Windows too.', rules('WINDOW-01')],
    ],
  }),
}

test('each statement leads to its rules and their cases', () => {
  const { statements } = coverageOf(suite)
  expect(statements.map(({ state }) => state)).toEqual(['covered', 'without-cases', 'excluded', 'not-yet', 'without-cases'])
  expect(statements[0]?.rules).toEqual([
    { id: 'DOOR-LOCK-01', cases: ['doors.locked', 'doors.bolted'] },
    { id: 'DOOR-KEY-01', cases: [] },
  ])
})

test('the totals of a document add up', () => {
  expect(coverageOf(suite).documents).toEqual({ 'doors.md': { listed: 5, withRules: 3, covered: 1, excluded: { prose: 1 }, notYet: 1 } })
})

test('a rule that does not exist, and a documented rule that no statement leads to, are named', () => {
  expect(coverageOf(suite)).toMatchObject({ unknownRules: ['WINDOW-01'], unstatedRules: ['DOOR-BELL-01'] })
})

test('a rule and its cases may be those of another product', () => {
  const other = { rules: { 'WINDOW-01': rule('Windows too.') }, tables: { windows: [row('windows.shut', 'WINDOW-01')] }, statements: [] }
  const { statements, unknownRules } = coverageOf(suite, [suite, other])
  expect({ last: statements.at(-1)?.state, unknownRules }).toEqual({ last: 'covered', unknownRules: [] })
  expect(coverageOf(other, [suite, other]).unstatedRules).toEqual([])
})

test('who asks what is counted once for each surface', () => {
  expect(reachOf(suite)).toEqual([{ surface: 'rest', operations: 1, principals: 1, asked: 1 }])
})
