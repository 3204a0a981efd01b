import type { KnownDeviation } from '../../src/deviation.ts'

export const milvusDeviations: readonly KnownDeviation[] = []
