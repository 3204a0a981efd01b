import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Changes } from './watch.ts'

/** A watch that is known to be at work: what is written before that is not seen. */
async function watched(): Promise<{ folder: string; changes: Changes; stop: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-test-'))
  mkdirSync(join(folder, 'inner'))
  const stop = new AbortController()
  const changes = new Changes([folder], stop.signal)
  for (let at = 0; changes.count === 0; at++) {
    writeFileSync(join(folder, 'first.ts'), String(at))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { folder, changes, stop: () => stop.abort() }
}

test('a change of a file that holds code or data is seen, and where it was', async () => {
  const { folder, changes, stop } = await watched()
  const seen = changes.count
  writeFileSync(join(folder, 'notes.txt'), 'no code')
  writeFileSync(join(folder, 'inner', 'rules.ts'), 'code')
  await changes.since(seen)
  expect(changes.last).toMatch(/rules\.ts$/)
  expect(changes.after(seen).aborted).toBe(false)
  await changes.since(seen)
  stop()
})

test('who waits for a change is let go when the watch ends', async () => {
  const { changes, stop } = await watched()
  const waiting = changes.since(changes.count + 1000)
  stop()
  await expect(waiting).resolves.toBeUndefined()
})
