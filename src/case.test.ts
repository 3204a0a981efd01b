import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowed, casesFromMatrix, claim, forbidden, invalid, probeKey, showing, unauthenticated, type Case } from './case.ts'

const cases = casesFromMatrix({
  product: 'qdrant',
  profile: 'keys',
  matrix: {
    'list-collections': { admin: allowed, reader: allowed, anonymous: unauthenticated },
    'upsert-points': { admin: allowed, reader: forbidden, anonymous: unauthenticated },
  },
  surfaces: (operation) => (operation === 'upsert-points' ? ['rest', 'grpc'] : ['rest']),
  rules: (operation, principal, cell) => [
    `QDR-${principal === 'anonymous' ? 'ANON' : 'KEY'}-01`,
    ...(cell.kind === 'refused' ? [`QDR-${operation.toUpperCase()}-02`] : []),
  ],
  twin: 'admin',
})

describe('a matrix of access', () => {
  test('gives one case for each cell and surface, whose id reads as a claim', () => {
    expect(cases.map((row) => row.id)).toMatchInlineSnapshot(`
      [
        "qdrant.rest.admin.may.list-collections",
        "qdrant.rest.reader.may.list-collections",
        "qdrant.rest.anonymous.may-not.list-collections",
        "qdrant.rest.admin.may.upsert-points",
        "qdrant.grpc.admin.may.upsert-points",
        "qdrant.rest.reader.may-not.upsert-points",
        "qdrant.grpc.reader.may-not.upsert-points",
        "qdrant.rest.anonymous.may-not.upsert-points",
        "qdrant.grpc.anonymous.may-not.upsert-points",
      ]
    `)
  })

  test('gives a twin to every refusal, and to nothing else', () => {
    expect(cases.filter((row) => (row.twin !== undefined) !== (row.expect.kind === 'refused'))).toEqual([])
    expect(cases.flatMap((row) => row.twin ?? []).every((twin) => 'principal' in twin && twin.principal === 'admin')).toBe(true)
  })

  test('asks for the rules of each cell', () => {
    expect(cases.at(-1)?.rules).toEqual(['QDR-ANON-01', 'QDR-UPSERT-POINTS-02'])
  })

  test('repeats no probe', () => {
    expect(new Set(cases.map(probeKey)).size).toBe(cases.length)
  })
})

describe('a claim', () => {
  test('says may or may not, and the input where it matters', () => {
    expect(claim('milvus', 'grpc', 'root', invalid, 'create-user', 'password-73-bytes')).toBe('milvus.grpc.root.may-not.create-user.password-73-bytes')
    expect(claim('milvus', 'grpc', 'root', showing('a'), 'list-users')).toBe('milvus.grpc.root.may.list-users')
  })
})

describe('the same probe', () => {
  const row: Case = {
    id: 'a',
    profile: 'p',
    rules: ['R'],
    operation: 'o',
    principal: 'u',
    surface: 'rest',
    input: { a: 1, b: { c: [1, 2], d: null } },
    expect: allowed,
  }

  test('is the same whatever its id, its rules, its expectation and the order of its input', () => {
    expect(probeKey({ ...row, id: 'b', rules: ['S'], expect: forbidden, input: { b: { d: null, c: [1, 2] }, a: 1 } })).toBe(probeKey(row))
  })

  test.each([
    { profile: 'q' },
    { operation: 'p' },
    { principal: 'v' },
    { surface: 'grpc' as const },
    { input: { a: 1, b: { c: [2, 1], d: null } } },
    { input: {} },
  ])('is another with %j', (other) => {
    expect(probeKey({ ...row, ...other })).not.toBe(probeKey(row))
  })

  test('depends on no order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (input) => {
        const turned = Object.fromEntries(Object.entries(input).toReversed())
        expect(probeKey({ ...row, input: turned as Case['input'] })).toBe(probeKey({ ...row, input: input as Case['input'] }))
      }),
    )
  })
})
