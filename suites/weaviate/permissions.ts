import type { Json } from '../../src/json.ts'
import { holdsFor } from '../../src/plan.ts'
import { since } from './since.ts'
import type { Place } from './operation.ts'
import type { OperationName } from './operations.ts'

/** What a permission is limited to: its resource's fields, each a name or a pattern. */
type Fields = Readonly<Record<string, string>>

/** One permission as the REST API of roles takes it: `{ action, <resource>: { … } }`. */
export type Permission = { readonly action: string } & Readonly<Record<string, Json>>

interface Kind {
  readonly actions: readonly string[]
  readonly all: Fields
  readonly versions?: string
}

/** Which actions there are, with all that they can be limited to (vendor page: rbac/manage-roles). */
const resources = {
  collections: { actions: ['create', 'read', 'update', 'delete'], all: { collection: '*' } },
  data: { actions: ['create', 'read', 'update', 'delete'], all: { collection: '*', tenant: '*', object: '*' } },
  tenants: { actions: ['create', 'read', 'update', 'delete'], all: { collection: '*', tenant: '*' } },
  aliases: { actions: ['create', 'read', 'update', 'delete'], all: { collection: '*', alias: '*' }, versions: since.aliases },
  replicate: { actions: ['create', 'read', 'update', 'delete'], all: { collection: '*', shard: '*' }, versions: since.replicas },
  roles: { actions: ['create', 'read', 'update', 'delete'], all: { role: '*', scope: 'all' } },
  users: { actions: ['create', 'read', 'update', 'delete', 'assign_and_revoke'], all: { users: '*' } },
  groups: { actions: ['read', 'assign_and_revoke'], all: { group: '*', groupType: 'oidc' }, versions: since.groups },
  backups: { actions: ['manage'], all: { collection: '*' } },
  nodes: { actions: ['read'], all: { verbosity: 'verbose', collection: '*' } },
  cluster: { actions: ['read'], all: {} },
} as const satisfies Readonly<Record<string, Kind>>
type Resource = keyof typeof resources

const permission = (action: string, resource: Resource, fields: Fields = {}): Permission => ({
  action: `${action}_${resource}`,
  ...(resource === 'cluster' ? {} : { [resource]: { ...resources[resource].all, ...fields } }),
})

/** What servers without users of their own do not take. */
const aboutDatabaseUsers = ['create_users', 'update_users', 'delete_users']

/** Every permission that a server of that version knows, on everything. */
export const everyPermission = (version: string): readonly Permission[] =>
  (Object.keys(resources) as Resource[])
    .filter((resource) => holdsFor((resources[resource] as Kind).versions ?? '*', version))
    .flatMap((resource) => resources[resource].actions.map((action) => permission(action, resource)))
    .filter(({ action }) => !aboutDatabaseUsers.includes(action) || holdsFor(since.databaseUsers, version))

type Needs = (at: Place) => readonly Permission[]

const data =
  (...actions: readonly string[]): Needs =>
  ({ shared }) =>
    actions.map((action) => permission(action, 'data', { collection: shared }))
const onOwn =
  (...actions: readonly string[]): Needs =>
  ({ own }) =>
    actions.map((action) => permission(action, 'collections', { collection: own }))
const readsShared: Needs = ({ shared }) => [permission('read', 'collections', { collection: shared })]
const tenants =
  (...actions: readonly string[]): Needs =>
  (at) =>
    actions.map((action) => permission(action, 'tenants', { collection: at.tenants, tenant: at.name }))
const plantedTenant: Needs = (at) => [permission('read', 'tenants', { collection: at.tenants, tenant: at.tenant })]
const aliases =
  (...actions: readonly string[]): Needs =>
  (at) =>
    actions.map((action) => permission(action, 'aliases', { collection: at.shared, alias: `Alias${at.name}` }))
const plantedAlias: Needs = (at) => [permission('read', 'aliases', { collection: at.shared, alias: at.alias })]
const both =
  (...needs: readonly Needs[]): Needs =>
  (at) =>
    needs.flatMap((one) => one(at))
const plantedRole: Needs = ({ roleName }) => [permission('read', 'roles', { role: roleName })]
const ownRole =
  (...actions: readonly string[]): Needs =>
  ({ name }) =>
    actions.map((action) => permission(action, 'roles', { role: `role-${name}` }))
const plantedUser =
  (...actions: readonly string[]): Needs =>
  ({ userName }) =>
    actions.map((action) => permission(action, 'users', { users: userName }))
const ownUser =
  (action: string): Needs =>
  ({ name }) => [permission(action, 'users', { users: `user-${name}` })]
const plantedGroup =
  (action: string): Needs =>
  ({ groupName }) => [permission(action, 'groups', { group: groupName })]
const backsUp =
  (of: (at: Place) => string): Needs =>
  (at) => [permission('manage', 'backups', { collection: of(at) })]
const ofBacked = backsUp(({ backup }) => `Backed${backup}`)
const node = (verbosity: string, collection: (at: Place) => string): Needs => {
  return (at) => [permission('read', 'nodes', verbosity === 'minimal' ? { verbosity } : { verbosity, collection: collection(at) })]
}
const replicas =
  (action: string): Needs =>
  ({ shared }) => [permission(action, 'replicate', { collection: shared })]
const cluster: Needs = () => [permission('read', 'cluster')]

/** An index is a matter of the definition and of all objects. */
const changesIndex =
  (of: (at: Place) => string): Needs =>
  (at) => [permission('update', 'collections', { collection: of(at) }), permission('update', 'data', { collection: of(at) })]
/** Nobody gives away what he has not: the role that is assigned lets its holders read the shared collection. */
const givesAway = (needed: Needs): Needs => both(needed, readsShared)
/** The answer of GraphQL is made with the definitions of all collections. */
const queries: Needs = (at) => [...data('read')(at), permission('read', 'collections')]

/** What a role needs for each operation, and nothing more; those that need nothing, or that no custom role may do, are left out. */
export const needs = {
  'list-objects': data('read'),
  'get-object': data('read'),
  'head-object': data('read'),
  'create-object': data('create'),
  'replace-object': data('update'),
  'patch-object': data('update'),
  'delete-object': data('delete'),
  'add-reference': both(data('update', 'read'), readsShared),
  'replace-references': both(data('update', 'read'), readsShared),
  'delete-reference': both(data('update', 'read'), readsShared),
  'batch-create-objects': data('create', 'update'),
  'batch-add-references': both(data('update', 'read'), readsShared),
  'batch-delete-objects': both(data('delete'), readsShared),
  'validate-object': data('read'),
  'dump-schema': readsShared,
  'get-collection': readsShared,
  // A collection without tenants has one shard, and what is said of tenants holds for it.
  'list-shards': ({ shared }) => [permission('read', 'tenants', { collection: shared })],
  'create-collection': onOwn('create'),
  'update-collection': onOwn('update'),
  'delete-collection': onOwn('delete'),
  'add-property': onOwn('update', 'read'),
  'update-shard': ({ own }) => [permission('update', 'tenants', { collection: own })],
  'list-tenants': plantedTenant,
  'get-tenant': plantedTenant,
  'head-tenant': plantedTenant,
  'create-tenant': tenants('create'),
  'update-tenant': tenants('update'),
  'delete-tenant': tenants('delete'),
  'list-aliases': plantedAlias,
  'get-alias': plantedAlias,
  'create-alias': aliases('create'),
  // The collection that it is to stand for.
  'update-alias': (at) => [permission('update', 'aliases', { collection: at.tenants, alias: `Alias${at.name}` })],
  'delete-alias': aliases('delete'),
  'list-nodes': node('minimal', () => '*'),
  'list-nodes-verbosely': node('verbose', ({ shared }) => shared),
  'list-nodes-of-collection': node('verbose', ({ shared }) => shared),
  'get-cluster-statistics': cluster,
  'list-tasks': cluster,
  'get-sharding-state': replicas('read'),
  'get-scale-plan': replicas('read'),
  'replicate-unknown-shard': replicas('create'),
  'force-delete-replications-dry': () => [permission('delete', 'replicate')],
  'list-backups': ofBacked,
  'get-backup': ofBacked,
  'get-restore': ofBacked,
  'create-backup': backsUp(({ own }) => own),
  'restore-backup': backsUp(({ own }) => own),
  'list-indexes': readsShared,
  'tokenize-for-property': readsShared,
  'drop-index': changesIndex(({ own }) => own),
  'upsert-index': changesIndex(({ own }) => own),
  'rebuild-index': changesIndex(({ own }) => own),
  'set-index': changesIndex(({ own }) => own),
  'list-tasks-formerly': cluster,
  'cancel-index': changesIndex(({ shared }) => shared),
  'list-roles': plantedRole,
  'get-role': plantedRole,
  'has-permission': plantedRole,
  'list-users-of-role': both(plantedRole, plantedUser('read')),
  'list-users-of-role-formerly': both(plantedRole, plantedUser('read')),
  'list-groups-of-role': both(plantedRole, plantedGroup('read')),
  'list-roles-of-user': plantedUser('read'),
  'list-roles-of-user-formerly': both(plantedUser('read'), plantedRole),
  'list-groups': plantedGroup('read'),
  'list-roles-of-group': plantedGroup('read'),
  'create-role': ownRole('create'),
  'delete-role': ownRole('delete'),
  'add-permissions': ownRole('update'),
  'remove-permissions': ownRole('update'),
  'assign-role': givesAway(plantedUser('assign_and_revoke')),
  'revoke-role': plantedUser('assign_and_revoke'),
  'assign-role-to-group': givesAway(plantedGroup('assign_and_revoke')),
  'revoke-role-from-group': plantedGroup('assign_and_revoke'),
  'list-db-users': plantedUser('read'),
  'get-db-user': plantedUser('read'),
  'create-db-user': ownUser('create'),
  'delete-db-user': ownUser('delete'),
  'deactivate-db-user': ownUser('update'),
  'activate-db-user': ownUser('update'),
  'rotate-key': ownUser('update'),
  'graphql-get': queries,
  'graphql-aggregate': queries,
  'grpc-search': data('read'),
  'grpc-aggregate': data('read'),
  'grpc-tenants-get': plantedTenant,
  'grpc-batch-objects': data('create', 'update'),
  'grpc-batch-references': both(data('update', 'read'), readsShared),
  // It finds by a filter what it deletes.
  'grpc-batch-delete': data('delete', 'read'),
} as const satisfies Partial<Readonly<Record<OperationName, Needs>>>

export type Permitted = keyof typeof needs
export const isPermitted = (name: string): name is Permitted => name in needs

/** A place of no server, to see what the permissions are about. */
const nowhere: Place = {
  ...{ shared: 'Shared', tenants: 'Tenants', tenant: 'planted', alias: 'Planted', plantedId: '', canary: '', backup: 'planted' },
  ...{ roleName: 'planted-role', userName: 'planted-user', userRoles: '', groupName: 'planted-group', own: 'Own', name: 'name', id: '', otherId: '', kept: {} },
}

/** The actions that the operation needs. */
export const actionsFor = (operation: Permitted): readonly string[] => [...new Set(needs[operation](nowhere).map(({ action }) => action))]

const limiting = new Set(['collection', 'tenant', 'alias', 'role', 'users', 'group'])

/** The fields by which its permissions are limited to what the case works on. */
export function limitsOf(operation: Permitted): readonly string[] {
  const limits = needs[operation](nowhere).flatMap((one) => fieldsOf(one).filter(([name, value]) => limiting.has(name) && value !== '*'))
  return [...new Set(limits.map(([name]) => name))]
}

const resourceOf = ({ action: _action, ...rest }: Permission): readonly [string, Fields] => (Object.entries(rest)[0] ?? ['', {}]) as readonly [string, Fields]
const fieldsOf = (one: Permission): readonly (readonly [string, string])[] => Object.entries(resourceOf(one)[1])

/** The same permission with the field's value changed; as it is where it has no such limit. */
export function limited(one: Permission, field: string, change: (value: string) => string): Permission {
  const [resource, fields] = resourceOf(one)
  const value = fields[field]
  return value === undefined || value === '*' ? one : { ...one, [resource]: { ...fields, [field]: change(value) } }
}
