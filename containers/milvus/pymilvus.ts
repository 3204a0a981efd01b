import { join } from 'node:path'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { Cache } from '../cache.ts'
import type { FetchOptions } from '../server.ts'
import { lastLine, PYTHON, runPython } from './python.ts'

/**
 * Milvus's own library for Python: the only release whose calls are named as on the page of 2.1, and one with those of the newer page,
 * the last whose wheel needs no more than the first one's.
 */
const pymilvusReleases = ['2.1.0', '2.4.9'] as const
export type PymilvusRelease = (typeof pymilvusReleases)[number]

const KEY = `pymilvus/${pymilvusReleases.join('-')}-${process.platform}-${process.arch}`
/** What both import. The code that was generated for 2.1.0 runs with no newer protobuf, and environs 9 with no newer marshmallow. */
const NEEDED = ['protobuf==3.20.3', 'grpcio>=1.60,<2', 'ujson>=5,<6', 'mmh3>=4,<6', 'pandas>=2.1,<3', 'environs==9.5.0', 'marshmallow<4', 'setuptools<81']

/** Where a program in Python finds that release and what it imports. */
export interface Pymilvus {
  readonly python: string
  /** `PYTHONPATH`. */
  readonly path: string
}

/** Both releases by pip, a hundred megabytes and more with pandas. What cannot be had is said, and no reason to go without a server. */
export async function fetchPymilvus(cache: Cache, options: FetchOptions): Promise<void> {
  try {
    await cache.fill(KEY, async (folder) => {
      options.log(`milvus: pip install pymilvus ${pymilvusReleases.join(' and ')}`)
      await install(NEEDED, join(folder, 'needed'), options)
      for (const release of pymilvusReleases) await install(['--no-deps', `pymilvus==${release}`], join(folder, release), options)
      return [...pymilvusReleases]
    })
  } catch (thrown) {
    options.log(`milvus: nothing is asked through pymilvus: ${messageOf(thrown)}`)
  }
}

async function install(what: readonly string[], target: string, { signal }: FetchOptions): Promise<void> {
  const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', '--no-compile', '--only-binary', ':all:', '--target', target, ...what]
  const pip = await runPython(args, { cancelSignal: signal })
  if (pip.failed) throw new HarnessError('ARTEFACT_UNAVAILABLE', `pip could not install ${what.join(' ')}: ${lastLine(pip.stderr)}`)
}

/** @throws HarnessError `ARTEFACT_UNAVAILABLE` or `ARTEFACT_CORRUPT` where it is not in the cache */
export async function locatePymilvus(release: PymilvusRelease, cache: Cache): Promise<Pymilvus> {
  const { folder } = await cache.open(KEY)
  return { python: PYTHON, path: [join(folder, release), join(folder, 'needed')].join(':') }
}
