import type { KnownDeviation } from '../../src/deviation.ts'
import type { RuleId } from './rules.ts'

const both = ['1.39.0', '1.35.2'] as const

/** gRPC tells an unknown caller apart in its message only. */
const grpcUnknown = (rule: RuleId, id: string, captured: string): KnownDeviation => ({
  id: `weaviate-grpc-unknown-code-${id}`,
  product: 'weaviate',
  rule,
  class: 'wrong-class',
  code: 'grpc 2',
  messagePrefix: 'extract auth: unauthorized',
  seenOn: both,
  cases: ['weaviate.grpc.*'],
  says: 'A gRPC call by a caller whom the server does not know ends with UNKNOWN (2) instead of UNAUTHENTICATED (16): clients that renew a credential or count failed logins by the code do not notice.',
  captured,
})

const invalidKey = 'grpc 2 UNKNOWN: extract auth: unauthorized: invalid api key'

/** Objects of a batch are denied one by one inside an answer of status OK. */
const batchDenied = (rule: RuleId, id: string): KnownDeviation => ({
  id: `weaviate-grpc-batch-denied-inside-ok-${id}`,
  product: 'weaviate',
  rule,
  class: 'wrong-class',
  code: 'grpc 0 / errors',
  messagePrefix: rule.startsWith('WVT-RBAC') ? 'rbac: authorization, forbidden action: user' : 'adminlist: authorization, forbidden action: user',
  seenOn: both,
  cases: ['weaviate.grpc.*.batch-objects*'],
  says: 'BatchObjects of a caller without permission ends with status OK and an error for each object instead of PERMISSION_DENIED (7); nothing is written.',
  captured: 'grpc 0 {"errors":[{"error":"adminlist: authorization, forbidden action: user \'assay-reader\' has insufficient permissions to U [data/collections/…/shards/*/objects/*]"}]}',
})

/** The batch endpoint of GraphQL forgets who asks. */
const batchAnonymous = (rule: RuleId, id: string): KnownDeviation => ({
  id: `weaviate-graphql-batch-as-anonymous-${id}`,
  product: 'weaviate',
  rule,
  class: 'refused',
  code: '200 graphql',
  messagePrefix: "adminlist: authorization, forbidden action: user 'anonymous'",
  seenOn: both,
  cases: ['weaviate.graphql.*.may.batch-*'],
  says: 'The queries of /v1/graphql/batch are authorized as the user anonymous, whoever asks: under an admin list that does not name anonymous even an administrator is refused, and under one that does, its rights would be those that count.',
  captured: "200 [{\"data\":{\"Aggregate\":{…:null}},\"errors\":[{\"message\":\"adminlist: authorization, forbidden action: user 'anonymous' has insufficient permissions to R [data/collections/…/shards/*/objects/*]\"}]}]",
})

/** What the server tells about itself to whoever is known, with or without permission. */
const toldAnyway = (rule: RuleId, id: string): readonly KnownDeviation[] => [
  {
    id: `weaviate-meta-without-permission-${id}`,
    product: 'weaviate',
    rule,
    class: 'allowed',
    code: '200',
    messagePrefix: '',
    seenOn: both,
    cases: ['weaviate.rest.*.may-not.get-meta*'],
    says: 'A user without any permission reads /v1/meta: the version, the modules and their paths on disk.',
    captured: '200 {"grpcMaxMessageSize":104858000,"hostname":"https://…","modules":{"backup-filesystem":{"backupsPath":"/…/backups"}},"version":"1.39.0"}',
  },
  {
    id: `weaviate-tokenize-without-permission-${id}`,
    product: 'weaviate',
    rule,
    class: 'allowed',
    code: '200',
    messagePrefix: '',
    seenOn: ['1.39.0'],
    cases: ['weaviate.rest.*.may-not.tokenize', 'weaviate.rest.*.may-not.tokenize.in-*'],
    says: 'A user without any permission may have texts tokenized: no data is disclosed, work is done.',
    captured: '200 {"indexed":["two","words"],"query":["two","words"]}',
  },
]

export const weaviateDeviations: readonly KnownDeviation[] = [
  grpcUnknown('WVT-ANON-OFF-03', 'anonymous', invalidKey),
  grpcUnknown('WVT-KEY-REFUSED-02', 'wrong-key', invalidKey),
  grpcUnknown('WVT-OIDC-SIGNATURE-01', 'oidc-signature', 'grpc 2 UNKNOWN: extract auth: unauthorized: failed to verify signature: failed to verify id token signature'),
  grpcUnknown('WVT-OIDC-ISSUER-01', 'oidc-issuer', 'grpc 2 UNKNOWN: extract auth: unauthorized: oidc: id token issued by a different provider, expected "https://…/realms/assay" got "https://…/realms/assay-other"'),
  grpcUnknown('WVT-OIDC-AUDIENCE-01', 'oidc-audience', 'grpc 2 UNKNOWN: extract auth: unauthorized: oidc: expected audience "weaviate" got ["other-app"]'),
  grpcUnknown('WVT-OIDC-EXPIRY-01', 'oidc-expiry', 'grpc 2 UNKNOWN: extract auth: unauthorized: oidc: token is expired (Token Expiry: …)'),
  batchDenied('WVT-LIST-READ-02', 'reader'),
  batchDenied('WVT-LIST-NONE-02', 'unlisted'),
  batchDenied('WVT-RBAC-VIEWER-02', 'viewer'),
  batchDenied('WVT-RBAC-NONE-02', 'without-role'),
  batchAnonymous('WVT-LIST-ADMIN-01', 'admin'),
  batchAnonymous('WVT-LIST-READ-01', 'reader'),
  ...toldAnyway('WVT-LIST-NONE-01', 'unlisted'),
  ...toldAnyway('WVT-RBAC-NONE-01', 'without-role'),
]
