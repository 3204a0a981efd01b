import { createHash, randomBytes } from 'node:crypto'
import { NotHere } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import { holdsFor } from '../../src/plan.ts'
import type { Operation, Place, Planted, Step } from './operation.ts'
import { apiUserName, apiUsers } from '../../containers/weaviate/profiles.ts'
import { isRoleHolder } from './role-holders.ts'
import { plantOidcRoles, plantRoles } from './rest-admin.ts'
import { collection } from './rest-schema.ts'
import { since } from './since.ts'

/** Names for a server of that version: one that has no users of its own knows those of the keys alone. */
export function namePlanted(version: string): Planted {
  const unique = randomBytes(5).toString('hex')
  const ownUsers = holdsFor(since.databaseUsers, version)
  const userName = ownUsers ? `planted-user-${unique}` : apiUserName('planted')
  return {
    shared: `Shared${unique}`,
    tenants: `Tenants${unique}`,
    tenant: `planted${unique}`,
    alias: `Planted${unique}`,
    plantedId: uuidOf(`planted ${unique}`),
    backup: `planted${unique}`,
    roleName: `planted-role-${unique}`,
    userName,
    userRoles: `/authz/users/${userName}/roles${ownUsers ? '/db' : ''}`,
    groupName: `planted-group-${unique}`,
    canary: `canary${randomBytes(8).toString('hex')}`,
  }
}

interface PlantedFacts {
  readonly tenants: boolean
  readonly roles: boolean
  /** Roles for people and groups of the issuer. */
  readonly oidcRoles: boolean
}

/** Makes what reads disclose: two collections, an object, a tenant, an alias. */
export const plantSteps = (planted: Planted, { tenants, roles, oidcRoles }: PlantedFacts): readonly Step[] => [
  {
    method: 'POST',
    path: '/schema',
    body: {
      ...collection(planted.shared, planted.canary),
      properties: [
        { name: 'note', dataType: ['text'] },
        { name: 'link', dataType: [planted.shared] },
      ],
    },
  },
  { method: 'POST', path: '/aliases', body: { alias: planted.alias, class: planted.shared }, versions: since.aliases },
  { method: 'POST', path: '/objects', body: { class: planted.shared, id: planted.plantedId, properties: { note: planted.canary } } },
  ...(tenants ? tenantSteps(planted) : []),
  ...(roles ? plantRoles(planted, { reader: apiUsers.reader, manager: apiUserName('manager') }) : []),
  ...(oidcRoles ? plantOidcRoles() : []),
]

const tenantSteps = (planted: Planted): readonly Step[] => [
  { method: 'POST', path: '/schema', body: { ...collection(planted.tenants, planted.canary), multiTenancyConfig: { enabled: true } } },
  { method: 'POST', path: `/schema/${planted.tenants}/tenants`, body: [{ name: planted.tenant }] },
  { method: 'POST', path: '/objects', body: { class: planted.tenants, tenant: planted.tenant, id: planted.plantedId, properties: { note: planted.canary } } },
]

/** The names of one case, out of the name of its scope. */
export const placeOf = (planted: Planted, name: string, kept: Readonly<Record<string, string>> = {}): Place => ({
  ...planted,
  own: `Own${name}`,
  name,
  id: uuidOf(name),
  otherId: uuidOf(`${name} other`),
  kept,
})

/** A UUID of version 8 (RFC 9562 §5.8) that depends on the text alone. */
function uuidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

interface Asking {
  readonly principal: string
  /** Of the server. */
  readonly version: string
  /** The name of the case's scope. */
  readonly name: string
}

/**
 * A place on a server where nothing may be planted: whoever looks for something planted in it is told so.
 *
 * @throws NotHere where the operation makes something, or is about something planted
 */
export function placeOfServer(operation: Operation, { principal, version, name }: Asking): Place {
  const planted = namePlanted(version)
  const at = new Proxy(placeOf(planted, name), {
    get: (place, key) => {
      if (key in planted) throw new HarnessError('SET_UP_FAILED', `${String(key)} was not planted here`)
      return Reflect.get(place, key) as unknown
    },
  })
  if (isAboutServer(operation, at) && !isRoleHolder(principal) && !ofTheRun.has(principal)) return at
  throw new NotHere('it is about something that a run plants')
}

/** Callers who are made for a run. */
const ofTheRun: ReadonlySet<string> = new Set(['kc-member', 'key-holder'])

function isAboutServer(operation: Operation, at: Place): boolean {
  const { nature, plant, drop, needs } = operation
  if (nature !== 'read' || plant !== undefined || drop !== undefined || needs !== undefined || operation.surface === 'port') return false
  try {
    if (operation.surface === 'grpc') operation.message(at)
    else operation.ask(at)
    operation.discloses({ status: 200, json: {}, body: '' }, at)
    return true
  } catch {
    return false
  }
}
