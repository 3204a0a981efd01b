import { expect, test } from 'vitest'
import type { PlacedWaiver } from '../src/waiver.ts'
import { boot, conforms, exchange, footer, header, plan, result } from './example-journal.ts'
import { exampleRun } from './example-run.ts'
import type { JournalLine } from './journal-lines.ts'
import { writeHtml } from './write-html.ts'

const { at, rows, written } = exampleRun()
const [row] = rows
const zero = Date.parse('2026-03-01T10:00:00.000Z')
const waiver: PlacedWaiver = {
  at: 'waivers.yaml:3',
  rule: 'MIL-AUTH-01',
  product: 'milvus',
  versions: '2.3.5',
  signature: { class: 'allowed', code: '200', message: '' },
  owner: 'ann',
  reason: 'the network is closed',
  link: 'https://example.test/1',
  created: '2026-02-01',
  expiry: '2026-04-01',
}
const lines: readonly JournalLine[] = [
  header({ catalogue: { digest: 'sha256:0123456789abcdef', rules: { milvus: 55 }, statements: {} } }),
  plan(at, [row]),
  boot(at, 'started', { atMs: zero + 1000 }),
  boot(at, 'ready', {
    atMs: zero + 3500,
    info: {
      origin: 'registry',
      digest: 'sha256:ab',
      ports: {},
      configuration: { args: ['run', 'standalone'], env: { DEPLOY_MODE: 'STANDALONE' }, files: { 'user.yaml': 'password: ‹redacted›' } },
    },
  }),
  result(at, row, conforms, {
    startedAt: '2026-03-01T10:00:04.000Z',
    ms: 2000,
    exchanges: [exchange({ status: 'refused on the next request: p50 12.5 ms, p95 40 ms after the deletion' })],
  }),
  boot(at, 'stopped', { atMs: zero + 9000 }),
  footer(),
]
const page = (own = lines): Promise<string> => written((model) => writeHtml(model), own)

test('the course of each server is shown by second: start, boot, cases, end', async () => {
  expect(await page()).toMatch(/<td class="number">1\.0 s<td class="number">2\.5 s<td class="number">2\.0 s<td class="number">9\.0 s/)
})

test('a latency that a case measured is a chart with its figures beside it', async () => {
  expect(await page()).toMatch(
    /<rect class="without" width="100\.000" height="8"\/><rect class="with" width="31\.250" height="8"\/><\/svg><td class="number">12\.5 ms<td class="number">40 ms/,
  )
  expect(await page(lines.filter((line) => line.type !== 'result'))).not.toMatch('id="revocations"')
})

test('each server has its configuration, and the run the digest of its catalogue', async () => {
  const markup = await page()
  for (const text of ['run\nstandalone', 'DEPLOY_MODE=STANDALONE', 'password: ‹redacted›', '55 rules, <code title="sha256:0123456789abcdef">'])
    expect(markup).toContain(text)
})

test('of operations and callers it says how many pairs were asked', async () => {
  expect(await page()).toMatch(/<td>rest<td class="number">1<td class="number">1<td class="number">1<td class="number">100 %<td class="number">1/)
})

test('a waiver stands there with its reason and its end', async () => {
  const markup = await page([...lines.slice(0, 1), { type: 'waivers', waivers: [waiver] }, ...lines.slice(1)])
  expect(markup).toMatch(/the network is closed<br>.*<td>ann<td>2026-04-01<td>nothing failed that it would cover/)
})
