import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { servers } from '../containers/registry.ts'
import { makePki } from '../fixtures/pki/make-pki.ts'
import { censusOfOperations, censusOfPorts, type Inventory } from '../src/census.ts'
import type { InstanceInfo, Listener, Pki } from '../src/instance.ts'
import { productNames } from '../src/rule.ts'
import { suites } from './registry.ts'
import { specifications } from './weaviate/specification.ts'

describe.each(productNames)('what is known of %s', (product) => {
  const { inventory, rules } = suites[product]

  test('says of each of its ports under which rules it is looked at, or why it is open', () => {
    const exposure = inventory?.exposure ?? {}
    expect(Object.keys(exposure).toSorted()).toEqual(Object.keys(servers[product].ports).toSorted())
    expect(Object.values(exposure).flatMap((one) => ('rules' in one ? one.rules.filter((rule) => !Object.hasOwn(rules, rule)) : []))).toEqual([])
  })
})

const { inventory: weaviate } = suites.weaviate
const { signal } = new AbortController()

const noPki: Pki = { folder: '', ca: '', serverCert: '', serverKey: '', clientCert: '', clientKey: '' }

function infoAt(ports: Readonly<Record<string, number>>, pki = noPki): InstanceInfo {
  const endpoint = { host: 'localhost', address: '127.0.0.1', ports, pki, credentials: {}, facts: {} }
  const identity = { id: 'weaviate', product: 'weaviate', version: '1.39.0', profile: 'p', runtime: 'native', evidence: 'real' } as const
  return { ...identity, origin: 'user', digest: 'sha256:0', endpoint }
}

/** A Weaviate that lists these operations of its REST API, and answers nothing else. */
async function listing(operations: readonly string[]): Promise<AsyncDisposable & { readonly info: InstanceInfo }> {
  const pki = await makePki(mkdtempSync(join(tmpdir(), 'assay-test-')), [])
  const paths: Record<string, Record<string, object>> = {}
  for (const [method = '', path = ''] of operations.map((operation) => operation.split(' '))) paths[path] = { ...paths[path], [method.toLowerCase()]: {} }
  const server = createServer({ cert: readFileSync(pki.serverCert), key: readFileSync(pki.serverKey) }, ({ url }, response) => {
    response.writeHead(url === '/v1/swagger.json' ? 200 : 404).end(JSON.stringify({ swagger: '2.0', paths }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const info = infoAt({ rest: (server.address() as AddressInfo).port, grpc: 1 }, pki)
  return { info, [Symbol.asyncDispose]: async () => void (server.closeAllConnections(), server.close()) }
}

const overRest = async (inventory: Inventory | undefined, operations: readonly string[]): Promise<unknown> => {
  await using server = await listing(operations)
  return inventory === undefined ? undefined : (await censusOfOperations(inventory, server.info, signal))[0]
}

describe('a server that lists its operations', () => {
  const known = specifications['1.39.0']

  test('is complete where each of them has cases or a reason', async () => {
    expect(await overRest(weaviate, known)).toEqual({ what: 'operations', state: 'complete', from: '/v1/swagger.json', listed: known.length })
  })

  test('is incomplete by the name of one more', async () => {
    expect(await overRest(weaviate, [...known, 'POST /brand-new'])).toMatchObject({ state: 'incomplete', unknown: ['POST /brand-new'] })
  })

  test('is no proof where the list is not there', async () => {
    await using server = await listing([])
    const nowhere = { ...server.info, endpoint: { ...server.info.endpoint, ports: { rest: 1, grpc: 1 } } }
    expect(weaviate && (await censusOfOperations(weaviate, nowhere, signal))).toMatchObject([{ state: 'failed' }])
  })
})

describe('the ports of a server', () => {
  const inventory: Inventory = {
    operations: () => Promise.resolve([]),
    knows: () => true,
    exposure: { rest: { rules: ['A-01'] } },
    ofItsOwn: { most: 1, because: 'it takes one for itself' },
  }
  const on = (listeners: readonly Listener[] | undefined): unknown => censusOfPorts(inventory, { info: infoAt({ rest: 20_001 }), listeners: () => listeners })
  const rest = { port: 20_001, onLoopback: false }

  test('are complete with one of its own on loopback, and not with one that others reach, or with a second', () => {
    expect(on([rest, { port: 7, onLoopback: true }])).toMatchObject({ state: 'complete', listed: 2 })
    expect(on([rest, { port: 7, onLoopback: false }])).toMatchObject({ state: 'incomplete', unknown: ['port 7'] })
    expect(on([rest, { port: 7, onLoopback: true }, { port: 8, onLoopback: true }])).toMatchObject({ unknown: ['port 8, on loopback'] })
  })

  test('are no proof where none is open, and cannot be looked at everywhere', () => {
    expect(on([])).toMatchObject({ state: 'failed' })
    expect(on(undefined)).toMatchObject({ state: 'not-here' })
  })
})
