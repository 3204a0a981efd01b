import type { Statement } from '../../src/rule.ts'

export const keycloakStatements: readonly Statement[] = []
