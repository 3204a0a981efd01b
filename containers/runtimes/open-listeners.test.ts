import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { listenersOf, openListeners } from './open-listeners.ts'

const program = `
  const { createServer } = require('node:net')
  const ports = []
  const listen = (host, then) => { const s = createServer().listen(0, host, () => { ports.push(s.address().port); then() }) }
  listen('127.0.0.1', () => listen('::1', () => listen('0.0.0.0', () => listen('::', () => console.log(JSON.stringify(ports))))))
`

test.skipIf(process.platform !== 'linux')('only the listeners beyond loopback are named, each once', async () => {
  const child = spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
    const ports = JSON.parse(chunk.toString()) as number[]
    const [, , everyV4, everyV6] = ports
    expect(openListeners(child.pid ?? 0)).toEqual([everyV4, everyV6].sort((a = 0, b = 0) => a - b))
    expect(listenersOf(child.pid ?? 0)).toEqual(ports.toSorted((a, b) => a - b).map((port) => ({ port, onLoopback: port !== everyV4 && port !== everyV6 })))
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGKILL')
  }
})

test('a group that is gone has no listeners', () => {
  expect(openListeners(2 ** 22)).toEqual([])
})
