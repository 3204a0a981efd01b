import { closeSync, createReadStream, fdatasyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Settled } from '../src/deviation.ts'
import { HarnessError, messageOf } from '../src/errors.ts'
import type { CaseResult } from '../src/run-case.ts'
import { journalLineSchema, type HeaderLine, type JournalLine, type ResultLine } from './journal-lines.ts'

/**
 * One run as it happens, one JSON value a line, never rewritten. Each line leaves the process in order before `append`
 * returns, so a run that is killed with -9 keeps all that it had written; only a power failure can take the lines
 * since the last boot or footer, which are flushed to the disk.
 */
export class Journal implements AsyncDisposable {
  readonly path: string
  #fd: number | undefined
  #broken: HarnessError | undefined

  private constructor(path: string, fd: number) {
    this.path = path
    this.#fd = fd
  }

  /** Starts a new journal with its header, making its folder. Throws `CONFIG_INVALID` where that cannot be done or one is there already. */
  static create(path: string, header: HeaderLine): Journal {
    const journal = new Journal(path, opened(path))
    journal.append(header)
    return journal
  }

  /** Throws `JOURNAL_TRUNCATED` where the line cannot be written whole, and the same again for every line after that. */
  append(line: JournalLine): void {
    if (this.#broken !== undefined) throw this.#broken
    if (this.#fd === undefined) throw new HarnessError('HARNESS_DEFECT', `${this.path}: a ${line.type} line after the journal ended`)
    try {
      writeWhole(this.#fd, Buffer.from(`${JSON.stringify(line)}\n`, 'utf8'))
      if (line.type !== 'result') fdatasyncSync(this.#fd)
    } catch (cause) {
      const message = `${this.path} cannot be written: ${messageOf(cause)}`
      this.#broken = new HarnessError('JOURNAL_TRUNCATED', message, { cause, hint: 'look for free space, and run again' })
      throw this.#broken
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#fd === undefined) return
    closeSync(this.#fd)
    this.#fd = undefined
  }
}

function opened(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'ax', 0o600)
  } catch (cause) {
    throw new HarnessError('CONFIG_INVALID', `the journal ${path} cannot be made: ${messageOf(cause)}`, {
      cause,
      hint: 'name a folder that is new and can be written',
    })
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
}

/** The line of one case that was run and settled. */
export const resultLine = (instance: string, caseId: string, settled: Settled, result: CaseResult): ResultLine => ({
  type: 'result',
  instance,
  caseId,
  ...settled,
  verdict: result.verdict,
  ...(result.observation === undefined ? {} : { observation: result.observation }),
  exchanges: [...result.exchanges],
  startedAt: result.startedAt,
  ms: result.ms,
})

export interface JournalContent {
  readonly lines: readonly JournalLine[]
  /** False where the footer is missing or says so: the run ended before it was done. */
  readonly complete: boolean
  /** The last line was cut off in the middle of a write; it is left out. */
  readonly torn: boolean
}

/**
 * Reads a journal, checking every line. What a result holds of requests and answers, nearly all of a journal, is not kept: it is
 * read again from the file whenever someone asks a line for its `exchanges`, so that memory grows with the cases alone.
 *
 * @param onText is told the text of every line, for whoever searches it
 * @throws HarnessError `JOURNAL_TRUNCATED` where it cannot be read, has no header, or is damaged anywhere but in its last line
 */
export async function readJournal(path: string, onText?: (text: string) => void): Promise<JournalContent> {
  const lines: JournalLine[] = []
  let torn = false
  for await (const raw of rawLines(path)) {
    const text = raw.bytes.toString('utf8')
    onText?.(text)
    const parsed = parsedLine(text)
    if (parsed.kind === 'line') lines.push(parsed.line.type === 'result' ? withoutExchanges(path, raw, parsed.line) : parsed.line)
    else if (raw.whole) throw damaged(path, `line ${raw.number} ${parsed.because}`)
    else torn = true
  }
  checkOrder(path, lines)
  const last = lines.at(-1)
  return { lines, complete: last?.type === 'footer' && last.complete, torn }
}

function checkOrder(path: string, lines: readonly JournalLine[]): void {
  if (lines[0]?.type !== 'header') throw damaged(path, 'it has no header')
  const header = lines.findLastIndex((line) => line.type === 'header')
  if (header > 0) throw damaged(path, `line ${header + 1} is a second header`)
  const footer = lines.findIndex((line) => line.type === 'footer')
  if (footer >= 0 && footer < lines.length - 1) throw damaged(path, `line ${footer + 2} follows the footer`)
}

const damaged = (path: string, what: string): HarnessError =>
  new HarnessError('JOURNAL_TRUNCATED', `${path}: ${what}`, { hint: 'the run cannot be reported from it: run again' })

function parsedLine(text: string): { readonly kind: 'line'; readonly line: JournalLine } | { readonly kind: 'damaged'; readonly because: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'damaged', because: 'is not JSON' }
  }
  const checked = journalLineSchema.safeParse(value)
  if (checked.success) return { kind: 'line', line: checked.data }
  const [issue] = checked.error.issues
  return { kind: 'damaged', because: `is no line of a journal: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` }
}

interface RawLine {
  readonly bytes: Buffer
  /** Where in the file it begins. */
  readonly offset: number
  readonly number: number
  /** It ends with a line feed: it was written to its end. */
  readonly whole: boolean
}

/** Splits at line feeds only: JSON may hold U+2028 as it is, which `node:readline` takes for the end of a line. */
async function* rawLines(path: string): AsyncGenerator<RawLine> {
  let number = 0
  let offset = 0
  let rest: Buffer[] = []
  for await (const chunk of bytesOf(path)) {
    let from = 0
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
      const own = chunk.subarray(from, at)
      const bytes = rest.length === 0 ? own : Buffer.concat([...rest, own])
      yield { bytes, offset, number: ++number, whole: true }
      offset += bytes.length + 1
      rest = []
      from = at + 1
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
  }
  if (rest.length > 0) yield { bytes: Buffer.concat(rest), offset, number: ++number, whole: false }
}

function withoutExchanges(path: string, { bytes, offset }: RawLine, { exchanges: _read, ...kept }: ResultLine): ResultLine {
  const { length } = bytes
  return Object.defineProperty(kept, 'exchanges', { enumerable: true, get: () => exchangesAt(path, offset, length) }) as ResultLine
}

/** @throws HarnessError `JOURNAL_TRUNCATED` where the file is no longer what was read and checked */
function exchangesAt(path: string, offset: number, length: number): ResultLine['exchanges'] {
  const bytes = Buffer.allocUnsafe(length)
  const fd = openSync(path, 'r')
  try {
    if (readSync(fd, bytes, 0, length, offset) === length) return (JSON.parse(bytes.toString('utf8')) as ResultLine).exchanges
    throw new TypeError('it is shorter than it was')
  } catch (cause) {
    throw damaged(path, `it was changed while it was reported: ${messageOf(cause)}`)
  } finally {
    closeSync(fd)
  }
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) yield chunk as Buffer
  } catch (cause) {
    throw new HarnessError('JOURNAL_TRUNCATED', `${path} cannot be read: ${messageOf(cause)}`, { cause, hint: 'name the folder of a run' })
  }
}
