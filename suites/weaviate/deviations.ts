import type { KnownDeviation } from '../../src/deviation.ts'
import type { RuleId } from './rules.ts'

const since133 = ['1.39.0', '1.38.3', '1.35.2', '1.33.6'] as const
const all = [...since133, '1.29.11'] as const
const until135 = ['1.35.2', '1.33.6', '1.29.11'] as const

/** gRPC tells an unknown caller apart in its message only. */
const grpcUnknown = (rule: RuleId, id: string, captured: string): KnownDeviation => ({
  id: `weaviate-grpc-unknown-code-${id}`,
  product: 'weaviate',
  rule,
  class: 'wrong-class',
  code: 'grpc 2',
  messagePrefix: 'extract auth: unauthorized',
  seenOn: all,
  cases: ['weaviate.grpc.*'],
  says: 'A gRPC call by a caller whom the server does not know ends with UNKNOWN (2) instead of UNAUTHENTICATED (16): clients that renew a credential or count failed logins by the code do not notice.',
  captured,
})

const invalidKey = 'grpc 2 UNKNOWN: extract auth: unauthorized: invalid api key'

/** The same in the words of 1.29, where what is not shaped like a token counts as a key. */
const formerlyUnknownKey = (rule: RuleId, id: string): KnownDeviation => ({
  ...grpcUnknown(rule, `${id}-formerly`, 'grpc 2 UNKNOWN: extract auth: invalid api key, please provide a valid api key'),
  messagePrefix: 'extract auth: invalid api key, ',
  seenOn: ['1.29.11'],
})

const unknownKey = (rule: RuleId, id: string): readonly KnownDeviation[] => [
  { ...grpcUnknown(rule, id, invalidKey), seenOn: since133 },
  formerlyUnknownKey(rule, id),
]

/** Objects of a batch are denied one by one inside an answer of status OK. */
const batchDenied = (rule: RuleId, id: string): KnownDeviation => ({
  id: `weaviate-grpc-batch-denied-inside-ok-${id}`,
  product: 'weaviate',
  rule,
  class: 'wrong-class',
  code: 'grpc 0 / errors',
  messagePrefix: rule.startsWith('WVT-RBAC') ? 'rbac: authorization, forbidden action: user' : 'adminlist: authorization, forbidden action: user',
  seenOn: all,
  cases: ['weaviate.grpc.*.batch-objects*'],
  says: 'BatchObjects of a caller without permission ends with status OK and an error for each object instead of PERMISSION_DENIED (7); nothing is written.',
  captured:
    'grpc 0 {"errors":[{"error":"adminlist: authorization, forbidden action: user \'assay-reader\' has insufficient permissions to U [data/collections/…/shards/*/objects/*]"}]}',
})

/** The batch endpoint of GraphQL forgets who asks. */
const batchAnonymous = (rule: RuleId, id: string): KnownDeviation => ({
  id: `weaviate-graphql-batch-as-anonymous-${id}`,
  product: 'weaviate',
  rule,
  class: 'refused',
  code: '200 graphql',
  messagePrefix: "adminlist: authorization, forbidden action: user 'anonymous'",
  seenOn: all,
  cases: ['weaviate.graphql.*.may.batch-*'],
  says: 'The queries of /v1/graphql/batch are authorized as the user anonymous, whoever asks: under an admin list that does not name anonymous even an administrator is refused, and under one that does, its rights would be those that count.',
  captured:
    '200 [{"data":{"Aggregate":{…:null}},"errors":[{"message":"adminlist: authorization, forbidden action: user \'anonymous\' has insufficient permissions to R [data/collections/…/shards/*/objects/*]"}]}]',
})

/** What the server tells about itself to whoever is known, with or without permission. */
const toldAnyway: readonly KnownDeviation[] = [
  {
    id: 'weaviate-meta-without-permission',
    product: 'weaviate',
    rule: 'WVT-META-01',
    class: 'allowed',
    code: '200',
    messagePrefix: '',
    seenOn: all,
    cases: ['weaviate.rest.*.may-not.get-meta*'],
    says: 'A user without any permission reads /v1/meta: the version, the modules and their paths on disk.',
    captured: '200 {"grpcMaxMessageSize":104858000,"hostname":"https://…","modules":{"backup-filesystem":{"backupsPath":"/…/backups"}},"version":"1.39.0"}',
  },
  {
    id: 'weaviate-tokenize-without-permission',
    product: 'weaviate',
    rule: 'WVT-META-01',
    class: 'allowed',
    code: '200',
    messagePrefix: '',
    seenOn: ['1.39.0', '1.38.3'],
    cases: ['weaviate.rest.*.may-not.tokenize', 'weaviate.rest.*.may-not.tokenize.in-*'],
    says: 'A user without any permission may have texts tokenized: no data is disclosed, work is done.',
    captured: '200 {"indexed":["two","words"],"query":["two","words"]}',
  },
]

type Words = Omit<KnownDeviation, 'product' | 'seenOn' | 'messagePrefix'> & {
  readonly rule: RuleId
  readonly seenOn?: readonly string[]
  readonly messagePrefix?: string
}

/** A deviation with whatever message, or with none. */
const seen = (words: Words): KnownDeviation => ({ product: 'weaviate', seenOn: all, messagePrefix: '', ...words })

/** The same deviation under several codes: one for each kind of request. */
const underCodes = (words: Omit<Words, 'code'>, captured: Readonly<Record<string, string>>): readonly KnownDeviation[] =>
  Object.entries(captured).map(([code, answer]) => seen({ ...words, id: `${words.id}-${code.replaceAll(/\W+/g, '-')}`, code, captured: answer }))

const offAlone = (rule: RuleId, id: string, captured: Readonly<Record<string, string>>): readonly KnownDeviation[] =>
  underCodes(
    {
      id: `weaviate-anonymous-off-alone-is-open-${id}`,
      rule,
      class: 'allowed',
      cases: ['*.in-anonymous-off-alone'],
      says: 'AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED=false without any other method leaves the server open: everybody reads, writes and deletes.',
      captured: '',
    },
    captured,
  )

/** Backups of which whoever is known may learn. */
const backupsTold = (rule: RuleId, id: string): KnownDeviation =>
  seen({
    id: `weaviate-backups-without-permission-${id}`,
    rule,
    class: 'allowed',
    code: '200',
    seenOn: until135,
    cases: ['weaviate.rest.*.may-not.list-backups*', 'weaviate.rest.*.may-not.get-backup*', 'weaviate.rest.*.may-not.get-restore*'],
    says: 'A user without any permission lists the backups with the names of their collections, and reads how a backup or a restore goes and where on disk it is.',
    captured: '200 [{"classes":["…"],"id":"…","status":"SUCCESS",…}]',
  })

/** Roles are a way to more than one has. */
const gaveAway = (rule: RuleId): KnownDeviation =>
  seen({
    id: `weaviate-assigns-more-than-it-has-${rule === 'WVT-RBAC-LIMIT-01' ? 'elsewhere' : 'lacking'}`,
    rule,
    class: 'allowed',
    code: '200',
    seenOn: until135,
    cases: ['weaviate.rest.*-role-*.may-not.assign-role.in-rbac', 'weaviate.rest.*-role-*.may-not.assign-role-to-group.in-rbac'],
    says: 'Who may assign roles assigns ones with permissions that the assigner does not have: the permission to assign is one to everything.',
    captured: 'POST /v1/authz/users/…/assign {"roles":["role-…"],"userType":"db"} → 200, and the user has the role',
  })

const groupsHidden = (rule: RuleId): KnownDeviation =>
  seen({
    id: `weaviate-groups-of-role-hidden-${rule === 'WVT-RBAC-EXACT-01' ? 'exact' : 'pattern'}`,
    rule,
    class: 'refused',
    code: '200 filtered',
    seenOn: ['1.35.2', '1.33.6'],
    cases: ['weaviate.rest.*.may.list-groups-of-role.in-rbac'],
    says: 'Who may read a role and a group is not told that the group has the role: the list is filtered as one of users.',
    captured: 'GET /v1/authz/roles/…/group-assignments → 200 []',
  })

export const weaviateDeviations: readonly KnownDeviation[] = [
  ...unknownKey('WVT-KEY-PLACE-01', 'wrong-place'),
  ...underCodes(
    {
      id: 'weaviate-key-in-query',
      rule: 'WVT-KEY-PLACE-01',
      class: 'allowed',
      cases: ['weaviate.*.key-in-query.may-not.*'],
      says: 'A key in the query parameter access_token authenticates, which no document says: such keys end up in the logs of servers and proxies, and in histories.',
      captured: '',
    },
    { 200: 'GET /v1/schema?access_token=‹key› → 200 {"classes":[…]}', 204: 'DELETE /v1/objects/…?access_token=‹key› → 204' },
  ),
  ...underCodes(
    {
      id: 'weaviate-scheme-is-case-sensitive',
      rule: 'WVT-KEY-SCHEME-01',
      class: 'refused',
      says: 'The scheme is recognised as Bearer only: with bearer or BEARER the caller counts as one without a credential.',
      captured: '',
    },
    {
      401: '401 {"code":401,"message":"anonymous access not enabled. Please authenticate through one of the available methods: [API-keys]"}',
      'grpc 2': invalidKey,
    },
  ),
  seen({
    id: 'weaviate-public-paths',
    rule: 'WVT-ANON-PUBLIC-01',
    class: 'allowed',
    code: '200',
    says: 'With anonymous access off the root, the probes of life, the specification and its rendering are answered to everybody; the specification tells the exact version.',
    captured: 'GET /v1 → 200 {"links":[{"href":"/v1/meta",…}]}',
  }),
  seen({
    id: 'weaviate-anonymous-has-no-name',
    rule: 'WVT-ANON-ON-02',
    class: 'refused',
    code: '401',
    cases: ['weaviate.rest.anonymous.may.get-own-info*'],
    says: 'With anonymous access on, a caller without a credential who asks who it is gets 401 without a body instead of the name anonymous.',
    captured: 'GET /v1/users/own-info → 401, no body',
  }),
  seen({
    id: 'weaviate-two-users-share-a-key',
    rule: 'WVT-KEY-UNIQUE-01',
    class: 'allowed',
    code: 'ready',
    seenOn: until135,
    says: 'A server that is given the same key for two users starts, and takes its holder for one of them (CVE-2026-11500).',
    captured: 'ready, with AUTHENTICATION_APIKEY_ALLOWED_KEYS of two equal keys and two users',
  }),
  seen({
    id: 'weaviate-grpc-in-the-clear-beside-https',
    rule: 'WVT-TLS-GRPC-01',
    class: 'allowed',
    code: 'plain',
    says: 'A server whose REST has a certificate speaks gRPC in the clear unless gRPC is given files of its own: keys and data travel unprotected beside an HTTPS port.',
    captured: 'PRI * HTTP/2.0 without TLS → a SETTINGS frame, with --tls-certificate given and GRPC_CERT_FILE not',
  }),
  seen({
    id: 'weaviate-profiles-for-everybody',
    rule: 'WVT-PORT-DEBUG-01',
    class: 'wrong-content',
    code: 'ready',
    messagePrefix: 'shows /debug/pprof/',
    seenOn: until135,
    says: 'Unless GO_PROFILING_DISABLE is set, a listener on all interfaces gives strangers the profiles of the process: its command line, its heap, its work.',
    captured: 'GET http://…:6060/debug/pprof/ → 200',
  }),
  seen({
    id: 'weaviate-cluster-port-is-open',
    rule: 'WVT-PORT-DATA-01',
    class: 'allowed',
    code: '200',
    says: 'The listener for other nodes answers everybody, in the clear and on all interfaces: state of the node and of the shards, and whole objects.',
    captured: 'GET http://…/indices/…/shards/…/objects/… → 200 with the object',
  }),
  ...underCodes(
    {
      id: 'weaviate-token-without-username',
      rule: 'WVT-OIDC-USERNAME-02',
      class: 'wrong-class',
      says: 'A good token that lacks the username claim is answered with 500, on gRPC with UNKNOWN (2), as if the server had failed: nothing is disclosed or changed.',
      captured: '',
    },
    {
      500: '500 {"code":500,"message":"oidc: token doesn\'t contain required claim \'email\'"}',
      'grpc 2': "grpc 2 UNKNOWN: extract auth: oidc: token doesn't contain required claim 'email'",
    },
  ),
  seen({
    id: 'weaviate-stranger-ends-server',
    rule: 'WVT-ALIVE-01',
    class: 'refused',
    code: 'exit 2',
    messagePrefix: 'panic: runtime error: invalid memory address or nil pointer dereference',
    seenOn: until135,
    says: 'With anonymous access on and an admin list that does not name anonymous, one gRPC call of TenantsGet without a credential ends the server.',
    captured: 'panic: runtime error: invalid memory address or nil pointer dereference … exit code 2',
  }),
  seen({
    id: 'weaviate-anonymous-filter-panics',
    rule: 'WVT-ANON-LIST-02',
    class: 'allowed',
    code: '200',
    seenOn: until135,
    cases: [
      'weaviate.rest.anonymous.may-not.dump-schema.in-anonymous-unlisted',
      'weaviate.rest.anonymous.may-not.list-tenants.in-anonymous-unlisted',
      'weaviate.rest.anonymous.may-not.list-aliases.in-anonymous-unlisted',
    ],
    says: 'Where lists are filtered for a caller without a name, the handler panics on a nil pointer and answers 200 without a body: nothing is disclosed, and nothing is refused.',
    captured: 'GET /v1/schema → 200, no body',
  }),
  seen({
    id: 'weaviate-anonymous-filter-panics-on-objects',
    rule: 'WVT-ANON-LIST-02',
    class: 'allowed',
    code: '200',
    seenOn: ['1.29.11'],
    cases: ['weaviate.rest.anonymous.may-not.list-objects.in-anonymous-unlisted'],
    says: 'A list of objects is filtered on 1.29.11, and for a caller without a name its handler panics and answers 200 without a body: nothing is disclosed, and nothing is refused.',
    captured: 'GET /v1/objects?class=… → 200, no body',
  }),
  seen({
    id: 'weaviate-restore-writes-above-its-folder',
    rule: 'WVT-BACKUP-PATH-01',
    class: 'allowed',
    code: 'SUCCESS',
    seenOn: ['1.29.11'],
    cases: ['weaviate.process.operator.may-not.start.asked-to-restore-an-archive-above'],
    says: 'A backup whose archive has an entry that climbs out of its folder is restored, and the file is written where the entry says (CVE-2025-67818; 1.29 was never mended).',
    captured: 'GET /v1/backups/filesystem/…/restore → 200 {"status":"SUCCESS",…}, and the file is beside the data',
  }),
  backupsTold('WVT-LIST-NONE-01', 'unlisted'),
  backupsTold('WVT-ANON-LIST-02', 'anonymous'),
  backupsTold('WVT-RBAC-NONE-01', 'without-role'),
  backupsTold('WVT-RBAC-LACKING-01', 'role-lacking'),
  backupsTold('WVT-RBAC-LIMIT-01', 'role-elsewhere'),
  ...['WVT-RBAC-LACKING-01', 'WVT-RBAC-LIMIT-01'].map((rule) => gaveAway(rule as RuleId)),
  ...['WVT-RBAC-EXACT-01', 'WVT-RBAC-PATTERN-01'].map((rule) => groupsHidden(rule as RuleId)),
  seen({
    id: 'weaviate-groups-of-role-by-permission-for-users',
    rule: 'WVT-RBAC-LACKING-01',
    class: 'allowed',
    code: '200',
    seenOn: ['1.35.2', '1.33.6'],
    cases: ['weaviate.rest.all-but-one-role-read-groups.may-not.list-groups-of-role.in-rbac'],
    says: 'Who may read users, and not groups, is told which groups have a role.',
    captured: 'GET /v1/authz/roles/…/group-assignments → 200 [{"groupId":"planted-group-…","groupType":"oidc"}]',
  }),
  seen({
    id: 'weaviate-drops-index-by-permission-for-collections',
    rule: 'WVT-RBAC-LACKING-01',
    class: 'allowed',
    code: '200',
    seenOn: ['1.38.3'],
    cases: ['weaviate.rest.all-but-one-role-update-data.may-not.drop-index.in-rbac'],
    says: 'Who may change the definition of a collection, and not its data, drops the index of a property: 1.39.0 asks for both.',
    captured: 'DELETE /v1/schema/…/properties/note/index/searchable → 200, and the index is gone',
  }),
  ...offAlone('WVT-ANON-OFF-01', 'rest', {
    200: 'POST /v1/schema → 200, and the collection is there',
    204: 'DELETE /v1/objects/… → 204, and the object is gone',
  }),
  ...offAlone('WVT-ANON-OFF-02', 'graphql', { 200: '{ Get { … } } → 200 with the objects' }),
  ...offAlone('WVT-ANON-OFF-03', 'grpc', { 'grpc 0': 'Search → grpc 0 with the objects; BatchObjects → grpc 0, and the object is there' }),
  batchDenied('WVT-ANON-LIST-02', 'anonymous'),
  ...unknownKey('WVT-ANON-OFF-03', 'anonymous'),
  ...unknownKey('WVT-BOTH-01', 'wrong-key-beside-tokens'),
  ...unknownKey('WVT-KEY-REFUSED-02', 'wrong-key'),
  formerlyUnknownKey('WVT-OIDC-SIGNATURE-01', 'oidc-signature'),
  grpcUnknown(
    'WVT-OIDC-SIGNATURE-01',
    'oidc-signature',
    'grpc 2 UNKNOWN: extract auth: unauthorized: failed to verify signature: failed to verify id token signature',
  ),
  grpcUnknown(
    'WVT-OIDC-ISSUER-01',
    'oidc-issuer',
    'grpc 2 UNKNOWN: extract auth: unauthorized: oidc: id token issued by a different provider, expected "https://…/realms/assay" got "https://…/realms/assay-other"',
  ),
  grpcUnknown('WVT-OIDC-AUDIENCE-01', 'oidc-audience', 'grpc 2 UNKNOWN: extract auth: unauthorized: oidc: expected audience "weaviate" got ["other-app"]'),
  grpcUnknown('WVT-OIDC-EXPIRY-01', 'oidc-expiry', 'grpc 2 UNKNOWN: extract auth: unauthorized: oidc: token is expired (Token Expiry: …)'),
  ...(
    [
      ['WVT-OIDC-CRITICAL-01', 'critical', 'unauthorized: failed to verify signature: failed to verify id token signature'],
      ['WVT-OIDC-NOTBEFORE-01', 'not-before', 'unauthorized: oidc: current time … before the nbf (not before) time: …'],
      ['WVT-OIDC-ALG-01', 'algorithm', 'unauthorized: oidc: malformed jwt: unexpected signature algorithm "RS512"; expected ["RS256"]'],
      ['WVT-OIDC-KEYS-01', 'keys', 'unauthorized: failed to verify signature: fetching keys oidc: get keys failed: 404 Not Found {"error":"not_found"}'],
      ['WVT-OIDC-KEYS-03', 'old-key', 'unauthorized: failed to verify signature: failed to verify id token signature'],
    ] as const
  ).map(([rule, id, message]) => grpcUnknown(rule, `oidc-${id}`, `grpc 2 UNKNOWN: extract auth: ${message}`)),
  ...underCodes(
    {
      id: 'weaviate-groups-as-one-text',
      rule: 'WVT-OIDC-GROUPS-01',
      class: 'refused',
      seenOn: ['1.29.11'],
      cases: ['weaviate.*.rogue-member-groups-as-text.may.*'],
      says: 'A groups claim that is one text instead of a list is passed over: its holder is in no group.',
      captured: '',
    },
    {
      403: '403 {"error":[{"message":"adminlist: authorization, forbidden action: user \'rogue-member\' has insufficient permissions to R […]"}]}',
      'grpc 7': "grpc 7 PERMISSION_DENIED: adminlist: authorization, forbidden action: user 'rogue-member' has insufficient permissions to R […]",
      'grpc 0 / errors':
        'grpc 0 {"errors":[{"error":"adminlist: authorization, forbidden action: user \'rogue-member\' has insufficient permissions to U […]"}]}',
    },
  ),
  ...underCodes(
    {
      id: 'weaviate-token-with-empty-username',
      rule: 'WVT-OIDC-USERNAME-02',
      class: 'wrong-class',
      cases: ['weaviate.*.rogue-username-empty.may-not.*'],
      says: 'A token whose username claim is an empty text authenticates a user without a name, who has no permission unless groups give some: logs name nobody.',
      captured: '',
    },
    {
      403: '403 {"error":[{"message":"adminlist: authorization, forbidden action: user \'\' has insufficient permissions to R […]"}]}',
      'grpc 7': "grpc 7 PERMISSION_DENIED: adminlist: authorization, forbidden action: user '' has insufficient permissions to R […]",
      'grpc 0 / errors': 'grpc 0 {"errors":[{"error":"adminlist: authorization, forbidden action: user \'\' has insufficient permissions to U […]"}]}',
    },
  ),
  batchDenied('WVT-OIDC-GROUPS-02', 'no-groups'),
  batchDenied('WVT-OIDC-USERNAME-01', 'another-name'),
  grpcUnknown('WVT-OIDC-SKIP-01', 'oidc-skip', 'grpc 2 UNKNOWN: extract auth: unauthorized: oidc: token is expired (Token Expiry: …)'),
  batchDenied('WVT-LIST-READ-02', 'reader'),
  batchDenied('WVT-LIST-NONE-02', 'unlisted'),
  batchDenied('WVT-RBAC-VIEWER-02', 'viewer'),
  batchDenied('WVT-RBAC-NONE-02', 'without-role'),
  batchDenied('WVT-RBAC-LACKING-01', 'role-lacking'),
  batchDenied('WVT-RBAC-LIMIT-01', 'role-elsewhere'),
  batchAnonymous('WVT-LIST-ADMIN-01', 'admin'),
  batchAnonymous('WVT-LIST-READ-01', 'reader'),
  ...toldAnyway,
]
