import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openListeners } from './open-listeners.ts'

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
    const [, , everyV4, everyV6] = JSON.parse(chunk.toString()) as number[]
    expect(openListeners(child.pid ?? 0)).toEqual([everyV4, everyV6].sort((a = 0, b = 0) => a - b))
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGKILL')
  }
})

test('a group that is gone has no listeners', () => {
  expect(openListeners(2 ** 22)).toEqual([])
})
