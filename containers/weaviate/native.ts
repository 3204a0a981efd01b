import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { HarnessError } from '../../src/errors.ts'
import type { Availability, Origin } from '../../src/instance.ts'
import type { Cache } from '../cache.ts'
import type { Artefact, FetchOptions, NativeRecipe } from '../server.ts'
import { downloadRelease } from './release.ts'
import { runNatively } from './versions.ts'

const COMMAND = 'github.com/weaviate/weaviate/cmd/weaviate-server'
const GO_HINT = 'install Go 1.24 or later, or run Weaviate with Docker'

const keyOf = (version: string): string => `weaviate/${version}-${process.platform}-${process.arch}`

/** The real server: the vendor's release archive where it can be reached, else built from its Go module by the user's own `go`. */
export const weaviateNative: NativeRecipe = {
  async available(version, cache): Promise<Availability> {
    if (await cache.has(keyOf(version))) return { kind: 'ready' }
    if (!runNatively.includes(version))
      return { kind: 'unavailable', because: `Weaviate ${version} is run by its image only`, hint: 'run this version with Docker' }
    if (process.platform !== 'linux') return { kind: 'unavailable', because: `Weaviate is not run natively on ${process.platform}`, hint: 'run it with Docker' }
    const go = await execa('go', ['version'], { reject: false, timeout: 20_000 })
    if (go.failed) return { kind: 'unavailable', because: '`go` does not run here', hint: GO_HINT }
    return { kind: 'fetchable', from: `the release archive of ${version}, or ${COMMAND}@v${version} by go install (some minutes the first time)` }
  },

  async fetch(version, cache, options): Promise<void> {
    await cache.fill(keyOf(version), async (folder) => {
      await mkdir(join(folder, 'bin'))
      const origin = (await downloadRelease(version, folder, options)) ? 'official' : await install(version, folder, options)
      await writeFile(join(folder, 'origin'), origin)
      return ['bin', 'origin']
    })
  },

  async locate(version, cache: Cache): Promise<Artefact> {
    const entry = await cache.open(keyOf(version))
    const origin: Origin = (await readFile(join(entry.folder, 'origin'), 'utf8')) === 'official' ? 'official' : 'registry'
    return { program: join(entry.folder, 'bin', 'weaviate-server'), digest: entry.digest, origin }
  },
}

/** With the user's own proxy, checksum database and build cache: nothing of them is set here. */
async function install(version: string, folder: string, options: FetchOptions): Promise<Origin> {
  options.log(`weaviate ${version}: go install ${COMMAND}@v${version} (some minutes the first time)`)
  const go = await execa('go', ['install', `${COMMAND}@v${version}`], {
    reject: false,
    cancelSignal: options.signal,
    cwd: folder,
    env: { GOBIN: join(folder, 'bin') },
  })
  if (go.failed) {
    throw new HarnessError('ARTEFACT_UNAVAILABLE', `go could not install ${COMMAND}@v${version}: ${lastLine(go.stderr)}`, {
      hint: 'look at `go env GOPROXY`, at the network and at the free disk space',
    })
  }
  await keepOnlyTheServer(join(folder, 'bin'), version)
  return 'registry'
}

async function keepOnlyTheServer(bin: string, version: string): Promise<void> {
  const names = await readdir(bin)
  if (!names.includes('weaviate-server')) {
    throw new HarnessError('ARTEFACT_CORRUPT', `go left no weaviate-server of ${version}, but ${names.join(', ') || 'nothing'}`, {
      hint: 'run this version with Docker',
    })
  }
  await chmod(join(bin, 'weaviate-server'), 0o755)
  for (const name of names) if (name !== 'weaviate-server') await rm(join(bin, name), { recursive: true })
}

const lastLine = (text: string | undefined): string => (text ?? '').trim().split('\n').at(-1) ?? ''
