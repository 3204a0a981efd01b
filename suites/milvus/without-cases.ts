/** Calls of the descriptors that no case makes, by the reason. Whatever is neither here nor among the operations fails a test of ours. */
export const withoutCases = {
  'wants more than the one node of a standalone server': ['LoadBalance', 'TransferNode', 'TransferReplica'],
  'is served to nobody, root included, by the versions that have it': ['AlterIndex', 'ListIndexedSegment', 'DescribeSegmentIndexData', 'ReplicateMessage'],
  'is in no version that runs without Docker': [
    'AddCollectionField', 'AddCollectionFunction', 'AddCollectionStructField', 'AddFileResource', 'AddUserTags', 'AlterCollectionField', 'AlterCollectionFunction', 'AlterCollectionSchema', 'AlterDatabase',
    'AlterRole', 'BackupRBAC', 'BatchDescribeCollection', 'BatchUpdateManifest', 'ComputePhraseMatchSlop', 'CreateNamespace', 'CreatePrivilegeGroup', 'CreateReplicateStream', 'CreateRowPolicy',
    'CreateSnapshot', 'DeleteUserTags', 'DescribeDatabase', 'DescribeNamespace', 'DescribePrewarmTask', 'DescribeSnapshot', 'DropCollectionFunction', 'DropNamespace', 'DropPrivilegeGroup',
    'DropRowPolicy', 'DropSnapshot', 'DumpMessages', 'ExportSnapshot', 'GetNamespaceStats', 'GetRefreshExternalCollectionProgress', 'GetReplicateConfiguration', 'GetReplicateInfo',
    'GetRestoreSnapshotState', 'GetUserTags', 'HasNamespace', 'HybridSearch', 'ListFileResources', 'ListNamespaces', 'ListPrivilegeGroups', 'ListRefreshExternalCollectionJobs', 'ListRestoreSnapshotJobs',
    'ListRowPolicies', 'ListSnapshots', 'ListUsersWithTag', 'OperatePrivilegeGroup', 'OperatePrivilegeV2', 'PinSnapshotData', 'Prewarm', 'RefreshExternalCollection', 'RemoveFileResource',
    'RestoreExternalSnapshot', 'RestoreRBAC', 'RestoreSnapshot', 'RunAnalyzer', 'TruncateCollection', 'UnpinSnapshotData', 'UpdateReplicateConfiguration', 'UpdateResourceGroups',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>
