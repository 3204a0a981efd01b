import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { execa } from 'execa'
import { EnvHttpProxyAgent, fetch } from 'undici'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { FetchOptions } from '../server.ts'

const RELEASES = 'https://github.com/weaviate/weaviate/releases/download'
const CONNECT_TIMEOUT_MS = 5000
const DOWNLOAD_TIMEOUT_MS = 300_000

/** Digests that the vendor has published beside its archives, the stronger first. */
const published = [
  { suffix: 'sha256', algorithm: 'sha256' },
  { suffix: 'md5', algorithm: 'md5' },
] as const

/**
 * The release archive's program as `bin/weaviate-server` in the folder.
 *
 * @returns false where the release cannot be reached or has no archive for this machine
 * @throws HarnessError `ARTEFACT_CORRUPT` where it differs from the digest published beside it or holds no program
 */
export async function downloadRelease(version: string, folder: string, options: FetchOptions): Promise<boolean> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const url = `${RELEASES}/v${version}/weaviate-v${version}-${process.platform}-${arch}.tar.gz`
  const agent = new EnvHttpProxyAgent({ connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: CONNECT_TIMEOUT_MS })
  const archive = join(folder, 'release.tar.gz')
  try {
    if (!(await download(url, archive, agent, { ...options, version }))) return false
    await compare(archive, url, agent, options.signal)
    await unpack(archive, folder, options.signal)
    return true
  } finally {
    await agent.destroy()
  }
}

async function download(
  url: string,
  archive: string,
  agent: EnvHttpProxyAgent,
  { signal, log, version }: FetchOptions & { readonly version: string },
): Promise<boolean> {
  try {
    const answer = await fetch(url, { dispatcher: agent, signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]) })
    if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`)
    log(`weaviate ${version}: downloading ${url}`)
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(archive))
    return true
  } catch (thrown) {
    signal.throwIfAborted()
    const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown
    log(`weaviate ${version}: no release archive from here (${messageOf(cause)})`)
    await rm(archive, { force: true })
    return false
  }
}

async function compare(archive: string, url: string, agent: EnvHttpProxyAgent, signal: AbortSignal): Promise<void> {
  for (const { suffix, algorithm } of published) {
    const answer = await fetch(`${url}.${suffix}`, { dispatcher: agent, signal })
    const expected = answer.ok ? (await answer.text()).trim().split(/\s+/)[0] : undefined
    if (expected === undefined) continue
    const hash = createHash(algorithm)
    await pipeline(createReadStream(archive), hash)
    const actual = hash.digest('hex')
    if (actual === expected.toLowerCase()) return
    throw new HarnessError('ARTEFACT_CORRUPT', `${url} has ${algorithm} ${actual}, not ${expected} as published`, {
      hint: 'try again; if it stays, do not use that archive',
    })
  }
}

async function unpack(archive: string, folder: string, signal: AbortSignal): Promise<void> {
  const into = join(folder, 'bin')
  const tar = await execa('tar', ['-xzf', archive, '-C', into], { reject: false, cancelSignal: signal })
  const name = tar.failed ? undefined : (await readdir(into)).find((entry) => entry === 'weaviate' || entry === 'weaviate-server')
  if (name === undefined)
    throw new HarnessError('ARTEFACT_CORRUPT', `${archive} does not unpack to a weaviate program`, {
      hint: 'is `tar` there? if so, the archive has changed its shape',
    })
  await rename(join(into, name), join(into, 'weaviate-server'))
  await chmod(join(into, 'weaviate-server'), 0o755)
  for (const other of await readdir(into)) if (other !== 'weaviate-server') await rm(join(into, other), { recursive: true })
  await rm(archive)
}
