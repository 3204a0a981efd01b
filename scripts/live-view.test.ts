import { expect, test } from 'vitest'
import type { PlannedInstance } from '../src/plan.ts'
import { LiveView, viewFor } from './live-view.ts'

const planned = (id: string, count: number): PlannedInstance => ({
  id,
  product: 'qdrant',
  version: '1.18.3',
  profile: id,
  runtime: 'native',
  evidence: 'real',
  cases: Array.from({ length: count }, (_, at) => ({
    id: `qdrant.${id}.${at}`,
    profile: id,
    rules: ['QDR-A-01'] as const,
    operation: 'o',
    principal: 'p',
    surface: 'rest' as const,
    input: {},
    expect: { kind: 'allowed' as const },
  })),
  notApplicable: [],
  needs: {},
})

test('below the lines it shows what boots and what is asked, and leaves the lines alone', () => {
  const written: string[] = []
  using view = new LiveView({ columns: 60, write: (text) => written.push(text) }, () => 3000)
  view.plan([planned('keys', 4), planned('open', 1), planned('tls', 2)])
  view.boot('keys', 'started')
  view.boot('keys', 'ready')
  view.boot('open', 'started')
  view.judged('keys', 'conforms')
  view.judged('keys', 'deviates')
  view.paint()
  expect(written.at(-1)).toMatchInlineSnapshot(`
    "0 s: 2 of 7 cases judged, 1 servers still to start
      ##########.......... 2/4 keys 1 deviates
      open boots
    "
  `)
  view.line('suite   keys: done')
  expect(written.slice(-3, -1)).toEqual(['\u001B[3A\u001B[0J', 'suite   keys: done\n'])
  view[Symbol.dispose]()
  expect(written.slice(-2)).toEqual(['\u001B[3A\u001B[0J', '\u001B[?25h'])
  view.line('report: there')
  expect(written.at(-1)).toBe('report: there\n')
})

test.each([
  ['a pipe', { isTTY: false }, {}],
  ['a CI', { isTTY: true }, { CI: 'true' }],
  ['a terminal that cannot move its cursor', { isTTY: true }, { TERM: 'dumb' }],
])('%s gets plain lines alone', (_what, stream, env) => {
  const written: string[] = []
  const screen = { ...stream, columns: 80, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream
  using view = viewFor({ screen, env, now: () => 0 })
  view.plan([planned('keys', 4)])
  view.judged('keys', 'conforms')
  view.line('one')
  expect(written).toEqual(['one\n'])
})
