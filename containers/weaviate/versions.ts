import type { VersionEntry } from '../server.ts'

/** Those that are built or unpacked natively (`runNatively`); the others by the official image only. */
export const versions = [
  { version: '1.39.0', image: '1.39.0', default: true },
  { version: '1.38.3', image: '1.38.3' },
  { version: '1.35.2', image: '1.35.2' },
  { version: '1.33.6', image: '1.33.6' },
  { version: '1.29.11', image: '1.29.11' },
] as const satisfies readonly VersionEntry[]

/** Versions that were seen to build and to run outside a container. */
export const runNatively: readonly string[] = ['1.39.0', '1.38.3', '1.35.2', '1.33.6', '1.29.11']
