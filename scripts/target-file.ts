import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { HarnessError, messageOf } from '../src/errors.ts'
import { levels } from '../src/safety.ts'
import { productNames } from '../src/rule.ts'
import { readYamlFile, type YamlFile } from '../src/yaml-file.ts'

const words = z.string().min(1)
/** A credential is never written here: only where it is. */
const source = z.union([z.strictObject({ env: words }), z.strictObject({ file: words })])
const LARGEST_RATE = 1000

const targetSchema = z.strictObject({
  product: z.enum(productNames),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version has three numbers'),
  /** The configuration that it has; `assay list --profiles` names them. */
  profile: words,
  /** The name in its certificate. */
  host: words,
  /** Where that name is; absent: the name itself. */
  address: words.exactOptional(),
  ports: z.record(words, z.int().min(1).max(65535)),
  ca: words,
  credentials: z.record(words, source).default({}),
  level: z.enum(levels).default('isolated'),
  /** Requests a second, at most. */
  rate: z.number().positive().max(LARGEST_RATE).default(20),
})

const fileSchema = z.strictObject({ targets: z.array(targetSchema).min(1).readonly() })

/** A system that runs already, with its credentials in clear: never printed. */
export interface ExternalTarget extends Omit<z.infer<typeof targetSchema>, 'credentials' | 'address' | 'ca'> {
  readonly address: string
  /** Absolute. */
  readonly ca: string
  readonly credentials: Readonly<Record<string, string>>
  /** Where each credential was taken from, for a preview: `environment variable ADMIN_KEY`. */
  readonly sources: Readonly<Record<string, string>>
}

/**
 * Reads `targets:`, and the credentials from where the file says that they are.
 *
 * @throws HarnessError `CONFIG_INVALID` with file and line for what is missing or wrong
 */
export function readTargets(path: string, env: Readonly<Record<string, string | undefined>> = process.env): readonly ExternalTarget[] {
  const options = {
    code: 'CONFIG_INVALID',
    what: 'the targets',
    hint: 'a target has product, version, profile, host, ports, ca, credentials ({ env } or { file }), level, rate',
  } as const
  const file = readYamlFile(path, fileSchema, options)
  const folder = dirname(resolve(path))
  return file.value.targets.map((target, index) => {
    const at = (name: string): readonly PropertyKey[] => ['targets', index, 'credentials', name]
    const found = Object.entries(target.credentials).map(([name, from]) => ({ name, ...credentialOf(from, folder, env, file, at(name)) }))
    const ca = resolve(folder, target.ca)
    readable(ca, file, ['targets', index, 'ca'])
    return {
      ...target,
      address: target.address ?? target.host,
      ca,
      credentials: Object.fromEntries(found.map(({ name, value }) => [name, value])),
      sources: Object.fromEntries(found.map(({ name, from }) => [name, from])),
    }
  })
}

interface FoundCredential {
  readonly value: string
  readonly from: string
}

function credentialOf(
  from: z.infer<typeof source>,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  file: YamlFile<unknown>,
  at: readonly PropertyKey[],
): FoundCredential {
  if ('env' in from) {
    const value = env[from.env]
    if (value === undefined || value === '') throw file.error(at, `the environment variable ${from.env} is not set`)
    return { value, from: `environment variable ${from.env}` }
  }
  const value = readable(resolve(folder, from.file), file, at).trimEnd()
  if (value === '') throw file.error(at, `${from.file} is empty`)
  return { value, from: `file ${from.file}` }
}

function readable(path: string, file: YamlFile<unknown>, at: readonly PropertyKey[]): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw file.error(at, `${path} cannot be read: ${messageOf(cause)}`)
  }
}

/** This machine alone: everything else needs the user's word that it is theirs. */
export function isLoopback(address: string): boolean {
  if (address === 'localhost' || address === '::1') return true
  return isIP(address) === 4 && address.startsWith('127.')
}

/** @throws HarnessError `USAGE` for a target that is not on this machine, unless the user says that it is theirs */
export function refuseForeign(targets: readonly ExternalTarget[], isOwn: boolean): void {
  const foreign = targets.find(({ address }) => !isLoopback(address))
  if (foreign === undefined || isOwn) return
  throw new HarnessError('USAGE', `${foreign.address} is not this machine`, {
    hint: 'add --i-own-this-system where you are allowed to test it; --dry-run shows what would be done',
  })
}
