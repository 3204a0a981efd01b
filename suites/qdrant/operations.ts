import type { Surface } from '../../src/outcome.ts'
import type { Operation } from './operation.ts'
import { collectionReads, collectionWrites } from './operations-collections.ts'
import { pointReads, pointWrites } from './operations-points.ts'
import { serviceReads } from './operations-service.ts'
import { snapshotReads, snapshotWrites } from './operations-snapshots.ts'

/** What can be asked of Qdrant, by the words of its table of access. */
export const operations = {
  ...collectionReads,
  ...collectionWrites,
  ...snapshotReads,
  ...snapshotWrites,
  ...pointReads,
  ...pointWrites,
  ...serviceReads,
} as const satisfies Readonly<Record<string, Operation>>

export type OperationName = keyof typeof operations

export const operationNamed = (name: string): Operation | undefined => (operations as Readonly<Record<string, Operation>>)[name]

/** The surfaces on which the product has an operation. */
export function surfacesOf(name: OperationName): readonly Surface[] {
  const operation: Operation = operations[name]
  return [...(operation.rest === undefined ? [] : (['rest'] as const)), ...(operation.grpc === undefined ? [] : (['grpc'] as const))]
}
