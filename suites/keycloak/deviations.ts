import type { KnownDeviation } from '../../src/deviation.ts'

export const keycloakDeviations: readonly KnownDeviation[] = []
