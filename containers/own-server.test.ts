import { existsSync, mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OwnServer } from './own-server.ts'
import type { ServerDefinition } from './server.ts'

/** Counts its starts in a file of its own, writes its setting, listens; `BROKEN=1` makes it end with 7. */
const program = `
const { appendFileSync, readFileSync } = require('node:fs')
appendFileSync(process.env.DATA, 'x')
console.log('start ' + readFileSync(process.env.DATA, 'utf8').length + ' of ' + process.env.SETTING)
if (process.env.BROKEN === '1') process.exit(7)
require('node:net').createServer((socket) => socket.end()).listen(Number(process.env.PORT), '127.0.0.1')
`

const definition: ServerDefinition = {
  product: 'qdrant',
  versions: [],
  profiles: { plain: { says: 'a listener', credentials: () => ({}) } },
  ports: { rest: 1 },
  launch: (spec, at) => ({
    files: { 'counter.cjs': program },
    args: [join(at.folder, 'counter.cjs')],
    env: { DATA: join(at.folder, 'starts'), PORT: String(at.ports['rest']), SETTING: spec.version },
    facts: { version: spec.version },
  }),
  ready: ({ address, ports }) =>
    new Promise((resolve, reject) => {
      const socket = connect(ports['rest'] ?? 0, address, () => resolve(void socket.destroy()))
      socket.once('error', reject)
    }),
  bootTimeoutMs: 20_000,
  memoryMiB: 1,
  native: {
    available: () => Promise.resolve({ kind: 'ready' }),
    fetch: () => Promise.resolve(),
    locate: () => Promise.resolve({ program: process.execPath, digest: 'sha256:0', origin: 'user' }),
  },
}

const pki = { folder: '', ca: '', serverCert: '', serverKey: '', clientCert: '', clientKey: '' }
const make = (folder: string): Promise<OwnServer> =>
  OwnServer.create({ definition, version: '1.0.0', profile: 'plain', folder, pki, credentials: {}, signal: new AbortController().signal })
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'assay-test-'))

test('starts again on the same data and ports, with other settings and as another version', async () => {
  const folder = newFolder()
  await using server = await make(folder)
  const first = await server.start()
  const { ports } = server.endpoint
  await server.stop()
  const second = await server.start({ version: '2.0.0', change: (launch) => ({ ...launch, env: { ...launch.env, SETTING: 'another' } }) })
  expect([first.kind, second.kind]).toEqual(['ready', 'ready'])
  expect(server.log()).toEqual(['start 2 of another'])
  expect(server.endpoint).toMatchObject({ ports, facts: { version: '2.0.0' } })
})

test('says how a server ended that refuses its settings, with all that it wrote', async () => {
  await using server = await make(newFolder())
  const start = await server.start({ change: (launch) => ({ ...launch, env: { ...launch.env, BROKEN: '1' } }) })
  expect(start).toEqual({ kind: 'ended', how: 'ended with exit code 7', log: ['start 1 of 1.0.0'] })
})

test('ends the process and removes its data when it is disposed of', async () => {
  const folder = newFolder()
  const server = await make(folder)
  await server.start()
  const { address, ports } = server.endpoint
  await server[Symbol.asyncDispose]()
  expect(existsSync(folder)).toBe(false)
  await expect(definition.ready({ ...server.endpoint, address, ports }, AbortSignal.timeout(1000))).rejects.toThrow('ECONNREFUSED')
})
