import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { boot, exampleCase, footer, header, instance, notJudged, plan, result, wholeRun, conforms, deviates } from './example-journal.ts'
import { Journal, readJournal } from './journal.ts'
import type { JournalLine } from './journal-lines.ts'

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-journal-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const url = (file: string): string => new URL(file, import.meta.url).href

const at = instance()
const row = exampleCase('milvus.rest.anonymous.may-not.list-collections')

async function written(path: string, lines: readonly JournalLine[]): Promise<void> {
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

test('what was appended is read again, line by line', async () => {
  const folder = await scratch()
  const path = join(folder, 'run', 'journal.ndjson')
  const lines: readonly JournalLine[] = [
    plan(at, [row]),
    notJudged('qdrant'),
    boot(at, 'ready'),
    result(at, row),
    { type: 'note', text: 'two\nlines' },
    footer(),
  ]
  {
    await using journal = Journal.create(path, header())
    for (const line of lines) journal.append(line)
  }
  expect(await readJournal(path)).toEqual({ lines: [header(), ...lines], complete: true, torn: false })
})

test('a line is on its way to the disk when append returns', async () => {
  const folder = await scratch()
  const path = join(folder, 'journal.ndjson')
  await using journal = Journal.create(path, header())
  journal.append(result(at, row))
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(3)
})

test('a writer killed with -9 loses nothing that it had appended', async () => {
  const folder = await scratch()
  const path = join(folder, 'journal.ndjson')
  const script = `
    const { Journal } = await import(${JSON.stringify(url('journal.ts'))})
    const { header } = await import(${JSON.stringify(url('example-journal.ts'))})
    const journal = Journal.create(${JSON.stringify(path)}, header())
    for (let n = 0; n < 500; n++) journal.append({ type: 'note', text: String(n) })
    process.kill(process.pid, 'SIGKILL')`
  const { signal } = await execa(process.execPath, ['--input-type=module', '-e', script], { reject: false, env: { NODE_OPTIONS: '' } })
  const content = await readJournal(path)
  expect({ signal, lines: content.lines.length, complete: content.complete, torn: content.torn }).toEqual({
    signal: 'SIGKILL',
    lines: 501,
    complete: false,
    torn: false,
  })
})

test('a missing footer is said', async () => {
  const folder = await scratch()
  const path = join(folder, 'journal.ndjson')
  await written(path, wholeRun(at, [[row, conforms]]).slice(0, -1))
  expect(await readJournal(path)).toMatchObject({ complete: false, torn: false })
})

test('a footer that says incomplete is believed', async () => {
  const folder = await scratch()
  const path = join(folder, 'journal.ndjson')
  await written(path, [header(), footer({ complete: false, interrupted: true })])
  expect(await readJournal(path)).toMatchObject({ complete: false })
})

test('a journal cut anywhere in its last line gives all the lines before it', async () => {
  const folder = await scratch()
  const path = join(folder, 'journal.ndjson')
  await written(path, [header(), result(at, row, deviates, { because: 'ünïcode → 𝄞' })])
  const size = (await readFile(path)).length
  const first = Buffer.byteLength(`${JSON.stringify(header())}\n`)
  for (let length = size - 2; length > first; length -= 97) {
    await truncate(path, length)
    expect(await readJournal(path)).toEqual({ lines: [header()], complete: false, torn: true })
  }
})

test('a last line that lacks only its line feed is kept', async () => {
  const folder = await scratch()
  const path = join(folder, 'journal.ndjson')
  await writeFile(path, `${JSON.stringify(header())}\n${JSON.stringify(footer())}`)
  expect(await readJournal(path)).toEqual({ lines: [header(), footer()], complete: true, torn: false })
})

test.for([
  ['a torn line in the middle', [JSON.stringify(header()), '{"type":"not', JSON.stringify(footer())], 'line 2 is not JSON'],
  ['a line of another kind', [JSON.stringify(header()), '{"type":"guess"}'], 'line 2 is no line of a journal'],
  ['a result in an eighth state', [JSON.stringify(header()), JSON.stringify({ ...result(at, row), state: 'fine' })], 'line 2 is no line of a journal: state'],
  ['a journal of a later schema', [JSON.stringify({ ...header(), schema: 2 })], 'line 1 is no line of a journal: schema'],
  ['no header', [JSON.stringify(footer())], 'it has no header'],
  ['nothing at all', [], 'it has no header'],
  ['a second header', [JSON.stringify(header()), JSON.stringify(header())], 'line 2 is a second header'],
  ['lines after the footer', [JSON.stringify(header()), JSON.stringify(footer()), JSON.stringify(result(at, row))], 'line 3 follows the footer'],
] as const)('%s is said to be damage', async ([, lines, because]) => {
  const folder = await scratch()
  const path = join(folder, 'journal.ndjson')
  await writeFile(path, lines.map((line) => `${line}\n`).join(''))
  await expect(readJournal(path)).rejects.toMatchObject({ code: 'JOURNAL_TRUNCATED', message: expect.stringContaining(because) })
})

test('a line separator of Unicode inside an answer ends no line', async () => {
  const folder = await scratch()
  const path = join(folder, 'journal.ndjson')
  await written(path, [header()])
  await appendFile(path, `${JSON.stringify({ type: 'note', text: 'a\u2028b\u2029c\u0085d' })}\n`)
  expect((await readJournal(path)).lines[1]).toEqual({ type: 'note', text: 'a\u2028b\u2029c\u0085d' })
})

test('a journal that is there is never written over', async () => {
  const folder = await scratch()
  const path = join(folder, 'journal.ndjson')
  await writeFile(path, 'precious')
  expect(() => Journal.create(path, header())).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  expect(await readFile(path, 'utf8')).toBe('precious')
})

test('appending after the end is a defect of ours', async () => {
  const folder = await scratch()
  const journal = Journal.create(join(folder, 'journal.ndjson'), header())
  await journal[Symbol.asyncDispose]()
  await journal[Symbol.asyncDispose]()
  expect(() => journal.append(footer())).toThrow(expect.objectContaining({ code: 'HARNESS_DEFECT' }))
})

test('a journal that is not there is said by its path', async () => {
  const folder = await scratch()
  const path = join(folder, 'none.ndjson')
  await expect(readJournal(path)).rejects.toMatchObject({ code: 'JOURNAL_TRUNCATED', message: expect.stringContaining(path) })
})
