import type { Inventory } from '../../src/census.ts'
import { Vault } from '../../src/secret.ts'
import { noLibrary } from './library.ts'
import { loadCodecs } from './methods.ts'
import type { Operation, Resource } from './operation.ts'
import { operations } from './operations.ts'
import { castOfRoot } from './principals.ts'
import { withoutCases } from './without-cases.ts'

/** The calls that the operations make. */
export function askedCalls(): ReadonlySet<string> {
  return new Set(Object.values(operations).map((operation: Operation) => operation.request(anything(), {}).rpc))
}

export const excusedCalls: ReadonlySet<string> = new Set<string>(Object.values(withoutCases).flat())

const INSIDE = { rules: ['MLV-PORT-INSIDE-01'] } as const
const OF_ETCD = { because: 'the metadata of the server, on loopback: another product, and where it is elsewhere its own users guard it' } as const

/** The servers have no reflection, and list none of their routes: what there is to ask is what the official SDK knows. */
export const inventory: Inventory = {
  operations: async () => [{ from: "the official SDK's descriptors", names: [...loadCodecs().methods.keys()] }],
  knows: (name) => askedCalls().has(name) || excusedCalls.has(name),
  exposure: {
    grpc: { rules: ['MLV-AUTH-ON-01', 'MLV-TLS-ON-01'] },
    rest: { rules: ['MLV-REST-ON-01', 'MLV-TLS-ON-01'] },
    health: { rules: ['MLV-CVE-2026-26190-01'] },
    'proxy-internal': INSIDE,
    'root-coord': INSIDE,
    'query-coord': INSIDE,
    'query-node': INSIDE,
    'index-coord': INSIDE,
    'index-node': INSIDE,
    'data-coord': INSIDE,
    'data-node': INSIDE,
    'etcd-client': OF_ETCD,
    'etcd-peer': OF_ETCD,
  },
}

function anything(): Resource {
  const someone = { username: 'someone', password: new Vault().secret('', 'nothing') }
  const cast = castOfRoot(someone)
  return { cast, subject: someone, next: someone, given: someone, canary: 'canary', grantee: 'grantee', name: 'name', library: noLibrary, answer: '' }
}
