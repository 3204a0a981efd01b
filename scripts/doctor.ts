import { statfsSync } from 'node:fs'
import { availableParallelism, freemem, tmpdir, totalmem } from 'node:os'
import { styleText } from 'node:util'
import { defaultCacheRoot } from '../containers/cache.ts'
import { defaultVersion } from '../containers/choose.ts'
import { servers } from '../containers/registry.ts'
import { makeRuntimes } from '../containers/runtimes/all.ts'
import { EXIT, messageOf } from '../src/errors.ts'
import { makeFolder } from '../src/folder.ts'
import type { Availability, Runtime, RuntimeKind } from '../src/instance.ts'
import { newRunId } from '../src/naming.ts'
import { defaultOutRoot } from '../src/root.ts'
import { productNames, type ProductName } from '../src/rule.ts'
import type { Command } from './command.ts'

/** Caches of four servers take about two; a whole run's reports a tenth of one. */
const LEAST_FREE_GIB = 4
const GIB = 2 ** 30

const kinds = ['docker', 'native', 'model'] as const

export const doctorCommand: Command = {
  says: 'says what this machine can run, how, why not, and what to install',
  positionals: '',
  options: { json: { type: 'boolean', says: 'the same for programs' } },
  async run(args) {
    const diagnosis = await diagnose()
    console.log(args.is('json') ? JSON.stringify(diagnosis, null, 2) : textOf(diagnosis))
    return EXIT.conforms
  },
}

interface Diagnosis {
  readonly machine: { readonly node: string; readonly platform: string; readonly cores: number; readonly memoryGiB: number; readonly freeGiB: number }
  readonly folders: readonly Folder[]
  readonly products: readonly { readonly product: ProductName; readonly version: string; readonly ways: Readonly<Partial<Record<RuntimeKind, Availability>>> }[]
  /** What a user can do so that more can run, one sentence each. */
  readonly advice: readonly string[]
}

interface Folder {
  readonly what: string
  readonly path: string
  /** Absent where it cannot be written: `problem` says why. */
  readonly freeGiB?: number
  readonly problem?: string
}

async function diagnose(): Promise<Diagnosis> {
  const runtimes = await makeRuntimes({ kind: 'auto', servers, runId: newRunId(Date.now()), images: {} })
  const products = await Promise.all(productNames.map((product) => waysOf(product, runtimes)))
  await Promise.all(Object.values(runtimes).map((runtime) => runtime[Symbol.asyncDispose]()))
  const folders = [folderOf('cache', defaultCacheRoot()), folderOf('output', defaultOutRoot()), folderOf('runs', tmpdir())]
  const machine = {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memoryGiB: rounded(totalmem() / GIB),
    freeGiB: rounded(freemem() / GIB),
  }
  return { machine, folders, products, advice: [...folders.flatMap(adviceOn), ...products.flatMap(({ product, ways }) => adviceFor(product, ways))] }
}

async function waysOf(product: ProductName, runtimes: Readonly<Partial<Record<RuntimeKind, Runtime>>>): Promise<Diagnosis['products'][number]> {
  const version = defaultVersion(servers[product])
  const ways = await Promise.all(kinds.map(async (kind) => [kind, await runtimes[kind]?.available(product, version)] as const))
  return { product, version, ways: Object.fromEntries(ways.filter(([, way]) => way !== undefined)) }
}

function folderOf(what: string, path: string): Folder {
  try {
    makeFolder(path)
    const { bavail, bsize } = statfsSync(path)
    return { what, path, freeGiB: rounded((bavail * bsize) / GIB) }
  } catch (thrown) {
    return { what, path, problem: messageOf(thrown) }
  }
}

const variables: Readonly<Record<string, string>> = { cache: 'ASSAY_CACHE', runs: 'TMPDIR' }

function adviceOn({ what, path, freeGiB, problem }: Folder): readonly string[] {
  const elsewhere = what === 'output' ? 'name another folder by --out' : `set ${variables[what] ?? ''} to another folder`
  if (problem !== undefined) return [`${path} cannot be written (${problem}): ${elsewhere}`]
  return (freeGiB ?? 0) < LEAST_FREE_GIB ? [`${path} has ${freeGiB} GiB left, and ${LEAST_FREE_GIB} may be needed: make room, or ${elsewhere}`] : []
}

/** Nothing where the product can run for real already. */
function adviceFor(product: ProductName, ways: Diagnosis['products'][number]['ways']): readonly string[] {
  const real = [ways.docker, ways.native].filter((way) => way !== undefined)
  if (real.some(({ kind }) => kind !== 'unavailable')) return []
  const hints = real.flatMap((way) => (way.kind === 'unavailable' && way.hint !== '' ? [way.hint] : []))
  return [`${product} cannot run for real here: ${hints.join('; or ')}`]
}

const rounded = (value: number): number => Math.round(value * 10) / 10

function textOf({ machine, folders, products, advice }: Diagnosis): string {
  const { node, platform, cores, memoryGiB, freeGiB } = machine
  return [
    `node ${node}, ${platform}, ${cores} cores, ${memoryGiB} GiB of memory (${freeGiB} free)`,
    ...folders.map(({ what, path, freeGiB: free, problem }) => `${what.padEnd(7)} ${path} (${problem ?? `${free} GiB free`})`),
    ...(platform === 'linux x64' ? [] : ['on this platform Docker is the way: the native servers are for Linux on x86-64']),
    ...products.flatMap(({ product, version, ways }) => [
      styleText('bold', `${product} ${version}`),
      ...kinds.flatMap((kind) => (ways[kind] === undefined ? [] : [`  ${kind.padEnd(7)} ${say(ways[kind])}`])),
    ]),
    ...(advice.length === 0 ? ['nothing is missing: `npm start`'] : ['to do:', ...advice.map((line) => `  ${line}`)]),
  ].join('\n')
}

function say(availability: Availability): string {
  switch (availability.kind) {
    case 'ready':
      return styleText('green', 'ready')
    case 'fetchable':
      return `can be fetched: ${availability.from}`
    case 'unavailable':
      return `${styleText('red', 'no')}: ${availability.because}`
  }
}
