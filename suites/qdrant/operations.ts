import type { Surface } from '../../src/outcome.ts'
import type { Operation } from './operation.ts'
import { collectionReads, collectionWrites } from './operations-collections.ts'
import { filteredOperations } from './operations-filtered.ts'
import { pointReads, pointWrites } from './operations-points.ts'
import { clusterReads, clusterWrites } from './operations-cluster.ts'
import { serviceReads, serviceWrites } from './operations-service.ts'
import { snapshotReads, snapshotWrites } from './operations-snapshots.ts'

/** The rows of the document's table of access, by its words. */
export const tableOperations = {
  ...collectionReads,
  ...collectionWrites,
  ...snapshotReads,
  ...snapshotWrites,
  ...pointReads,
  ...pointWrites,
  ...serviceReads,
  ...serviceWrites,
  ...clusterReads,
  ...clusterWrites,
} as const satisfies Readonly<Record<string, Operation>>

export type TableOperation = keyof typeof tableOperations

/** All that is asked of Qdrant. */
const operations = { ...tableOperations, ...filteredOperations } as const satisfies Readonly<Record<string, Operation>>

export type OperationName = keyof typeof operations

export const operationNamed = (name: string): Operation | undefined => (operations as Readonly<Record<string, Operation>>)[name]

/** The surfaces on which the product has an operation. */
export function surfacesOf(name: OperationName): readonly Surface[] {
  const operation: Operation = operations[name]
  return [...(operation.rest === undefined ? [] : (['rest'] as const)), ...(operation.grpc === undefined ? [] : (['grpc'] as const))]
}
