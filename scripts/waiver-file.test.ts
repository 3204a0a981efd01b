import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exampleCase, rule, suite } from '../reports/example-journal.ts'
import { HarnessError } from '../src/errors.ts'
import { readWaivers } from './waiver-file.ts'

const now = Date.parse('2026-03-01T10:00:00Z')
const suites = { milvus: suite('milvus', { rules: { 'MIL-AUTH-01': rule() }, cases: [exampleCase('milvus.rest.a')] }) }

const whole = {
  rule: 'MIL-AUTH-01',
  product: 'milvus',
  versions: '>=2.3.0 <2.4.0',
  surface: 'rest',
  owner: 'kim@example.org',
  reason: 'behind a gateway until the upgrade',
  link: 'https://example.org/SEC-1',
  created: '2026-02-01',
  expiry: '2026-05-01',
  signature: '{ class: allowed, code: "200", message: "" }',
}

const textOf = (entry: Readonly<Record<string, string>>): string => {
  const quoted = (key: string, value: string): string => (key === 'signature' ? value : JSON.stringify(value))
  return `# accepted\nwaivers:\n${Object.entries(entry)
    .map(([key, value], at) => `${at === 0 ? '  - ' : '    '}${key}: ${quoted(key, value)}\n`)
    .join('')}`
}

const read = (text: string, nowMs = now): ReturnType<typeof readWaivers> => {
  const path = join(mkdtempSync(join(tmpdir(), 'assay-test-')), 'waivers.yaml')
  writeFileSync(path, text)
  return readWaivers(path, suites, nowMs)
}

const failureOf = (text: string): string => {
  try {
    read(text)
  } catch (thrown) {
    if (thrown instanceof HarnessError) return `${thrown.exitCode} ${thrown.message.replace(/^.*waivers\.yaml/, 'waivers.yaml')}`
  }
  return 'it was accepted'
}

const without = (key: keyof typeof whole): string => textOf(Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)))

test('a whole waiver is read with the place where it is written', () => {
  expect(read(textOf(whole))).toEqual([{ ...whole, signature: { class: 'allowed', code: '200', message: '' }, at: 'waivers.yaml, line 3' }])
})

test('a waiver without a signature is over-broad, with its line', () => {
  expect(failureOf(without('signature'))).toBe('4 waivers.yaml, line 3: over-broad: without a signature (class, code, message) it would cover any failure')
})

test.each(['owner', 'reason', 'link', 'created', 'expiry', 'versions', 'product'] as const)(
  'a waiver without %s is invalid, with exit code 4 and its line',
  (key) => {
    expect(failureOf(without(key))).toMatch(/^4 waivers\.yaml, line 3: waivers\.0\./)
  },
)

test.each([
  [{ rule: 'MIL-*' }, /over-broad: MIL-\* is a pattern/],
  [{ versions: '*' }, /over-broad: "\*" holds for every version/],
  [{ versions: '>=0.0.0' }, /over-broad/],
  [{ versions: 'soon' }, /"soon" is no range of versions/],
  [{ rule: 'MIL-NOBODY-01' }, /milvus has no rule MIL-NOBODY-01/],
  [{ case: 'milvus.rest.a' }, /one rule or one case, and not both/],
  [{ expiry: '2027-02-02' }, /366 days after created 2026-02-01; at most 365/],
  [{ expiry: '2026-01-01' }, /expiry 2026-01-01 is before created/],
  [{ created: '2026-03-02' }, /created 2026-03-02 is still to come/],
  [{ expiry: 'next year' }, /waivers\.0\.expiry/],
  [{ link: 'see mail' }, /waivers\.0\.link/],
  [{ severity: 'low' }, /Unrecognized key: "severity"/],
])('%j is refused with exit code 4', (over, message) => {
  const found = failureOf(textOf({ ...whole, ...over }))
  expect(found).toMatch(/^4 waivers\.yaml, line \d+: /)
  expect(found).toMatch(message)
})

test('a year is possible, and an expired waiver is read: the run says what it covers', () => {
  expect(read(textOf({ ...whole, expiry: '2027-02-01' }))).toHaveLength(1)
  expect(read(textOf(whole), Date.parse('2026-07-01'))).toHaveLength(1)
})

test('a typing error is named with the line that it stands on', () => {
  expect(failureOf(textOf(whole).replace('owner', 'ownr'))).toMatch(/line [37]/)
  expect(failureOf('waivers:\n  - {rule: [}\n')).toMatch(/^4 waivers\.yaml, line 2/)
  expect(failureOf('waiver: []\n')).toMatch(/^4 waivers\.yaml, line 1/)
})
