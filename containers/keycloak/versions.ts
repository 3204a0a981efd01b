import type { VersionEntry } from '../server.ts'

/** All of them are in Maven Central and as official images. */
export const versions = [
  { version: '26.5.0', image: '26.5.0' },
  { version: '26.4.0', image: '26.4.0', default: true },
  { version: '26.0.8', image: '26.0.8' },
  { version: '25.0.6', image: '25.0.6' },
  { version: '24.0.5', image: '24.0.5' },
] as const satisfies readonly VersionEntry[]
