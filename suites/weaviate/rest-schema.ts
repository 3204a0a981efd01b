import type { Answer, Operations, Place, RestOperation, Step } from './operation.ts'
import { items, nullableItems, text } from './shapes.ts'
import { since } from './since.ts'

export const collection = (
  name: string,
  description: string,
): {
  readonly class: string
  readonly vectorizer: string
  readonly description: string
  readonly properties: readonly { readonly name: string; readonly dataType: readonly string[] }[]
} => ({
  class: name,
  vectorizer: 'none',
  description,
  properties: [{ name: 'note', dataType: ['text'] }],
})

const makeOwn = (at: Place): Step => ({ method: 'POST', path: '/schema', body: collection(at.own, 'before') })
const own = { plant: (at: Place) => [makeOwn(at)], drop: (at: Place): readonly Step[] => [{ method: 'DELETE', path: `/schema/${at.own}` }] }
const lookOwn = { look: (at: Place) => ({ method: 'GET' as const, path: `/schema/${at.own}` }) }
const canaryIn = ({ body }: Answer, at: Place): boolean => body.includes(at.canary)
const propertyNames = (json: unknown): readonly (string | undefined)[] => (items(json, 'properties') ?? []).map((one) => text(one, 'name'))

type Discloses = (answer: Answer, at: Place) => boolean
const read = (spec: string, ask: RestOperation['ask'], discloses: Discloses): RestOperation => ({ surface: 'rest', nature: 'read', spec, ask, discloses })

const tenantPath = (at: Place, name = ''): string => `/schema/${at.tenants}/tenants${name === '' ? '' : `/${name}`}`
const makeTenant = (at: Place): Step => ({ method: 'POST', path: tenantPath(at), body: [{ name: at.name }] })
const dropTenant = (at: Place): readonly Step[] => [{ method: 'DELETE', path: tenantPath(at), body: [at.name] }]
const lookTenant = { look: (at: Place) => ({ method: 'GET' as const, path: tenantPath(at, at.name) }), drop: dropTenant }

const keepShard = (at: Place): Step => ({ method: 'GET', path: `/schema/${at.own}/shards`, keep: { shard: (json) => text(json, 0, 'name') } })
const ownAlias = (at: Place): string => `Alias${at.name}`
const makeAlias = (at: Place): Step => ({ method: 'POST', path: '/aliases', body: { alias: ownAlias(at), class: at.shared } })
const dropAlias = (at: Place): readonly Step[] => [{ method: 'DELETE', path: `/aliases/${ownAlias(at)}` }]
const lookAlias = { look: (at: Place) => ({ method: 'GET' as const, path: `/aliases/${ownAlias(at)}` }), drop: dropAlias }

/** Collections, their properties, shards and tenants, and aliases. */
export const schemaOperations = {
  'dump-schema': {
    ...read('GET /schema', () => ({ method: 'GET', path: '/schema' }), canaryIn),
    nature: 'read',
    discloses: canaryIn,
    list: (json) => nullableItems(json, 'classes'),
  },
  'get-collection': read('GET /schema/{className}', (at) => ({ method: 'GET', path: `/schema/${at.shared}` }), canaryIn),
  'list-shards': read(
    'GET /schema/{className}/shards',
    (at) => ({ method: 'GET', path: `/schema/${at.shared}/shards` }),
    ({ json }) => text(json, 0, 'status') === 'READY',
  ),
  'list-tenants': {
    ...read(
      'GET /schema/{className}/tenants',
      (at) => ({ method: 'GET', path: tenantPath(at) }),
      ({ body }, at) => body.includes(at.tenant),
    ),
    nature: 'read',
    discloses: ({ body }, at) => body.includes(at.tenant),
    list: (json) => items(json),
  },
  'get-tenant': read(
    'GET /schema/{className}/tenants/{tenantName}',
    (at) => ({ method: 'GET', path: tenantPath(at, at.tenant) }),
    ({ json }) => text(json, 'activityStatus') !== undefined,
  ),
  'head-tenant': read(
    'HEAD /schema/{className}/tenants/{tenantName}',
    (at) => ({ method: 'HEAD', path: tenantPath(at, at.tenant) }),
    ({ status }) => status === 200,
  ),
  'create-collection': {
    ...{ surface: 'rest', nature: 'write', spec: 'POST /schema', ask: (at) => makeOwn(at) },
    ...lookOwn,
    drop: own.drop,
    done: ({ status }) => status === 200,
  },
  'update-collection': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'PUT /schema/{className}',
      ask: (at) => ({ method: 'PUT', path: `/schema/${at.own}`, body: collection(at.own, 'after') }),
    },
    ...own,
    ...lookOwn,
    done: ({ json }) => text(json, 'description') === 'after',
  },
  'delete-collection': {
    ...{ surface: 'rest', nature: 'write', spec: 'DELETE /schema/{className}', ask: (at) => ({ method: 'DELETE', path: `/schema/${at.own}` }) },
    ...own,
    ...lookOwn,
    done: ({ status }) => status === 404,
  },
  'add-property': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'POST /schema/{className}/properties',
      ask: (at) => ({ method: 'POST', path: `/schema/${at.own}/properties`, body: { name: 'more', dataType: ['text'] } }),
    },
    ...own,
    ...lookOwn,
    done: ({ json }) => propertyNames(json).includes('more'),
  },
  'update-shard': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'PUT /schema/{className}/shards/{shardName}',
      ask: (at) => ({ method: 'PUT', path: `/schema/${at.own}/shards/${at.kept['shard'] ?? ''}`, body: { status: 'READONLY' } }),
    },
    ...own,
    plant: (at) => [makeOwn(at), keepShard(at)],
    look: (at) => ({ method: 'GET', path: `/schema/${at.own}/shards` }),
    done: ({ json }) => text(json, 0, 'status') === 'READONLY',
  },
  'create-tenant': {
    ...{ surface: 'rest', nature: 'write', spec: 'POST /schema/{className}/tenants', ask: makeTenant },
    ...lookTenant,
    done: ({ status }) => status === 200,
  },
  'update-tenant': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'PUT /schema/{className}/tenants',
      ask: (at) => ({ method: 'PUT', path: tenantPath(at), body: [{ name: at.name, activityStatus: 'COLD' }] }),
    },
    ...lookTenant,
    plant: (at) => [makeTenant(at)],
    done: ({ json }) => ['COLD', 'INACTIVE'].includes(text(json, 'activityStatus') ?? ''),
  },
  'delete-tenant': {
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'DELETE /schema/{className}/tenants',
      ask: (at) => ({ method: 'DELETE', path: tenantPath(at), body: [at.name] }),
    },
    ...lookTenant,
    plant: (at) => [makeTenant(at)],
    done: ({ status }) => status === 404,
  },
  'list-aliases': {
    versions: since.aliases,
    ...read(
      'GET /aliases',
      () => ({ method: 'GET', path: '/aliases' }),
      ({ body }, at) => body.includes(at.alias),
    ),
    nature: 'read',
    discloses: ({ body }, at) => body.includes(at.alias),
    list: (json) => nullableItems(json, 'aliases'),
  },
  'get-alias': {
    ...read(
      'GET /aliases/{aliasName}',
      (at) => ({ method: 'GET', path: `/aliases/${at.alias}` }),
      ({ json }, at) => text(json, 'class') === at.shared,
    ),
    versions: since.aliases,
  },
  'create-alias': {
    versions: since.aliases,
    ...{ surface: 'rest', nature: 'write', spec: 'POST /aliases', ask: makeAlias },
    ...lookAlias,
    done: ({ status }) => status === 200,
  },
  'update-alias': {
    versions: since.aliases,
    ...{
      surface: 'rest',
      nature: 'write',
      spec: 'PUT /aliases/{aliasName}',
      ask: (at) => ({ method: 'PUT', path: `/aliases/${ownAlias(at)}`, body: { class: at.tenants } }),
    },
    ...lookAlias,
    plant: (at) => [makeAlias(at)],
    done: ({ json }, at) => text(json, 'class') === at.tenants,
  },
  'delete-alias': {
    versions: since.aliases,
    ...{ surface: 'rest', nature: 'write', spec: 'DELETE /aliases/{aliasName}', ask: (at) => ({ method: 'DELETE', path: `/aliases/${ownAlias(at)}` }) },
    ...lookAlias,
    plant: (at) => [makeAlias(at)],
    done: ({ status }) => status === 404,
  },
} as const satisfies Operations
