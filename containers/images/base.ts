import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { HarnessError } from '../../src/errors.ts'
import type { Cache } from '../cache.ts'
import { LOCAL_BUILD } from '../runtimes/docker/labels.ts'
import { isMissing, progressOf, type DockerApi } from '../runtimes/docker/engine.ts'
import type { FetchOptions } from '../server.ts'

const SUITE = 'bookworm'
const TARBALL = 'base.tar'

/** What every local image starts from: Debian with the public authorities, and the Java that Keycloak needs. */
export const BASE_IMAGE = `assay.local/base:${SUITE}`

const packages = ['ca-certificates', 'openjdk-17-jre-headless']

const keyOf = (): string => `images/debian-${SUITE}-${process.arch}`

/** Puts the base on the engine, made by `debootstrap` where the cache has none yet (about two minutes). */
export async function ensureBase(api: DockerApi, cache: Cache, options: FetchOptions): Promise<void> {
  if (await hasImage(api, BASE_IMAGE)) return
  await cache.fill(keyOf(), (folder) => makeTarball(folder, options))
  const { folder } = await cache.open(keyOf())
  options.log(`docker: importing ${BASE_IMAGE}`)
  const [repo = '', tag = ''] = BASE_IMAGE.split(':')
  const stream = await api.importImage(join(folder, TARBALL), { repo, tag, changes: `LABEL ${LOCAL_BUILD}=true` })
  await progressOf(api, stream)
}

async function makeTarball(folder: string, { signal, log }: FetchOptions): Promise<readonly string[]> {
  const root = join(folder, 'root')
  await mkdir(root)
  // The cache's folders are for their owner alone, and this one becomes the image's `/`.
  await chmod(root, 0o755)
  log(`debian ${SUITE}: debootstrap (about two minutes, once)`)
  const mirror = await aptMirror()
  const debootstrap = await execa(
    'debootstrap',
    ['--variant=minbase', `--include=${packages.join(',')}`, SUITE, root, ...(mirror === undefined ? [] : [mirror])],
    {
      reject: false,
      cancelSignal: signal,
    },
  )
  if (debootstrap.code === 'ENOENT') throw new HarnessError('TOOL_MISSING', '`debootstrap` is not here', { hint: 'apt-get install debootstrap' })
  if (debootstrap.failed)
    throw new HarnessError('ARTEFACT_UNAVAILABLE', `debootstrap of ${SUITE} failed: ${lastLines(debootstrap.stdout)}`, {
      hint: 'it needs root and a Debian mirror',
    })
  await execa('tar', ['--exclude=./var/cache/apt/archives/*.deb', '--exclude=./var/lib/apt/lists/*', '-C', root, '-cf', join(folder, TARBALL), '.'], {
    cancelSignal: signal,
  })
  await rm(root, { recursive: true, force: true })
  return [TARBALL]
}

/** The mirror that this machine's own apt uses; undefined where it is not a Debian of that name. */
async function aptMirror(): Promise<string | undefined> {
  const apt = await execa('apt-get', ['indextargets', '--format', '$(RELEASE) $(COMPONENT) $(REPO_URI)', 'Created-By: Packages'], { reject: false })
  const line = apt.failed ? undefined : apt.stdout.split('\n').find((target) => target.startsWith(`${SUITE} main http`))
  return line?.split(' ')[2]
}

async function hasImage(api: DockerApi, image: string): Promise<boolean> {
  try {
    await api.getImage(image).inspect()
    return true
  } catch (thrown) {
    if (isMissing(thrown)) return false
    throw thrown
  }
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-3).join('; ')
