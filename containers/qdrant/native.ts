import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { execa } from 'execa'
import { HarnessError } from '../../src/errors.ts'
import type { Availability } from '../../src/instance.ts'
import type { Cache } from '../cache.ts'
import type { Artefact, NativeRecipe } from '../server.ts'
import { archiveUrl, downloadRelease, isReachable } from './release.ts'

/** Holds one program, or several with the PATH's separator between them: the one of the version asked for is taken. */
const NAMED_BY = 'ASSAY_QDRANT_BIN'
const HINT = `name a program by ${NAMED_BY}, or run Qdrant with Docker`

const keyOf = (version: string): string => `qdrant/${version}-${process.platform}-${process.arch}`

/**
 * The real server: a program that the user names, the one in the cache, the one on the PATH, or the vendor's release
 * archive where that can be reached. No package registry carries it.
 */
export const qdrantNative: NativeRecipe = {
  async available(version, cache): Promise<Availability> {
    const own = await ownProgram(version)
    if (own.kind === 'found') return { kind: 'ready' }
    if (own.named) return { kind: 'unavailable', because: own.because, hint: `name a program of ${version}, or unset ${NAMED_BY}` }
    if (await cache.has(keyOf(version))) return { kind: 'ready' }
    const url = archiveUrl(version)
    if (url === undefined)
      return { kind: 'unavailable', because: `Qdrant ${version} has no release archive for ${process.platform} on ${process.arch}`, hint: HINT }
    if (!(await isReachable(url))) return { kind: 'unavailable', because: `${own.because}, and its release archive cannot be reached from here`, hint: HINT }
    return { kind: 'fetchable', from: url }
  },

  async fetch(version, cache, options): Promise<void> {
    if ((await ownProgram(version)).kind === 'found') return
    await cache.fill(keyOf(version), async (folder) => {
      await mkdir(join(folder, 'bin'))
      await downloadRelease(version, join(folder, 'bin'), options)
      await chmod(join(folder, 'bin', 'qdrant'), 0o755)
      return ['bin']
    })
  },

  async locate(version, cache: Cache): Promise<Artefact> {
    const own = await ownProgram(version)
    if (own.kind === 'found') return { program: own.program, digest: await digestOf(own.program), origin: 'user' }
    const entry = await cache.open(keyOf(version))
    return { program: join(entry.folder, 'bin', 'qdrant'), digest: entry.digest, origin: 'official' }
  },
}

type Own = { readonly kind: 'found'; readonly program: string } | { readonly kind: 'none'; readonly named: boolean; readonly because: string }

/** A program that is here already and is of that version. */
async function ownProgram(version: string): Promise<Own> {
  const named = (process.env[NAMED_BY] ?? '').split(delimiter).filter((path) => path !== '')
  const programs = named.length > 0 ? named : await onPath()
  const found = await Promise.all(programs.map(async (program) => ({ program, version: await versionOf(program) })))
  const own = found.find((one) => one.version === version)
  if (own !== undefined) return { kind: 'found', program: own.program }
  if (found.length === 0) return { kind: 'none', named: false, because: `no qdrant ${version} in the cache or on the PATH` }
  const what = named.length > 0 ? `${NAMED_BY} names` : 'the PATH has'
  const versions = found.map((one) => (one.version === undefined ? 'a program that does not tell its version' : `Qdrant ${one.version}`))
  return { kind: 'none', named: named.length > 0, because: `${what} ${versions.join(' and ')}, not ${version}` }
}

async function onPath(): Promise<readonly string[]> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const program = join(folder, 'qdrant')
    if (folder !== '' && (await isFile(program))) return [program]
  }
  return []
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

/** `qdrant 1.18.3` → `1.18.3`. */
async function versionOf(program: string): Promise<string | undefined> {
  const asked = await execa(program, ['--version'], { reject: false, timeout: 10_000 })
  return asked.failed ? undefined : /(\d+\.\d+\.\d+\S*)/.exec(asked.stdout)?.[1]
}

async function digestOf(program: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(program), hash)
  } catch (cause) {
    throw new HarnessError('ARTEFACT_UNAVAILABLE', `${program} cannot be read`, { cause })
  }
  return `sha256:${hash.digest('hex')}`
}
