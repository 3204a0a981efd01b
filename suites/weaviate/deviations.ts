import type { KnownDeviation } from '../../src/deviation.ts'

export const weaviateDeviations: readonly KnownDeviation[] = []
