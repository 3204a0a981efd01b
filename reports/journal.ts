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

/** Some whole lines of a journal; only the last stretch may end in the middle of one. */
export interface Stretch {
  readonly bytes: Uint8Array
  /** Where in the file it begins. */
  readonly offset: number
}

/** Where in the file a line stands. */
export interface Place {
  readonly offset: number
  readonly length: number
}

/** What is kept of one line. */
export type KeptLine =
  | { readonly kind: 'result'; readonly line: Omit<ResultLine, 'exchanges'>; readonly place: Place }
  | { readonly kind: 'other'; readonly line: Exclude<JournalLine, ResultLine> }
  | { readonly kind: 'damaged'; readonly because: string; readonly isWhole: boolean }

/**
 * Reads a journal, checking every line. What a result holds of requests and answers, nearly all of a journal, is not kept: it is
 * read again from the file whenever someone asks a line for its `exchanges`, so that memory grows with the cases alone.
 *
 * @throws HarnessError `JOURNAL_TRUNCATED` where it cannot be read, has no header, or is damaged anywhere but in its last line
 */
export async function readJournal(path: string): Promise<JournalContent> {
  const { places: _places, ...content } = await scanJournal(path, async (stretch) => keptLines(stretch))
  return content
}

const STRETCHES_AT_ONCE = 4

/**
 * The same for whoever has the lines read elsewhere, a few stretches at a time.
 *
 * @param read as `keptLines` reads
 * @returns the place of each line that is a result too, in the order of the lines
 */
export async function scanJournal(
  path: string,
  read: (stretch: Stretch) => Promise<readonly KeptLine[]>,
): Promise<JournalContent & { readonly places: readonly (Place | undefined)[] }> {
  const lines: JournalLine[] = []
  const places: (Place | undefined)[] = []
  let torn = false
  for await (const kept of inOrder(stretchesOf(path), read)) {
    for (const one of kept) {
      if (one.kind === 'damaged') {
        if (one.isWhole) throw damaged(path, `line ${lines.length + 1} ${one.because}`)
        torn = true
        continue
      }
      lines.push(one.kind === 'result' ? withExchanges(path, one.line, one.place) : one.line)
      places.push(one.kind === 'result' ? one.place : undefined)
    }
  }
  checkOrder(path, lines)
  const last = lines.at(-1)
  return { lines, places, complete: last?.type === 'footer' && last.complete, torn }
}

async function* inOrder<Source, Done>(sources: AsyncIterable<Source>, work: (source: Source) => Promise<Done>): AsyncGenerator<Done> {
  const waiting: Promise<Done>[] = []
  for await (const source of sources) {
    const begun = work(source)
    // Whoever fails first is thrown below; of those behind it nobody asks any more.
    begun.catch(() => undefined)
    waiting.push(begun)
    const [first] = waiting
    if (first === undefined || waiting.length < STRETCHES_AT_ONCE) continue
    void waiting.shift()
    yield await first
  }
  for (const rest of waiting) yield await rest
}

/**
 * Reads the lines of a stretch, which are split at line feeds only: JSON may hold U+2028 as it is, which `node:readline` takes for
 * the end of a line. A line that is damaged is the last that is read.
 *
 * @param onText is told the whole text, for whoever searches it
 */
export function keptLines({ bytes, offset }: Stretch, onText?: (text: string) => void): readonly KeptLine[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  onText?.(all.toString('utf8'))
  const kept: KeptLine[] = []
  for (let from = 0; from < all.length;) {
    const end = all.indexOf(0x0a, from)
    const isWhole = end >= 0
    const length = (isWhole ? end : all.length) - from
    const text = all.toString('utf8', from, from + length)
    const parsed = parsedLine(text)
    if (parsed.kind === 'damaged') return [...kept, { ...parsed, isWhole }]
    kept.push(keptOf(parsed.line, { offset: offset + from, length }))
    from += length + 1
  }
  return kept
}

function keptOf(line: JournalLine, place: Place): KeptLine {
  if (line.type !== 'result') return { kind: 'other', line }
  const { exchanges: _read, ...rest } = line
  return { kind: 'result', line: rest, place }
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

const withExchanges = (path: string, kept: Omit<ResultLine, 'exchanges'>, place: Place): ResultLine =>
  Object.defineProperty(kept, 'exchanges', { enumerable: true, get: () => exchangesAt(path, place) }) as ResultLine

/** @throws HarnessError `JOURNAL_TRUNCATED` where the file is no longer what was read and checked */
function exchangesAt(path: string, place: Place): ResultLine['exchanges'] {
  const fd = openSync(path, 'r')
  try {
    return resultAt(fd, place).exchanges
  } catch (cause) {
    throw damaged(path, `it was changed while it was reported: ${messageOf(cause)}`)
  } finally {
    closeSync(fd)
  }
}

/** A result that was read and checked before, from the open journal. Throws where the file is no longer what it was. */
export function resultAt(fd: number, { offset, length }: Place): ResultLine {
  const bytes = Buffer.allocUnsafe(length)
  if (readSync(fd, bytes, 0, length, offset) !== length) throw new TypeError('it is shorter than it was')
  return JSON.parse(bytes.toString('utf8')) as ResultLine
}

async function* stretchesOf(path: string): AsyncGenerator<Stretch> {
  let offset = 0
  let rest: Buffer[] = []
  for await (const chunk of bytesOf(path)) {
    const end = chunk.lastIndexOf(0x0a) + 1
    if (end > 0) {
      const bytes = Buffer.concat([...rest, chunk.subarray(0, end)])
      yield { bytes, offset }
      offset += bytes.length
      rest = []
    }
    if (end < chunk.length) rest.push(chunk.subarray(end))
  }
  if (rest.length > 0) yield { bytes: Buffer.concat(rest), offset }
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) yield chunk as Buffer
  } catch (cause) {
    throw new HarnessError('JOURNAL_TRUNCATED', `${path} cannot be read: ${messageOf(cause)}`, { cause, hint: 'name the folder of a run' })
  }
}
