import type { Surface } from '../../src/outcome.ts'
import type { Operation, Read, Write } from './operation.ts'
import { collectionReads, collectionWrites } from './operations-collections.ts'
import { filteredOperations } from './operations-filtered.ts'
import { hiddenReads, metadataWrites } from './operations-hidden.ts'
import { lookups } from './operations-lookup.ts'
import { handshakes } from './operations-handshake.ts'
import { pointReads, pointWrites } from './operations-points.ts'
import { clusterReads, clusterWrites } from './operations-cluster.ts'
import { serviceReads, serviceWrites } from './operations-service.ts'
import { recentReads, unlistedReads, unlistedService } from './operations-unlisted.ts'
import { addressWrites, snapshotReads, snapshotWrites } from './operations-snapshots.ts'

/** The rows of the document's table of access, by its words. */
const tableOperations = {
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

/** What a server does beside them. */
const unlistedOperations = { ...unlistedReads, ...unlistedService, ...recentReads, ...hiddenReads, ...metadataWrites } as const satisfies Readonly<
  Record<string, Operation>
>

export type UnlistedOperation = keyof typeof unlistedOperations

/** All that is asked of Qdrant. */
const operations = {
  ...tableOperations,
  ...unlistedOperations,
  ...filteredOperations,
  ...lookups,
  ...addressWrites,
  ...handshakes,
} as const satisfies Readonly<Record<string, Operation>>

export type OperationName = Exclude<keyof typeof operations, keyof typeof handshakes>

export const allOperations: Readonly<Record<string, Operation>> = operations

export const operationNamed = (name: string): Operation | undefined => allOperations[name]

/** The surfaces on which the product has an operation. */
export function surfacesOf(name: OperationName): readonly Surface[] {
  const operation: Read | Write = operations[name]
  return [...(operation.rest === undefined ? [] : (['rest'] as const)), ...(operation.grpc === undefined ? [] : (['grpc'] as const))]
}

/** The releases whose server has an operation; `undefined`: all. */
export function versionsOf(name: OperationName): string | undefined {
  const operation: Read | Write = operations[name]
  return operation.versions
}
