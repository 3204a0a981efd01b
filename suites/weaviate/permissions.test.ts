import { describe, expect, test } from 'vitest'
import { actionsFor, everyPermission, isPermitted, limitsOf, needs } from './permissions.ts'
import { UserPool } from './role-holders.ts'
import { byIdAlone, graphqlBatch, operationNames, rbacAlone, toldToAll } from './tables.ts'

/** Operations of which no role is asked, each with the reason. */
const withoutRoles: Readonly<Record<string, string>> = {
  'get-meta': 'answered to everybody whom the server knows (see deviations)',
  'get-own-info': 'about the caller alone',
  tokenize: 'answered to everybody whom the server knows (see deviations)',
  'graphql-introspect': 'a question about all collections at once: its permission is part of that of every query',
}

describe('the permissions', () => {
  test('are said for every operation, or there is a reason why not', () => {
    const asked = [...operationNames, ...rbacAlone].filter((name) => !toldToAll(name))
    expect(asked.filter((name) => !isPermitted(name) && !Object.hasOwn(withoutRoles, name))).toEqual([])
    expect(Object.keys(withoutRoles).filter(isPermitted)).toEqual([])
    expect([...byIdAlone, ...graphqlBatch].filter(isPermitted)).toEqual([])
  })

  test('are among all that there are, so that each can be the one that is lacking', () => {
    const actions = new Set(everyPermission('1.39.0').map(({ action }) => action))
    const needed = Object.keys(needs)
      .filter(isPermitted)
      .flatMap((name) => actionsFor(name))
    expect(needed.filter((action) => !actions.has(action))).toEqual([])
    expect(actionsFor('grpc-batch-objects')).toEqual(['create_data', 'update_data'])
  })

  test('are limited to what a case works on', () => {
    expect(limitsOf('get-tenant')).toEqual(['collection', 'tenant'])
    expect(limitsOf('get-cluster-statistics')).toEqual([])
  })
})

test('a user of the pool is somebody’s alone until given back', async () => {
  const pool = new UserPool(['one'])
  const first = await pool.take()
  const second = pool.take()
  pool.giveBack(first)
  expect(await second).toBe('one')
})
