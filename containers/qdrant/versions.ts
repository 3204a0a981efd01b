import type { VersionEntry } from '../server.ts'

/** A version is one line. The payload claim ends with 1.15, the lock API too; 1.18.1 and 1.19 close published holes. */
export const versions = [
  { version: '1.18.3', image: 'v1.18.3', default: true },
  { version: '1.19.0', image: 'v1.19.0' },
  { version: '1.16.3', image: 'v1.16.3' },
  { version: '1.15.5', image: 'v1.15.5' },
  { version: '1.14.1', image: 'v1.14.1' },
  { version: '1.9.7', image: 'v1.9.7' },
] as const satisfies readonly VersionEntry[]
