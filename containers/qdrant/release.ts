import { createWriteStream } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { execa } from 'execa'
import { EnvHttpProxyAgent, fetch } from 'undici'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { FetchOptions } from '../server.ts'

const RELEASES = 'https://github.com/qdrant/qdrant/releases/download'
const CONNECT_TIMEOUT_MS = 4000
const DOWNLOAD_TIMEOUT_MS = 300_000

const targets: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
}

/** The vendor's archive of a release for this machine, where there is one. */
export function archiveUrl(version: string): string | undefined {
  const target = targets[`${process.platform}-${process.arch}`]
  return target === undefined ? undefined : `${RELEASES}/v${version}/qdrant-${target}.tar.gz`
}

const agentOf = (): EnvHttpProxyAgent => new EnvHttpProxyAgent({ connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: CONNECT_TIMEOUT_MS })

/** Whether the archive is there to be fetched; a short question, at most four seconds. */
export async function isReachable(url: string): Promise<boolean> {
  const agent = agentOf()
  try {
    return (await fetch(url, { method: 'HEAD', dispatcher: agent, signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) })).ok
  } catch {
    return false
  } finally {
    await agent.destroy()
  }
}

/**
 * Puts the release's program into the folder as `qdrant`.
 *
 * @throws HarnessError `ARTEFACT_UNAVAILABLE` where it cannot be had, `ARTEFACT_CORRUPT` where the archive holds no program
 */
export async function downloadRelease(version: string, folder: string, { signal, log }: FetchOptions): Promise<void> {
  const url = archiveUrl(version) ?? ''
  const archive = join(folder, 'release.tar.gz')
  const agent = agentOf()
  try {
    log(`qdrant ${version}: downloading ${url}`)
    const answer = await fetch(url, { dispatcher: agent, signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]) })
    if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`)
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(archive))
  } catch (cause) {
    signal.throwIfAborted()
    throw new HarnessError('ARTEFACT_UNAVAILABLE', `${url} could not be fetched: ${messageOf(cause)}`, {
      cause,
      hint: 'name a program by ASSAY_QDRANT_BIN, or run Qdrant with Docker',
    })
  } finally {
    await agent.destroy()
  }
  await unpack(archive, folder, signal)
}

async function unpack(archive: string, folder: string, signal: AbortSignal): Promise<void> {
  await execa('tar', ['-xzf', archive, '-C', folder], { reject: false, cancelSignal: signal })
  await rm(archive)
  if ((await readdir(folder)).includes('qdrant')) return
  throw new HarnessError('ARTEFACT_CORRUPT', `${archive} does not unpack to a qdrant program`, {
    hint: 'is `tar` there? if so, the archive has changed its shape',
  })
}
