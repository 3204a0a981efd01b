import { createHash } from 'node:crypto'
import type { InstanceSpec } from './instance.ts'
import type { Launch } from './launch.ts'
import { Vault } from './secret.ts'

/** How a server was started, for whoever reads the report: no secret, no path of this machine. */
export interface Configuration {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Files by path; one too long to read stands as its length and digest. */
  readonly files: Readonly<Record<string, string>>
}

const LONGEST_FILE = 6000

/** Whatever stands behind such a name is a secret, whether anybody registered it or not. */
const named = /((?:pass(?:word|phrase)?|secret|api[_-]?keys?|private|credential|token)[\w.-]*["']?\s*[:=]\s*)(["']?)([^\s"',}]+)/gi

/** A setting, and no secret. */
const harmless = /^(?:true|false|null|\d{1,9}|\{|\[|‹.*)$/

/** @param folder where the server's files are, as the server itself names it */
export function configurationOf({ args, env, files }: Launch, spec: Pick<InstanceSpec, 'credentials' | 'pki'>, folder: string): Configuration {
  const vault = new Vault()
  for (const [name, value] of Object.entries(spec.credentials)) vault.secret(value, name)
  const shown = (text: string): string =>
    vault
      .redact(text)
      .replace(named, (whole, name: string, quote: string, value: string) =>
        harmless.test(value) || value.startsWith('/') ? whole : `${name}${quote}‹redacted›`,
      )
      .replaceAll(spec.pki.folder, '‹certificates›')
      .replaceAll(folder, '‹folder›')
  return {
    args: args.map(shown),
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, shown(`${name}=${value}`).slice(name.length + 1)])),
    files: Object.fromEntries(Object.entries(files).map(([path, content]) => [path, content.length > LONGEST_FILE ? digestOf(content) : shown(content)])),
  }
}

const digestOf = (content: string): string => `${content.length} characters, sha256:${createHash('sha256').update(content).digest('hex')}`
