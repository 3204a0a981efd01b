import { ImageName } from 'testcontainers'
import { HarnessError, messageOf } from '../../../src/errors.ts'
import type { Availability, Origin } from '../../../src/instance.ts'
import type { ServerDefinition } from '../../server.ts'
import { isMissing, within, type Engine } from './engine.ts'
import { LOCAL_BUILD } from './labels.ts'

const REGISTRY_WITHIN_MS = 5000

export interface ImageIdentity {
  readonly origin: Origin
  /** `sha256:…`: of the registry's manifest for an official image, of the image itself for any other. */
  readonly digest: string
  /** What runs where the recipe names no entry point. */
  readonly entrypoint: readonly string[]
}

/** The vendor's image of that version, by its digest where that is known; undefined where the product or version has none. */
export function officialImage(definition: ServerDefinition, version: string): string | undefined {
  const entry = definition.versions.find((known) => known.version === version)
  if (definition.docker === undefined || entry === undefined) return undefined
  const name = `${definition.docker.repository}:${entry.image}`
  return entry.imageDigest === undefined ? name : `${name}@${entry.imageDigest}`
}

/** Whether the engine has the image; if not, whether its registry answers for it within 5 s. Pulls nothing. */
export async function availabilityOf(engine: Engine, image: string): Promise<Availability> {
  if (await isPresent(engine, image)) return { kind: 'ready' }
  const hint = 'look at the network, name a copy with --image, or build one with scripts/build-local-images.ts'
  try {
    await within(engine.api.getImage(image).distribution(), AbortSignal.timeout(REGISTRY_WITHIN_MS))
    return { kind: 'fetchable', from: image }
  } catch (thrown) {
    return { kind: 'unavailable', because: `the engine has no image ${image}, and its registry does not give it (${reasonOf(thrown)})`, hint }
  }
}

/** The engine repeats its registry's whole answer: the first line says enough, the time-out is ours. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error && thrown.name === 'TimeoutError') return `no answer within ${REGISTRY_WITHIN_MS / 1000} s`
  return (messageOf(thrown).split('\n')[0] ?? '').replace(/^\(HTTP code \d+\) [a-z ]+ - /, '').trim()
}

async function isPresent({ api }: Engine, image: string): Promise<boolean> {
  return api
    .getImage(image)
    .inspect()
    .then(
      () => true,
      (thrown: unknown) => {
        if (isMissing(thrown)) return false
        throw thrown
      },
    )
}

/**
 * Pulls the image unless the engine has it, with the user's registry credentials.
 *
 * @throws HarnessError `ARTEFACT_UNAVAILABLE`
 */
export async function pullImage(engine: Engine, image: string, options: { readonly signal: AbortSignal; readonly log: (line: string) => void }): Promise<void> {
  if (await isPresent(engine, image)) return
  options.log(`docker: pulling ${image}`)
  const hint = 'look at the network and at the name, or name another image with --image'
  try {
    await within(engine.client.image.pull(ImageName.fromString(image)), options.signal)
  } catch (cause) {
    options.signal.throwIfAborted()
    throw new HarnessError('ARTEFACT_UNAVAILABLE', `${image} could not be pulled: ${reasonOf(cause)}`, { cause, hint })
  }
  // A pull that breaks off half-way ends like one that worked.
  if (!(await isPresent(engine, image))) throw new HarnessError('ARTEFACT_UNAVAILABLE', `${image} was pulled, and the engine does not have it`, { hint })
}

/**
 * What the image is evidence about: `official` only under the vendor's own name and with a digest that its registry gave.
 *
 * @throws HarnessError `ARTEFACT_UNAVAILABLE` where the engine does not have it
 */
export async function identify({ api }: Engine, image: string, repository: string): Promise<ImageIdentity> {
  const found = await api
    .getImage(image)
    .inspect()
    .catch((cause: unknown) => {
      throw new HarnessError('ARTEFACT_UNAVAILABLE', `the engine has no image ${image}`, {
        cause,
        hint: 'pull or build it first, or name another with --image',
      })
    })
  const labels: Readonly<Record<string, string>> | null = found.Config.Labels
  const entrypoint = [found.Config.Entrypoint ?? []].flat()
  const fromVendor = found.RepoDigests?.find((digest) => digest.startsWith(`${repository}@`))
  if (labels?.[LOCAL_BUILD] === 'true') return { origin: 'local-build', digest: found.Id, entrypoint }
  if (fromVendor !== undefined && repositoryOf(image) === repository) return { origin: 'official', digest: fromVendor.slice(repository.length + 1), entrypoint }
  return { origin: 'user', digest: found.Id, entrypoint }
}

function repositoryOf(image: string): string {
  const { registry, image: path } = ImageName.fromString(image)
  return registry === undefined ? path : `${registry}/${path}`
}
