/**
 * The operations that the servers list themselves in `/v1/swagger.json`, by method and path: what the tables are compared with.
 */

/** As 1.29.11 lists them. */
const until129 = [
  'DELETE /authz/roles/{id}',
  'DELETE /backups/{backend}/{id}',
  'DELETE /batch/objects',
  'DELETE /objects/{className}/{id}',
  'DELETE /objects/{className}/{id}/references/{propertyName}',
  'DELETE /objects/{id}',
  'DELETE /objects/{id}/references/{propertyName}',
  'DELETE /schema/{className}',
  'DELETE /schema/{className}/tenants',
  'GET /',
  'GET /.well-known/live',
  'GET /.well-known/openid-configuration',
  'GET /.well-known/ready',
  'GET /authz/roles',
  'GET /authz/roles/{id}',
  'GET /authz/roles/{id}/users',
  'GET /authz/users/{id}/roles',
  'GET /backups/{backend}',
  'GET /backups/{backend}/{id}',
  'GET /backups/{backend}/{id}/restore',
  'GET /classifications/{id}',
  'GET /cluster/statistics',
  'GET /meta',
  'GET /nodes',
  'GET /nodes/{className}',
  'GET /objects',
  'GET /objects/{className}/{id}',
  'GET /objects/{id}',
  'GET /schema',
  'GET /schema/{className}',
  'GET /schema/{className}/shards',
  'GET /schema/{className}/tenants',
  'GET /schema/{className}/tenants/{tenantName}',
  'GET /users/own-info',
  'HEAD /objects/{className}/{id}',
  'HEAD /objects/{id}',
  'HEAD /schema/{className}/tenants/{tenantName}',
  'PATCH /objects/{className}/{id}',
  'PATCH /objects/{id}',
  'POST /authz/groups/{id}/assign',
  'POST /authz/groups/{id}/revoke',
  'POST /authz/roles',
  'POST /authz/roles/{id}/add-permissions',
  'POST /authz/roles/{id}/has-permission',
  'POST /authz/roles/{id}/remove-permissions',
  'POST /authz/users/{id}/assign',
  'POST /authz/users/{id}/revoke',
  'POST /backups/{backend}',
  'POST /backups/{backend}/{id}/restore',
  'POST /batch/objects',
  'POST /batch/references',
  'POST /classifications/',
  'POST /graphql',
  'POST /graphql/batch',
  'POST /objects',
  'POST /objects/validate',
  'POST /objects/{className}/{id}/references/{propertyName}',
  'POST /objects/{id}/references/{propertyName}',
  'POST /schema',
  'POST /schema/{className}/properties',
  'POST /schema/{className}/tenants',
  'PUT /objects/{className}/{id}',
  'PUT /objects/{className}/{id}/references/{propertyName}',
  'PUT /objects/{id}',
  'PUT /objects/{id}/references/{propertyName}',
  'PUT /schema/{className}',
  'PUT /schema/{className}/shards/{shardName}',
  'PUT /schema/{className}/tenants',
] as const

/** What 1.33.6 and 1.35.2 list beside those. */
const since129 = [
  'DELETE /aliases/{aliasName}',
  'DELETE /replication/replicate',
  'DELETE /replication/replicate/{id}',
  'DELETE /users/db/{user_id}',
  'GET /aliases',
  'GET /aliases/{aliasName}',
  'GET /authz/groups/{groupType}',
  'GET /authz/groups/{id}/roles/{groupType}',
  'GET /authz/roles/{id}/group-assignments',
  'GET /authz/roles/{id}/user-assignments',
  'GET /authz/users/{id}/roles/{userType}',
  'GET /replication/replicate/list',
  'GET /replication/replicate/{id}',
  'GET /replication/scale',
  'GET /replication/sharding-state',
  'GET /tasks',
  'GET /users/db',
  'GET /users/db/{user_id}',
  'POST /aliases',
  'POST /replication/replicate',
  'POST /replication/replicate/force-delete',
  'POST /replication/replicate/{id}/cancel',
  'POST /replication/scale',
  'POST /users/db/{user_id}',
  'POST /users/db/{user_id}/activate',
  'POST /users/db/{user_id}/deactivate',
  'POST /users/db/{user_id}/rotate-key',
  'PUT /aliases/{aliasName}',
] as const

/** What 1.38.3 and 1.39.0 list beside those. */
const since135 = [
  'DELETE /backups/{backend}/{id}/restore',
  'DELETE /export/{backend}/{id}',
  'DELETE /mcp',
  'DELETE /namespaces/{namespace_id}',
  'DELETE /schema/{className}/properties/{propertyName}/index/{indexName}',
  'DELETE /schema/{className}/vectors/{vectorIndexName}/index',
  'GET /export/{backend}/{id}',
  'GET /mcp',
  'GET /namespaces',
  'GET /namespaces/{namespace_id}',
  'GET /schema/{className}/indexes',
  'POST /export/{backend}',
  'POST /mcp',
  'POST /namespaces/{namespace_id}',
  'POST /schema/{className}/properties/{propertyName}/tokenize',
  'POST /tokenize',
  'PUT /namespaces/{namespace_id}',
] as const

const in138 = ['PUT /schema/{className}/indexes/{propertyName}'] as const

const since138 = [
  'POST /namespaces/{namespace_id}/resume',
  'POST /namespaces/{namespace_id}/suspend',
  'POST /schema/{className}/properties/{propertyName}/index/{indexName}/cancel',
  'POST /schema/{className}/properties/{propertyName}/index/{indexName}/rebuild',
  'POST /search/{collection}/near-text',
  'PUT /schema/{className}/properties/{propertyName}/index/{indexName}',
] as const

const until135 = [...until129, ...since129] as const

export type SpecifiedOperation = (typeof until135)[number] | (typeof since135)[number] | (typeof in138)[number] | (typeof since138)[number]

export const specifications = {
  '1.29.11': until129,
  '1.33.6': until135,
  '1.35.2': until135,
  '1.38.3': [...until135, ...since135, ...in138],
  '1.39.0': [...until135, ...since135, ...since138],
} as const satisfies Readonly<Record<string, readonly SpecifiedOperation[]>>

const oneNode = 'a copy can only be moved to a second node, so that nobody could be seen to succeed'
const noGradual = 'a classification needs vectors and time; it is deprecated, and asked neither by us nor by the clients'
const noExport = 'exports go to object stores alone: there is none to export to'

const noTask = 'a task is made by an operation on indexes, which came later: there is none to list'
const noRolesOfGroups = 'no request tells which roles a group has: nobody could see the effect'

/** Operations without a case on the servers of one version alone, each with its reason. */
export const withoutCasesOn: Readonly<Record<string, Readonly<Partial<Record<SpecifiedOperation, string>>>>> = {
  '1.29.11': {
    'GET /backups/{backend}': 'the server says that it is not implemented',
    'POST /authz/groups/{id}/assign': noRolesOfGroups,
    'POST /authz/groups/{id}/revoke': noRolesOfGroups,
  },
  '1.33.6': { 'GET /tasks': noTask },
  '1.35.2': { 'GET /tasks': noTask },
}

/** Operations without a case, each with its reason. */
export const withoutCases: Readonly<Partial<Record<SpecifiedOperation, string>>> = {
  'DELETE /replication/replicate': oneNode,
  'DELETE /replication/replicate/{id}': oneNode,
  'GET /replication/replicate/{id}': oneNode,
  'GET /replication/replicate/list': oneNode,
  'POST /replication/replicate/{id}/cancel': oneNode,
  'POST /replication/scale': oneNode,
  'GET /classifications/{id}': noGradual,
  'POST /classifications/': noGradual,
  'DELETE /backups/{backend}/{id}': 'a backup of a test is over before it could be cancelled',
  'DELETE /backups/{backend}/{id}/restore': 'a restore of a test is over before it could be cancelled',
  'POST /export/{backend}': noExport,
  'GET /export/{backend}/{id}': noExport,
  'DELETE /export/{backend}/{id}': noExport,
  'GET /mcp': 'another protocol behind one path, off by default',
  'POST /mcp': 'another protocol behind one path, off by default',
  'DELETE /mcp': 'another protocol behind one path, off by default',
  'DELETE /schema/{className}/vectors/{vectorIndexName}/index': 'experimental, and off unless an undocumented setting is on',
  'POST /search/{collection}/near-text': 'needs a module that makes vectors of texts, by a service elsewhere',
}

/** Methods of the gRPC service without a case. */
export const withoutCasesOverGrpc: Readonly<Record<string, string>> = {
  BatchStream: 'the same objects as BatchObjects takes, over a stream that stays open both ways; absent from the documents',
}
