import type { Statement } from '../../src/rule.ts'

export const weaviateStatements: readonly Statement[] = []
