import type { Json } from '../../src/json.ts'
import type { Answer, Look, Operations, Place, Planted, RestOperation, Step } from './operation.ts'
import { collection } from './rest-schema.ts'
import { field, items, text } from './shapes.ts'
import { beforeIndexOperations, since } from './since.ts'

type Discloses = (answer: Answer, at: Place) => boolean
type Ask = RestOperation['ask']

const read = (spec: string, ask: Ask, discloses: Discloses): RestOperation => ({ surface: 'rest', nature: 'read', spec, ask, discloses })
const UNKNOWN_ID = '11111111-1111-4111-8111-111111111111'

/** Asks about something that is not there: who is let through is told so. */
const absent = (spec: string, ask: Ask, status: number, message: RegExp): RestOperation => ({
  ...read(spec, ask, (answer) => answer.status === status && message.test(answer.body)),
  passes: { status, message },
})

const makeOwn = (at: Place): Step => ({ method: 'POST', path: '/schema', body: collection(at.own, 'before') })
const dropOwn = (at: Place): Step => ({ method: 'DELETE', path: `/schema/${at.own}` })

/** The server itself, its nodes and its copies. */
export const serverOperations = {
  'get-meta': read(
    'GET /meta',
    () => ({ method: 'GET', path: '/meta' }),
    ({ json }) => text(json, 'version') !== undefined,
  ),
  'list-nodes': read(
    'GET /nodes',
    () => ({ method: 'GET', path: '/nodes' }),
    ({ json }) => text(json, 'nodes', 0, 'status') === 'HEALTHY',
  ),
  'list-nodes-verbosely': {
    ...{ surface: 'rest', nature: 'read', spec: 'GET /nodes', ask: () => ({ method: 'GET', path: '/nodes?output=verbose' }) },
    discloses: ({ body }, at) => body.includes(at.shared),
    list: (json) => items(json, 'nodes'),
  },
  'list-nodes-of-collection': read(
    'GET /nodes/{className}',
    (at) => ({ method: 'GET', path: `/nodes/${at.shared}?output=verbose` }),
    ({ json }) => text(json, 'nodes', 0, 'status') === 'HEALTHY',
  ),
  'get-cluster-statistics': read(
    'GET /cluster/statistics',
    () => ({ method: 'GET', path: '/cluster/statistics' }),
    ({ json }) => text(json, 'statistics', 0, 'name') !== undefined,
  ),
  'validate-object': read(
    'POST /objects/validate',
    (at) => ({ method: 'POST', path: '/objects/validate', body: { class: at.shared, id: at.id, properties: { note: 'valid' } } }),
    ({ status, body }) => status === 200 && body.trim() === '',
  ),
  'get-sharding-state': {
    ...read(
      'GET /replication/sharding-state',
      (at) => ({ method: 'GET', path: `/replication/sharding-state?collection=${at.shared}` }),
      ({ json }) => text(json, 'shardingState', 'shards', 0, 'shard') !== undefined,
    ),
    versions: since.replicas,
  },
  'get-scale-plan': {
    ...read(
      'GET /replication/scale',
      (at) => ({ method: 'GET', path: `/replication/scale?collection=${at.shared}&replicationFactor=1` }),
      ({ json }) => text(json, 'planId') !== undefined,
    ),
    versions: since.replicas,
  },
  'force-delete-replications-dry': {
    versions: since.replicas,
    ...{ surface: 'rest', nature: 'read', changes: true, spec: 'POST /replication/replicate/force-delete' },
    ask: () => ({ method: 'POST', path: '/replication/replicate/force-delete', body: { id: UNKNOWN_ID, dryRun: true } }),
    discloses: ({ json }) => items(json, 'deleted') !== undefined,
  },
  'replicate-unknown-shard': {
    versions: since.replicas,
    ...{ surface: 'rest', nature: 'read', changes: true, spec: 'POST /replication/replicate' },
    ask: (at) => ({
      method: 'POST',
      path: '/replication/replicate',
      body: { sourceNode: 'assay', targetNode: 'other', collection: at.shared, shard: 'never', type: 'COPY' },
    }),
    passes: { status: 422, message: /shard not found/ },
    discloses: ({ status, body }) => status === 422 && body.includes('shard not found'),
  },
  'get-own-info': {
    ...read(
      'GET /users/own-info',
      () => ({ method: 'GET', path: '/users/own-info' }),
      ({ json }) => text(json, 'username') !== undefined,
    ),
  },
} as const satisfies Operations

const finished = ({ status, json }: Answer): boolean => status === 404 || ['SUCCESS', 'FAILED', 'CANCELED'].includes(text(json, 'status') ?? '')
const backupPath = (at: Place): string => `/backups/filesystem/${at.name}`
const backup = (at: Place): Step => ({ method: 'POST', path: '/backups/filesystem', body: { id: at.name, include: [at.own] } })
const backupEnded = (at: Place): Step => ({ method: 'GET', path: backupPath(at), until: finished })
const restoreEnded = (at: Place): Step => ({ method: 'GET', path: `${backupPath(at)}/restore`, until: finished })

/** A backup that is there and has been restored; the collection that it is of as well. */
export const plantBackup = (at: Planted): readonly Step[] => {
  const path = `/backups/filesystem/${at.backup}`
  const one = { class: `Backed${at.backup}`, vectorizer: 'none' }
  return [
    { method: 'POST', path: '/schema', body: one },
    { method: 'POST', path: '/backups/filesystem', body: { id: at.backup, include: [one.class] } },
    { method: 'GET', path, until: finished },
    { method: 'DELETE', path: `/schema/${one.class}` },
    { method: 'POST', path: `${path}/restore`, body: {} },
    { method: 'GET', path: `${path}/restore`, until: finished },
  ]
}

/** One backup or restore at a time is all that a server does: the writes run one after the other, after the planted one. */
export const backupOperations = {
  'list-backups': {
    ...{ surface: 'rest', nature: 'read', spec: 'GET /backups/{backend}', needs: 'backup', ask: () => ({ method: 'GET', path: '/backups/filesystem' }) },
    versions: since.listsOfBackups,
    discloses: ({ body }, at) => body.includes(at.backup),
    list: (json) => items(json),
  },
  'get-backup': {
    ...{
      surface: 'rest',
      nature: 'read',
      spec: 'GET /backups/{backend}/{id}',
      needs: 'backup',
      ask: (at) => ({ method: 'GET', path: `/backups/filesystem/${at.backup}` }),
    },
    discloses: ({ json }) => text(json, 'status') === 'SUCCESS',
  },
  'get-restore': {
    ...{
      surface: 'rest',
      nature: 'read',
      spec: 'GET /backups/{backend}/{id}/restore',
      needs: 'backup',
      ask: (at) => ({ method: 'GET', path: `/backups/filesystem/${at.backup}/restore` }),
    },
    discloses: ({ json }) => text(json, 'status') === 'SUCCESS',
  },
  'create-backup': {
    ...{ surface: 'rest', nature: 'write', spec: 'POST /backups/{backend}', needs: 'backup', exclusive: 'backups', ask: backup },
    plant: (at) => [makeOwn(at)],
    look: (at) => ({ method: 'GET', path: backupPath(at) }),
    done: ({ json }) => text(json, 'status') === 'SUCCESS',
    drop: (at) => [backupEnded(at), dropOwn(at)],
  },
  'restore-backup': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'POST /backups/{backend}/{id}/restore',
      needs: 'backup',
      exclusive: 'backups',
      ask: (at) => ({ method: 'POST', path: `${backupPath(at)}/restore`, body: {} }),
    },
    plant: (at) => [makeOwn(at), backup(at), backupEnded(at), dropOwn(at)],
    look: (at) => ({ method: 'GET', path: `/schema/${at.own}` }),
    done: ({ status }) => status === 200,
    drop: (at) => [restoreEnded(at), dropOwn(at)],
  },
} as const satisfies Operations

const indexPath = (at: Place): string => `/schema/${at.own}/properties/note/index/searchable`
const indexesOf = (json: unknown): readonly unknown[] => items(json, 'properties', 0, 'indexes') ?? []
const ownIndexes = { look: (at: Place): Look => ({ method: 'GET', path: `/schema/${at.own}/indexes` }), drop: (at: Place): readonly Step[] => [dropOwn(at)] }
const tasksOf = (json: unknown, at: Place): readonly unknown[] => (items(json, 'reindex') ?? []).filter((one) => text(one, 'payload', 'collection') === at.own)
const ownTasks = {
  look: (): Look => ({ method: 'GET', path: '/tasks' }),
  part: (json: unknown, at: Place): Json => tasksOf(json, at).length,
  done: ({ json }: Answer): boolean => Number(json) > 0,
  drop: ownIndexes.drop,
}
const mentionsOwn: Discloses = ({ body }, at) => body.includes(at.own)
const rebuildFormerly = (at: Place): Step => ({ method: 'PUT', path: `/schema/${at.own}/indexes/note`, body: { searchable: { rebuild: true } } })
const noNamespaces = /namespaces are not enabled/

/** Operations that came after 1.35. */
export const laterOperations = {
  'list-indexes': {
    ...read(
      'GET /schema/{className}/indexes',
      (at) => ({ method: 'GET', path: `/schema/${at.shared}/indexes` }),
      ({ json }) => items(json, 'properties') !== undefined,
    ),
    versions: since.indexes,
  },
  'drop-index': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'DELETE /schema/{className}/properties/{propertyName}/index/{indexName}',
      versions: since.indexes,
      ask: (at) => ({ method: 'DELETE', path: indexPath(at) }),
    },
    plant: (at) => [makeOwn(at)],
    ...ownIndexes,
    done: ({ status, json }) => status === 200 && indexesOf(json).length > 0 && indexesOf(json).every((one) => text(one, 'type') !== 'searchable'),
  },
  'upsert-index': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'PUT /schema/{className}/properties/{propertyName}/index/{indexName}',
      versions: since.indexOperations,
      ask: (at) => ({ method: 'PUT', path: indexPath(at), body: { tokenization: 'word' } }),
    },
    plant: (at) => [makeOwn(at), { method: 'DELETE', path: indexPath(at) }],
    ...ownIndexes,
    done: ({ json }) => indexesOf(json).some((one) => text(one, 'type') === 'searchable'),
  },
  'rebuild-index': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'POST /schema/{className}/properties/{propertyName}/index/{indexName}/rebuild',
      versions: since.indexOperations,
      ask: (at) => ({ method: 'POST', path: `${indexPath(at)}/rebuild` }),
    },
    plant: (at) => [makeOwn(at)],
    ...ownTasks,
  },
  'list-tasks': {
    ...read('GET /tasks', () => ({ method: 'GET', path: '/tasks' }), mentionsOwn),
    versions: since.indexOperations,
    plant: (at) => [makeOwn(at), { method: 'POST', path: `${indexPath(at)}/rebuild` }],
    drop: ownIndexes.drop,
  },
  'set-index': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'PUT /schema/{className}/indexes/{propertyName}',
      versions: beforeIndexOperations,
      ask: rebuildFormerly,
    },
    plant: (at) => [makeOwn(at)],
    ...ownTasks,
  },
  'list-tasks-formerly': {
    ...read('GET /tasks', () => ({ method: 'GET', path: '/tasks' }), mentionsOwn),
    versions: beforeIndexOperations,
    plant: (at) => [makeOwn(at), rebuildFormerly(at)],
    drop: ownIndexes.drop,
  },
  'cancel-index': {
    ...{
      surface: 'rest',
      nature: 'read',
      changes: true,
      spec: 'POST /schema/{className}/properties/{propertyName}/index/{indexName}/cancel',
      versions: since.indexOperations,
    },
    ask: (at) => ({ method: 'POST', path: `/schema/${at.shared}/properties/note/index/searchable/cancel` }),
    discloses: ({ json }) => text(json, 'status') === 'NO_OP',
  },
  tokenize: {
    ...read(
      'POST /tokenize',
      () => ({ method: 'POST', path: '/tokenize', body: { text: 'two words', tokenization: 'word' } }),
      ({ json }) => items(json, 'indexed')?.length === 2,
    ),
    versions: since.indexes,
  },
  'tokenize-for-property': {
    ...read(
      'POST /schema/{className}/properties/{propertyName}/tokenize',
      (at) => ({ method: 'POST', path: `/schema/${at.shared}/properties/note/tokenize`, body: { text: 'two words' } }),
      ({ json }) => items(json, 'indexed')?.length === 2,
    ),
    versions: since.indexes,
  },
  'list-namespaces': { ...absent('GET /namespaces', () => ({ method: 'GET', path: '/namespaces' }), 404, noNamespaces), versions: since.indexes },
  'get-namespace': {
    ...absent('GET /namespaces/{namespace_id}', (at) => ({ method: 'GET', path: `/namespaces/${at.name}` }), 404, noNamespaces),
    versions: since.indexes,
  },
  'create-namespace': {
    ...absent('POST /namespaces/{namespace_id}', (at) => ({ method: 'POST', path: `/namespaces/${at.name}`, body: {} }), 404, noNamespaces),
    versions: since.indexes,
  },
  'update-namespace': {
    ...absent('PUT /namespaces/{namespace_id}', (at) => ({ method: 'PUT', path: `/namespaces/${at.name}`, body: { home_node: 'assay' } }), 404, noNamespaces),
    versions: since.indexes,
  },
  'delete-namespace': {
    ...absent('DELETE /namespaces/{namespace_id}', (at) => ({ method: 'DELETE', path: `/namespaces/${at.name}` }), 404, noNamespaces),
    versions: since.indexes,
  },
  'suspend-namespace': {
    ...absent('POST /namespaces/{namespace_id}/suspend', (at) => ({ method: 'POST', path: `/namespaces/${at.name}/suspend` }), 404, noNamespaces),
    versions: since.indexOperations,
  },
  'resume-namespace': {
    ...absent('POST /namespaces/{namespace_id}/resume', (at) => ({ method: 'POST', path: `/namespaces/${at.name}/resume` }), 404, noNamespaces),
    versions: since.indexOperations,
  },
} as const satisfies Operations

const role = (at: Place): string => `role-${at.name}`
const rolePath = (name: string): string => `/authz/roles/${name}`
const readShared = (at: Place) => ({ action: 'read_collections', collections: { collection: at.shared } })
const readData = (at: Place) => ({ action: 'read_data', data: { collection: at.shared, tenant: '*', object: '*' } })
const makeRole = (at: Place): Step => ({ method: 'POST', path: '/authz/roles', body: { name: role(at), permissions: [readShared(at)] } })
const dropRole = (at: Place): Step => ({ method: 'DELETE', path: rolePath(role(at)) })
const lookRole = { look: (at: Place): Look => ({ method: 'GET', path: rolePath(role(at)) }) }
const actions = (json: unknown): readonly (string | undefined)[] => (items(json, 'permissions') ?? []).map((one) => text(one, 'action'))
const names =
  (of: (at: Place) => string) =>
  ({ json }: Answer, at: Place): boolean =>
    (items(json) ?? []).some((one) => one === of(at) || [text(one, 'name'), text(one, 'userId'), text(one, 'groupId')].includes(of(at)))
const hasOwnRole = names(role)
const hasPlantedRole = names((at) => at.roleName)
const hasPlantedUser = names((at) => at.userName)
const hasPlantedGroup = names((at) => at.groupName)

const userName = (at: Place): string => `user-${at.name}`
const userPath = (at: Place): string => `/users/db/${userName(at)}`
const makeUser = (at: Place): Step => ({ method: 'POST', path: userPath(at), keep: { key: (json) => text(json, 'apikey') } })
const dropUser = (at: Place): Step => ({ method: 'DELETE', path: userPath(at) })
const lookUser = { look: (at: Place): Look => ({ method: 'GET', path: userPath(at) }), drop: (at: Place): readonly Step[] => [dropUser(at)] }
const rolesOfUser = (at: Place): Look => ({ method: 'GET', path: at.userRoles })
const assign = (at: Place): Step => ({ method: 'POST', path: `/authz/users/${at.userName}/assign`, body: { roles: [role(at)], userType: 'db' } })
const rolesOfGroup = (at: Place): Look => ({ method: 'GET', path: `/authz/groups/${at.groupName}/roles/oidc` })
const assignGroup = (at: Place): Step => ({ method: 'POST', path: `/authz/groups/${at.groupName}/assign`, body: { roles: [role(at)], groupType: 'oidc' } })
const roleMade = { plant: (at: Place): readonly Step[] => [makeRole(at)], drop: (at: Place): readonly Step[] => [dropRole(at)] }
const write = { surface: 'rest', nature: 'write' } as const
const listOf = (spec: string, ask: Ask, discloses: Discloses) =>
  ({ surface: 'rest', nature: 'read', spec, ask, discloses, list: (json: unknown) => items(json) }) as const

/** Roles, their permissions, and who has them. They mean something where RBAC is on. */
export const roleOperations = {
  'list-roles': listOf('GET /authz/roles', () => ({ method: 'GET', path: '/authz/roles' }), hasPlantedRole),
  'get-role': read(
    'GET /authz/roles/{id}',
    (at) => ({ method: 'GET', path: rolePath(at.roleName) }),
    ({ json }) => actions(json).includes('read_collections'),
  ),
  'has-permission': read(
    'POST /authz/roles/{id}/has-permission',
    (at) => ({ method: 'POST', path: `${rolePath(at.roleName)}/has-permission`, body: readShared(at) }),
    ({ json }) => json === true,
  ),
  'list-users-of-role': {
    ...listOf('GET /authz/roles/{id}/user-assignments', (at) => ({ method: 'GET', path: `${rolePath(at.roleName)}/user-assignments` }), hasPlantedUser),
    versions: since.databaseUsers,
  },
  'list-users-of-role-formerly': listOf('GET /authz/roles/{id}/users', (at) => ({ method: 'GET', path: `${rolePath(at.roleName)}/users` }), hasPlantedUser),
  'list-groups-of-role': {
    ...listOf('GET /authz/roles/{id}/group-assignments', (at) => ({ method: 'GET', path: `${rolePath(at.roleName)}/group-assignments` }), hasPlantedGroup),
    versions: since.groups,
  },
  'list-roles-of-user': { ...listOf('GET /authz/users/{id}/roles/{userType}', rolesOfUser, hasPlantedRole), versions: since.databaseUsers },
  'list-roles-of-user-formerly': listOf('GET /authz/users/{id}/roles', (at) => ({ method: 'GET', path: `/authz/users/${at.userName}/roles` }), hasPlantedRole),
  'list-groups': { ...listOf('GET /authz/groups/{groupType}', () => ({ method: 'GET', path: '/authz/groups/oidc' }), hasPlantedGroup), versions: since.groups },
  'list-roles-of-group': { ...listOf('GET /authz/groups/{id}/roles/{groupType}', rolesOfGroup, hasPlantedRole), versions: since.groups },
  'create-role': { ...write, spec: 'POST /authz/roles', ask: makeRole, ...lookRole, done: ({ status }) => status === 200, drop: (at) => [dropRole(at)] },
  'delete-role': { ...write, spec: 'DELETE /authz/roles/{id}', ask: dropRole, ...roleMade, ...lookRole, done: ({ status }) => status === 404 },
  'add-permissions': {
    ...{
      ...write,
      spec: 'POST /authz/roles/{id}/add-permissions',
      ask: (at) => ({ method: 'POST', path: `${rolePath(role(at))}/add-permissions`, body: { permissions: [readData(at)] } }),
    },
    ...roleMade,
    ...lookRole,
    done: ({ json }) => actions(json).includes('read_data'),
  },
  'remove-permissions': {
    ...{
      ...write,
      spec: 'POST /authz/roles/{id}/remove-permissions',
      ask: (at) => ({ method: 'POST', path: `${rolePath(role(at))}/remove-permissions`, body: { permissions: [readData(at)] } }),
    },
    ...roleMade,
    plant: (at) => [{ method: 'POST', path: '/authz/roles', body: { name: role(at), permissions: [readShared(at), readData(at)] } }],
    ...lookRole,
    done: ({ status, json }) => status === 200 && !actions(json).includes('read_data'),
  },
  'assign-role': {
    ...write,
    spec: 'POST /authz/users/{id}/assign',
    ask: assign,
    ...roleMade,
    look: rolesOfUser,
    part: (json, at) => hasOwnRole({ status: 200, json, body: '' }, at),
    done: ({ json }) => json === true,
  },
  'revoke-role': {
    ...{ ...write, spec: 'POST /authz/users/{id}/revoke', ask: (at) => ({ ...assign(at), path: `/authz/users/${at.userName}/revoke` }) },
    ...roleMade,
    plant: (at) => [makeRole(at), assign(at)],
    look: rolesOfUser,
    part: (json, at) => hasOwnRole({ status: 200, json, body: '' }, at),
    done: ({ json }) => json === false,
  },
  'assign-role-to-group': {
    versions: since.groups,
    ...write,
    spec: 'POST /authz/groups/{id}/assign',
    ask: assignGroup,
    ...roleMade,
    look: rolesOfGroup,
    part: (json, at) => hasOwnRole({ status: 200, json, body: '' }, at),
    done: ({ json }) => json === true,
  },
  'revoke-role-from-group': {
    versions: since.groups,
    ...{ ...write, spec: 'POST /authz/groups/{id}/revoke', ask: (at) => ({ ...assignGroup(at), path: `/authz/groups/${at.groupName}/revoke` }) },
    ...roleMade,
    plant: (at) => [makeRole(at), assignGroup(at)],
    look: rolesOfGroup,
    part: (json, at) => hasOwnRole({ status: 200, json, body: '' }, at),
    done: ({ json }) => json === false,
  },
} as const satisfies Operations

/** What the reads of roles and users show, and built-in roles for the two users who are known by them. */
export const plantRoles = (at: Planted, { reader, manager }: { readonly reader: string; readonly manager: string }): readonly Step[] => [
  { method: 'POST', path: '/authz/roles', body: { name: at.roleName, permissions: [{ action: 'read_collections', collections: { collection: at.shared } }] } },
  { method: 'POST', path: `/users/db/${at.userName}`, versions: since.databaseUsers },
  { method: 'POST', path: `/authz/users/${at.userName}/assign`, body: { roles: [at.roleName], userType: 'db' } },
  { method: 'POST', path: `/authz/groups/${at.groupName}/assign`, body: { roles: [at.roleName], groupType: 'oidc' } },
  { method: 'POST', path: `/authz/users/${reader}/assign`, body: { roles: ['viewer'], userType: 'db' } },
  { method: 'POST', path: `/authz/users/${manager}/assign`, body: { roles: ['admin'], userType: 'db' } },
]

/**
 * `kc-reader` may read, and so may whoever is in the group of the machine; the group of `kc-admin` may do all. The role that
 * `kc-nobody` has is one of a user of the database of the same name, and nobody's at the issuer.
 */
export const plantOidcRoles = (): readonly Step[] => [
  { method: 'POST', path: '/authz/users/kc-reader/assign', body: { roles: ['viewer'], userType: 'oidc' } },
  { method: 'POST', path: '/authz/groups/admins/assign', body: { roles: ['admin'], groupType: 'oidc' } },
  { method: 'POST', path: '/authz/groups/machines/assign', body: { roles: ['viewer'], groupType: 'oidc' } },
  { method: 'POST', path: '/users/db/kc-nobody', versions: since.databaseUsers },
  { method: 'POST', path: '/authz/users/kc-nobody/assign', body: { roles: ['admin'], userType: 'db' }, versions: since.databaseUsers },
]

const isActive = (json: unknown): unknown => field(json, 'active')

const ownInfo = (afterwards: (at: Place) => readonly Step[]): RestOperation => ({
  ...read(
    'GET /users/own-info',
    () => ({ method: 'GET', path: '/users/own-info' }),
    ({ json }, at) => text(json, 'username') === userName(at),
  ),
  plant: (at) => [makeUser(at), ...afterwards(at)],
  drop: lookUser.drop,
  versions: since.databaseUsers,
})
const deactivate = (at: Place): Step => ({ method: 'POST', path: `${userPath(at)}/deactivate`, body: {} })
const activate = (at: Place): Step => ({ method: 'POST', path: `${userPath(at)}/activate` })

/** What the key that a database user was given at first is worth, after what was done to the user. */
export const keyHolderOperations = {
  'get-own-info-once-made': ownInfo(() => []),
  'get-own-info-once-rotated': ownInfo((at) => [{ method: 'POST', path: `${userPath(at)}/rotate-key` }]),
  'get-own-info-once-deactivated': ownInfo((at) => [deactivate(at)]),
  'get-own-info-once-activated-again': ownInfo((at) => [deactivate(at), activate(at)]),
  'get-own-info-once-deleted': ownInfo((at) => [dropUser(at)]),
  'get-own-info-once-made-anew': ownInfo((at) => [dropUser(at), { method: 'POST', path: userPath(at) }]),
} as const satisfies Operations

/** Users whose keys the database itself gives. */
export const userOperations = {
  'list-db-users': { ...listOf('GET /users/db', () => ({ method: 'GET', path: '/users/db' }), hasPlantedUser), versions: since.databaseUsers },
  'get-db-user': {
    ...read(
      'GET /users/db/{user_id}',
      (at) => ({ method: 'GET', path: `/users/db/${at.userName}` }),
      ({ json }) => isActive(json) === true,
    ),
    versions: since.databaseUsers,
  },
  'create-db-user': {
    versions: since.databaseUsers,
    ...write,
    spec: 'POST /users/db/{user_id}',
    ask: (at) => ({ method: 'POST', path: userPath(at) }),
    ...lookUser,
    done: ({ status }) => status === 200,
  },
  'delete-db-user': {
    versions: since.databaseUsers,
    ...write,
    spec: 'DELETE /users/db/{user_id}',
    ask: dropUser,
    plant: (at) => [makeUser(at)],
    ...lookUser,
    done: ({ status }) => status === 404,
  },
  'deactivate-db-user': {
    versions: since.databaseUsers,
    ...{ ...write, spec: 'POST /users/db/{user_id}/deactivate', ask: (at) => ({ method: 'POST', path: `${userPath(at)}/deactivate`, body: {} }) },
    plant: (at) => [makeUser(at)],
    ...lookUser,
    done: ({ json }) => isActive(json) === false,
  },
  'activate-db-user': {
    versions: since.databaseUsers,
    ...{ ...write, spec: 'POST /users/db/{user_id}/activate', ask: (at) => ({ method: 'POST', path: `${userPath(at)}/activate` }) },
    plant: (at) => [makeUser(at), { method: 'POST', path: `${userPath(at)}/deactivate`, body: {} }],
    ...lookUser,
    done: ({ json }) => isActive(json) === true,
  },
  'rotate-key': {
    versions: since.databaseUsers,
    ...{ ...write, spec: 'POST /users/db/{user_id}/rotate-key', ask: (at) => ({ method: 'POST', path: `${userPath(at)}/rotate-key` }) },
    plant: (at) => [makeUser(at)],
    // The state is what the old key is worth.
    look: () => ({ method: 'GET', path: '/users/own-info', as: 'key' }),
    drop: lookUser.drop,
    done: ({ status }) => status === 401,
  },
} as const satisfies Operations
