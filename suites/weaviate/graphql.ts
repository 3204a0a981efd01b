import type { Answer, Operations, Place } from './operation.ts'
import { field } from './shapes.ts'

const query = (path: string, text: string) => ({ method: 'POST' as const, path, body: path.endsWith('batch') ? [{ query: text }] : { query: text } })
const get = (at: Place): string => `{ Get { ${at.shared}(limit: 100) { note _additional { id } } } }`
const aggregate = (at: Place): string => `{ Aggregate { ${at.shared} { meta { count } } } }`
const canaryIn = ({ body }: Answer, at: Place): boolean => body.includes(at.canary)
const counted =
  (...path: readonly (string | number)[]) =>
  ({ json }: Answer, at: Place): boolean =>
    Number(field(json, ...path, 'data', 'Aggregate', at.shared, 0, 'meta', 'count')) > 0

/** GraphQL only reads. */
export const graphqlOperations = {
  'graphql-get': { surface: 'graphql', nature: 'read', spec: 'POST /graphql', ask: (at) => query('/graphql', get(at)), discloses: canaryIn },
  'graphql-aggregate': { surface: 'graphql', nature: 'read', spec: 'POST /graphql', ask: (at) => query('/graphql', aggregate(at)), discloses: counted() },
  'graphql-introspect': {
    ...{ surface: 'graphql', nature: 'read', spec: 'POST /graphql', ask: () => query('/graphql', '{ __schema { types { name } } }') },
    discloses: ({ body }, at) => body.includes(at.shared),
  },
  'graphql-batch-get': { surface: 'graphql', nature: 'read', spec: 'POST /graphql/batch', ask: (at) => query('/graphql/batch', get(at)), discloses: canaryIn },
  'graphql-batch-aggregate': {
    surface: 'graphql',
    nature: 'read',
    spec: 'POST /graphql/batch',
    ask: (at) => query('/graphql/batch', aggregate(at)),
    discloses: counted(0),
  },
} as const satisfies Operations
