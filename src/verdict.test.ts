import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowed, forbidden, invalid, showing, unauthenticated, type Expectation } from './case.ts'
import type { Effect, Outcome } from './outcome.ts'
import { judge, type Observation, type Verdict } from './verdict.ts'

const yes: Outcome = { kind: 'allowed', code: '200' }
const refused = (by: 'unauthenticated' | 'forbidden' | 'invalid', code: string): Outcome => ({ kind: 'refused', by, code, message: 'no entry' })
const no = refused('forbidden', '403')
const seen: Effect = { kind: 'seen', what: 'the point is there' }
const none: Effect = { kind: 'none', what: 'nothing changed' }
const unclear: Effect = { kind: 'unclear', because: 'two readings' }
const goodTwin: Observation['twin'] = { kind: 'asked', outcome: yes, effect: seen }
const notAsked: Observation['twin'] = { kind: 'not-asked' }

const grant = (given: Partial<Observation> = {}): Observation => ({ surface: 'rest', probe: yes, effect: seen, twin: notAsked, ...given })
const refusal = (given: Partial<Observation> = {}): Observation => ({ surface: 'rest', probe: no, effect: none, twin: goodTwin, ...given })

describe('documented as allowed', () => {
  test('and allowed with its effect: conforms', () => {
    expect(judge(allowed, grant())).toEqual({ kind: 'conforms', proof: { effect: 'looked-at', twin: 'not-needed' } })
  })

  test('and allowed, its effect exempt by name: conforms, and the proof says so', () => {
    expect(judge(allowed, grant({ effect: { kind: 'exempt', exemption: 'invisible' } }))).toEqual({
      kind: 'conforms',
      proof: { effect: 'invisible', twin: 'not-needed' },
    })
  })

  test('and allowed without effect: deviates', () => {
    expect(judge(allowed, grant({ effect: none }))).toMatchObject({ kind: 'deviates', class: 'no-effect', code: '200', message: 'nothing changed' })
  })

  test('and allowed, its effect unclear: inconclusive', () => {
    expect(judge(allowed, grant({ effect: unclear }))).toMatchObject({ kind: 'inconclusive', because: expect.stringContaining('two readings') as unknown })
  })

  test('and refused: deviates, with the code and message of the refusal', () => {
    expect(judge(allowed, grant({ probe: no, effect: none }))).toMatchObject({ kind: 'deviates', class: 'refused', code: '403', message: 'no entry' })
  })
})

describe('documented as showing exactly some items', () => {
  const shows = (...shown: readonly string[]): Observation => grant({ probe: { ...yes, shown } })

  test('and showing them in any order: conforms', () => {
    expect(judge(showing('a', 'b'), shows('b', 'a')).kind).toBe('conforms')
    expect(judge(showing(), shows()).kind).toBe('conforms')
  })

  test.each([
    [['a'], 'lacks b'],
    [['a', 'b', 'c'], 'shows c'],
    [[], 'lacks a, lacks b'],
    [['c'], 'lacks a, lacks b, shows c'],
  ])('and showing %j: deviates, and says how', (shown, message) => {
    expect(judge(showing('a', 'b'), shows(...shown))).toMatchObject({ kind: 'deviates', class: 'wrong-content', message })
  })

  test('and not read for its items: inconclusive', () => {
    expect(judge(showing('a'), grant())).toMatchObject({ kind: 'inconclusive' })
    expect(judge(showing(), grant())).toMatchObject({ kind: 'inconclusive' })
  })

  test('is not excused by an effect that is exempt', () => {
    const exempt = { kind: 'exempt', exemption: 'invisible' } as const
    expect(judge(showing('a'), grant({ probe: { ...yes, shown: ['b'] }, effect: exempt }))).toMatchObject({ kind: 'deviates', class: 'wrong-content' })
  })
})

describe('documented as refused', () => {
  test('and refused without effect, its twin allowed with effect: conforms', () => {
    expect(judge(forbidden, refusal())).toEqual({ kind: 'conforms', proof: { effect: 'looked-at', twin: 'allowed-with-effect' } })
  })

  test('and refused, with exemptions by name: conforms, and the proof says so', () => {
    const exempt = refusal({ effect: { kind: 'exempt', exemption: 'never-arrived' }, twin: { kind: 'exempt', exemption: 'nobody-may' } })
    expect(judge(forbidden, exempt)).toEqual({ kind: 'conforms', proof: { effect: 'never-arrived', twin: 'nobody-may' } })
  })

  test.each([seen, none, unclear, { kind: 'exempt', exemption: 'invisible' } as const])('and allowed: deviates, whatever its effect (%j)', (effect) => {
    expect(judge(forbidden, refusal({ probe: yes, effect }))).toMatchObject({ kind: 'deviates', class: 'allowed', code: '200', message: '' })
  })

  test('and refused with effect: deviates, whatever the twin says', () => {
    for (const twin of [goodTwin, notAsked])
      expect(judge(forbidden, refusal({ effect: seen, twin }))).toMatchObject({ kind: 'deviates', class: 'effect-despite-refusal' })
  })

  test('and refused, the state unclear: inconclusive', () => {
    expect(judge(forbidden, refusal({ effect: unclear }))).toMatchObject({ kind: 'inconclusive', because: expect.stringContaining('two readings') as unknown })
  })

  const badTwins: readonly (readonly [string, Observation['twin'], string])[] = [
    ['was not asked', notAsked, 'nobody who may'],
    ['was refused too', { kind: 'asked', outcome: no, effect: none }, '403: no entry'],
    ['was broken', { kind: 'asked', outcome: { kind: 'broken', cause: 'a reset' }, effect: none }, 'a reset'],
    ['was void', { kind: 'asked', outcome: { kind: 'void', cause: 'at the edge' }, effect: seen }, 'at the edge'],
    ['was allowed without effect', { kind: 'asked', outcome: yes, effect: none }, 'nothing changed'],
    ['was allowed, with an effect that is unclear', { kind: 'asked', outcome: yes, effect: unclear }, 'two readings'],
    ['was refused, and yet had its effect', { kind: 'asked', outcome: no, effect: seen }, '403: no entry'],
  ]
  test.each(badTwins)('and refused, but its twin %s: inconclusive', (_, twin, because) => {
    expect(judge(forbidden, refusal({ twin }))).toMatchObject({ kind: 'inconclusive', because: expect.stringContaining(because) as unknown })
  })

  test('and refused as another class: deviates, even with the right code', () => {
    expect(judge(unauthenticated, refusal())).toMatchObject({ kind: 'deviates', class: 'wrong-class', code: '403', message: 'no entry' })
    expect(judge(forbidden, refusal({ probe: refused('invalid', '403') }))).toMatchObject({ kind: 'deviates', class: 'wrong-class' })
  })

  test('and refused as another class, but its twin too: inconclusive', () => {
    expect(judge(unauthenticated, refusal({ twin: { kind: 'asked', outcome: no, effect: none } }))).toMatchObject({ kind: 'inconclusive' })
  })
})

describe('where the document names no code', () => {
  const at = (surface: Observation['surface'], by: 'unauthenticated' | 'forbidden' | 'invalid', code: string): Verdict['kind'] =>
    judge({ kind: 'refused', by }, refusal({ surface, probe: refused(by, code) })).kind

  test.each([
    ['rest', 'unauthenticated', '401', 'conforms'],
    ['rest', 'unauthenticated', '403', 'deviates'],
    ['rest', 'forbidden', '403', 'conforms'],
    ['rest', 'forbidden', '401', 'deviates'],
    ['graphql', 'forbidden', '403', 'conforms'],
    ['graphql', 'forbidden', '200', 'deviates'],
    ['port', 'unauthenticated', '401', 'conforms'],
    ['grpc', 'unauthenticated', 'grpc 16', 'conforms'],
    ['grpc', 'unauthenticated', '401', 'deviates'],
    ['grpc', 'forbidden', 'grpc 7', 'conforms'],
    ['grpc', 'forbidden', 'grpc 16', 'deviates'],
    ['process', 'forbidden', 'exit 1', 'conforms'],
    ['rest', 'invalid', '422', 'conforms'],
    ['grpc', 'invalid', 'grpc 0 / 1100', 'conforms'],
  ] as const)('on %s, %s with %s %s', (surface, by, code, kind) => {
    expect(at(surface, by, code)).toBe(kind)
  })

  test('and where it names some, those and no others', () => {
    const expected: Expectation = { kind: 'refused', by: 'invalid', codes: ['400', '422'] }
    const kinds = ['400', '422', '409'].map((code) => judge(expected, refusal({ probe: refused('invalid', code) })).kind)
    expect(kinds).toEqual(['conforms', 'conforms', 'deviates'])
    expect(judge({ ...forbidden, codes: ['401'] }, refusal())).toMatchObject({
      kind: 'deviates',
      class: 'wrong-class',
      because: expect.stringContaining('expected 401') as unknown,
    })
  })
})

test.each([allowed, showing('a'), forbidden, unauthenticated, invalid])('an answer that is broken or void proves nothing, expected as %j', (expected) => {
  for (const probe of [
    { kind: 'broken', cause: 'a reset' },
    { kind: 'void', cause: 'a reset' },
  ] as const) {
    for (const effect of [seen, none, unclear, { kind: 'exempt', exemption: 'invisible' } as const]) {
      expect(judge(expected, { surface: 'rest', probe, effect, twin: goodTwin })).toMatchObject({
        kind: 'inconclusive',
        because: expect.stringContaining('a reset') as unknown,
      })
    }
  }
})

describe('whatever was expected and recorded', () => {
  const word = fc.constantFrom('a', 'b', 'c')
  const code = fc.constantFrom('200', '401', '403', 'grpc 7', 'grpc 16')
  const by = fc.constantFrom('unauthenticated', 'forbidden', 'invalid', 'conflict', 'not-found', 'handshake', 'start-up')
  const expectation: fc.Arbitrary<Expectation> = fc.oneof(
    fc.constant(allowed),
    fc.record({ kind: fc.constant('allowed' as const), exactly: fc.array(word) }),
    fc.record({ kind: fc.constant('refused' as const), by }),
    fc.record({ kind: fc.constant('refused' as const), by, codes: fc.array(code) }),
  )
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.record({ kind: fc.constant('allowed' as const), code }),
    fc.record({ kind: fc.constant('allowed' as const), code, shown: fc.array(word) }),
    fc.record({ kind: fc.constant('refused' as const), by, code, message: fc.string() }),
    fc.record({ kind: fc.constantFrom('broken' as const, 'void' as const), cause: fc.string() }),
  )
  const effect: fc.Arbitrary<Effect> = fc.oneof(
    fc.record({ kind: fc.constantFrom('seen' as const, 'none' as const), what: fc.string() }),
    fc.record({ kind: fc.constant('unclear' as const), because: fc.string() }),
  )
  const observation: fc.Arbitrary<Observation> = fc.record({
    surface: fc.constantFrom('rest', 'grpc', 'graphql', 'port', 'process'),
    probe: outcome,
    effect: fc.oneof(
      { weight: 4, arbitrary: effect },
      fc.record({ kind: fc.constant('exempt' as const), exemption: fc.constantFrom('never-arrived' as const, 'invisible' as const) }),
    ),
    twin: fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('asked' as const), outcome, effect }) },
      fc.record({ kind: fc.constant('exempt' as const), exemption: fc.constantFrom('nobody-may' as const, 'started-elsewhere' as const) }),
      fc.constant(notAsked),
    ),
  })

  const holds = (predicate: (expected: Expectation, given: Observation, verdict: Verdict) => boolean): void =>
    fc.assert(
      fc.property(expectation, observation, (expected, given) => predicate(expected, given, judge(expected, given))),
      { numRuns: 5000 },
    )

  test('a verdict is reached and says why', () => {
    holds((_, __, verdict) => verdict.kind === 'conforms' || verdict.because !== '')
  })

  test('a grant conforms only with its effect seen or exempt by name', () => {
    holds(
      (expected, given, verdict) =>
        verdict.kind !== 'conforms' || expected.kind !== 'allowed' || (given.probe.kind === 'allowed' && ['seen', 'exempt'].includes(given.effect.kind)),
    )
  })

  test('a refusal conforms only without effect, recognised as its class, with a twin that was allowed with effect or is exempt by name', () => {
    holds((expected, given, verdict) => {
      if (verdict.kind !== 'conforms' || expected.kind !== 'refused') return true
      const proven = given.twin.kind === 'exempt' || (given.twin.kind === 'asked' && given.twin.outcome.kind === 'allowed' && given.twin.effect.kind === 'seen')
      return given.probe.kind === 'refused' && given.probe.by === expected.by && ['none', 'exempt'].includes(given.effect.kind) && proven
    })
  })

  test('a proof says what it rests on', () => {
    holds((expected, given, verdict) => {
      if (verdict.kind !== 'conforms') return true
      const effectSaid = verdict.proof.effect === (given.effect.kind === 'exempt' ? given.effect.exemption : 'looked-at')
      const twin = given.twin.kind === 'exempt' ? given.twin.exemption : 'allowed-with-effect'
      return effectSaid && verdict.proof.twin === (expected.kind === 'allowed' ? 'not-needed' : twin)
    })
  })

  test('broken and void answers are inconclusive, and a defect or not-applicable is never said here', () => {
    holds((_, given, verdict) => (given.probe.kind !== 'broken' && given.probe.kind !== 'void') || verdict.kind === 'inconclusive')
    holds((_, __, verdict) => verdict.kind !== 'defect' && verdict.kind !== 'not-applicable')
  })

  test('what is refused to all alike never conforms: nor is what is allowed to all alike', () => {
    holds(
      (_, given, verdict) =>
        verdict.kind !== 'conforms' || given.twin.kind !== 'asked' || given.probe.kind === 'allowed' || given.twin.outcome.kind !== given.probe.kind,
    )
  })
})
