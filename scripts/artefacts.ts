import { readFile, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { execa } from 'execa'
import { Cache, defaultCacheRoot, sha256File } from '../containers/cache.ts'
import { servers } from '../containers/registry.ts'
import type { ServerDefinition } from '../containers/server.ts'
import { EXIT, HarnessError, messageOf, worstExit, type ExitCode } from '../src/errors.ts'
import { productNames } from '../src/rule.ts'
import { oneOf, type Arguments, type Command } from './command.ts'

const actions = ['list', 'save', 'load', 'verify'] as const
/** Parts of the cache that are servers; what was compiled for speed is made again. */
const KEPT = productNames

export const artefactsCommand: Command = {
  says: 'the servers on this machine, for one without a network: list, save <file>, load <file>, verify',
  positionals: 'list|save|load|verify [file.tar.gz]',
  options: { product: { type: 'string', multiple: true, value: 'NAME', says: `only these: ${productNames.join(', ')}` } },
  run: async (args) => {
    const [given = 'list', file] = args.positionals
    const action = oneOf('the action', given, actions)
    switch (action) {
      case 'list':
        return await list(productsOf(args))
      case 'verify':
        return await verify(productsOf(args))
      case 'save':
        return await save(needed(action, file), productsOf(args))
      case 'load':
        return await load(needed(action, file))
    }
  },
}

const productsOf = (args: Arguments): readonly (typeof KEPT)[number][] => {
  const named = args.all('product').map((name) => oneOf('the product', name, productNames))
  return named.length === 0 ? KEPT : named
}

function needed(action: string, file: string | undefined): string {
  if (file !== undefined) return resolve(file)
  throw new HarnessError('USAGE', `assay artefacts ${action}: which file?`, { hint: `assay artefacts ${action} servers.tar.gz` })
}

const definitions = (products: readonly (typeof KEPT)[number][]): readonly ServerDefinition[] => products.map((product) => servers[product])

async function list(products: readonly (typeof KEPT)[number][]): Promise<ExitCode> {
  const cache = new Cache(defaultCacheRoot())
  console.log(`cache   ${cache.root}`)
  for (const { product, versions, native, docker } of definitions(products)) {
    for (const { version, image } of versions) {
      const found = (await native?.available(version, cache)) ?? { kind: 'unavailable', because: 'there is no native way' }
      const said = found.kind === 'ready' ? 'here' : found.kind === 'fetchable' ? `can be fetched: ${found.from}` : `not natively: ${found.because}`
      console.log(`  ${product} ${version}: ${said}${docker === undefined ? '' : `; image ${docker.repository}:${image}`}`)
    }
  }
  return EXIT.conforms
}

/** Every server that is here is read whole and compared with what was written down when it came. */
async function verify(products: readonly (typeof KEPT)[number][]): Promise<ExitCode> {
  const cache = new Cache(defaultCacheRoot())
  const codes: ExitCode[] = []
  let found = 0
  for (const { product, versions, native } of definitions(products)) {
    for (const { version } of versions) {
      if (native === undefined || (await native.available(version, cache)).kind !== 'ready') continue
      found += 1
      const result = await native.locate(version, cache).catch((thrown: unknown) => messageOf(thrown))
      console.log(`  ${product} ${version}: ${typeof result === 'string' ? result : result.digest}`)
      codes.push(typeof result === 'string' ? EXIT.incomplete : EXIT.conforms)
    }
  }
  if (found === 0) console.log('  no server is here')
  return found === 0 ? EXIT.incomplete : worstExit(codes)
}

/** One archive of the servers that are here, and its digest beside it. */
async function save(file: string, products: readonly (typeof KEPT)[number][]): Promise<ExitCode> {
  const { root } = new Cache(defaultCacheRoot())
  const here = (await execa('ls', ['-1', root], { reject: false })).stdout.split('\n').filter((name) => products.some((product) => product === name))
  if (here.length === 0)
    throw new HarnessError('ARTEFACT_UNAVAILABLE', `${root} holds no server`, { hint: 'run `npm start` on a machine with a network first' })
  const packed = await execa('tar', ['-czf', file, '-C', root, '--', ...here], { reject: false })
  if (packed.failed) throw new HarnessError('TOOL_MISSING', `tar could not write ${file}: ${packed.stderr.slice(-300)}`)
  const digest = await sha256File(file)
  await writeFile(`${file}.sha256`, `${digest}  ${basename(file)}\n`)
  console.log(`${file}: ${here.join(', ')}\nsha256:${digest}`)
  return EXIT.conforms
}

/** Compared with the digest beside it before anything is unpacked, and each server with its own afterwards. */
async function load(file: string): Promise<ExitCode> {
  const written = (await readFile(`${file}.sha256`, 'utf8').catch(() => '')).split(/\s/)[0] ?? ''
  const actual = await sha256File(file).catch((cause: unknown) => {
    throw new HarnessError('ARTEFACT_UNAVAILABLE', `${file} cannot be read: ${messageOf(cause)}`, { cause })
  })
  if (written !== actual)
    throw new HarnessError('ARTEFACT_CORRUPT', `${file} is sha256:${actual}, not ${written === '' ? 'known: its .sha256 is missing' : `sha256:${written}`}`, {
      hint: 'copy both files again',
    })
  await refuseStrangers(file)
  const cache = new Cache(defaultCacheRoot())
  await execa('mkdir', ['-p', cache.root])
  const unpacked = await execa('tar', ['-xzf', file, '-C', cache.root, '--no-same-owner', '--skip-old-files'], { reject: false })
  if (unpacked.failed) throw new HarnessError('TOOL_MISSING', `tar could not read ${file}: ${unpacked.stderr.slice(-300)}`)
  return await verify(KEPT)
}

/** Nothing outside the products' own folders is unpacked. */
async function refuseStrangers(file: string): Promise<void> {
  const listed = await execa('tar', ['-tzf', file], { reject: false, maxBuffer: 512 * 1024 * 1024 })
  const detailed = await execa('tar', ['-tvzf', file], { reject: false, maxBuffer: 512 * 1024 * 1024 })
  const strange = listed.stdout
    .split('\n')
    .find((name) => name !== '' && (name.split('/').includes('..') || !KEPT.some((product) => name.startsWith(`${product}/`))))
  // Through a link that leads out, a later archive could write there.
  const link = detailed.stdout.split('\n').find((line) => /^[lh].* (?:->|link to) (?:\/|.*\.\.(?:\/|$))/.test(line))
  if (listed.failed || detailed.failed || strange !== undefined || link !== undefined)
    throw new HarnessError('ARTEFACT_CORRUPT', `${file} holds ${strange ?? link ?? 'nothing that tar can read'}`, {
      hint: 'make it with `assay artefacts save`',
    })
}
