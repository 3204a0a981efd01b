import type { Statement } from '../../src/rule.ts'

export const milvusStatements: readonly Statement[] = []
