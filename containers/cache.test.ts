import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Cache, defaultCacheRoot, sha256File } from './cache.ts'

let root: string
let cache: Cache

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-cache-'))
  cache = new Cache(root)
})

afterEach(() => rm(root, { recursive: true, force: true }))

const server = async (folder: string, text = 'the program'): Promise<readonly string[]> => {
  await mkdir(join(folder, 'lib', 'deep'), { recursive: true })
  await writeFile(join(folder, 'program'), text)
  await writeFile(join(folder, 'lib', 'deep', 'library'), 'the library')
  await writeFile(join(folder, 'log'), 'not checked')
  return ['program', 'lib']
}

describe('an entry', () => {
  test('is there once it was filled, under its digest', async () => {
    expect(await cache.has('milvus/2.3.5')).toBe(false)
    await cache.fill('milvus/2.3.5', server)
    expect(await cache.has('milvus/2.3.5')).toBe(true)
    const { folder, digest } = await cache.open('milvus/2.3.5')
    expect(await readFile(join(folder, 'program'), 'utf8')).toBe('the program')
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  test('has the digest of what is in it: the same for the same, another for another', async () => {
    await cache.fill('a', server)
    await cache.fill('b', server)
    await cache.fill('c', (folder) => server(folder, 'another program'))
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(async (key) => (await cache.open(key)).digest))
    expect(a).toBe(b)
    expect(a).not.toBe(c)
  })

  test('is filled once, however often it is asked for', async () => {
    let filled = 0
    const make = (folder: string): Promise<readonly string[]> => server(folder, `version ${++filled}`)
    await cache.fill('a', make)
    await cache.fill('a', make)
    expect(filled).toBe(1)
  })

  test('appears whole where several fill it at once, and leaves nothing else', async () => {
    const others = [cache, new Cache(root), new Cache(root), new Cache(root)]
    await Promise.all(others.map((one, at) => one.fill('deep/er/key', (folder) => server(folder, `by ${at}`))))
    const { folder } = await cache.open('deep/er/key')
    expect(await readFile(join(folder, 'program'), 'utf8')).toMatch(/^by \d$/)
    expect(await readdir(join(root, 'staging'))).toEqual([])
  })

  test('is not there where filling it failed, and leaves nothing', async () => {
    const make = async (folder: string): Promise<readonly string[]> => {
      await server(folder)
      throw new Error('no network')
    }
    await expect(cache.fill('a', make)).rejects.toThrow('no network')
    expect(await cache.has('a')).toBe(false)
    expect(await readdir(join(root, 'staging'))).toEqual([])
  })
})

describe('an entry is refused', () => {
  beforeEach(() => cache.fill('a', server))

  test.each([
    ['a changed file', (folder: string) => writeFile(join(folder, 'program'), 'another program')],
    ['a changed file in a folder', (folder: string) => writeFile(join(folder, 'lib', 'deep', 'library'), '')],
    ['a file too many', (folder: string) => writeFile(join(folder, 'lib', 'extra'), '')],
    ['a file too few', (folder: string) => rm(join(folder, 'lib', 'deep'), { recursive: true })],
    ['no program', (folder: string) => rm(join(folder, 'program'))],
    ['a manifest that is no JSON', (folder: string) => writeFile(join(folder, 'assay-manifest.json'), '{')],
    ['a manifest that covers nothing', (folder: string) => writeFile(join(folder, 'assay-manifest.json'), '{"digest":"sha256:0","checked":[]}')],
  ])('for %s, and says which folder', async (_, spoil) => {
    await spoil(cache.folderOf('a'))
    await expect(cache.open('a')).rejects.toMatchObject({
      code: 'ARTEFACT_CORRUPT',
      exitCode: 3,
      message: expect.stringContaining(cache.folderOf('a')) as unknown,
      hint: expect.stringContaining('remove that folder') as unknown,
    })
  })

  test('where there is none', async () => {
    await expect(cache.open('b')).rejects.toMatchObject({
      code: 'ARTEFACT_UNAVAILABLE',
      exitCode: 3,
      message: expect.stringContaining(cache.folderOf('b')) as unknown,
    })
  })

  test('but not for a change in what the digest does not cover', async () => {
    await writeFile(join(cache.folderOf('a'), 'log'), 'a line')
    expect((await cache.open('a')).folder).toBe(cache.folderOf('a'))
  })
})

test('a cache folder that cannot be written is named, with the setting that names another', async () => {
  await writeFile(join(root, 'file'), '')
  const nowhere = new Cache(join(root, 'file', 'cache'))
  await expect(nowhere.fill('a', server)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    exitCode: 2,
    message: expect.stringContaining(nowhere.root) as unknown,
    hint: expect.stringContaining('ASSAY_CACHE') as unknown,
  })
})

test('the folder is ASSAY_CACHE, or a folder of its own in the cache directory of the user', () => {
  expect(defaultCacheRoot({ ASSAY_CACHE: '/somewhere' })).toBe('/somewhere')
  if (process.platform === 'darwin') return
  expect(defaultCacheRoot({ ASSAY_CACHE: '', XDG_CACHE_HOME: '/caches' })).toBe('/caches/vector-assay')
  expect(defaultCacheRoot({})).toBe(join(homedir(), '.cache', 'vector-assay'))
})

test('the digest of a file is that of its bytes', async () => {
  const path = join(root, 'file')
  await writeFile(path, 'abc')
  expect(await sha256File(path)).toBe(createHash('sha256').update('abc').digest('hex'))
})
