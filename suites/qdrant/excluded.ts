/** Methods of the official descriptors that no case asks for, each with the reason. */
export const excludedMethods: Readonly<Record<string, string>> = {
  '/qdrant.Collections/ListShardKeys': 'since 1.17 and not in the document; the same keys are in the cluster info of a collection, which is asked for',
  '/qdrant.Points/CreateVectorName': 'since 1.18 and not in the document; changes a schema as the payload indexes do, which are asked for',
  '/qdrant.Points/DeleteVectorName': 'since 1.18 and not in the document; changes a schema as the payload indexes do, which are asked for',
}

/** Routes of the REST API of 1.18 that no case asks for, each with the reason; blanks by `*`. */
export const excludedRoutes: Readonly<Record<string, string>> = {
  'GET /collections/*/shards': 'since 1.17 and not in the document; the same keys are in the cluster info of a collection, which is asked for',
  'PUT /collections/*/vectors/*': 'since 1.18 and not in the document; changes a schema as the payload indexes do, which are asked for',
  'DELETE /collections/*/vectors/*': 'since 1.18 and not in the document; changes a schema as the payload indexes do, which are asked for',
  'GET /cluster/telemetry': 'not in the document; what it gathers from the nodes is the telemetry, which is asked for, and a lone node answers with an error',
}

const STORAGE =
  'since 1.18, in no document and in no client: raw files of a shard, handed to whoever may read its collection; what the document says of reads is asked for elsewhere'

/** Methods that a server lists by reflection and that the official client does not know, each with the reason. */
export const excludedUndescribed: Readonly<Record<string, string>> = Object.fromEntries(
  ['ListFiles', 'FileExists', 'FileLength', 'ReadBytes', 'ReadBytesStream', 'ReadWhole', 'ReadBatch', 'ReadMulti'].map((name) => [
    `/qdrant.StorageRead/${name}`,
    STORAGE,
  ]),
)
