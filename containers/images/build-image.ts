import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { ProductName } from '../../src/rule.ts'
import { LOCAL_BUILD } from '../runtimes/docker/labels.ts'
import { isMissing, progressOf, type DockerApi } from '../runtimes/docker/engine.ts'
import type { Artefact, FetchOptions } from '../server.ts'
import { BASE_IMAGE } from './base.ts'
import { layouts } from './layouts.ts'

const FROM_ARTEFACT = 'assay.artefact'

/** `assay.local/milvus:2.3.5`: a name that no registry has, so that it is never taken for the vendor's. */
const localImage = (product: ProductName, version: string): string => `assay.local/${product}:${version}`

/**
 * Builds the image of a server that the native runtime fetched, unless the engine has one of this very artefact.
 *
 * @throws HarnessError `SET_UP_FAILED` with the engine's reason
 */
export async function buildImage(
  api: DockerApi,
  product: ProductName,
  version: string,
  { artefact, log, signal }: FetchOptions & { readonly artefact: Artefact },
): Promise<string> {
  const image = localImage(product, version)
  if ((await artefactOf(api, image)) === artefact.digest) return image
  log(`docker: building ${image}`)
  const { source, lines } = layouts[product]
  const folder = await mkdtemp(join(tmpdir(), 'assay-image-'))
  try {
    await writeFile(join(folder, 'Dockerfile'), [`FROM ${BASE_IMAGE}`, ...lines, ''].join('\n'))
    await send(api, image, { folder, source: source(artefact), labels: { [LOCAL_BUILD]: 'true', [FROM_ARTEFACT]: artefact.digest }, signal })
    return image
  } catch (cause) {
    signal.throwIfAborted()
    throw new HarnessError('SET_UP_FAILED', `${image} could not be built: ${messageOf(cause)}`, { cause })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Sending {
  readonly folder: string
  readonly source: string
  readonly labels: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** The engine gets the Dockerfile and the artefact in one stream; nothing is copied on this side. */
async function send(api: DockerApi, image: string, { folder, source, labels, signal }: Sending): Promise<void> {
  const rename = `s,^${basename(source).replaceAll(/[.\\[\]*^$,]/g, '\\$&')},server,`
  const tar = execa('tar', ['-c', '-C', folder, 'Dockerfile', '-C', dirname(source), `--transform=${rename}`, basename(source)], {
    stdout: 'pipe',
    buffer: false,
    cancelSignal: signal,
  })
  const stream = await api.buildImage(tar.stdout, { t: image, labels: { ...labels }, forcerm: true })
  await Promise.all([tar, progressOf(api, stream)])
}

/** The artefact that an image on the engine was built from. */
async function artefactOf(api: DockerApi, image: string): Promise<string | undefined> {
  try {
    const labels: Readonly<Record<string, string>> | null = (await api.getImage(image).inspect()).Config.Labels
    return labels?.[FROM_ARTEFACT]
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}
