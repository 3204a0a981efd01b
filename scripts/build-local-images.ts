import { parseArgs } from 'node:util'
import { Cache, defaultCacheRoot } from '../containers/cache.ts'
import { defaultVersion } from '../containers/choose.ts'
import { ensureBase } from '../containers/images/base.ts'
import { buildImage } from '../containers/images/build-image.ts'
import { servers } from '../containers/registry.ts'
import { findEngine } from '../containers/runtimes/docker/engine.ts'
import { EXIT, HarnessError } from '../src/errors.ts'
import { productNames, type ProductName } from '../src/rule.ts'

/**
 * `node scripts/build-local-images.ts [product[:version] …]`: small images of what the native runtime fetched (Milvus,
 * Weaviate and Keycloak where none is named), for machines that the vendors' registries are out of reach of. They are no
 * evidence about the vendors' own images. Prints one `--image product=name` a line on stdout, progress on stderr.
 */
const usual = ['milvus', 'weaviate', 'keycloak']

async function main(names: readonly string[]): Promise<void> {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort(new HarnessError('INTERRUPTED', 'interrupted')))
  const options = { signal: interrupted.signal, log: (line: string) => console.error(line) }
  const wanted = names.map(wantedOf)
  const { api } = await findEngine()
  const cache = new Cache(defaultCacheRoot())
  await ensureBase(api, cache, options)
  for (const { product, version } of wanted) {
    const native = servers[product].native
    if (native === undefined) throw new HarnessError('ARTEFACT_UNAVAILABLE', `${product} has no native way, so there is nothing to build from`)
    await native.fetch(version, cache, options)
    const image = await buildImage(api, product, version, { ...options, artefact: await native.locate(version, cache) })
    console.log(`--image ${product}=${image}`)
  }
}

function wantedOf(name: string): { readonly product: ProductName; readonly version: string } {
  const [given, version] = name.split(':')
  const product = productNames.find((known) => known === given)
  if (product === undefined) throw new HarnessError('UNKNOWN_NAME', `there is no product ${given}`, { hint: `one of ${productNames.join(', ')}` })
  return { product, version: version ?? defaultVersion(servers[product]) }
}

try {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} })
  await main(positionals.length === 0 ? usual : positionals)
} catch (thrown) {
  if (!(thrown instanceof HarnessError)) throw thrown
  console.error(thrown.hint === undefined ? thrown.message : `${thrown.message}: ${thrown.hint}`)
  process.exitCode = thrown.exitCode ?? EXIT.defect
}
