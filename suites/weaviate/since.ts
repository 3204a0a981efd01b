/**
 * Since when servers have what came after 1.29, as the release notes say; 1.29.11, 1.33.6, 1.35.2, 1.38.3 and 1.39.0 list their
 * operations accordingly.
 */
export const since = {
  /** Users whose keys the database gives, and assignments that tell its users from the issuer's. */
  databaseUsers: '>=1.30.0',
  aliases: '>=1.32.0',
  replicas: '>=1.32.0',
  /** Requests that tell which roles a group has. */
  groups: '>=1.33.0',
  /** Of these, all that is known is that 1.29.11 has none and 1.33.6 has. */
  listsOfBackups: '>=1.33.0',
  readOnlyRole: '>=1.33.0',
  batchReferences: '>=1.33.0',
  indexes: '>=1.36.0',
  indexOperations: '>=1.39.0',
} as const

/** What was asked of the index of a property before each change had a request of its own. */
export const beforeIndexOperations = '>=1.36.0 <1.39.0'
