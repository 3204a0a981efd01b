import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Settled } from '../src/deviation.ts'
import { Secret } from '../src/secret.ts'
import { conforms, deviates, exampleCase, exchange, footer, header, instance, plan, result, suite } from './example-journal.ts'
import type { JournalLine } from './journal-lines.ts'
import { LeakFinder } from './leaks.ts'
import { writeReports } from './write-all.ts'

function leaksIn(text: string, secrets: readonly Secret[]): readonly string[] {
  const search = new LeakFinder(secrets).search()
  search.feed(text)
  return search.found
}

const canary = new Secret('correct-horse/battery+staple', 'the canary')
const bytes = Buffer.from(canary.reveal())

test.for([
  ['as it is', canary.reveal()],
  ['percent-encoded', encodeURIComponent(canary.reveal())],
  ['in base64', bytes.toString('base64')],
  ['in base64url', bytes.toString('base64url')],
  ['inside HTTP Basic', Buffer.from(`bob:${canary.reveal()}`).toString('base64')],
] as const)('a secret is found %s', ([, form]) => {
  expect(leaksIn(`before ${form} after`, [canary])).toEqual(['the canary'])
  expect(leaksIn('before and after', [canary])).toEqual([])
})

test('a private key and a signed token are found without being told of them', () => {
  const token = ['{"alg":"HS256"}', '{"sub":"bob","exp":1}', 'a signature of 32 bytes, and so on']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
  expect(leaksIn(`x ${token} y`, [])).toEqual(['a signed token'])
  expect(leaksIn('-----BEGIN EC PRIVATE KEY-----', [])).toEqual(['a private key'])
  expect(leaksIn('‹a token› and ‹key›', [])).toEqual([])
})

const at = instance()
const row = exampleCase('milvus.rest.anonymous.may-not.list-collections')
const suites = { milvus: suite('milvus', { cases: [row] }) }

/** The same run, whose server echoes what it was sent, redacted or not. */
async function reported(echo: string, settled: Settled = { ...deviates, because: `allowed: ${echo}` }): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-leaks-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const lines: readonly JournalLine[] = [header(), plan(at, [row]), result(at, row, settled, { exchanges: [exchange({ answer: echo })] }), footer()]
  await writeFile(join(folder, 'journal.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return (await writeReports(folder, join(folder, 'journal.ndjson'), suites, { secrets: [canary] })).faults
}

test('a secret in an answer is found in every format that shows answers', async () => {
  const faults = await reported(`your key is ${canary.reveal()}`)
  const files = [
    'journal.ndjson',
    'run.json',
    'index.html',
    'junit.xml',
    'results.sarif',
    'ctrf.json',
    'oscal-assessment-results.json',
    'earl.jsonld',
    'summary.md',
  ]
  expect(faults).toEqual(expect.arrayContaining(files.map((file) => `${file} holds the canary`)))
})

test('a redacted one is no fault', async () => {
  expect(await reported('your key is ‹the canary›')).toEqual([])
})

test('what the page keeps compressed is searched', async () => {
  expect(await reported(canary.reveal(), conforms)).toEqual(['journal.ndjson holds the canary', 'index.html holds the canary'])
})

test('what else is in the folder of a run is searched, however deep', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-leaks-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const journal = join(folder, 'journal.ndjson')
  await writeFile(journal, [header(), plan(at, []), footer()].map((line) => `${JSON.stringify(line)}\n`).join(''))
  await mkdir(join(folder, 'allure-results'))
  await writeFile(join(folder, 'allure-results', 'a-result.json'), JSON.stringify({ name: canary.reveal() }))
  expect((await writeReports(folder, journal, suites, { secrets: [canary] })).faults).toEqual(['allure-results/a-result.json holds the canary'])
})

test('a secret is found where it is cut between two parts of a text, among thousands of others', () => {
  const others = Array.from({ length: 5000 }, (_, number) => new Secret(`correct-horse/${number}-and-so-on`, `number ${number}`))
  const search = new LeakFinder([...others, canary]).search()
  for (const part of ['correct-horse/', 'battery+', 'sta', `ple ${'x'.repeat(9000)}`, 'correct-horse/4999-and', '-so-on']) search.feed(part)
  expect(search.found).toEqual(['the canary', 'number 4999'])
})
