import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { z } from 'zod'
import { HarnessError, messageOf } from '../src/errors.ts'
import { makeFolder } from '../src/folder.ts'

const MANIFEST = 'assay-manifest.json'

const manifestSchema = z.object({ digest: z.string().startsWith('sha256:'), checked: z.array(z.string()).min(1) })

/** What is in an entry of the cache, its digest compared with the one written when it was filled. */
export interface CacheEntry {
  readonly folder: string
  /** `sha256:…` over the names and contents of the files that matter. */
  readonly digest: string
}

/**
 * Servers on this machine's disk, shared by all runs. An entry appears whole or not at all: it is filled in a folder
 * of its own and renamed into place, so that two runs may fill it at once (the first one wins).
 */
export class Cache {
  readonly root: string

  constructor(root: string) {
    this.root = resolve(root)
  }

  folderOf(key: string): string {
    return join(this.root, key)
  }

  async has(key: string): Promise<boolean> {
    return stat(join(this.folderOf(key), MANIFEST)).then(
      () => true,
      () => false,
    )
  }

  /**
   * Fills an entry unless it is there.
   *
   * @param make fills the folder that it is given and returns the paths, relative to it, whose contents the digest
   *   covers: files, or folders with all that is in them.
   */
  async fill(key: string, make: (folder: string) => Promise<readonly string[]>): Promise<void> {
    if (await this.has(key)) return
    const staging = await this.#stagingFolder()
    try {
      const checked = await make(staging)
      const manifest = { digest: await digestOf(staging, checked), checked }
      await writeFile(join(staging, MANIFEST), JSON.stringify(manifest))
      await this.#publish(staging, key)
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  }

  /**
   * An entry, its contents checked against its manifest.
   *
   * @throws HarnessError `ARTEFACT_CORRUPT` where they differ, `ARTEFACT_UNAVAILABLE` where there is none
   */
  async open(key: string): Promise<CacheEntry> {
    const folder = this.folderOf(key)
    const manifest = await this.#manifest(key)
    const digest = await digestOf(folder, manifest.checked).catch((thrown: unknown) => messageOf(thrown))
    if (digest === manifest.digest) return { folder, digest }
    throw new HarnessError('ARTEFACT_CORRUPT', `${folder}: its contents are ${digest}, not ${manifest.digest} as when it was filled`, {
      hint: 'remove that folder (or run `assay clean --cache`) and run again',
    })
  }

  async #manifest(key: string): Promise<z.infer<typeof manifestSchema>> {
    const path = join(this.folderOf(key), MANIFEST)
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new HarnessError('ARTEFACT_UNAVAILABLE', `${path} is not there`, { cause, hint: 'run `npm start` with a network, or name another runtime' })
    })
    try {
      return manifestSchema.parse(JSON.parse(text))
    } catch (cause) {
      throw new HarnessError('ARTEFACT_CORRUPT', `${path} cannot be read`, { cause, hint: 'remove that folder and run again' })
    }
  }

  async #stagingFolder(): Promise<string> {
    try {
      makeFolder(join(this.root, 'staging'), 0o700)
      return await mkdtemp(join(this.root, 'staging', `${process.pid}-`))
    } catch (cause) {
      throw new HarnessError('CONFIG_INVALID', `the cache folder ${this.root} cannot be written: ${messageOf(cause)}`, {
        cause,
        hint: 'set ASSAY_CACHE to a folder that can',
      })
    }
  }

  async #publish(staging: string, key: string): Promise<void> {
    const folder = this.folderOf(key)
    await mkdir(resolve(folder, '..'), { recursive: true })
    try {
      await rename(staging, folder)
    } catch (cause) {
      if (!(await this.has(key))) throw new HarnessError('ARTEFACT_UNAVAILABLE', `${folder} could not be put in place: ${messageOf(cause)}`, { cause })
    }
  }
}

/** `ASSAY_CACHE`, or `vector-assay` in the user's cache directory. */
export function defaultCacheRoot(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env['ASSAY_CACHE']
  if (named !== undefined && named !== '') return resolve(named)
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'vector-assay')
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'vector-assay')
}

/** SHA-256 of one file, hex. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

const READ = 'assay: digests of files'
/** What threads that are started from here begin with. */
const handedOn = z.record(z.string(), z.string()).catch({}).parse(getEnvironmentData(READ))
/** By path, inode, size and times: what has not changed since is not read again. A thread begins with what its parent knows. */
const digests = new Map(Object.entries(handedOn).map(([key, digest]) => [key, Promise.resolve(digest)]))

/** The digest of a file that is read once: a server may be started a hundred times in one run. */
async function sha256Unchanged(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
  const key = [path, ino, size, mtimeNs, ctimeNs].join('\0')
  const known = digests.get(key)
  if (known !== undefined) return known
  const reading = sha256File(path)
  digests.set(key, reading)
  const digest = await reading
  handedOn[key] = digest
  setEnvironmentData(READ, handedOn)
  return digest
}

async function digestOf(root: string, checked: readonly string[]): Promise<string> {
  const files = (await Promise.all(checked.map((path) => filesUnder(join(root, path))))).flat().sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${relative(root, file)}\0${await sha256Unchanged(file)}\n`)
  return `sha256:${hash.digest('hex')}`
}

async function filesUnder(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
