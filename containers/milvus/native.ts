import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HarnessError } from '../../src/errors.ts'
import type { Availability } from '../../src/instance.ts'
import type { Artefact, FetchOptions, NativeRecipe } from '../server.ts'
import { fetchPymilvus } from './pymilvus.ts'
import { lastLine, PYTHON, runPython } from './python.ts'
import { fromPyPI } from './versions.ts'

const PIP_HINT = 'install Python 3 with pip (Debian: `apt-get install python3-pip`), or run Milvus with Docker'
const NO_PROGRAM_HINT = 'run this version with Docker'

/** A wheel is a zip; inside, every file of the program is compressed with lzma on its own. Python has both at hand. */
const UNPACK = `
import lzma, pathlib, shutil, sys, zipfile
wheel, target = sys.argv[1], pathlib.Path(sys.argv[2])
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith('milvus/data/bin/') and name.endswith('.lzma'):
            with archive.open(name) as packed, lzma.open(packed) as source, open(target / pathlib.Path(name).stem, 'wb') as to:
                shutil.copyfileobj(source, to, 1 << 20)
`

const keyOf = (version: string): string => `milvus/${version}-${process.platform}-${process.arch}`

/** The real server out of the PyPI package `milvus`, fetched by pip, so that a user's mirror and proxy work. */
export const milvusNative: NativeRecipe = {
  async available(version, cache): Promise<Availability> {
    if (!fromPyPI.includes(version)) return { kind: 'unavailable', because: `the PyPI package milvus has no ${version}`, hint: NO_PROGRAM_HINT }
    if (await cache.has(keyOf(version))) return { kind: 'ready' }
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      return { kind: 'unavailable', because: `the PyPI package milvus has no wheel for ${process.platform} on ${process.arch}`, hint: NO_PROGRAM_HINT }
    }
    const pip = await runPython(['-m', 'pip', '--version'], { timeout: 20_000 })
    if (pip.failed) return { kind: 'unavailable', because: `${PYTHON} -m pip does not run here`, hint: PIP_HINT }
    return { kind: 'fetchable', from: `PyPI, milvus==${version}, by pip` }
  },

  async fetch(version, cache, options): Promise<void> {
    // Only with a server: whoever has one already may be without a network, or want none.
    if (await cache.has(keyOf(version))) return
    await cache.fill(keyOf(version), async (folder) => {
      const wheel = await download(version, join(folder, 'wheel'), options)
      await unpack(wheel, join(folder, 'bin'), options)
      await rm(join(folder, 'wheel'), { recursive: true })
      return ['bin']
    })
    await fetchPymilvus(cache, options)
  },

  async locate(version, cache): Promise<Artefact> {
    const entry = await cache.open(keyOf(version))
    const bin = join(entry.folder, 'bin')
    return { program: join(bin, 'milvus'), digest: entry.digest, origin: 'registry', env: { LD_LIBRARY_PATH: bin } }
  },
}

async function download(version: string, folder: string, options: FetchOptions): Promise<string> {
  options.log(`milvus ${version}: pip download milvus==${version}`)
  const pip = await runPython(['-m', 'pip', 'download', '--no-deps', '--disable-pip-version-check', '--quiet', '--dest', folder, `milvus==${version}`], {
    cancelSignal: options.signal,
  })
  if (pip.failed) {
    throw new HarnessError('ARTEFACT_UNAVAILABLE', `pip could not download milvus==${version}: ${lastLine(pip.stderr)}`, {
      hint: 'look at the network and at pip config',
    })
  }
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new HarnessError('ARTEFACT_UNAVAILABLE', `pip left no wheel of milvus==${version}`, { hint: NO_PROGRAM_HINT })
  return join(folder, wheel)
}

async function unpack(wheel: string, bin: string, options: FetchOptions): Promise<void> {
  await mkdir(bin, { recursive: true })
  const python = await runPython(['-c', UNPACK, wheel, bin], { cancelSignal: options.signal })
  const program = join(bin, 'milvus')
  const there = await stat(program).catch(() => undefined)
  if (python.failed || there === undefined) {
    throw new HarnessError('ARTEFACT_CORRUPT', `${wheel} does not unpack to a milvus program: ${lastLine(python.stderr)}`, {
      hint: 'run again; if it stays, the package has changed its shape',
    })
  }
  await chmod(program, 0o755)
}
