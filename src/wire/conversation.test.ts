import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Outcome } from '../outcome.ts'
import { concluded } from './conversation.ts'

test('a server that drips does not put the end off', async () => {
  await using closing = new AsyncDisposableStack()
  const server = createServer((socket) => {
    const drip = setInterval(() => socket.write(' '), 10)
    socket.on('error', () => undefined).once('close', () => clearInterval(drip))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.defer(() => void server.close())
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.resume()
  const outcome = await concluded(socket, new Promise<Outcome>(() => undefined), { signal: new AbortController().signal, requestTimeoutMs: 100 })
  expect(outcome).toEqual({ kind: 'broken', cause: 'timeout: no answer within 100 ms' })
  expect(socket.destroyed).toBe(true)
})

test('an interrupted run is no refusal', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const outcome = await concluded(socket, new Promise<Outcome>(() => undefined), { signal: AbortSignal.abort(new Error('stopped')), requestTimeoutMs: 60_000 })
  expect(outcome).toEqual({ kind: 'broken', cause: 'stopped' })
  server.close()
})
