import type { VersionEntry } from '../server.ts'

/** Those that the package registry has run natively (`fromPyPI`); the others by the official image only. */
export const versions = [
  { version: '2.3.5', image: 'v2.3.5', default: true },
  { version: '2.2.16', image: 'v2.2.16' },
  { version: '2.4.24', image: 'v2.4.24' },
  { version: '2.5.27', image: 'v2.5.27' },
  { version: '2.6.10', image: 'v2.6.10' },
] as const satisfies readonly VersionEntry[]

/** Releases of the PyPI package `milvus`, which carries the whole server. */
export const fromPyPI: readonly string[] = ['2.3.5', '2.2.16']
