import type { KnownDeviation } from '../../src/deviation.ts'

/** What released versions do differently from the document: each was seen on exactly these versions. */
export const deviations: readonly KnownDeviation[] = []
