import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Admin } from './admin.ts'
import type { Codecs } from './methods.ts'

const LONGEST_LOAD_MS = 30_000
const POLL_MS = 100
const INT64 = 5
const FLOAT_VECTOR = 101
const LOADED = 3
export const GRANT = 0
export const INDEX = 'by_vector'
export const PRIVILEGE = 'CreateCollection'

/** Things that stand on the server for the cases that only look at them, named so that no other case uses them. */
export interface Library {
  /** A loaded collection with one row, id 1. */
  readonly stocked: string
  readonly stockedId: string
  /** A collection that is not loaded, for what is made inside a collection. */
  readonly shelf: string
  readonly otherShelf: string
  readonly partition: string
  readonly alias: string
  readonly role: string
  readonly importTask: string
  /** A schema with the key `id` and the vector `v` of two dimensions. */
  schema(name: string): Buffer
  /** A search for one vector. */
  readonly placeholders: Buffer
}

/** For operations that ask about nothing of it. */
export const noLibrary: Library = {
  stocked: '',
  stockedId: '',
  shelf: '',
  otherShelf: '',
  partition: '',
  alias: '',
  role: '',
  importTask: '',
  schema: () => Buffer.alloc(0),
  placeholders: Buffer.alloc(0),
}

const described = z.object({ collectionID: z.string() })
const imported = z.object({ tasks: z.array(z.string()).min(1) })
const loadState = z.object({ state: z.number() })

/** Plants all of it; a few seconds, once for each driver. */
export async function plantLibrary(admin: Admin, codecs: Codecs, scope: Scope): Promise<Library> {
  const named = (what: string): string => `${scope.name}_${what}`
  const schema = (name: string): Buffer => codecs.bytesOf('milvus.proto.schema.CollectionSchema', schemaOf(name))
  const [stocked, shelf, otherShelf] = [named('stocked'), named('shelf'), named('other')] as const
  const [partition, alias, role] = [named('partition'), named('alias'), named('role')] as const
  for (const collectionName of [stocked, shelf, otherShelf])
    await admin.must('CreateCollection', { collectionName, schema: schema(collectionName), shardsNum: 1 }, scope)
  await admin.must('CreateIndex', indexOn(stocked), scope)
  await admin.must('LoadCollection', { collectionName: stocked, replicaNumber: 1 }, scope)
  await admin.must('Insert', rowOf(stocked, '1', [1, 2]), scope)
  await admin.must('CreatePartition', { collectionName: shelf, partitionName: partition }, scope)
  await admin.must('CreateAlias', { collectionName: shelf, alias }, scope)
  await admin.must('CreateRole', { entity: { name: role } }, scope)
  await admin.must('OperatePrivilege', grantTo(role, GRANT), scope)
  // The file does not exist: the task is there, and fails later on.
  const { tasks } = imported.parse(await admin.must('Import', { collectionName: shelf, rowBased: true, files: [`${role}.json`] }, scope))
  const { collectionID } = described.parse(await admin.must('DescribeCollection', { collectionName: stocked }, scope))
  await untilLoaded(stocked, admin, scope)
  await untilServed(stocked, admin, scope)
  const placeholders = codecs.bytesOf('milvus.proto.common.PlaceholderGroup', { placeholders: [{ tag: '$0', type: FLOAT_VECTOR, values: [vector(1, 2)] }] })
  return { stocked, stockedId: collectionID, shelf, otherShelf, partition, alias, role, importTask: tasks[0] ?? '', schema, placeholders }
}

export async function untilLoaded(collectionName: string, admin: Admin, scope: Scope): Promise<void> {
  const deadline = Date.now() + LONGEST_LOAD_MS
  while (Date.now() < deadline) {
    if (loadState.parse(await admin.must('GetLoadState', { collectionName }, scope)).state === LOADED) return
    await delay(POLL_MS, undefined, { signal: scope.signal })
  }
  throw new HarnessError('SET_UP_FAILED', `${collectionName} was not loaded within ${LONGEST_LOAD_MS / 1000} s`)
}

/** A collection that is called loaded is not served yet by a node that the proxy has not met: the first query says so. */
async function untilServed(collectionName: string, admin: Admin, scope: Scope): Promise<void> {
  const deadline = Date.now() + LONGEST_LOAD_MS
  while (admin.read(await admin.asRoot('Query', rowsQuery(collectionName, '1'), scope)).kind !== 'allowed') {
    if (Date.now() > deadline) throw new HarnessError('SET_UP_FAILED', `${collectionName} was loaded, and not served within ${LONGEST_LOAD_MS / 1000} s`)
    await delay(POLL_MS, undefined, { signal: scope.signal })
  }
}

const schemaOf = (name: string): object => ({
  name,
  fields: [
    { name: 'id', dataType: INT64, isPrimaryKey: true, autoID: false },
    { name: 'v', dataType: FLOAT_VECTOR, typeParams: [{ key: 'dim', value: '2' }] },
  ],
})

export const indexOn = (collectionName: string): object => ({
  collectionName,
  fieldName: 'v',
  indexName: INDEX,
  extraParams: [
    { key: 'index_type', value: 'FLAT' },
    { key: 'metric_type', value: 'L2' },
  ],
})

/** Only the planted row lies where the search looks. */
export const rowOf = (collectionName: string, id: string, at: readonly [number, number] = [70, 70]): object => ({
  collectionName,
  numRows: 1,
  fieldsData: [
    { type: INT64, fieldName: 'id', scalars: { longData: { data: [id] } } },
    { type: FLOAT_VECTOR, fieldName: 'v', vectors: { dim: 2, floatVector: { data: at } } },
  ],
  hashKeys: [1],
})

/** @param type 0 grants, 1 revokes */
export const grantTo = (role: string, type: 0 | 1): object => ({
  entity: { role: { name: role }, object: { name: 'Global' }, objectName: '*', grantor: { privilege: { name: PRIVILEGE } } },
  type,
})

/** Strong consistency: what was acknowledged before is seen. */
export const rowsQuery = (collectionName: string, id: string): object => ({
  collectionName,
  expr: `id in [${id}]`,
  outputFields: ['id'],
  consistencyLevel: 0,
  guaranteeTimestamp: 0,
  useDefaultConsistency: false,
})

function vector(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, at) => bytes.writeFloatLE(value, 4 * at))
  return bytes
}
