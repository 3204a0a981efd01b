import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Scope } from '../../src/driver.ts'
import type { Admin } from './admin.ts'
import { GRANT, grantTo, INDEX, indexOn, rowOf, rowsQuery, untilLoaded } from './library.ts'
import { change, type Operation, type Resource, type RestForm } from './operation.ts'
import { V1 } from './reads.ts'

const REVOKE = 1
const NOT_LOADED = 1
const NO_SUCH_INDEX = 25

type Step = (resource: Resource, admin: Admin, scope: Scope) => Promise<void>

interface Write {
  readonly rpc: string
  readonly message: (resource: Resource) => object
  readonly make?: Step
  /** Whether what the call is about is there. */
  readonly look: (resource: Resource, admin: Admin, scope: Scope) => Promise<boolean>
  /** Whether the call makes it or ends it. */
  readonly makes: boolean
  readonly clear?: Step
  readonly versions?: string
  readonly rest?: (resource: Resource) => RestForm
}

const write = ({ rpc, message, make, look, makes, clear, versions, rest }: Write): Operation => ({
  nature: 'write',
  inLibrary: true,
  request: (resource) => ({ rpc, message: message(resource) }),
  look,
  effect: (_resource, { before, after }) => change(before, after, !makes, makes, `${rpc} was done`),
  ...(make === undefined ? {} : { make }),
  ...(clear === undefined ? {} : { clear }),
  ...(versions === undefined ? {} : { versions }),
  ...(rest === undefined ? {} : { rest }),
})

const asks =
  (rpc: string, message: (resource: Resource) => object): Step =>
  async (resource, admin, scope) =>
    void (await admin.must(rpc, message(resource), scope))

/** Asks only where it is still there: the server's own error for a missing thing is no clean-up that failed. */
const unlessGone =
  (look: Write['look'], step: Step): Step =>
  async (resource, admin, scope) => {
    if (await look(resource, admin, scope)) await step(resource, admin, scope)
  }

const steps =
  (...all: readonly Step[]): Step =>
  async (resource, admin, scope) => {
    for (const step of all) await step(resource, admin, scope)
  }

const value = z.object({ value: z.boolean() })
const hasCollection = async (collectionName: string, admin: Admin, scope: Scope): Promise<boolean> =>
  value.parse(await admin.must('HasCollection', { collectionName }, scope)).value

const ownCollection: Write['look'] = ({ name }, admin, scope) => hasCollection(name, admin, scope)
const createOwn = asks('CreateCollection', ({ name, library }) => ({ collectionName: name, schema: library.schema(name), shardsNum: 1 }))
const dropOwn = asks('DropCollection', ({ name }) => ({ collectionName: name }))
const indexOwn = asks('CreateIndex', ({ name }) => indexOn(name))
const loadOwn = steps(
  asks('LoadCollection', ({ name }) => ({ collectionName: name, replicaNumber: 1 })),
  ({ name }, admin, scope) => untilLoaded(name, admin, scope),
)
const releaseOwn = asks('ReleaseCollection', ({ name }) => ({ collectionName: name }))
const clearOwn = unlessGone(ownCollection, dropOwn)
const own = ({ name }: Resource): object => ({ collectionName: name })

const partitionOnShelf = ({ name, library }: Resource): object => ({ collectionName: library.shelf, partitionName: name })
const hasPartition: Write['look'] = async (resource, admin, scope) => value.parse(await admin.must('HasPartition', partitionOnShelf(resource), scope)).value
const dropPartition = asks('DropPartition', partitionOnShelf)
const loadedPartition = ({ name }: Resource): object => ({ collectionName: name, partitionNames: ['_default'], replicaNumber: 1 })

const aliases = z.object({ aliases: z.array(z.string()) })
const hasAlias =
  (of: (resource: Resource) => string): Write['look'] =>
  async (resource, admin, scope) =>
    aliases.parse(await admin.must('DescribeCollection', { collectionName: of(resource) }, scope)).aliases.includes(resource.name)
const onShelf = hasAlias(({ library }) => library.shelf)
const onOtherShelf = hasAlias(({ library }) => library.otherShelf)
const createAlias = asks('CreateAlias', ({ name, library }) => ({ collectionName: library.shelf, alias: name }))
const dropAlias = asks('DropAlias', ({ name }) => ({ alias: name }))

const loadState = z.object({ state: z.number() })
const isLoaded: Write['look'] = async ({ name }, admin, scope) =>
  loadState.parse(await admin.must('GetLoadState', { collectionName: name }, scope)).state > NOT_LOADED

const indexAnswer = z.object({ status: z.object({ errorCode: z.number() }) })
const isIndexed: Write['look'] = async ({ name }, admin, scope) => {
  const answer = await admin.asRoot('DescribeIndex', { collectionName: name, indexName: INDEX }, scope)
  const { errorCode } = indexAnswer.parse(answer.kind === 'answered' ? answer.message : undefined).status
  if (errorCode !== 0 && errorCode !== NO_SUCH_INDEX) throw new Error(`DescribeIndex as root: error ${errorCode}`)
  return errorCode === 0
}

const properties = z.object({ properties: z.array(z.object({ key: z.string() })) })
const hasProperty: Write['look'] = async ({ name }, admin, scope) =>
  properties.parse(await admin.must('DescribeCollection', { collectionName: name }, scope)).properties.some(({ key }) => key === 'collection.ttl.seconds')

/** A row of the attempt's own: 48 bits of its name. */
const idOf = ({ name }: Resource): string => String(createHash('sha256').update(name).digest().readUIntBE(0, 6))
const found = z.object({ fieldsData: z.array(z.object({ scalars: z.object({ longData: z.object({ data: z.array(z.string()) }) }) })) })
const hasRow: Write['look'] = async (resource, admin, scope) => {
  const { fieldsData } = found.parse(await admin.must('Query', rowsQuery(resource.library.stocked, idOf(resource)), scope))
  return fieldsData.some(({ scalars }) => scalars.longData.data.includes(idOf(resource)))
}
const row = (resource: Resource): object => rowOf(resource.library.stocked, idOf(resource))
const deletion = (resource: Resource): object => ({ collectionName: resource.library.stocked, expr: `id in [${idOf(resource)}]` })

const restRow = (resource: Resource): object => ({ collectionName: resource.library.stocked, data: [{ id: Number(idOf(resource)), v: [70, 70] }] })
const posted =
  (path: string, body: (resource: Resource) => object) =>
  (resource: Resource): RestForm => ({ method: 'POST', path: `${V1}${path}`, body: body(resource) })

const roles = z.object({ results: z.array(z.object({ role: z.object({ name: z.string() }), users: z.array(z.object({ name: z.string() })) })) })
const rolesOf = async (name: string, admin: Admin, scope: Scope): Promise<z.infer<typeof roles>['results']> => {
  // Asked for one role that is not there, the server answers without any.
  return roles.parse(await admin.must('SelectRole', { role: { name }, includeUserInfo: true }, scope)).results
}
const hasRole: Write['look'] = async ({ name }, admin, scope) => (await rolesOf(name, admin, scope)).some(({ role }) => role.name === name)
const holdsRole: Write['look'] = async ({ name, grantee }, admin, scope) =>
  (await rolesOf(name, admin, scope)).some(({ users }) => users.some((user) => user.name === grantee))
const createRole = asks('CreateRole', ({ name }) => ({ entity: { name } }))
const dropRole = asks('DropRole', ({ name }) => ({ roleName: name }))
const give =
  (type: 0 | 1) =>
  ({ name, grantee }: Resource): object => ({ username: grantee, roleName: name, type })

const grants = z.object({ entities: z.array(z.unknown()) })
const hasGrant: Write['look'] = async ({ name }, admin, scope) =>
  grants.parse(await admin.must('SelectGrant', { entity: { role: { name } } }, scope)).entities.length > 0
const revokeGrant = asks('OperatePrivilege', ({ name }) => grantTo(name, REVOKE))

const groups = z.object({ resourceGroups: z.array(z.string()) })
const hasGroup: Write['look'] = async ({ name }, admin, scope) => groups.parse(await admin.must('ListResourceGroups', {}, scope)).resourceGroups.includes(name)
const group = ({ name }: Resource): object => ({ resourceGroup: name })

const databases = z.object({ dbNames: z.array(z.string()) })
const hasDatabase: Write['look'] = async ({ name }, admin, scope) => databases.parse(await admin.must('ListDatabases', {}, scope)).dbNames.includes(name)
const database = ({ name }: Resource): object => ({ dbName: name })

const tasks = z.object({ tasks: z.array(z.unknown()) })
const hasTask: Write['look'] = async ({ name }, admin, scope) =>
  tasks.parse(await admin.must('ListImportTasks', { collectionName: name }, scope)).tasks.length > 0

/** Calls that change something that root can look at. */
export const writes = {
  'create-collection': write({
    rpc: 'CreateCollection',
    message: ({ name, library }) => ({ collectionName: name, schema: library.schema(name), shardsNum: 1 }),
    look: ownCollection,
    makes: true,
    clear: clearOwn,
    rest: posted('/collections/create', ({ name }) => ({ collectionName: name, dimension: 2 })),
  }),
  'drop-collection': write({
    rpc: 'DropCollection',
    message: own,
    make: createOwn,
    look: ownCollection,
    makes: false,
    clear: clearOwn,
    rest: posted('/collections/drop', own),
  }),
  'rename-collection': write({
    rpc: 'RenameCollection',
    message: ({ name }) => ({ oldName: name, newName: `${name}_renamed` }),
    make: createOwn,
    look: ({ name }, admin, scope) => hasCollection(`${name}_renamed`, admin, scope),
    makes: true,
    clear: steps(
      clearOwn,
      unlessGone(
        ({ name }, admin, scope) => hasCollection(`${name}_renamed`, admin, scope),
        asks('DropCollection', ({ name }) => ({ collectionName: `${name}_renamed` })),
      ),
    ),
  }),
  'alter-collection': write({
    rpc: 'AlterCollection',
    message: ({ name }) => ({ collectionName: name, properties: [{ key: 'collection.ttl.seconds', value: '86400' }] }),
    make: createOwn,
    look: hasProperty,
    makes: true,
    clear: clearOwn,
  }),
  'create-partition': write({
    rpc: 'CreatePartition',
    message: partitionOnShelf,
    look: hasPartition,
    makes: true,
    clear: unlessGone(hasPartition, dropPartition),
  }),
  'drop-partition': write({
    rpc: 'DropPartition',
    message: partitionOnShelf,
    make: asks('CreatePartition', partitionOnShelf),
    look: hasPartition,
    makes: false,
    clear: unlessGone(hasPartition, dropPartition),
  }),
  'load-collection': write({
    rpc: 'LoadCollection',
    message: ({ name }) => ({ collectionName: name, replicaNumber: 1 }),
    make: steps(createOwn, indexOwn),
    look: isLoaded,
    makes: true,
    clear: steps(releaseOwn, dropOwn),
  }),
  'release-collection': write({
    rpc: 'ReleaseCollection',
    message: own,
    make: steps(createOwn, indexOwn, loadOwn),
    look: isLoaded,
    makes: false,
    clear: steps(releaseOwn, dropOwn),
  }),
  'load-partitions': write({
    rpc: 'LoadPartitions',
    message: loadedPartition,
    make: steps(createOwn, indexOwn),
    look: isLoaded,
    makes: true,
    clear: steps(releaseOwn, dropOwn),
  }),
  'release-partitions': write({
    rpc: 'ReleasePartitions',
    message: loadedPartition,
    make: steps(createOwn, indexOwn, asks('LoadPartitions', loadedPartition), ({ name }, admin, scope) => untilLoaded(name, admin, scope)),
    look: isLoaded,
    makes: false,
    clear: steps(releaseOwn, dropOwn),
  }),
  'create-alias': write({
    rpc: 'CreateAlias',
    message: ({ name, library }) => ({ collectionName: library.shelf, alias: name }),
    look: onShelf,
    makes: true,
    clear: unlessGone(onShelf, dropAlias),
  }),
  'drop-alias': write({
    rpc: 'DropAlias',
    message: ({ name }) => ({ alias: name }),
    make: createAlias,
    look: onShelf,
    makes: false,
    clear: unlessGone(onShelf, dropAlias),
  }),
  'alter-alias': write({
    rpc: 'AlterAlias',
    message: ({ name, library }) => ({ collectionName: library.otherShelf, alias: name }),
    make: createAlias,
    look: onOtherShelf,
    makes: true,
    clear: dropAlias,
  }),
  'create-index': write({ rpc: 'CreateIndex', message: ({ name }) => indexOn(name), make: createOwn, look: isIndexed, makes: true, clear: dropOwn }),
  'drop-index': write({
    rpc: 'DropIndex',
    message: ({ name }) => ({ collectionName: name, indexName: INDEX }),
    make: steps(createOwn, indexOwn),
    look: isIndexed,
    makes: false,
    clear: dropOwn,
  }),
  insert: write({ rpc: 'Insert', message: row, look: hasRow, makes: true, rest: posted('/insert', restRow) }),
  upsert: write({ rpc: 'Upsert', message: row, look: hasRow, makes: true, versions: '>=2.3.0', rest: posted('/upsert', restRow) }),
  delete: write({
    rpc: 'Delete',
    message: deletion,
    make: asks('Insert', row),
    look: hasRow,
    makes: false,
    rest: posted('/delete', (resource) => ({ collectionName: resource.library.stocked, id: Number(idOf(resource)) })),
  }),
  import: write({
    rpc: 'Import',
    message: ({ name }) => ({ collectionName: name, rowBased: true, files: [`${name}.json`] }),
    make: createOwn,
    look: hasTask,
    makes: true,
    clear: dropOwn,
  }),
  'create-role': write({ rpc: 'CreateRole', message: ({ name }) => ({ entity: { name } }), look: hasRole, makes: true, clear: unlessGone(hasRole, dropRole) }),
  'drop-role': write({
    rpc: 'DropRole',
    message: ({ name }) => ({ roleName: name }),
    make: createRole,
    look: hasRole,
    makes: false,
    clear: unlessGone(hasRole, dropRole),
  }),
  'give-role': write({
    rpc: 'OperateUserRole',
    message: give(GRANT),
    make: createRole,
    look: holdsRole,
    makes: true,
    clear: steps(unlessGone(holdsRole, asks('OperateUserRole', give(REVOKE))), dropRole),
  }),
  'take-role': write({
    rpc: 'OperateUserRole',
    message: give(REVOKE),
    make: steps(createRole, asks('OperateUserRole', give(GRANT))),
    look: holdsRole,
    makes: false,
    clear: steps(unlessGone(holdsRole, asks('OperateUserRole', give(REVOKE))), dropRole),
  }),
  'grant-privilege': write({
    rpc: 'OperatePrivilege',
    message: ({ name }) => grantTo(name, GRANT),
    make: createRole,
    look: hasGrant,
    makes: true,
    clear: steps(unlessGone(hasGrant, revokeGrant), dropRole),
  }),
  'revoke-privilege': write({
    rpc: 'OperatePrivilege',
    message: ({ name }) => grantTo(name, REVOKE),
    make: steps(
      createRole,
      asks('OperatePrivilege', ({ name }) => grantTo(name, GRANT)),
    ),
    look: hasGrant,
    makes: false,
    clear: steps(unlessGone(hasGrant, revokeGrant), dropRole),
  }),
  'create-resource-group': write({
    rpc: 'CreateResourceGroup',
    message: group,
    look: hasGroup,
    makes: true,
    clear: unlessGone(hasGroup, asks('DropResourceGroup', group)),
  }),
  'drop-resource-group': write({
    rpc: 'DropResourceGroup',
    message: group,
    make: asks('CreateResourceGroup', group),
    look: hasGroup,
    makes: false,
    clear: unlessGone(hasGroup, asks('DropResourceGroup', group)),
  }),
  'create-database': write({
    rpc: 'CreateDatabase',
    message: database,
    look: hasDatabase,
    makes: true,
    clear: unlessGone(hasDatabase, asks('DropDatabase', database)),
  }),
  'drop-database': write({
    rpc: 'DropDatabase',
    message: database,
    make: asks('CreateDatabase', database),
    look: hasDatabase,
    makes: false,
    clear: unlessGone(hasDatabase, asks('DropDatabase', database)),
  }),
} as const satisfies Readonly<Record<string, Operation>>
