import type { Answer, Look, Operations, Place, RestOperation, Step } from './operation.ts'
import { collection } from './rest-schema.ts'
import { field, items, text } from './shapes.ts'

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
  'get-meta': read('GET /meta', () => ({ method: 'GET', path: '/meta' }), ({ json }) => text(json, 'version') !== undefined),
  'list-nodes': read('GET /nodes', () => ({ method: 'GET', path: '/nodes' }), ({ json }) => text(json, 'nodes', 0, 'status') === 'HEALTHY'),
  'list-nodes-verbosely': read('GET /nodes', () => ({ method: 'GET', path: '/nodes?output=verbose' }), ({ body }, at) => body.includes(at.shared)),
  'list-nodes-of-collection': read('GET /nodes/{className}', (at) => ({ method: 'GET', path: `/nodes/${at.shared}?output=verbose` }), ({ json }) => text(json, 'nodes', 0, 'status') === 'HEALTHY'),
  'get-cluster-statistics': read('GET /cluster/statistics', () => ({ method: 'GET', path: '/cluster/statistics' }), ({ json }) => text(json, 'statistics', 0, 'name') !== undefined),
  'validate-object': read('POST /objects/validate', (at) => ({ method: 'POST', path: '/objects/validate', body: { class: at.shared, id: at.id, properties: { note: 'valid' } } }), ({ status, body }) => status === 200 && body.trim() === ''),
  'get-sharding-state': read(
    'GET /replication/sharding-state',
    (at) => ({ method: 'GET', path: `/replication/sharding-state?collection=${at.shared}` }),
    ({ json }) => text(json, 'shardingState', 'shards', 0, 'shard') !== undefined,
  ),
  'get-scale-plan': read(
    'GET /replication/scale',
    (at) => ({ method: 'GET', path: `/replication/scale?collection=${at.shared}&replicationFactor=1` }),
    ({ json }) => text(json, 'planId') !== undefined,
  ),
  'force-delete-replications-dry': read(
    'POST /replication/replicate/force-delete',
    () => ({ method: 'POST', path: '/replication/replicate/force-delete', body: { id: UNKNOWN_ID, dryRun: true } }),
    ({ json }) => items(json, 'deleted') !== undefined,
  ),
  'replicate-unknown-shard': absent(
    'POST /replication/replicate',
    (at) => ({ method: 'POST', path: '/replication/replicate', body: { sourceNode: 'assay', targetNode: 'other', collection: at.shared, shard: 'never', type: 'COPY' } }),
    422,
    /shard not found/,
  ),
  'get-own-info': { ...read('GET /users/own-info', () => ({ method: 'GET', path: '/users/own-info' }), ({ json }) => text(json, 'username') !== undefined) },
  'get-restore-of-unknown-backup': absent('GET /backups/{backend}/{id}/restore', (at) => ({ method: 'GET', path: `/backups/filesystem/${at.name}/restore` }), 404, /metadata not found/),
  'get-unknown-backup': absent('GET /backups/{backend}/{id}', (at) => ({ method: 'GET', path: `/backups/filesystem/${at.name}` }), 404, /metadata not found|backup id/),
} as const satisfies Operations

const finished = ({ status, json }: Answer): boolean => status === 404 || ['SUCCESS', 'FAILED', 'CANCELED'].includes(text(json, 'status') ?? '')
const backupPath = (at: Place): string => `/backups/filesystem/${at.name}`
const backup = (at: Place): Step => ({ method: 'POST', path: '/backups/filesystem', body: { id: at.name, include: [at.own] } })
const backupEnded = (at: Place): Step => ({ method: 'GET', path: backupPath(at), until: finished })
const restoreEnded = (at: Place): Step => ({ method: 'GET', path: `${backupPath(at)}/restore`, until: finished })

/** One backup or restore at a time is all that a server does. */
export const backupOperations = {
  'list-backups': {
    ...{ surface: 'rest', nature: 'read', spec: 'GET /backups/{backend}', exclusive: true, ask: () => ({ method: 'GET', path: '/backups/filesystem' }) },
    plant: (at) => [makeOwn(at), backup(at), backupEnded(at)],
    drop: (at) => [dropOwn(at)],
    discloses: ({ body }, at) => body.includes(at.name),
    list: (json) => items(json),
  },
  'get-backup': {
    ...{ surface: 'rest', nature: 'read', spec: 'GET /backups/{backend}/{id}', exclusive: true, ask: (at) => ({ method: 'GET', path: backupPath(at) }) },
    plant: (at) => [makeOwn(at), backup(at), backupEnded(at)],
    drop: (at) => [dropOwn(at)],
    discloses: ({ json }) => text(json, 'status') === 'SUCCESS',
  },
  'create-backup': {
    ...{ surface: 'rest', nature: 'write', spec: 'POST /backups/{backend}', exclusive: true, ask: backup },
    plant: (at) => [makeOwn(at)],
    look: (at) => ({ method: 'GET', path: backupPath(at) }),
    done: ({ json }) => text(json, 'status') === 'SUCCESS',
    drop: (at) => [backupEnded(at), dropOwn(at)],
  },
  'restore-backup': {
    ...{ surface: 'rest', nature: 'write', spec: 'POST /backups/{backend}/{id}/restore', exclusive: true, ask: (at) => ({ method: 'POST', path: `${backupPath(at)}/restore`, body: {} }) },
    plant: (at) => [makeOwn(at), backup(at), backupEnded(at), dropOwn(at)],
    look: (at) => ({ method: 'GET', path: `/schema/${at.own}` }),
    done: ({ status }) => status === 200,
    drop: (at) => [restoreEnded(at), dropOwn(at)],
  },
  'get-restore': {
    ...{ surface: 'rest', nature: 'read', spec: 'GET /backups/{backend}/{id}/restore', exclusive: true, ask: (at) => ({ method: 'GET', path: `${backupPath(at)}/restore` }) },
    plant: (at) => [makeOwn(at), backup(at), backupEnded(at), dropOwn(at), { method: 'POST', path: `${backupPath(at)}/restore`, body: {} }, restoreEnded(at)],
    drop: (at) => [dropOwn(at)],
    discloses: ({ json }) => text(json, 'status') === 'SUCCESS',
  },
} as const satisfies Operations

const since137 = '>=1.36.0'
const indexPath = (at: Place): string => `/schema/${at.own}/properties/note/index/searchable`
const indexesOf = (json: unknown): readonly unknown[] => items(json, 'properties', 0, 'indexes') ?? []
const ownIndexes = { look: (at: Place): Look => ({ method: 'GET', path: `/schema/${at.own}/indexes` }), drop: (at: Place): readonly Step[] => [dropOwn(at)] }
const tasksOf = (json: unknown, at: Place): readonly unknown[] => (items(json, 'reindex') ?? []).filter((one) => text(one, 'payload', 'collection') === at.own)
const noNamespaces = /namespaces are not enabled/

/** Operations that came after 1.35. */
export const laterOperations = {
  'list-indexes': { ...read('GET /schema/{className}/indexes', (at) => ({ method: 'GET', path: `/schema/${at.shared}/indexes` }), ({ json }) => items(json, 'properties') !== undefined), versions: since137 },
  'drop-index': {
    ...{ surface: 'rest', nature: 'write', spec: 'DELETE /schema/{className}/properties/{propertyName}/index/{indexName}', versions: since137, ask: (at) => ({ method: 'DELETE', path: indexPath(at) }) },
    plant: (at) => [makeOwn(at)],
    ...ownIndexes,
    done: ({ status, json }) => status === 200 && indexesOf(json).length > 0 && indexesOf(json).every((one) => text(one, 'type') !== 'searchable'),
  },
  'upsert-index': {
    ...{ surface: 'rest', nature: 'write', spec: 'PUT /schema/{className}/properties/{propertyName}/index/{indexName}', versions: since137, ask: (at) => ({ method: 'PUT', path: indexPath(at), body: { searchable: { enabled: true } } }) },
    plant: (at) => [makeOwn(at), { method: 'DELETE', path: indexPath(at) }],
    ...ownIndexes,
    done: ({ json }) => indexesOf(json).some((one) => text(one, 'type') === 'searchable'),
  },
  'rebuild-index': {
    ...{ surface: 'rest', nature: 'write', spec: 'POST /schema/{className}/properties/{propertyName}/index/{indexName}/rebuild', versions: since137, ask: (at) => ({ method: 'POST', path: `${indexPath(at)}/rebuild` }) },
    plant: (at) => [makeOwn(at)],
    look: () => ({ method: 'GET', path: '/tasks' }),
    part: (json, at) => tasksOf(json, at).length,
    done: ({ json }) => Number(json) > 0,
    drop: ownIndexes.drop,
  },
  'list-tasks': {
    ...read('GET /tasks', () => ({ method: 'GET', path: '/tasks' }), ({ body }, at) => body.includes(at.own)),
    versions: since137,
    plant: (at) => [makeOwn(at), { method: 'POST', path: `${indexPath(at)}/rebuild` }],
    drop: ownIndexes.drop,
  },
  'cancel-index': {
    ...read('POST /schema/{className}/properties/{propertyName}/index/{indexName}/cancel', (at) => ({ method: 'POST', path: `/schema/${at.shared}/properties/note/index/searchable/cancel` }), ({ json }) => text(json, 'status') === 'NO_OP'),
    versions: since137,
  },
  tokenize: { ...read('POST /tokenize', () => ({ method: 'POST', path: '/tokenize', body: { text: 'two words', tokenization: 'word' } }), ({ json }) => items(json, 'indexed')?.length === 2), versions: since137 },
  'tokenize-for-property': {
    ...read('POST /schema/{className}/properties/{propertyName}/tokenize', (at) => ({ method: 'POST', path: `/schema/${at.shared}/properties/note/tokenize`, body: { text: 'two words' } }), ({ json }) => items(json, 'indexed')?.length === 2),
    versions: since137,
  },
  'list-namespaces': { ...absent('GET /namespaces', () => ({ method: 'GET', path: '/namespaces' }), 404, noNamespaces), versions: since137 },
  'get-namespace': { ...absent('GET /namespaces/{namespace_id}', (at) => ({ method: 'GET', path: `/namespaces/${at.name}` }), 404, noNamespaces), versions: since137 },
  'create-namespace': { ...absent('POST /namespaces/{namespace_id}', (at) => ({ method: 'POST', path: `/namespaces/${at.name}`, body: {} }), 404, noNamespaces), versions: since137 },
  'update-namespace': { ...absent('PUT /namespaces/{namespace_id}', (at) => ({ method: 'PUT', path: `/namespaces/${at.name}`, body: { home_node: 'assay' } }), 404, noNamespaces), versions: since137 },
  'delete-namespace': { ...absent('DELETE /namespaces/{namespace_id}', (at) => ({ method: 'DELETE', path: `/namespaces/${at.name}` }), 404, noNamespaces), versions: since137 },
  'suspend-namespace': { ...absent('POST /namespaces/{namespace_id}/suspend', (at) => ({ method: 'POST', path: `/namespaces/${at.name}/suspend` }), 404, noNamespaces), versions: since137 },
  'resume-namespace': { ...absent('POST /namespaces/{namespace_id}/resume', (at) => ({ method: 'POST', path: `/namespaces/${at.name}/resume` }), 404, noNamespaces), versions: since137 },
} as const satisfies Operations

const role = (at: Place): string => `role-${at.name}`
const rolePath = (at: Place): string => `/authz/roles/${role(at)}`
const readShared = (at: Place) => ({ action: 'read_collections', collections: { collection: at.shared } })
const readData = (at: Place) => ({ action: 'read_data', data: { collection: at.shared, tenant: '*', object: '*' } })
const makeRole = (at: Place): Step => ({ method: 'POST', path: '/authz/roles', body: { name: role(at), permissions: [readShared(at)] } })
const dropRole = (at: Place): Step => ({ method: 'DELETE', path: rolePath(at) })
const lookRole = { look: (at: Place): Look => ({ method: 'GET', path: rolePath(at) }) }
const actions = (json: unknown): readonly (string | undefined)[] => (items(json, 'permissions') ?? []).map((one) => text(one, 'action'))

const userName = (at: Place): string => `user-${at.name}`
const userPath = (at: Place): string => `/users/db/${userName(at)}`
const makeUser = (at: Place): Step => ({ method: 'POST', path: userPath(at), keep: { key: (json) => text(json, 'apikey') } })
const dropUser = (at: Place): Step => ({ method: 'DELETE', path: userPath(at) })
const lookUser = { look: (at: Place): Look => ({ method: 'GET', path: userPath(at) }), drop: (at: Place): readonly Step[] => [dropUser(at)] }
const rolesOfUser = (at: Place): Look => ({ method: 'GET', path: `/authz/users/${userName(at)}/roles/db` })
const has = ({ json }: Answer, at: Place): boolean => (items(json) ?? []).some((one) => text(one, 'name') === role(at))
const assign = (at: Place): Step => ({ method: 'POST', path: `/authz/users/${userName(at)}/assign`, body: { roles: [role(at)], userType: 'db' } })
const userAndRole = { plant: (at: Place): readonly Step[] => [makeRole(at), makeUser(at)], drop: (at: Place): readonly Step[] => [dropUser(at), dropRole(at)] }
const assigned = { ...userAndRole, plant: (at: Place): readonly Step[] => [makeRole(at), makeUser(at), assign(at)] }

const group = (at: Place): string => `group-${at.name}`
const rolesOfGroup = (at: Place): Look => ({ method: 'GET', path: `/authz/groups/${group(at)}/roles/oidc` })
const assignGroup = (at: Place): Step => ({ method: 'POST', path: `/authz/groups/${group(at)}/assign`, body: { roles: [role(at)], groupType: 'oidc' } })
const groupAssigned = { plant: (at: Place): readonly Step[] => [makeRole(at), assignGroup(at)], drop: (at: Place): readonly Step[] => [dropRole(at)] }
const roleMade = { plant: (at: Place): readonly Step[] => [makeRole(at)], drop: (at: Place): readonly Step[] => [dropRole(at)] }
const write = { surface: 'rest', nature: 'write' } as const

/** Roles, their permissions, and who has them. They mean something where RBAC is on. */
export const roleOperations = {
  'list-roles': { ...read('GET /authz/roles', () => ({ method: 'GET', path: '/authz/roles' }), ({ body }, at) => body.includes(role(at))), nature: 'read', ...roleMade, discloses: ({ body }, at) => body.includes(role(at)), list: (json) => items(json) },
  'get-role': { ...read('GET /authz/roles/{id}', (at) => ({ method: 'GET', path: rolePath(at) }), ({ json }) => actions(json).includes('read_collections')), ...roleMade },
  'create-role': { ...write, spec: 'POST /authz/roles', ask: makeRole, ...lookRole, done: ({ status }) => status === 200, drop: (at) => [dropRole(at)] },
  'delete-role': { ...write, spec: 'DELETE /authz/roles/{id}', ask: dropRole, ...roleMade, ...lookRole, done: ({ status }) => status === 404 },
  'add-permissions': {
    ...{ ...write, spec: 'POST /authz/roles/{id}/add-permissions', ask: (at) => ({ method: 'POST', path: `${rolePath(at)}/add-permissions`, body: { permissions: [readData(at)] } }) },
    ...roleMade,
    ...lookRole,
    done: ({ json }) => actions(json).includes('read_data'),
  },
  'remove-permissions': {
    ...{ ...write, spec: 'POST /authz/roles/{id}/remove-permissions', ask: (at) => ({ method: 'POST', path: `${rolePath(at)}/remove-permissions`, body: { permissions: [readData(at)] } }) },
    ...roleMade,
    plant: (at) => [{ method: 'POST', path: '/authz/roles', body: { name: role(at), permissions: [readShared(at), readData(at)] } }],
    ...lookRole,
    done: ({ status, json }) => status === 200 && !actions(json).includes('read_data'),
  },
  'has-permission': { ...read('POST /authz/roles/{id}/has-permission', (at) => ({ method: 'POST', path: `${rolePath(at)}/has-permission`, body: readShared(at) }), ({ json }) => json === true), ...roleMade },
  'list-users-of-role': { ...read('GET /authz/roles/{id}/user-assignments', (at) => ({ method: 'GET', path: `${rolePath(at)}/user-assignments` }), ({ body }, at) => body.includes(userName(at))), ...assigned },
  'list-users-of-role-formerly': { ...read('GET /authz/roles/{id}/users', (at) => ({ method: 'GET', path: `${rolePath(at)}/users` }), ({ body }, at) => body.includes(userName(at))), ...assigned },
  'list-groups-of-role': { ...read('GET /authz/roles/{id}/group-assignments', (at) => ({ method: 'GET', path: `${rolePath(at)}/group-assignments` }), ({ body }, at) => body.includes(group(at))), ...groupAssigned },
  'assign-role': { ...write, spec: 'POST /authz/users/{id}/assign', ask: assign, ...userAndRole, look: rolesOfUser, done: has },
  'revoke-role': {
    ...{ ...write, spec: 'POST /authz/users/{id}/revoke', ask: (at) => ({ ...assign(at), path: `/authz/users/${userName(at)}/revoke` }) },
    ...assigned,
    look: rolesOfUser,
    done: (state, at) => state.status === 200 && !has(state, at),
  },
  'list-roles-of-user': { ...read('GET /authz/users/{id}/roles/{userType}', rolesOfUser, has), ...assigned, nature: 'read', discloses: has, list: (json) => items(json) },
  'list-roles-of-user-formerly': { ...read('GET /authz/users/{id}/roles', (at) => ({ method: 'GET', path: `/authz/users/${userName(at)}/roles` }), has), ...assigned, nature: 'read', discloses: has, list: (json) => items(json) },
  'assign-role-to-group': { ...write, spec: 'POST /authz/groups/{id}/assign', ask: assignGroup, ...roleMade, look: rolesOfGroup, done: has },
  'revoke-role-from-group': {
    ...{ ...write, spec: 'POST /authz/groups/{id}/revoke', ask: (at) => ({ ...assignGroup(at), path: `/authz/groups/${group(at)}/revoke` }) },
    ...groupAssigned,
    look: rolesOfGroup,
    done: (state, at) => state.status === 200 && !has(state, at),
  },
  'list-groups': { ...read('GET /authz/groups/{groupType}', () => ({ method: 'GET', path: '/authz/groups/oidc' }), ({ body }, at) => body.includes(group(at))), ...groupAssigned, nature: 'read', discloses: ({ body }, at) => body.includes(group(at)), list: (json) => items(json) },
  'list-roles-of-group': { ...read('GET /authz/groups/{id}/roles/{groupType}', rolesOfGroup, has), ...groupAssigned, nature: 'read', discloses: has, list: (json) => items(json) },
} as const satisfies Operations

const isActive = (json: unknown): unknown => field(json, 'active')

/** Users whose keys the database itself gives. */
export const userOperations = {
  'list-db-users': {
    ...{ surface: 'rest', nature: 'read', spec: 'GET /users/db', ask: () => ({ method: 'GET', path: '/users/db' }) },
    plant: (at) => [makeUser(at)],
    drop: lookUser.drop,
    discloses: ({ body }, at) => body.includes(userName(at)),
    list: (json) => items(json),
  },
  'get-db-user': { ...read('GET /users/db/{user_id}', (at) => ({ method: 'GET', path: userPath(at) }), ({ json }) => isActive(json) === true), plant: (at) => [makeUser(at)], drop: lookUser.drop },
  'create-db-user': { ...write, spec: 'POST /users/db/{user_id}', ask: (at) => ({ method: 'POST', path: userPath(at) }), ...lookUser, done: ({ status }) => status === 200 },
  'delete-db-user': { ...write, spec: 'DELETE /users/db/{user_id}', ask: dropUser, plant: (at) => [makeUser(at)], ...lookUser, done: ({ status }) => status === 404 },
  'deactivate-db-user': {
    ...{ ...write, spec: 'POST /users/db/{user_id}/deactivate', ask: (at) => ({ method: 'POST', path: `${userPath(at)}/deactivate`, body: {} }) },
    plant: (at) => [makeUser(at)],
    ...lookUser,
    done: ({ json }) => isActive(json) === false,
  },
  'activate-db-user': {
    ...{ ...write, spec: 'POST /users/db/{user_id}/activate', ask: (at) => ({ method: 'POST', path: `${userPath(at)}/activate` }) },
    plant: (at) => [makeUser(at), { method: 'POST', path: `${userPath(at)}/deactivate`, body: {} }],
    ...lookUser,
    done: ({ json }) => isActive(json) === true,
  },
  'rotate-key': {
    ...{ ...write, spec: 'POST /users/db/{user_id}/rotate-key', ask: (at) => ({ method: 'POST', path: `${userPath(at)}/rotate-key` }) },
    plant: (at) => [makeUser(at)],
    // The state is what the old key is worth.
    look: () => ({ method: 'GET', path: '/users/own-info', as: 'key' }),
    drop: lookUser.drop,
    done: ({ status }) => status === 401,
  },
} as const satisfies Operations
