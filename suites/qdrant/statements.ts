import type { Statement } from '../../src/rule.ts'

export const qdrantStatements: readonly Statement[] = []
