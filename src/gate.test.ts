import { expect, test } from 'vitest'
import { compareRuns, decide, defaultStops, type GateCase, type GateItem, type Sides } from './gate.ts'

const row = (over: Partial<GateCase> = {}): GateCase => ({
  id: 'milvus.rest.anonymous.may-not.list',
  rules: ['MIL-AUTH-01'],
  product: 'milvus',
  version: '2.2.16',
  profile: 'authorization',
  surface: 'rest',
  principal: 'anonymous',
  operation: 'list',
  state: 'conforms',
  because: 'as documented',
  severity: 'high',
  ...over,
})

const granted = { state: 'deviates', class: 'allowed', code: '200', message: '' } as const
const withheld = { state: 'deviates', class: 'refused', code: '403', message: 'no' } as const
const otherCode = (code: string): Partial<GateCase> => ({ state: 'known-deviation', class: 'wrong-class', code, message: '' })
const content = (message: string): Partial<GateCase> => ({ state: 'deviates', class: 'wrong-content', code: '200', message })

const classes = (sides: Sides): readonly string[] => compareRuns(sides).differences.map((one) => one.class)
const change = (from: Partial<GateCase>, to: Partial<GateCase>): string =>
  classes({ from: [row(from)], to: [row({ version: '2.3.5', ...to })] }).join() || 'none'

test.each([
  ['a refusal that became a grant is weaker', {}, granted, 'weaker'],
  ['a refusal without its effect is weaker', {}, { state: 'deviates', class: 'effect-despite-refusal', code: '403' }, 'weaker'],
  ['a known deviation under another code that became a grant is weaker', otherCode('404'), { ...granted, state: 'known-deviation' }, 'weaker'],
  ['a grant that became a refusal is stricter', {}, withheld, 'stricter'],
  ['a grant without effect is stricter', {}, { state: 'deviates', class: 'no-effect', code: '200' }, 'stricter'],
  ['an undue grant that is refused under another code is stricter', granted, otherCode('404'), 'stricter'],
  ['showing more is weaker', {}, content('shows secret'), 'weaker'],
  ['showing still more is weaker', content('shows a'), content('shows a, shows b'), 'weaker'],
  ['showing less is stricter', {}, content('lacks a'), 'stricter'],
  ['another code is a changed reason', {}, otherCode('404'), 'changed-reason'],
  ['another undocumented code is a changed reason', otherCode('404'), otherCode('500'), 'changed-reason'],
  ['another documented code is a changed reason', { code: '401' }, { code: 'grpc 16' }, 'changed-reason'],
  ['a deviation that conforms now is fixed', granted, {}, 'fixed'],
  ['an undue refusal that is granted now is fixed', withheld, {}, 'fixed'],
  ['the same deviation is no difference', granted, granted, 'none'],
  ['known or not, the same deviation is no difference', granted, { ...granted, state: 'known-deviation' }, 'none'],
  ['another message is no difference', otherCode('404'), { ...otherCode('404'), message: 'reworded' }, 'none'],
  ['judged before and not now could not be judged', {}, { state: 'could-not-run', because: 'time-out' }, 'could-not-be-judged'],
  ['judged before and not judged on this runtime could not be judged', {}, { state: 'not-applicable', reason: 'runtime' }, 'could-not-be-judged'],
  ['judged before and unsafe now could not be judged', {}, { state: 'not-applicable', reason: 'safety' }, 'could-not-be-judged'],
  ['a rule that no longer holds for the version is no difference', {}, { state: 'not-applicable', reason: 'version' }, 'none'],
  ['a rule that begins to hold is a new rule', { state: 'not-applicable', reason: 'version' }, {}, 'new-rule'],
  ['what could not run before and conforms now is no difference', { state: 'could-not-run' }, {}, 'none'],
  ['what could not run before and deviates now could not be judged', { state: 'could-not-run' }, granted, 'could-not-be-judged'],
  ['what could run on neither side could not be judged', { state: 'could-not-run' }, { state: 'could-not-run' }, 'could-not-be-judged'],
] as const)('%s', (_, from, to, expected) => {
  expect(change(from, to)).toBe(expected)
})

test('a case that the newer run lacks could not be judged', () => {
  expect(classes({ from: [row()], to: [] })).toEqual(['could-not-be-judged'])
})

test('a case of a rule that the older run had no case of is a new rule; of one that it had, and that conforms, nothing', () => {
  expect(classes({ from: [], to: [row()] })).toEqual(['new-rule'])
  expect(classes({ from: [row()], to: [row(), row({ id: 'milvus.rest.b' })] })).toEqual([])
})

test('cases are matched by profile and id, not by their number or order', () => {
  const from = [row(), row({ id: 'milvus.rest.b', ...granted })]
  const to = [row({ id: 'milvus.rest.b' }), row({ ...granted })]
  expect(compareRuns({ from, to }).differences.map((one) => [one.class, one.id])).toEqual([
    ['weaker', 'milvus.rest.anonymous.may-not.list'],
    ['fixed', 'milvus.rest.b'],
  ])
  expect(classes({ from: [row()], to: [row({ profile: 'tls' })] })).toEqual(['could-not-be-judged'])
})

test('an id that was renamed, even twice, is followed', () => {
  const to = [row({ id: 'milvus.rest.new', ...granted })]
  const renames = { rules: {}, cases: { 'milvus.rest.anonymous.may-not.list': 'milvus.rest.between', 'milvus.rest.between': 'milvus.rest.new' } }
  expect(classes({ from: [row()], to, renames })).toEqual(['weaker'])
  expect(
    classes({ from: [row()], to: [row()], renames: { rules: {}, cases: { 'milvus.rest.anonymous.may-not.list': 'milvus.rest.anonymous.may-not.list' } } }),
  ).toEqual([])
})

test('REST and gRPC that come to disagree on one principal and operation are a finding; that they did before, none', () => {
  const grpc = row({ id: 'milvus.grpc.anonymous.may-not.list', surface: 'grpc' })
  const split = { from: [row(), grpc], to: [row(), { ...grpc, ...granted }] }
  expect(classes(split)).toEqual(['weaker', 'disagreement'])
  expect(compareRuns(split).differences[1]).toMatchObject({ because: 'anonymous and list: REST conforms, gRPC deviates allowed (200)' })
  expect(classes({ from: split.to, to: split.to })).toEqual([])
})

const item = (before: GateItem['before']['state'], after: GateItem['before']['state'], codes: readonly [string, string] = ['', '']): GateItem => ({
  id: 'user alice logs in',
  kind: 'user',
  product: 'milvus',
  severity: 'critical',
  before: { state: before, code: codes[0], says: '' },
  after: { state: after, code: codes[1], says: '' },
})

test.each([
  ['works', 'works', 'none'],
  ['works', 'refused', 'lost'],
  ['works', 'gone', 'lost'],
  ['works', 'broken', 'could-not-be-judged'],
  ['refused', 'works', 'weaker'],
  ['gone', 'works', 'weaker'],
  ['refused', 'refused', 'none'],
  ['refused', 'gone', 'changed-reason'],
  ['refused', 'broken', 'could-not-be-judged'],
] as const)('a thing carried over that %s before and %s after: %s', (before, after, expected) => {
  expect(classes({ from: [], to: [], items: [item(before, after)] }).join() || 'none').toBe(expected)
})

test('data that is there with another content is lost', () => {
  expect(classes({ from: [], to: [], items: [item('works', 'works', ['sha256:a', 'sha256:b'])] })).toEqual(['lost'])
})

const outcome = (from: readonly GateCase[], to: readonly GateCase[], over: Partial<Parameters<typeof decide>[2]> = {}): string =>
  decide(compareRuns({ from, to }), to, { stops: defaultStops, failOn: 'high', ...over }).outcome

test('the default policy stops at weaker, and says incomplete where nothing but a missing verdict is in the way', () => {
  expect(outcome([row()], [row()])).toBe('pass')
  expect(outcome([row({ severity: 'low' })], [row({ ...granted, severity: 'low' })])).toBe('stop')
  expect(outcome([row()], [row({ state: 'could-not-run' })])).toBe('incomplete')
  expect(outcome([row({ severity: 'low' })], [row({ ...withheld, severity: 'low' })])).toBe('pass')
  expect(outcome([], [])).toBe('incomplete')
})

test('the level decides whether a deviation that was there before stops', () => {
  expect(outcome([row(granted)], [row(granted)])).toBe('stop')
  expect(outcome([row(granted)], [row({ ...granted, state: 'known-deviation' })])).toBe('stop')
  expect(outcome([row(granted)], [row(granted)], { failOn: 'critical' })).toBe('pass')
  expect(outcome([row(granted)], [row(granted)], { failOn: 'new' })).toBe('pass')
})

test('what the user waived on the newer side is named and stops nothing', () => {
  const to = [row({ ...granted, state: 'waived' })]
  expect(classes({ from: [row()], to })).toEqual(['weaker'])
  expect(outcome([row()], to)).toBe('pass')
})

test('a policy may let weaker pass, and stop at stricter', () => {
  expect(outcome([row()], [row(granted)], { stops: ['stricter'], failOn: 'new' })).toBe('pass')
  expect(outcome([row()], [row(withheld)], { stops: ['stricter'], failOn: 'new' })).toBe('stop')
})
