import type { Operations, Place, RestOperation, Step } from './operation.ts'
import { field, items, text } from './shapes.ts'
import { since } from './since.ts'

/** Roles that every server comes with; the last two are given by the environment alone. */
export const builtInRoles = ['admin', 'viewer', 'root', 'read-only'] as const
export type BuiltInRole = (typeof builtInRoles)[number]

/** Names that a reader could take for a pattern, a path or nothing. */
export const oddNames = {
  star: '*',
  'dot-star': '.*',
  prefix: 'viewer*',
  alternatives: 'viewer|admin',
  braces: '{role}',
  path: '..%2Fadmin',
  spaces: 'viewer ',
  newline: 'viewer\nadmin',
  long: 'r'.repeat(4096),
} as const
export type OddName = keyof typeof oddNames

const own = (at: Place) => ({ action: 'read_collections', collections: { collection: at.own } })
const rolePath = (name: string): string => `/authz/roles/${encodeURIComponent(name)}`
/** One of them came later. */
const whereThere = (name: BuiltInRole): { readonly versions?: string } => (name === 'read-only' ? { versions: since.readOnlyRole } : {})

const write = { surface: 'rest', nature: 'write', refuses: { statuses: [400, 409, 422], by: 'invalid' } } as const

const change = (name: BuiltInRole, how: 'add' | 'remove'): RestOperation => ({
  ...write,
  ...whereThere(name),
  spec: `POST /authz/roles/{id}/${how}-permissions`,
  ask: (at) => ({
    method: 'POST',
    path: `${rolePath(name)}/${how}-permissions`,
    body: { permissions: [how === 'add' ? own(at) : { action: 'read_cluster', cluster: {} }] },
  }),
  look: () => ({ method: 'GET', path: rolePath(name) }),
  part: (json, at) => (how === 'add' ? hasOwn(json, at) : actions(json).includes('read_cluster')),
  done: ({ json }) => json === (how === 'add'),
})

const actions = (json: unknown): readonly (string | undefined)[] => (items(json, 'permissions') ?? []).map((one) => text(one, 'action'))
const hasOwn = (json: unknown, at: Place): boolean => (items(json, 'permissions') ?? []).some((one) => field(one, 'collections', 'collection') === at.own)

const remove = (name: BuiltInRole): RestOperation => ({
  ...write,
  ...whereThere(name),
  spec: 'DELETE /authz/roles/{id}',
  ask: () => ({ method: 'DELETE', path: rolePath(name) }),
  look: () => ({ method: 'GET', path: rolePath(name) }),
  part: (json) => text(json, 'name') ?? null,
  done: ({ status }) => status === 404,
})

const createAnew = (name: BuiltInRole): RestOperation => ({
  ...write,
  ...whereThere(name),
  spec: 'POST /authz/roles',
  ask: (at) => ({ method: 'POST', path: '/authz/roles', body: { name, permissions: [own(at)] } }),
  look: () => ({ method: 'GET', path: rolePath(name) }),
  part: hasOwn,
  done: ({ json }) => json === true,
})

const assign = (name: BuiltInRole): RestOperation => ({
  ...write,
  ...whereThere(name),
  spec: 'POST /authz/users/{id}/assign',
  ask: (at) => ({ method: 'POST', path: `/authz/users/${at.userName}/assign`, body: { roles: [name], userType: 'db' } }),
  look: (at) => ({ method: 'GET', path: at.userRoles }),
  part: (json) => (items(json) ?? []).some((one) => text(one, 'name') === name),
  done: ({ json }) => json === true,
  drop: (at): readonly Step[] => [{ method: 'POST', path: `/authz/users/${at.userName}/revoke`, body: { roles: [name], userType: 'db' } }],
})

const namesOf = (json: unknown): readonly (string | undefined)[] => (items(json) ?? []).map((one) => text(one, 'name') ?? text(one, 'userId'))

const createRole = (name: string): RestOperation => ({
  ...write,
  spec: 'POST /authz/roles',
  ask: (at) => ({ method: 'POST', path: '/authz/roles', body: { name, permissions: [own(at)] } }),
  look: () => ({ method: 'GET', path: '/authz/roles' }),
  part: (json) => namesOf(json).includes(name),
  done: ({ json }) => json === true,
  drop: () => [{ method: 'DELETE', path: rolePath(name) }],
})

const createUser = (name: string): RestOperation => ({
  ...write,
  spec: 'POST /users/db/{user_id}',
  ask: () => ({ method: 'POST', path: `/users/db/${encodeURIComponent(name)}` }),
  look: () => ({ method: 'GET', path: '/users/db' }),
  part: (json) => namesOf(json).includes(name),
  done: ({ json }) => json === true,
  drop: () => [{ method: 'DELETE', path: `/users/db/${encodeURIComponent(name)}` }],
  versions: since.databaseUsers,
})

const each = <Name extends string, Key extends string>(names: readonly Name[], key: (name: Name) => Key, make: (name: Name) => RestOperation) =>
  Object.fromEntries(names.map((name) => [key(name), make(name)])) as Readonly<Record<Key, RestOperation>>

const oddNameKeys = Object.keys(oddNames) as readonly OddName[]

/** What the administrator himself may not do to built-in roles, and names that nobody may give. */
export const builtInRoleOperations = {
  ...each(
    builtInRoles,
    (name) => `add-permissions-to-${name}` as const,
    (name) => change(name, 'add'),
  ),
  ...each(
    builtInRoles,
    (name) => `remove-permissions-from-${name}` as const,
    (name) => change(name, 'remove'),
  ),
  ...each(builtInRoles, (name) => `delete-role-${name}` as const, remove),
  ...each(builtInRoles, (name) => `create-role-${name}-anew` as const, createAnew),
  ...each(['root', 'read-only'] as const, (name) => `assign-role-${name}` as const, assign),
  ...each(
    oddNameKeys,
    (name) => `create-role-with-${name}-in-its-name` as const,
    (name) => createRole(oddNames[name]),
  ),
  ...each(
    oddNameKeys,
    (name) => `create-db-user-with-${name}-in-its-name` as const,
    (name) => createUser(oddNames[name]),
  ),
} as const satisfies Operations
