import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { RestAnswer } from '../../src/wire/rest.ts'
import { text } from './shapes.ts'

const POLL_MS = 100
const LONGEST_MS = 30_000
const BLOCK = 512
const GZIP = 0x1f8b
const ZSTD = 0x28b5
const MARK = 'assay-entry'

/** Where an entry that is put into the archive wants to be written. */
export const entryPlaces = ['beside-the-others', 'above', 'absolute'] as const
export type EntryPlace = (typeof entryPlaces)[number]

/** One request as the administrator; every status but 2xx fails the set-up. */
export type AskAdmin = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<RestAnswer>

export interface Restoring {
  /** The server's own: its backups are below it, and nothing that it restores may be written outside of its data. */
  readonly folder: string
  readonly collection: string
  readonly place: EntryPlace
}

/** Backs a collection up, puts an entry into the archive, and restores it: refused where the server says so and writes nothing of it. */
export async function restoreWithEntry(ask: AskAdmin, { folder, collection, place }: Restoring, scope: Scope): Promise<Outcome> {
  const id = `archive-${scope.name}`
  await ask('POST', '/backups/filesystem', { id, include: [collection] })
  const made = await settled(ask, `/backups/filesystem/${id}`, scope)
  if (text(made, 'status') !== 'SUCCESS') throw new HarnessError('SET_UP_FAILED', `the backup failed: ${text(made, 'error') ?? 'without a word'}`)
  await ask('DELETE', `/schema/${collection}`)
  const archives = chunksBelow(join(folder, 'backups'))
  if (archives.length === 0) throw new HarnessError('SET_UP_FAILED', 'the backup has no archive')
  for (const archive of archives) repack(archive, (first) => entryName(place, first, folder))
  await ask('POST', `/backups/filesystem/${id}/restore`, {})
  const restored = await settled(ask, `/backups/filesystem/${id}/restore`, scope)
  return outcomeOf(text(restored, 'status') ?? 'no status', text(restored, 'error') ?? '', { folder, place })
}

function outcomeOf(status: string, error: string, { folder, place }: Omit<Restoring, 'collection'>): Outcome {
  const written = marksBelow(folder)
  const escaped = written.filter((path) => !path.startsWith(`data/`))
  if (escaped.length > 0) return { kind: 'allowed', code: status, content: { written: escaped } }
  if (place === 'beside-the-others') return status === 'SUCCESS' ? { kind: 'allowed', code: status } : { kind: 'broken', cause: `${status}: ${error}` }
  if (/outside|absolute|escapes|invalid.*path|unsafe/i.test(error)) return { kind: 'refused', by: 'invalid', code: status, message: error }
  // As a path below its own folder: nothing stands where the entry wanted to be.
  const below = place === 'absolute' && written.every((path) => path.endsWith(join(folder, MARK)))
  if (status === 'SUCCESS' && written.length > 0 && below)
    return { kind: 'refused', by: 'invalid', code: status, message: 'restored with the entry below its own folder' }
  if (status === 'SUCCESS' && written.length === 0) return { kind: 'refused', by: 'invalid', code: status, message: 'restored without the entry' }
  return { kind: 'broken', cause: `${status}: ${error}` }
}

async function settled(ask: AskAdmin, path: string, scope: Scope): Promise<unknown> {
  for (const until = scope.clock.now() + LONGEST_MS; scope.clock.now() < until;) {
    // It may not be there yet.
    const json = await ask('GET', path).then(
      (answer) => answer.json,
      () => undefined,
    )
    if (['SUCCESS', 'FAILED', 'CANCELED'].includes(text(json, 'status') ?? '')) return json
    await delay(POLL_MS, undefined, { signal: scope.signal })
  }
  throw new HarnessError('SET_UP_FAILED', `${path} does not come to an end`)
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const chunksBelow = (folder: string): readonly string[] => filesBelow(folder).filter((path) => /\/chunk-\d+$/.test(path))
const marksBelow = (folder: string): readonly string[] =>
  filesBelow(folder)
    .filter((path) => path.endsWith(MARK))
    .map((path) => relative(folder, path))

/** A restore unpacks into a folder of the collection, inside one for all, inside the data: three up is the server's own folder. */
function entryName(place: EntryPlace, first: string, folder: string): string {
  switch (place) {
    case 'beside-the-others':
      return `${first.split('/')[0] ?? ''}/${MARK}`
    case 'above':
      return `../../../${MARK}`
    case 'absolute':
      return join(folder, MARK)
  }
}

/** Puts one small file before the others, and packs as it was packed. */
function repack(path: string, nameAfter: (first: string) => string): void {
  const packed = readFileSync(path)
  const magic = packed.readUInt16BE(0)
  const tar = magic === GZIP ? gunzipSync(packed) : magic === ZSTD ? zstdDecompressSync(packed) : packed
  const first = tar.toString('utf8', 0, 100).replace(/\0.*$/s, '')
  const whole = Buffer.concat([tarEntry(nameAfter(first), Buffer.from('assay')), tar])
  writeFileSync(path, magic === GZIP ? gzipSync(whole) : magic === ZSTD ? zstdCompressSync(whole) : whole)
}

/** POSIX.1-1988 ustar: a header block, then the content, each filled up to whole blocks; a long name has its folder in `prefix`. */
function tarEntry(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK)
  const cut = name.length <= 100 ? -1 : name.indexOf('/', name.length - 101)
  header.write(name.slice(cut + 1), 0)
  if (cut > 0) header.write(name.slice(0, cut), 345)
  header.write('0000600\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\u000000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)])
}
