import type { Answer, Operations } from './operation.ts'
import { field, items, text } from './shapes.ts'

const found = ({ status }: Answer): boolean => status === 200
const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options']

/** `GET /schema` and all others of a specification of OpenAPI 2. */
function operationsOf(specification: unknown): readonly string[] {
  const paths = field(specification, 'paths')
  if (typeof paths !== 'object' || paths === null) return []
  return Object.entries(paths).flatMap(([path, of]) =>
    methods.filter((method) => field(of, method) !== undefined).map((method) => `${method.toUpperCase()} ${path}`),
  )
}

/** What is answered to everybody. */
export const publicOperations = {
  'get-root': {
    surface: 'rest',
    nature: 'read',
    spec: 'GET /',
    ask: () => ({ method: 'GET', path: '' }),
    discloses: ({ json }) => field(json, 'links') !== undefined,
  },
  'get-liveness': {
    surface: 'rest',
    nature: 'read',
    spec: 'GET /.well-known/live',
    bare: true,
    ask: () => ({ method: 'GET', path: '/.well-known/live' }),
    discloses: found,
  },
  'get-readiness': {
    surface: 'rest',
    nature: 'read',
    spec: 'GET /.well-known/ready',
    bare: true,
    ask: () => ({ method: 'GET', path: '/.well-known/ready' }),
    discloses: found,
  },
  'get-specification': {
    ...{ surface: 'rest', nature: 'read', spec: 'GET /swagger.json', ask: () => ({ method: 'GET', path: '/swagger.json' }) },
    discloses: ({ json }) => text(json, 'swagger') === '2.0',
    shows: operationsOf,
  },
  'get-documentation': {
    surface: 'rest',
    nature: 'read',
    spec: 'GET /docs',
    bare: true,
    ask: () => ({ method: 'GET', path: '/docs' }),
    discloses: ({ body }) => body.includes('Weaviate REST API'),
  },
  'get-oidc-discovery': {
    ...{
      surface: 'rest',
      nature: 'read',
      spec: 'GET /.well-known/openid-configuration',
      absentWhenOff: true,
      ask: () => ({ method: 'GET', path: '/.well-known/openid-configuration' }),
    },
    discloses: ({ json }) => text(json, 'clientId') === 'weaviate' && text(json, 'href')?.endsWith('/.well-known/openid-configuration') === true,
  },
  'get-oidc-scopes': {
    ...{
      surface: 'rest',
      nature: 'read',
      spec: 'GET /.well-known/openid-configuration',
      ask: () => ({ method: 'GET', path: '/.well-known/openid-configuration' }),
    },
    discloses: ({ json }) => text(json, 'clientId') === 'weaviate',
    // Without scopes the answer may lack the list.
    shows: (json) => (items(json, 'scopes') ?? []).map(String),
  },
} as const satisfies Operations
