import { INDEX, PRIVILEGE, rowsQuery, type Library } from './library.ts'
import { shows, type Operation, type RestForm } from './operation.ts'

export const V1 = '/v1/vector'
const firstRow = /"id":"?1"?[,}]/

interface Read {
  readonly rpc: string
  readonly message: (library: Library) => object
  /** What an answer that was meant for the caller holds. */
  readonly shows: (library: Library) => RegExp
  readonly rest?: (library: Library) => RestForm
  /** What the answer over HTTP holds where it is spelt otherwise. */
  readonly port?: () => RestForm
  readonly restShows?: (library: Library) => RegExp
  readonly versions?: string
  readonly statusless?: true
}

const stocked = ({ stocked: collectionName }: Library): object => ({ collectionName })
const shelf = ({ shelf: collectionName }: Library): object => ({ collectionName })
const indexed = ({ stocked: collectionName }: Library): object => ({ collectionName, indexName: INDEX, fieldName: 'v' })
const nothing = (): object => ({})

const read = ({ rpc, message, shows: pattern, rest, restShows, ...facts }: Read): Operation => ({
  nature: 'read',
  inLibrary: true,
  request: ({ library }) => ({ rpc, message: message(library) }),
  effect: ({ answer, library }) => shows(answer, either(pattern(library), restShows?.(library)), `what ${rpc} is asked for`),
  ...(rest === undefined ? {} : { rest: ({ library }) => rest(library) }),
  ...facts,
})

const either = (one: RegExp, other: RegExp | undefined): RegExp => (other === undefined ? one : new RegExp(`${one.source}|${other.source}`))

/**
 * Calls that change nothing that could be seen, by the content that they show. Flushing and compacting are here too:
 * what they do inside the server cannot be told from what it does by itself.
 */
export const reads = {
  'get-version': read({ rpc: 'GetVersion', message: nothing, shows: () => /"version":"v\d/ }),
  'check-health': read({ rpc: 'CheckHealth', message: nothing, shows: () => /"isHealthy":true/ }),
  'get-component-states': read({ rpc: 'GetComponentStates', message: nothing, shows: () => /"role":"proxy"/ }),
  'get-metrics': read({ rpc: 'GetMetrics', message: () => ({ request: '{"metric_type":"system_info"}' }), shows: () => /system_version/ }),
  'alloc-timestamp': read({ rpc: 'AllocTimestamp', message: nothing, shows: () => /"timestamp":"\d{15,}"/ }),
  dummy: read({ rpc: 'Dummy', message: () => ({ requestType: 'x' }), shows: () => /"response":"\{/, statusless: true }),
  'register-link': read({ rpc: 'RegisterLink', message: nothing, shows: () => /"reason":"STANDALONE"/ }),
  'has-collection': read({ rpc: 'HasCollection', message: stocked, shows: () => /"value":true/ }),
  'show-collections': read({
    rpc: 'ShowCollections',
    message: nothing,
    shows: (library) => new RegExp(`"${library.stocked}"`),
    rest: () => ({ method: 'GET', path: `${V1}/collections` }),
    port: () => ({ method: 'GET', path: '/api/v1/collections' }),
  }),
  'describe-collection': read({
    rpc: 'DescribeCollection',
    message: stocked,
    shows: (library) => new RegExp(`"collectionID":"${library.stockedId}"`),
    rest: (library) => ({ method: 'GET', path: `${V1}/collections/describe?collectionName=${library.stocked}` }),
    restShows: (library) => new RegExp(`"collectionName":"${library.stocked}".*"fields":\\[\\{`),
  }),
  'get-collection-statistics': read({ rpc: 'GetCollectionStatistics', message: stocked, shows: () => /"key":"row_count","value":"\d/ }),
  'has-partition': read({
    rpc: 'HasPartition',
    message: ({ shelf: collectionName, partition }) => ({ collectionName, partitionName: partition }),
    shows: () => /"value":true/,
  }),
  'show-partitions': read({ rpc: 'ShowPartitions', message: shelf, shows: ({ partition }) => new RegExp(`"${partition}"`) }),
  'get-partition-statistics': read({
    rpc: 'GetPartitionStatistics',
    message: ({ shelf: collectionName, partition }) => ({ collectionName, partitionName: partition }),
    shows: () => /"key":"row_count","value":"\d/,
  }),
  'get-loading-progress': read({ rpc: 'GetLoadingProgress', message: stocked, shows: () => /"progress":"100"/ }),
  'get-load-state': read({ rpc: 'GetLoadState', message: stocked, shows: () => /"state":3/ }),
  'describe-alias': read({
    rpc: 'DescribeAlias',
    message: ({ alias }) => ({ alias }),
    shows: ({ shelf: name }) => new RegExp(`"collection":"${name}"`),
    versions: '>=2.3.0',
  }),
  'list-aliases': read({ rpc: 'ListAliases', message: shelf, shows: ({ alias }) => new RegExp(`"${alias}"`), versions: '>=2.3.0' }),
  'describe-index': read({ rpc: 'DescribeIndex', message: indexed, shows: () => /"index_type","value":"FLAT"/ }),
  'get-index-statistics': read({ rpc: 'GetIndexStatistics', message: indexed, shows: () => /"index_type","value":"FLAT"/ }),
  'get-index-state': read({ rpc: 'GetIndexState', message: indexed, shows: () => /"state":3/ }),
  'get-index-build-progress': read({ rpc: 'GetIndexBuildProgress', message: indexed, shows: () => /"totalRows":"\d/ }),
  query: read({
    rpc: 'Query',
    message: ({ stocked: name }) => rowsQuery(name, '1'),
    shows: () => /"longData":\{"data":\["1"\]/,
    rest: ({ stocked: collectionName }) => ({ method: 'POST', path: `${V1}/query`, body: { collectionName, filter: 'id in [1]', outputFields: ['id'] } }),
    restShows: () => firstRow,
  }),
  'get-entity': read({
    rpc: 'Query',
    message: ({ stocked: name }) => rowsQuery(name, '1'),
    shows: () => /"longData":\{"data":\["1"\]/,
    rest: ({ stocked: collectionName }) => ({ method: 'POST', path: `${V1}/get`, body: { collectionName, id: 1, outputFields: ['id'] } }),
    restShows: () => firstRow,
  }),
  search: read({
    rpc: 'Search',
    message: ({ stocked: collectionName, placeholders }) => ({ ...searchFor(collectionName), placeholderGroup: placeholders }),
    shows: () => /"intId":\{"data":\["1"\]/,
    rest: ({ stocked: collectionName }) => ({ method: 'POST', path: `${V1}/search`, body: { collectionName, vector: [1, 2], outputFields: ['id'] } }),
    restShows: () => firstRow,
  }),
  'calc-distance': read({ rpc: 'CalcDistance', message: () => distance, shows: () => /"floatDist":\{"data":\[0\]/, versions: '<2.3.0' }),
  flush: read({
    rpc: 'Flush',
    message: ({ shelf: name }) => ({ collectionNames: [name] }),
    shows: ({ shelf: name }) => new RegExp(`"collSegIDs":\\{"${name}"`),
  }),
  'flush-all': read({ rpc: 'FlushAll', message: nothing, shows: () => /"flushAllTs":"\d{15,}"/ }),
  'get-flush-state': read({ rpc: 'GetFlushState', message: () => ({ segmentIDs: [] }), shows: () => /"flushed":true/ }),
  'get-flush-all-state': read({ rpc: 'GetFlushAllState', message: () => ({ flushAllTs: 1 }), shows: () => /"flushed":(true|false)/ }),
  'get-persistent-segment-info': read({ rpc: 'GetPersistentSegmentInfo', message: stocked, shows: () => /"infos":\[/ }),
  'get-query-segment-info': read({ rpc: 'GetQuerySegmentInfo', message: stocked, shows: () => /"infos":\[/ }),
  'get-replicas': read({
    rpc: 'GetReplicas',
    message: ({ stocked: collectionName }) => ({ collectionName, withShardNodes: true }),
    shows: (library) => new RegExp(`"collectionID":"${library.stockedId}"`),
  }),
  'manual-compaction': read({ rpc: 'ManualCompaction', message: ({ stockedId }) => ({ collectionID: stockedId }), shows: () => /"compactionID":"-?\d+"/ }),
  'get-compaction-state': read({ rpc: 'GetCompactionState', message: () => ({ compactionID: 1 }), shows: () => /"state":\d,"executingPlanNo"/ }),
  'get-compaction-state-with-plans': read({ rpc: 'GetCompactionStateWithPlans', message: () => ({ compactionID: 1 }), shows: () => /"mergeInfos":\[/ }),
  'get-import-state': read({
    rpc: 'GetImportState',
    message: ({ importTask }) => ({ task: importTask }),
    shows: ({ importTask }) => new RegExp(`"id":"${importTask}"`),
  }),
  'list-import-tasks': read({ rpc: 'ListImportTasks', message: shelf, shows: ({ importTask }) => new RegExp(`"id":"${importTask}"`) }),
  'select-role': read({
    rpc: 'SelectRole',
    message: ({ role }) => ({ role: { name: role }, includeUserInfo: true }),
    shows: ({ role }) => new RegExp(`"role":\\{"name":"${role}"`),
  }),
  'select-grant': read({
    rpc: 'SelectGrant',
    message: ({ role }) => ({ entity: { role: { name: role } } }),
    shows: () => new RegExp(`"privilege":\\{"name":"${PRIVILEGE}"`),
  }),
  'list-resource-groups': read({ rpc: 'ListResourceGroups', message: nothing, shows: () => /"__default_resource_group"/ }),
  'describe-resource-group': read({
    rpc: 'DescribeResourceGroup',
    message: () => ({ resourceGroup: '__default_resource_group' }),
    shows: () => /"name":"__default_resource_group"/,
  }),
  'list-databases': read({ rpc: 'ListDatabases', message: nothing, shows: () => /"default"/ }),
} as const satisfies Readonly<Record<string, Operation>>

const distance = {
  opLeft: { dataArray: { dim: 2, floatVector: { data: [1, 2] } } },
  opRight: { dataArray: { dim: 2, floatVector: { data: [1, 2] } } },
  params: [{ key: 'metric', value: 'L2' }],
}

const searchFor = (collectionName: string): object => ({
  collectionName,
  dsl: '',
  dslType: 1,
  searchParams: Object.entries({ anns_field: 'v', topk: '1', metric_type: 'L2', params: '{}', round_decimal: '-1' }).map(([key, value]) => ({ key, value })),
  nq: 1,
  outputFields: ['id'],
  consistencyLevel: 0,
  guaranteeTimestamp: 0,
  useDefaultConsistency: false,
})
