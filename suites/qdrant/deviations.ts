import type { KnownDeviation } from '../../src/deviation.ts'
import type { RuleId } from './rules.ts'

/** Seen on a build of the release's own source, whose gRPC library is the public one and not the vendor's patched copy. */
const recent = ['1.18.3'] as const
/** A release that still has payload claims, built the same way. */
const earlier = ['1.14.1'] as const
const both = [...earlier, ...recent] as const

interface Refusal {
  readonly id: string
  readonly rule: RuleId
  readonly message: string
  readonly seenOn: readonly string[]
  readonly says: string
}

/** The same words as 403 on REST and as 7 on gRPC, where 401 and 16 are due. */
const asForbidden = ({ id, rule, message, seenOn, says }: Refusal): readonly KnownDeviation[] => [
  { id: `${id}-rest`, product: 'qdrant', rule, class: 'wrong-class', code: '403', messagePrefix: message, seenOn, says, captured: `403 ${message}` },
  {
    id: `${id}-grpc`,
    product: 'qdrant',
    rule,
    class: 'wrong-class',
    code: 'grpc 7',
    messagePrefix: message,
    seenOn,
    says,
    captured: `grpc 7 PERMISSION_DENIED: ${message}`,
  },
]

const tokens: readonly KnownDeviation[] = [
  ...asForbidden({
    id: 'qdrant-expired-token-forbidden',
    rule: 'QDR-JWT-EXP-01',
    message: 'ExpiredSignature',
    seenOn: both,
    says: 'A token after its time is refused as forbidden instead of unauthenticated: a client that renews its token on 401 goes on with the dead one.',
  }),
  ...asForbidden({
    id: 'qdrant-wrong-signature-forbidden',
    rule: 'QDR-JWT-SIGNATURE-01',
    message: 'InvalidSignature',
    seenOn: both,
    says: 'A token that is signed with another key is refused as forbidden instead of unauthenticated: failed logins that are counted by 401 leave forgeries out.',
  }),
  ...asForbidden({
    id: 'qdrant-token-of-previous-key-forbidden',
    rule: 'QDR-KEY-CHANGE-02',
    message: 'InvalidSignature',
    seenOn: both,
    says: 'After a change of the API key its tokens are refused as forbidden instead of unauthenticated: a client that renews its token on 401 goes on with the dead one.',
  }),
  ...asForbidden({
    id: 'qdrant-token-of-overridden-key-forbidden',
    rule: 'QDR-KEY-ENV-03',
    message: 'InvalidSignature',
    seenOn: both,
    says: 'Tokens of a key that the environment overrides are refused as forbidden instead of unauthenticated.',
  }),
  ...asForbidden({
    id: 'qdrant-value-exists-without-collection-forbidden',
    rule: 'QDR-JWT-VALUE-EXISTS-02',
    message: 'Invalid JWT, stateful validation failed',
    seenOn: both,
    says: 'Where the collection of value_exists is missing the refusal is forbidden, where only the value is missing it is unauthenticated: the difference tells whether the collection is there.',
  }),
]

/** JWT Configuration promises a filter of every release; from 1.16.0 on the claim is refused. */
const payloadClaim: readonly KnownDeviation[] = [
  {
    id: 'qdrant-payload-claim-refused-rest',
    product: 'qdrant',
    rule: 'QDR-JWT-PAYLOAD-04',
    class: 'refused',
    code: '401',
    messagePrefix: "access[0].payload: The 'payload' constraint is deprecated",
    seenOn: recent,
    says: 'The document still promises that a payload claim filters; releases from 1.16.0 on refuse every token that has one.',
    captured: "401 access[0].payload: The 'payload' constraint is deprecated and should not be used",
  },
  {
    id: 'qdrant-payload-claim-refused-grpc',
    product: 'qdrant',
    rule: 'QDR-JWT-PAYLOAD-04',
    class: 'refused',
    code: 'grpc 16',
    messagePrefix: "access[0].payload: The 'payload' constraint is deprecated",
    seenOn: recent,
    says: 'The document still promises that a payload claim filters; releases from 1.16.0 on refuse every token that has one.',
    captured: "grpc 16 UNAUTHENTICATED: access[0].payload: The 'payload' constraint is deprecated and should not be used",
  },
]

const stale: readonly KnownDeviation[] = [
  {
    id: 'qdrant-locks-are-gone',
    product: 'qdrant',
    rule: 'QDR-LOCKS-01',
    class: 'refused',
    code: '404',
    messagePrefix: 'there is no such path',
    seenOn: recent,
    says: 'The table of access has rows for locks; releases from 1.16.0 on have no such API.',
    captured: '404 with an empty body to GET /locks with the API key',
  },
  {
    id: 'qdrant-internal-port-can-be-guarded',
    product: 'qdrant',
    rule: 'QDR-P2P-04',
    class: 'refused',
    code: 'grpc 16',
    messagePrefix: 'Must provide an API key',
    seenOn: recent,
    says: 'The document says that nothing guards the port for other nodes; from 1.18.0 on enforce_internal_auth does.',
    captured: 'grpc 16 UNAUTHENTICATED: Must provide an API key or an Authorization bearer token to QdrantInternal/GetConsensusCommit without a credential',
  },
]

const open = (id: string, rule: RuleId, what: Pick<KnownDeviation, 'cases' | 'says' | 'captured' | 'seenOn'>): KnownDeviation => ({
  id,
  product: 'qdrant',
  rule,
  class: 'allowed',
  code: '200',
  messagePrefix: '',
  ...what,
})

const telemetry = (id: string, rule: RuleId): KnownDeviation =>
  open(`qdrant-telemetry-open-${id}`, rule, {
    cases: ['qdrant.rest.*.may-not.telemetry'],
    seenOn: both,
    says: 'A collection token reads the telemetry, which the table of access denies to it; it shows the version, the settings and the number of its own collections.',
    captured: '200 {"result":{"id":"…","app":{"name":"qdrant","version":"1.18.3","jwt_rbac":true,…},"collections":{"number_of_collections":1}},"status":"ok"}',
  })

const disclosures: readonly KnownDeviation[] = [
  telemetry('collection-rw', 'QDR-JWT-COLLECTION-RW-02'),
  telemetry('collection-r', 'QDR-JWT-COLLECTION-R-02'),
  telemetry('other-collection', 'QDR-JWT-COLLECTION-OTHER-01'),
  telemetry('no-collection', 'QDR-JWT-COLLECTION-NONE-01'),
  open('qdrant-version-public', 'QDR-VERSION-01', {
    cases: ['qdrant.rest.*.may-not.version'],
    seenOn: both,
    says: 'The root path answers without a key, which the document asks for in every request, and tells the version and the commit to whoever can connect.',
    captured: '200 {"title":"qdrant - vector search engine","version":"1.18.3","commit":"v1.18.3"}',
  }),
]

const aliases = (surface: 'rest' | 'grpc', code: string): KnownDeviation => ({
  id: `qdrant-aliases-hidden-${surface}`,
  product: 'qdrant',
  rule: 'QDR-JWT-LISTS-01',
  class: 'no-effect',
  code,
  messagePrefix: 'nothing planted is in the answer',
  seenOn: both,
  cases: [`qdrant.${surface}.*.may.list-collection-aliases`, `qdrant.${surface}.*.may.list-aliases*`],
  says: 'The lists of aliases are empty for a collection token, also for those of its own collection: they show an alias only to a token that names the alias itself.',
  captured: surface === 'rest' ? '200 {"result":{"aliases":[]},"status":"ok"}' : 'grpc 0 {"aliases":[]}',
})

/** With `enforce_internal_auth`. */
const internalPort: KnownDeviation = {
  id: 'qdrant-internal-port-any-credential',
  product: 'qdrant',
  rule: 'QDR-P2P-03',
  class: 'allowed',
  code: 'grpc 0',
  messagePrefix: '',
  seenOn: recent,
  says: 'With enforce_internal_auth the port for other nodes serves whoever has any credential: the read-only key reaches the services of the consensus.',
  captured: 'grpc 0 {"term":"1","commit":"5"} to QdrantInternal/GetConsensusCommit with the read-only key',
}

/** `api_key: ""` */
const emptyKey = (surface: 'rest' | 'grpc', code: string): KnownDeviation => ({
  id: `qdrant-empty-key-opens-${surface}`,
  product: 'qdrant',
  rule: 'QDR-KEY-EMPTY-01',
  class: 'allowed',
  code,
  messagePrefix: '',
  seenOn: both,
  cases: [`qdrant.${surface}.*-the-empty-key.*`],
  says: 'An empty api_key, such as a variable without a value makes, is a key like any other: an empty api-key header is manage access, and so is any token that is signed with the empty key.',
  captured:
    surface === 'rest'
      ? '200 {"result":{"collections":[…]},"status":"ok"} to GET /collections with `api-key: `'
      : 'grpc 0 to Collections/List with an empty api-key',
})

interface Both {
  readonly id: string
  readonly rule: RuleId
  readonly class: KnownDeviation['class']
  readonly by?: keyof typeof codes
  readonly messagePrefix: string
  readonly cases: string
  readonly seenOn: readonly string[]
  readonly says: string
  readonly captured?: { readonly rest: string; readonly grpc: string }
}

const codes = {
  grant: { rest: '200', grpc: 'grpc 0' },
  unauthenticated: { rest: '401', grpc: 'grpc 16' },
  forbidden: { rest: '403', grpc: 'grpc 7' },
} as const

/** The same on both surfaces. */
const onBoth = ({ cases, class: kind, by = kind === 'refused' ? 'unauthenticated' : 'grant', captured, ...what }: Both): readonly KnownDeviation[] =>
  (['rest', 'grpc'] as const).map((surface) => {
    const code = codes[by][surface]
    return {
      ...what,
      id: `${what.id}-${surface}`,
      product: 'qdrant',
      class: kind,
      code,
      cases: [`qdrant.${surface}.${cases}`],
      captured: captured?.[surface] ?? `${code} ${what.messagePrefix}`.trim(),
    }
  })

const claims: readonly KnownDeviation[] = [
  ...onBoth({
    id: 'qdrant-empty-crit-accepted',
    rule: 'QDR-JWT-CRIT-01',
    class: 'allowed',
    messagePrefix: '',
    cases: '*.with-an-empty-critical-header',
    seenOn: both,
    says: 'A token whose crit header is an empty list is accepted, which RFC 7515 forbids to make.',
  }),
  ...onBoth({
    id: 'qdrant-repeated-key-first-counts',
    rule: 'QDR-KEY-REPEATED-01',
    class: 'allowed',
    messagePrefix: '',
    cases: '*.before-a-wrong-one-in-the-same-header',
    seenOn: both,
    says: 'Of two api-key headers the first counts and the second is not looked at: a proxy that checks the last one and lets both through can be got around.',
  }),
  ...onBoth({
    id: 'qdrant-fractional-exp-refused',
    rule: 'QDR-JWT-EXP-05',
    class: 'refused',
    messagePrefix: 'Invalid API key or JWT',
    cases: '*.expiring-at-a-fraction-of-a-second',
    seenOn: both,
    says: 'A token whose exp has a fraction of a second is refused, though RFC 7519 allows one: an issuer that writes them locks its clients out.',
  }),
  ...onBoth({
    id: 'qdrant-undocumented-level-prw',
    rule: 'QDR-JWT-ACCESS-01',
    class: 'allowed',
    messagePrefix: '',
    cases: '*.with-a-level-that-no-document-knows',
    seenOn: both,
    says: 'A token with the level prw for a collection is accepted and reads and writes its points; the document knows r and rw only.',
  }),
  ...onBoth({
    id: 'qdrant-value-exists-null-refused',
    rule: 'QDR-JWT-VALUE-EXISTS-01',
    class: 'refused',
    messagePrefix: 'Invalid API key or JWT',
    cases: '*.with-a-null-that-matches',
    seenOn: both,
    says: 'A token whose value_exists asks for a null is refused although a point holds it: the claim takes texts, integers and truths only, which the document does not say.',
  }),
  ...onBoth({
    id: 'qdrant-bearer-in-one-spelling',
    rule: 'QDR-KEY-SCHEME-01',
    class: 'refused',
    messagePrefix: 'Must provide an API key or an Authorization bearer token',
    cases: '*.as-bearer-in-*',
    seenOn: both,
    says: 'The scheme is read as Bearer and in no other spelling, though RFC 9110 makes no difference between small and capital letters: a proxy that writes it otherwise locks its clients out.',
  }),
]

const tls: readonly KnownDeviation[] = [
  {
    id: 'qdrant-grpc-client-certificate-not-asked',
    product: 'qdrant',
    rule: 'QDR-TLS-CLIENT-03',
    class: 'allowed',
    code: 'grpc 0',
    messagePrefix: '',
    seenOn: both,
    says: 'With verify_https_client_certificate the REST API asks for a client certificate and the gRPC API does not: whoever has a key gets in there without one.',
    captured: 'grpc 0 to a list of collections over a connection that presented no client certificate',
  },
  {
    id: 'qdrant-old-tls-another-alert',
    product: 'qdrant',
    rule: 'QDR-TLS-OLD-01',
    class: 'wrong-class',
    code: 'tls alert 40',
    messagePrefix: 'fatal alert',
    seenOn: both,
    says: 'TLS 1.0 and 1.1 are refused by handshake_failure (40) and not by protocol_version (70) as RFC 8996 demands: a client is not told that a newer version would do.',
    captured: 'tls alert 40 to a ClientHello of TLS 1.1',
  },
]

/** What later releases do as documented, or no longer have. */
const gone: readonly KnownDeviation[] = [
  ...onBoth({
    id: 'qdrant-unknown-crit-accepted',
    rule: 'QDR-JWT-CRIT-01',
    class: 'allowed',
    messagePrefix: '',
    cases: '*.with-an-unknown-critical-header',
    seenOn: earlier,
    says: 'A token whose header calls a parameter critical that the server does not know is accepted: what an issuer demands by it is passed over.',
  }),
  ...onBoth({
    id: 'qdrant-unencoded-crit-accepted',
    rule: 'QDR-JWT-CRIT-01',
    class: 'allowed',
    messagePrefix: '',
    cases: '*.with-unencoded-claims-as-critical',
    seenOn: earlier,
    says: 'A token whose header calls the unencoded payload of RFC 7797 critical is accepted and read as one whose payload is encoded.',
  }),
  ...onBoth({
    id: 'qdrant-null-exp-never-ends',
    rule: 'QDR-JWT-EXP-04',
    class: 'allowed',
    messagePrefix: '',
    cases: '*.with-null-for-exp',
    seenOn: earlier,
    says: 'A token whose exp is null is accepted as one without exp: where an issuer fails to fill the time in, its token never ends.',
  }),
  ...onBoth({
    id: 'qdrant-aliases-hidden-payload',
    rule: 'QDR-JWT-PAYLOAD-01',
    class: 'no-effect',
    messagePrefix: 'nothing planted is in the answer',
    cases: 'jwt-payload-*.may.list-*aliases',
    seenOn: earlier,
    says: 'The lists of aliases are empty for a token with a payload claim, also for those of the collection that it names.',
    captured: { rest: '200 {"result":{"aliases":[]},"status":"ok"}', grpc: 'grpc 0 {"aliases":[]}' },
  }),
  ...onBoth({
    id: 'qdrant-payload-discovers',
    rule: 'QDR-JWT-PAYLOAD-01',
    class: 'allowed',
    messagePrefix: '',
    cases: 'jwt-payload-*.may-not.discover-points',
    seenOn: earlier,
    says: 'A token with a payload claim discovers points, which the table of access denies to it; the answer holds only points that its claim covers.',
    captured: {
      rest: '200 {"result":[{"id":"…","score":0.75,"payload":{"owner":["a","b"],…}},…],"status":"ok"}',
      grpc: 'grpc 0 {"result":[{"id":{"uuid":"…"},…},…]}',
    },
  }),
  ...onBoth({
    id: 'qdrant-payload-discovers-in-batches',
    rule: 'QDR-JWT-PAYLOAD-03',
    class: 'allowed',
    messagePrefix: '',
    cases: 'jwt-payload-r.may-not.discover-batch',
    seenOn: earlier,
    says: 'A token with a payload claim discovers points in batches, as it does one by one; each answer holds only points that its claim covers.',
    captured: {
      rest: '200 {"result":[[{"id":"…","score":0.75,"payload":{"owner":["a","b"],…}},…]],"status":"ok"}',
      grpc: 'grpc 0 {"result":[{"result":[{"id":{"uuid":"…"},…},…]}]}',
    },
  }),
  ...onBoth({
    id: 'qdrant-payload-query-by-a-point-refused',
    rule: 'QDR-JWT-PAYLOAD-03',
    class: 'refused',
    by: 'forbidden',
    messagePrefix: 'Forbidden: This operation is not allowed when "payload" restriction is present for collection ',
    cases: 'jwt-payload-r.may.query-by-a-point',
    seenOn: earlier,
    says: 'A token with a payload claim may not query by the id of a point, even of one that its claim covers, though the table of access allows it to query.',
  }),
  open('qdrant-telemetry-open-payload', 'QDR-JWT-PAYLOAD-01', {
    cases: ['qdrant.rest.jwt-payload-*.may-not.telemetry'],
    seenOn: earlier,
    says: 'A token with a payload claim reads the telemetry, which the table of access denies to it; it shows the version, the settings and the number of its own collections.',
    captured: '200 {"result":{"id":"…","app":{"name":"qdrant","version":"1.14.1","jwt_rbac":true,…},"collections":{"number_of_collections":1}},"status":"ok"}',
  }),
  open('qdrant-logger-open', 'QDR-LOGGER-01', {
    cases: ['qdrant.rest.*.may-not.update-logger'],
    seenOn: earlier,
    says: "Whoever has any credential, such as the read-only key, changes the server's logging (CVE-2026-25628): it can be silenced, or sent to a file of the caller's choice.",
    captured: '200 {"result":true,"status":"ok"} to POST /logger with the read-only key; GET /logger then shows the new level',
  }),
  {
    id: 'qdrant-upload-read-before-refusal',
    product: 'qdrant',
    rule: 'QDR-UPLOAD-01',
    class: 'effect-despite-refusal',
    code: '403',
    messagePrefix: 'Forbidden: Global ',
    cases: ['qdrant.rest.*.may-not.upload-*-snapshot-slowly'],
    seenOn: earlier,
    says: 'A snapshot of a caller who may not upload one is taken in whole before it is refused (GHSA-3v92-w72v-j994): whoever may only read makes the server take in as much as they send.',
    captured: '403 Forbidden: Global manage access is required, only after the second half of the body was sent 4 s later',
  },
]

/** What released versions do differently from the document: each was seen on exactly these versions. */
export const deviations: readonly KnownDeviation[] = [
  ...tokens,
  ...payloadClaim,
  ...stale,
  ...disclosures,
  aliases('rest', '200'),
  aliases('grpc', 'grpc 0'),
  internalPort,
  ...claims,
  ...tls,
  ...gone,
  emptyKey('rest', '200'),
  emptyKey('grpc', 'grpc 0'),
]
