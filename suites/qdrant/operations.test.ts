import { expect, test } from 'vitest'
import { methods } from '../../fixtures/models/qdrant/protocol.ts'
import { casesOf } from '../../src/product.ts'
import { excludedMethods, excludedRoutes } from './excluded.ts'
import { allOperations } from './operations.ts'
import { nowhere } from './place.ts'
import { routes } from './routes.ts'
import { qdrantSuite } from './suite.ts'

const asked = new Set(
  Object.values(allOperations).flatMap((operation) => ('grpc' in operation && operation.grpc !== undefined ? [operation.grpc.method.path] : [])),
)

test('every gRPC method of the official descriptors is asked for, or left out for a reason', () => {
  expect([...methods.keys()].filter((path) => !asked.has(path) && !Object.hasOwn(excludedMethods, path))).toEqual([])
})

test('nothing is left out that is asked for, or that is no method', () => {
  expect(Object.keys(excludedMethods).filter((path) => asked.has(path) || !methods.has(path))).toEqual([])
})

/** A place whose names are all blanks, so that a request to it is its route. */
const blank = {
  ...nowhere,
  ...{ collection: '*', made: '*', point: '*', field: '*', snapshot: '*', shardSnapshot: '*', fullSnapshot: '*' },
  points: [{ label: 'a', id: '*', canary: '', owner: '', shelf: '' }],
}

// `/collections/x/shards/0/snapshots?wait=true` is `/collections/*/shards/*/snapshots`.
const routeOf = (method: string, path: string): string =>
  `${method} ${(path.split('?')[0] ?? '').replace(/\/shards\/0\b/, '/shards/*').replace(/\/peer\/\d+$/, '/peer/*')}`

const askedRoutes = new Set(
  Object.values(allOperations).flatMap((operation) => {
    const request = 'rest' in operation ? operation.rest?.(blank) : undefined
    return request === undefined ? [] : [routeOf(request.method, request.path)]
  }),
)

test('every route of the REST API is asked for, or left out for a reason', () => {
  expect(routes.filter((route) => !askedRoutes.has(route) && !Object.hasOwn(excludedRoutes, route))).toEqual([])
})

test('no route is left out that is asked for, or that is none', () => {
  expect(Object.keys(excludedRoutes).filter((route) => askedRoutes.has(route) || !routes.includes(route))).toEqual([])
})

test('every operation has cases, on each of its surfaces', () => {
  const cases = casesOf(qdrantSuite)
  const isAsked = (name: string, surface: string): boolean => cases.some((row) => row.operation === name && row.surface === surface)
  const surfaces = Object.entries(allOperations).flatMap(([name, operation]) => {
    if ('speaks' in operation) return [[name, operation.speaks]] as const
    return [...(operation.rest === undefined ? [] : [[name, 'rest'] as const]), ...(operation.grpc === undefined ? [] : [[name, 'grpc'] as const])]
  })
  expect(surfaces.filter(([name, surface]) => !isAsked(name, surface))).toEqual([])
})
