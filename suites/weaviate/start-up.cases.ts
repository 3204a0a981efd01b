import { allowed, claim, invalid, showing, type Case, type Expectation } from '../../src/case.ts'
import type { RuleId } from './rules.ts'
import { since } from './since.ts'
import type { StartUp } from './start-ups.ts'

const refused = { kind: 'refused', by: 'start-up' } as const satisfies Expectation

interface Promised {
  readonly rule: RuleId
  readonly expect: Expectation
  /** A semver range of the servers that know such settings; absent: all. */
  readonly versions?: string
  /** Asked once for each of these; the twin is what the server does all the same. */
  readonly inputs?: { readonly probes: readonly Readonly<Record<string, string>>[]; readonly twin: Readonly<Record<string, string>> }
}

/** Anonymous access is off unless it is switched on, whatever else is: who is let in, and as whom. */
const closed = (...shown: readonly string[]): Promised => ({ rule: 'WVT-ANON-OFF-01', expect: showing(...shown) })

/** What the documents promise of a server that is started like that. */
const promised = {
  'keys-without-keys': { rule: 'WVT-START-KEYS-01', expect: refused },
  'keys-without-users': { rule: 'WVT-START-KEYS-01', expect: refused },
  'an-empty-key': { rule: 'WVT-START-KEYS-01', expect: refused },
  'an-empty-user': { rule: 'WVT-START-KEYS-01', expect: refused },
  'more-keys-than-users': { rule: 'WVT-START-KEYS-01', expect: refused },
  'more-users-than-keys': { rule: 'WVT-START-KEYS-01', expect: refused },
  'one-key-for-two-users': { rule: 'WVT-KEY-UNIQUE-01', expect: refused },
  'two-keys-of-one-user': { rule: 'WVT-START-KEYS-02', expect: showing('nobody: 401', 'first: 200 one', 'second: 200 one') },
  'oidc-without-issuer': { rule: 'WVT-START-OIDC-01', expect: refused },
  'oidc-without-client-id': { rule: 'WVT-START-OIDC-01', expect: refused },
  'oidc-without-username-claim': { rule: 'WVT-START-OIDC-01', expect: refused },
  'oidc-with-unreachable-issuer': { rule: 'WVT-START-OIDC-02', expect: refused },
  'oidc-off-with-fields-missing': { rule: 'WVT-START-OIDC-03', expect: allowed },
  'oidc-absent-with-fields-missing': { rule: 'WVT-START-OIDC-03', expect: allowed },
  'a-user-in-both-lists': { rule: 'WVT-START-AUTHZ-01', expect: refused },
  'admin-list-and-rbac': { rule: 'WVT-START-AUTHZ-01', expect: refused },
  'rbac-and-anonymous': { rule: 'WVT-START-AUTHZ-01', expect: refused },
  'oidc-with-trusted-issuer': { rule: 'WVT-START-OIDC-05', expect: allowed },
  'oidc-with-its-authority-in-the-environment': { rule: 'WVT-START-OIDC-05', expect: allowed },
  'oidc-with-untrusted-issuer': { rule: 'WVT-START-OIDC-04', expect: refused },
  'oidc-with-issuer-that-names-another': { rule: 'WVT-START-OIDC-04', expect: refused },
  'tls-by-environment': { rule: 'WVT-TLS-ENV-01', expect: allowed },
  'tls-for-rest-alone': { rule: 'WVT-TLS-GRPC-01', expect: { kind: 'refused', by: 'handshake' } },
  'nothing-said-of-profiling': { rule: 'WVT-PORT-DEBUG-01', expect: showing() },
  'asked-for-tenants-by-a-stranger': { rule: 'WVT-ALIVE-01', expect: allowed },
  'asked-for-a-batch-with-odd-variables': { rule: 'WVT-ALIVE-02', expect: allowed },
  'asked-for-a-batch-of-nothing': { rule: 'WVT-ALIVE-02', expect: allowed },
  'keys-as-printed': { rule: 'WVT-START-PRINTED-01', expect: showing('nobody: 401', 'first: 200 user-a', 'second: 200 user-b', 'stranger: 401') },
  'oidc-as-printed': { rule: 'WVT-START-PRINTED-01', expect: showing('nobody: 401', 'member: 200 jane@doe.com', 'elsewhere: 401') },
  'anonymous-as-printed': { rule: 'WVT-START-PRINTED-01', expect: showing('nobody: 200') },
  'keys-and-nothing-said-of-anonymous': closed('nobody: 401', 'one: 200 one'),
  'keys-and-anonymous-empty': closed('nobody: 401', 'one: 200 one'),
  'keys-and-anonymous-in-capitals': closed('nobody: 401', 'one: 200 one'),
  'keys-and-anonymous-zero': closed('nobody: 401', 'one: 200 one'),
  'keys-and-anonymous-off': closed('nobody: 401', 'one: 200 one'),
  'tokens-and-anonymous-false': closed('nobody: 401', 'member: 200 jane@doe.com'),
  'keys-and-tokens-and-nothing-said-of-anonymous': closed('nobody: 401', 'one: 200 one', 'member: 200 jane@doe.com'),
  'database-users-and-anonymous-false': { ...closed('nobody: 401'), versions: since.databaseUsers },
  'database-users-and-nothing-said-of-anonymous': { ...closed('nobody: 401'), versions: since.databaseUsers },
  'asked-for-a-file-by-a-node': {
    ...{ rule: 'WVT-PORT-FILES-01', expect: invalid },
    inputs: { probes: [{ file: 'above' }, { file: 'absolute' }], twin: { file: 'own' } },
  },
  'asked-to-restore-an-archive': {
    ...{ rule: 'WVT-BACKUP-PATH-01', expect: invalid },
    inputs: { probes: [{ entry: 'above' }, { entry: 'absolute' }], twin: { entry: 'beside-the-others' } },
  },
} as const satisfies Readonly<Record<StartUp, Promised>>

const PROFILE = 'undifferentiated'

const withoutTwin = { twin: { exempt: 'started-elsewhere' }, effect: { exempt: 'never-arrived' } } as const

export const startUpCases: readonly Case[] = (Object.entries(promised) as [StartUp, Promised][]).flatMap(([operation, { rule, expect, inputs, versions }]) =>
  (inputs?.probes ?? [{}]).map((input): Case => ({
    id: claim('weaviate', 'process', 'operator', expect, 'start', [operation, ...Object.values(input)].join('-')),
    profile: PROFILE,
    rules: [rule],
    operation,
    principal: 'operator',
    surface: 'process',
    // It starts processes of its own from the artefact in the cache.
    runtimes: ['native'],
    input,
    expect,
    ...(versions === undefined ? {} : { versions }),
    ...(expect.kind === 'refused' ? (inputs === undefined ? withoutTwin : { twin: { input: inputs.twin } }) : {}),
  })),
)
