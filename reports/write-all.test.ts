import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { conforms, exampleCase, header, instance, suite, wholeRun } from './example-journal.ts'
import type { HeaderLine } from './journal-lines.ts'
import { runRecordSchema } from './run-schema.ts'
import { writeReports } from './write-all.ts'

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-reports-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const row = exampleCase('milvus.rest.anonymous.may-not.list-collections')
const suites = { milvus: suite('milvus', { cases: [row] }) }

async function journalIn(out: string, name: string, over: Partial<HeaderLine> = {}): Promise<string> {
  const folder = join(out, name)
  await mkdir(folder)
  const [, ...lines] = wholeRun(instance(), [[row, conforms]])
  await writeFile(join(folder, 'journal.ndjson'), [header(over), ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''))
  return folder
}

const report = (folder: string): ReturnType<typeof writeReports> => writeReports(folder, join(folder, 'journal.ndjson'), suites)

test('every report is made from the journal alone', async () => {
  const out = await scratch()
  const folder = await journalIn(out, 'run')
  const { record, summary } = await report(folder)
  expect(runRecordSchema.parse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')))).toEqual(record)
  expect(JSON.parse(await readFile(join(folder, 'run.schema.json'), 'utf8'))).toMatchObject({ title: 'run.json of vector-assay' })
  expect(await readFile(join(folder, 'junit.xml'), 'utf8')).toMatch('<testsuites')
  expect(await readFile(join(folder, 'index.html'), 'utf8')).toMatch(record.headline)
  expect(summary).toMatch(join(folder, 'index.html'))
})

test('the same journal gives the same files, byte by byte', async () => {
  const out = await scratch()
  const folder = await journalIn(out, 'run')
  const read = (): Promise<readonly string[]> => Promise.all(['run.json', 'index.html', 'junit.xml'].map((name) => readFile(join(folder, name), 'utf8')))
  await report(folder)
  const first = await read()
  await report(folder)
  expect(await read()).toEqual(first)
})

test('latest is the run that started last, whichever is reported last', async () => {
  const out = await scratch()
  await report(await journalIn(out, 'first', { startedAt: '2026-03-01T10:00:00.000Z' }))
  expect(await readlink(join(out, 'latest'))).toBe('first')
  await report(await journalIn(out, 'second', { startedAt: '2026-03-02T10:00:00.000Z' }))
  expect(await readlink(join(out, 'latest'))).toBe('second')
  await report(join(out, 'first'))
  expect(await readlink(join(out, 'latest'))).toBe('second')
})

test('a run reported through latest keeps its own name', async () => {
  const out = await scratch()
  await report(await journalIn(out, 'run'))
  await report(join(out, 'latest'))
  expect(await readlink(join(out, 'latest'))).toBe('run')
})

test('a latest that is a file, as where links cannot be made, is replaced', async () => {
  const out = await scratch()
  await writeFile(join(out, 'latest'), 'gone\n')
  await report(await journalIn(out, 'run'))
  expect(await readlink(join(out, 'latest'))).toBe('run')
})
