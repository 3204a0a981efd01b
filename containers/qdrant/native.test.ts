import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Cache } from '../cache.ts'
import { qdrantNative } from './native.ts'

let folder: string
let cache: Cache

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-qdrant-'))
  cache = new Cache(join(folder, 'cache'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

/** A program that says which version it is, as the server does. */
async function program(says: string, name = 'qdrant'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\necho '${says}'\n`)
  await chmod(path, 0o755)
  return path
}

test('the program that the user names is taken where it is of the version asked for', async () => {
  const path = await program('qdrant 1.18.3')
  vi.stubEnv('ASSAY_QDRANT_BIN', path)
  expect(await qdrantNative.available('1.18.3', cache)).toEqual({ kind: 'ready' })
  expect(await qdrantNative.locate('1.18.3', cache)).toEqual({
    program: path,
    origin: 'user',
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
  })
})

test('one of another version is not taken, and the reason names both', async () => {
  vi.stubEnv('ASSAY_QDRANT_BIN', await program('qdrant 1.14.1'))
  expect(await qdrantNative.available('1.18.3', cache)).toMatchObject({ kind: 'unavailable', because: 'ASSAY_QDRANT_BIN names Qdrant 1.14.1, not 1.18.3' })
})

test('of several that are named, each version has its own', async () => {
  const [older, newer] = [await program('qdrant 1.14.1', 'older'), await program('qdrant 1.18.3', 'newer')]
  vi.stubEnv('ASSAY_QDRANT_BIN', [older, newer].join(delimiter))
  expect(await qdrantNative.locate('1.14.1', cache)).toMatchObject({ program: older })
  expect(await qdrantNative.locate('1.18.3', cache)).toMatchObject({ program: newer })
  expect(await qdrantNative.available('1.9.7', cache)).toMatchObject({ because: 'ASSAY_QDRANT_BIN names Qdrant 1.14.1 and Qdrant 1.18.3, not 1.9.7' })
})

test('one that is no Qdrant is not taken either', async () => {
  vi.stubEnv('ASSAY_QDRANT_BIN', await program('hello'))
  expect(await qdrantNative.available('1.18.3', cache)).toMatchObject({
    kind: 'unavailable',
    because: 'ASSAY_QDRANT_BIN names a program that does not tell its version, not 1.18.3',
  })
})

test('one on the PATH is taken like one that is named', async () => {
  const path = await program('qdrant 1.18.3')
  vi.stubEnv('ASSAY_QDRANT_BIN', '')
  vi.stubEnv('PATH', folder)
  expect(await qdrantNative.locate('1.18.3', cache)).toMatchObject({ program: path, origin: 'user' })
})

test('what was never fetched cannot be located', async () => {
  vi.stubEnv('ASSAY_QDRANT_BIN', '')
  vi.stubEnv('PATH', '')
  await expect(qdrantNative.locate('1.18.3', cache)).rejects.toMatchObject({ code: 'ARTEFACT_UNAVAILABLE' })
})
