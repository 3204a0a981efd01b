import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { HarnessError } from '../../src/errors.ts'
import type { Availability } from '../../src/instance.ts'
import type { Cache } from '../cache.ts'
import type { Artefact, FetchOptions, NativeRecipe } from '../server.ts'
import { buildEnvironment, jvmOptions } from './options.ts'

const ARTEFACT = 'org.keycloak:keycloak-quarkus-dist'
const OLDEST_JAVA = 17
const JAVA_HINT = `install Java ${OLDEST_JAVA} or later (Debian: \`apt-get install openjdk-17-jre-headless\`) or set JAVA_HOME, or run Keycloak with Docker`
const MAVEN_HINT = 'install Maven (Debian: `apt-get install maven`), or run Keycloak with Docker'

/** The name of our own starter in an entry of the cache. */
const STARTER = 'assay-keycloak'

/**
 * Keycloak keeps its database, its import folder and its temporary files under its home. Here each instance has a home
 * of its own, named by `ASSAY_KEYCLOAK_HOME`, in which the parts that are only read are links to the cache.
 */
const starter = `#!/bin/sh
set -e
dist=$(dirname "$(readlink -f "$0")")
mkdir -p "$ASSAY_KEYCLOAK_HOME"
for part in lib providers themes conf; do ln -sfn "$dist/$part" "$ASSAY_KEYCLOAK_HOME/$part"; done
exec "$dist/bin/kc.sh" "-Dkc.home.dir=$ASSAY_KEYCLOAK_HOME" "$@"
`

const keyOf = (version: string): string => `keycloak/${version}`

/** The real server from Maven Central, fetched by the user's own `mvn` and built once, so that it starts optimized. */
export const keycloakNative: NativeRecipe = {
  async available(version, cache): Promise<Availability> {
    const java = await javaProblem()
    if (java !== undefined) return { kind: 'unavailable', because: java, hint: JAVA_HINT }
    if (await cache.has(keyOf(version))) return { kind: 'ready' }
    const maven = await execa('mvn', ['--version'], { reject: false, timeout: 20_000 })
    if (maven.failed) return { kind: 'unavailable', because: '`mvn` does not run here', hint: MAVEN_HINT }
    return { kind: 'fetchable', from: `Maven, ${ARTEFACT}:${version} (160 MB), then built (20 s)` }
  },

  async fetch(version, cache, options): Promise<void> {
    await cache.fill(keyOf(version), async (folder) => {
      const archive = await download(version, join(folder, 'download'), options)
      await unpack(archive, folder, options)
      await rm(join(folder, 'download'), { recursive: true })
      await build(version, folder, options)
      await writeFile(join(folder, STARTER), starter)
      await chmod(join(folder, STARTER), 0o755)
      return [STARTER, 'bin', 'lib', 'providers', 'themes', 'conf']
    })
  },

  async locate(version, cache: Cache): Promise<Artefact> {
    const entry = await cache.open(keyOf(version))
    return { program: join(entry.folder, STARTER), digest: entry.digest, origin: 'registry' }
  },
}

/** `kc.sh` takes the Java of `JAVA_HOME`, else the one of the `PATH`. */
async function javaProblem(): Promise<string | undefined> {
  const home = process.env['JAVA_HOME']
  const program = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java')
  const java = await execa(program, ['-version'], { reject: false, timeout: 20_000 })
  if (java.failed) return `\`${program}\` does not run here`
  // `openjdk version "17.0.15"`, `"1.8.0_392"` before Java 9.
  const major = /version "(?:1\.)?(\d+)/.exec(java.stderr)?.[1]
  if (major === undefined) return `\`${program} -version\` names no version`
  return Number(major) < OLDEST_JAVA ? `Java ${major} is too old for Keycloak` : undefined
}

/** Through the user's own Maven settings; `--strict-checksums` makes a damaged download an error. */
async function download(version: string, folder: string, options: FetchOptions): Promise<string> {
  const artefact = `${ARTEFACT}:${version}:tar.gz`
  options.log(`keycloak ${version}: mvn dependency:copy ${artefact}`)
  await mkdir(folder)
  const arguments_ = ['--batch-mode', '--quiet', '--strict-checksums', 'dependency:copy', `-Dartifact=${artefact}`, `-DoutputDirectory=${folder}`]
  const maven = await execa('mvn', arguments_, { reject: false, cancelSignal: options.signal, cwd: folder })
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tar.gz'))
  if (!maven.failed && archive !== undefined) return join(folder, archive)
  throw new HarnessError('ARTEFACT_UNAVAILABLE', `mvn could not get ${artefact}: ${firstError(maven.stdout)}`, {
    hint: 'look at the network and at ~/.m2/settings.xml',
  })
}

async function unpack(archive: string, folder: string, options: FetchOptions): Promise<void> {
  const into = join(folder, 'unpacked')
  await mkdir(into)
  const tar = await execa('tar', ['-xzf', archive, '-C', into, '--strip-components=1'], { reject: false, cancelSignal: options.signal })
  const names = await readdir(into)
  if (tar.failed || !names.includes('bin') || !names.includes('lib')) {
    throw new HarnessError('ARTEFACT_CORRUPT', `${archive} does not unpack to a Keycloak`, {
      hint: 'is `tar` there? if so, remove the artefact from ~/.m2/repository and run again',
    })
  }
  for (const name of names) await rename(join(into, name), join(folder, name))
  await rm(into, { recursive: true })
}

async function build(version: string, folder: string, options: FetchOptions): Promise<void> {
  options.log(`keycloak ${version}: kc.sh build (about 20 s)`)
  const built = await execa(join(folder, 'bin', 'kc.sh'), ['build'], {
    reject: false,
    cancelSignal: options.signal,
    env: { ...buildEnvironment, JAVA_OPTS_APPEND: jvmOptions },
  })
  if (!built.failed) return
  const said = `${built.stdout}\n${built.stderr}`.trim().split('\n').slice(-5).join('\n')
  throw new HarnessError('ARTEFACT_CORRUPT', `kc.sh build of ${version} failed: ${said}`, { hint: JAVA_HINT })
}

const firstError = (text: string): string =>
  text
    .split('\n')
    .find((line) => line.startsWith('[ERROR]'))
    ?.slice(0, 400) ?? 'no reason given'
