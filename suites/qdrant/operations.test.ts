import { expect, test } from 'vitest'
import { methods } from '../../fixtures/models/qdrant/protocol.ts'
import { casesOf } from '../../src/product.ts'
import { excludedMethods, excludedRoutes } from './excluded.ts'
import { askedMethods, askedRoutes } from './inventory.ts'
import { allOperations } from './operations.ts'
import { routes } from './routes.ts'
import { qdrantSuite } from './suite.ts'

test('every gRPC method of the official descriptors is asked for, or left out for a reason', () => {
  expect([...methods.keys()].filter((path) => !askedMethods.has(path) && !Object.hasOwn(excludedMethods, path))).toEqual([])
})

test('nothing is left out that is asked for, or that is no method', () => {
  expect(Object.keys(excludedMethods).filter((path) => askedMethods.has(path) || !methods.has(path))).toEqual([])
})

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
