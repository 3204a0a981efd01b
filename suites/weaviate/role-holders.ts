import type { Probe } from '../../src/case.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Place, Step } from './operation.ts'
import { everyPermission, isPermitted, limited, needs, type Permission } from './permissions.ts'
import { text } from './shapes.ts'

/** Callers who have a role that is made for the case; the probe's input says what is special about it. */
const roleHolders = [
  /** Exactly the permissions that the operation needs, on exactly what it works on. */
  'exact-role',
  /** Every permission on everything, but `lacking`. */
  'all-but-one-role',
  /** As `exact-role`, but about another `limit`. */
  'elsewhere-role',
  /** As `exact-role`, with a pattern for `limit` that the name matches. */
  'pattern-role',
  /** As `exact-role`, and then something happened to the role: `fate`. */
  'former-role',
  /** Without the role, and then given it: `fate`. */
  'late-role',
] as const
export type RoleHolder = (typeof roleHolders)[number]
export const isRoleHolder = (name: string): name is RoleHolder => (roleHolders as readonly string[]).includes(name)

/** What is made of the name that a permission is limited to. */
const patterns = {
  prefix: (name: string) => `${name.slice(0, -3)}*`,
  everything: () => '*',
} as const satisfies Readonly<Record<string, (name: string) => string>>

/** Another name that begins with the right one: as near as can be. */
const another = (name: string): string => `${name}x`

function permissionsOf({ operation, principal, input }: Probe, at: Place, version: string): readonly Permission[] {
  if (!isPermitted(operation)) throw new HarnessError('HARNESS_DEFECT', `nobody has said which permissions ${operation} needs`)
  const exact = needs[operation](at)
  const limit = text(input, 'limit') ?? ''
  switch (principal as RoleHolder) {
    case 'exact-role':
    case 'former-role':
    case 'late-role':
      return exact
    case 'all-but-one-role':
      return everyPermission(version).filter(({ action }) => action !== text(input, 'lacking'))
    case 'elsewhere-role':
      return exact.map((one) => limited(one, limit, another))
    case 'pattern-role':
      return exact.map((one) => limited(one, limit, patterns[text(input, 'pattern') === 'everything' ? 'everything' : 'prefix']))
  }
}

const roleName = ({ name }: Place): string => `holds-${name}`
const rolePath = (at: Place): string => `/authz/roles/${roleName(at)}`
const make = (at: Place, permissions: readonly Permission[]): Step => ({
  method: 'POST',
  path: '/authz/roles',
  body: { name: roleName(at), permissions },
})
const assign = (at: Place, user: string): Step => ({
  method: 'POST',
  path: `/authz/users/${user}/assign`,
  body: { roles: [roleName(at)], userType: 'db' },
})
const revoke = (at: Place, user: string): Step => ({ ...assign(at, user), path: `/authz/users/${user}/revoke` })
const drop = (at: Place): Step => ({ method: 'DELETE', path: rolePath(at) })
const harmless: Permission = { action: 'read_cluster' }

/** What happens to a role after its holder has used it. */
const fates = {
  revoked: (at, _permissions, user) => [revoke(at, user)],
  deleted: (at) => [drop(at)],
  'deleted-and-made-anew': (at, permissions) => [drop(at), make(at, permissions)],
  'without-its-permissions': (at, permissions) => [
    { method: 'POST', path: `${rolePath(at)}/add-permissions`, body: { permissions: [harmless] } },
    { method: 'POST', path: `${rolePath(at)}/remove-permissions`, body: { permissions } },
  ],
} as const satisfies Readonly<Record<string, (at: Place, permissions: readonly Permission[], user: string) => readonly Step[]>>
export type Fate = keyof typeof fates

/** How somebody comes to have the permissions, after having been refused. */
const late = {
  assigned: (at, permissions, user) => [make(at, permissions), assign(at, user)],
  'assigned-first': (at, permissions, user) => [
    make(at, [harmless]),
    assign(at, user),
    { method: 'POST', path: `${rolePath(at)}/add-permissions`, body: { permissions } },
  ],
} as const satisfies Readonly<Record<string, (at: Place, permissions: readonly Permission[], user: string) => readonly Step[]>>
export type Arrival = keyof typeof late

interface Holder {
  readonly user: string
  /** Of the server. */
  readonly version: string
}

/** What a case of a role holder does before it asks: `used` is when the holder asks for the first time, to fill whatever the server keeps. */
export interface Grant {
  readonly before: readonly Step[]
  readonly after: readonly Step[]
}

export function grantOf(probe: Probe, at: Place, { user, version }: Holder): Grant {
  const permissions = permissionsOf(probe, at, version)
  const what = text(probe.input, 'fate') ?? ''
  if (probe.principal === 'late-role') return { before: [], after: late[what as Arrival](at, permissions, user) }
  const made = [make(at, permissions), assign(at, user)]
  return { before: made, after: probe.principal === 'former-role' ? fates[what as Fate](at, permissions, user) : [] }
}

/** Without its roles the user is as it was; a role that is gone already says so with 204 or 404. */
export const takeBack = (at: Place): Step => drop(at)

/** Users of the profile who wait for a role: each case has one of them for itself. */
export class UserPool {
  readonly #free: string[]
  readonly #waiting: ((user: string) => void)[] = []

  constructor(users: readonly string[]) {
    this.#free = [...users]
  }

  /** Waits for one where all are taken. */
  take(): Promise<string> {
    const user = this.#free.pop()
    return user === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(user)
  }

  giveBack(user: string): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(user)
    else next(user)
  }
}
