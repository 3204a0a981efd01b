import type { Rule, Rules, Severity, Source } from '../../src/rule.ts'

const authentication = (section: string): Source => ({ kind: 'document', ref: `weaviate-authentication, ${section}` })
const authorization = (section: string): Source => ({ kind: 'document', ref: `weaviate-authz-authn, ${section}` })
const derived = (from: string): Source => ({ kind: 'derived', ref: from })
const standard = (ref: string): Source => ({ kind: 'standard', ref })

interface Words {
  readonly says: string
  readonly source: Source
  readonly severity: Severity
  readonly cwe: Rule['cwe']
  readonly controls: readonly string[]
  readonly remediation: string
  readonly versions?: string
}

const must = (words: Words): Rule => ({ product: 'weaviate', level: 'MUST', ...words })
const should = (words: Words): Rule => ({ product: 'weaviate', level: 'SHOULD', ...words })

const rbac: Source = { kind: 'derived', ref: 'weaviate-authz-authn, Authorization: RBAC is one of the schemes; its built-in roles' }
const rbacOn = 'Set AUTHORIZATION_RBAC_ENABLED and AUTHORIZATION_RBAC_ROOT_USERS, and give each user the roles that it needs and no more.'
const noAnonymous = 'Set AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED to false together with at least one method of authentication.'
const listUsers = 'Set AUTHORIZATION_ADMINLIST_ENABLED, and name users in AUTHORIZATION_ADMINLIST_USERS or AUTHORIZATION_ADMINLIST_READONLY_USERS.'
const oidcOn = 'Set AUTHENTICATION_OIDC_ISSUER to the issuer exactly as its discovery document names it, and trust only its keys.'
const nothingToDo = 'Nothing: it holds with API keys on. A server on which it does not is to be replaced.'

export const weaviateRules = {
  'WVT-ANON-OFF-01': must({
    says: 'With anonymous access off, a REST request without a credential is answered with 401 and has no effect.',
    source: authentication('Anonymous Access'),
    severity: 'critical',
    cwe: ['CWE-306'],
    controls: ['AC-3', 'AC-14', 'IA-2'],
    remediation: noAnonymous,
  }),
  'WVT-ANON-OFF-02': must({
    says: 'With anonymous access off, a GraphQL request without a credential is answered with 401 and discloses nothing.',
    source: authentication('Anonymous Access'),
    severity: 'critical',
    cwe: ['CWE-306'],
    controls: ['AC-3', 'AC-14', 'IA-2'],
    remediation: noAnonymous,
  }),
  'WVT-ANON-OFF-03': must({
    says: 'With anonymous access off, a gRPC call without a credential is refused as unauthenticated and has no effect.',
    source: derived('weaviate-authentication, Anonymous Access: any request; gRPC is one of the surfaces'),
    severity: 'critical',
    cwe: ['CWE-306'],
    controls: ['AC-3', 'AC-14', 'IA-2'],
    remediation: noAnonymous,
  }),
  'WVT-ANON-PUBLIC-01': must({
    says: 'With anonymous access off, no path is exempt: the root, the probes of life and the specification need a credential like any other.',
    source: authentication('Anonymous Access'),
    severity: 'low',
    cwe: ['CWE-200', 'CWE-306'],
    controls: ['AC-14'],
    remediation: 'Let a proxy answer the probes, and keep the rest of these paths from strangers.',
  }),
  'WVT-ANON-ON-01': must({
    says: 'With anonymous access on and no authorization scheme, requests without a credential are let through.',
    source: authentication('Anonymous Access'),
    severity: 'low',
    cwe: ['CWE-863'],
    controls: ['AC-14'],
    remediation: 'Use it for trials alone.',
  }),
  'WVT-ANON-ON-02': must({
    says: 'A caller without a credential is authenticated as the user anonymous.',
    source: authentication('Anonymous Access'),
    severity: 'low',
    cwe: ['CWE-287'],
    controls: ['IA-2', 'AU-3'],
    remediation: 'Name anonymous in the lists where its rights are to be limited.',
  }),
  'WVT-ANON-LIST-01': must({
    says: 'What the authorization settings permit to the user anonymous, callers without a credential may do.',
    source: authentication('Anonymous Access'),
    severity: 'low',
    cwe: ['CWE-863'],
    controls: ['AC-3', 'AC-14'],
    remediation: 'Name anonymous in AUTHORIZATION_ADMINLIST_READONLY_USERS.',
  }),
  'WVT-ANON-LIST-02': must({
    says: 'What the authorization settings do not permit to the user anonymous, callers without a credential may not do.',
    source: authentication('Anonymous Access'),
    severity: 'critical',
    cwe: ['CWE-862', 'CWE-306'],
    controls: ['AC-3', 'AC-14'],
    remediation: 'Switch anonymous access off, or leave anonymous out of the list of administrators.',
  }),
  'WVT-SPEC-01': must({
    says: 'The server lists in its specification exactly the operations that are known of its version.',
    source: derived('the completeness of these tables rests on it'),
    severity: 'low',
    cwe: ['CWE-1059'],
    controls: ['CM-8'],
    remediation: 'Compare the specification with that of the release; add cases for what is new.',
  }),
  'WVT-OIDC-DISCOVERY-01': must({
    says: "With OIDC on, Weaviate's own discovery path names the client id and the address of the issuer's discovery document, without a credential.",
    source: authentication('Get and pass tokens manually'),
    severity: 'low',
    cwe: ['CWE-287'],
    controls: ['IA-8'],
    remediation: 'Enable OIDC with an issuer and a client id.',
  }),
  'WVT-OIDC-DISCOVERY-02': must({
    says: "With OIDC off, Weaviate's own discovery path answers 404.",
    source: authentication('Get and pass tokens manually, Code example'),
    severity: 'low',
    cwe: ['CWE-287'],
    controls: ['IA-8'],
    remediation: 'Nothing: it holds with OIDC off.',
  }),
  'WVT-KEY-01': must({
    says: 'A caller whose credential is good is known as the user whom it belongs to.',
    source: authentication('API keys: Docker'),
    severity: 'medium',
    cwe: ['CWE-287'],
    controls: ['IA-2', 'IA-4'],
    remediation: 'List keys and users in the same order, as many of the one as of the other.',
  }),
  'WVT-KEY-REFUSED-01': must({
    says: 'A key that is not among the allowed ones is refused as unauthenticated on REST and GraphQL.',
    source: authentication('API Key Authentication'),
    severity: 'critical',
    cwe: ['CWE-287'],
    controls: ['IA-2', 'IA-5(1)'],
    remediation: nothingToDo,
  }),
  'WVT-KEY-REFUSED-02': must({
    says: 'A key that is not among the allowed ones is refused as unauthenticated on gRPC.',
    source: derived('weaviate-authentication, API Key Authentication; gRPC is one of the surfaces'),
    severity: 'critical',
    cwe: ['CWE-287'],
    controls: ['IA-2', 'IA-5(1)'],
    remediation: nothingToDo,
  }),
  'WVT-KEY-PLACE-01': must({
    says: 'A key is a credential only in the Authorization header with the scheme Bearer: elsewhere the request counts as one without a credential.',
    source: derived('weaviate-authz-authn, Add a Bearer to a Request; weaviate-authentication, Anonymous Access: without an allowed scheme 401'),
    severity: 'medium',
    cwe: ['CWE-287', 'CWE-598'],
    controls: ['IA-2', 'SC-8'],
    remediation: 'Send keys in the Authorization header only, and keep query strings out of access logs.',
  }),
  'WVT-KEY-SCHEME-01': should({
    says: 'The scheme word Bearer is recognised in any case of its letters.',
    source: standard('RFC 9110 §11.1'),
    severity: 'low',
    cwe: ['CWE-178'],
    controls: ['IA-2'],
    remediation: 'Write the scheme as the document does: Bearer.',
  }),
  'WVT-LIST-ADMIN-01': must({
    says: 'A user of the list of administrators may do everything.',
    source: authorization('Authorization'),
    severity: 'medium',
    cwe: ['CWE-863'],
    controls: ['AC-3', 'AC-6'],
    remediation: listUsers,
  }),
  'WVT-LIST-READ-01': must({
    says: 'A user of the read-only list may read.',
    source: authorization('Authorization'),
    severity: 'medium',
    cwe: ['CWE-863'],
    controls: ['AC-3', 'AC-6'],
    remediation: listUsers,
  }),
  'WVT-LIST-READ-02': must({
    says: 'A user of the read-only list may change nothing.',
    source: authorization('Authorization'),
    severity: 'high',
    cwe: ['CWE-862', 'CWE-863'],
    controls: ['AC-3', 'AC-6'],
    remediation: listUsers,
  }),
  'WVT-LIST-NONE-01': must({
    says: 'An authenticated user who is in no list has no permission: reads are refused, or show nothing of what is there.',
    source: authorization('Authorization'),
    severity: 'high',
    cwe: ['CWE-862', 'CWE-863'],
    controls: ['AC-3', 'AC-6'],
    remediation: listUsers,
  }),
  'WVT-LIST-NONE-02': must({
    says: 'An authenticated user who is in no list has no permission: writes are refused without effect.',
    source: authorization('Authorization'),
    severity: 'high',
    cwe: ['CWE-862', 'CWE-863'],
    controls: ['AC-3', 'AC-6'],
    remediation: listUsers,
  }),
  'WVT-RBAC-ROOT-01': must({
    says: 'A root user may do everything.',
    source: rbac,
    severity: 'medium',
    cwe: ['CWE-863'],
    controls: ['AC-3'],
    versions: '>=1.29.0',
    remediation: rbacOn,
  }),
  'WVT-RBAC-VIEWER-01': must({
    says: 'A user with the role viewer may read.',
    source: rbac,
    severity: 'medium',
    cwe: ['CWE-863'],
    controls: ['AC-3', 'AC-6'],
    versions: '>=1.29.0',
    remediation: rbacOn,
  }),
  'WVT-RBAC-VIEWER-02': must({
    says: 'A user with the role viewer may change nothing.',
    source: rbac,
    severity: 'high',
    cwe: ['CWE-862', 'CWE-863'],
    controls: ['AC-3', 'AC-6'],
    versions: '>=1.29.0',
    remediation: rbacOn,
  }),
  'WVT-RBAC-NONE-01': must({
    says: 'A user without a role reads nothing: reads are refused, or show nothing of what is there.',
    source: rbac,
    severity: 'high',
    cwe: ['CWE-862', 'CWE-863'],
    controls: ['AC-3', 'AC-6'],
    versions: '>=1.29.0',
    remediation: rbacOn,
  }),
  'WVT-RBAC-NONE-02': must({
    says: 'A user without a role changes nothing.',
    source: rbac,
    severity: 'high',
    cwe: ['CWE-862', 'CWE-863'],
    controls: ['AC-3', 'AC-6'],
    versions: '>=1.29.0',
    remediation: rbacOn,
  }),
  'WVT-START-KEYS-01': must({
    says: 'With API keys on, a server whose keys and users cannot be paired does not start, and says why.',
    source: authentication('API keys: Docker'),
    severity: 'medium',
    cwe: ['CWE-1188', 'CWE-287'],
    controls: ['CM-6', 'IA-5'],
    remediation: 'List as many users as keys, or one user for all keys, and no empty entries.',
  }),
  'WVT-START-KEYS-02': must({
    says: 'One user may be listed for all the keys.',
    source: authentication('API keys: Docker'),
    severity: 'low',
    cwe: ['CWE-287'],
    controls: ['CM-6'],
    remediation: 'List the one user once.',
  }),
  'WVT-KEY-UNIQUE-01': must({
    says: 'No two users share a key: a server that is given the same key for two users does not start.',
    source: authentication('API Key Authentication'),
    severity: 'high',
    cwe: ['CWE-287', 'CWE-694'],
    controls: ['IA-4', 'IA-5'],
    remediation: 'Give each user a key of its own (CVE-2026-11500), and update to 1.38.0 or later.',
  }),
  'WVT-START-OIDC-01': must({
    says: 'With OIDC on, a server without one of the required settings does not start, and names what is missing.',
    source: authentication('OIDC: Docker'),
    severity: 'medium',
    cwe: ['CWE-1188'],
    controls: ['CM-6', 'IA-8'],
    remediation: 'Set the issuer, the client id (or the switch that skips it) and the username claim.',
  }),
  'WVT-START-OIDC-02': must({
    says: 'With OIDC on, a server that cannot discover its issuer does not start.',
    source: authentication('OIDC: Docker, issuer'),
    severity: 'medium',
    cwe: ['CWE-636'],
    controls: ['CM-6', 'IA-8'],
    remediation: 'Make the issuer reachable from the server, and its certificate trusted.',
  }),
  'WVT-START-OIDC-03': must({
    says: 'With OIDC off, its other settings are not validated: the server starts whatever they say.',
    source: authentication('OIDC: Docker'),
    severity: 'low',
    cwe: ['CWE-1188'],
    controls: ['CM-6'],
    remediation: 'Remove settings that are not used.',
  }),
  'WVT-START-AUTHZ-01': must({
    says: 'A server does not start where its settings contradict each other about who may what: a user in both lists, two schemes at once, RBAC with anonymous access.',
    source: derived('weaviate-authz-authn, Authorization: one scheme, and one level for a user'),
    severity: 'medium',
    cwe: ['CWE-1188', 'CWE-863'],
    controls: ['CM-6', 'AC-3'],
    remediation: 'Name a user in one list, and enable one scheme.',
  }),
  'WVT-ALIVE-01': must({
    says: 'No request of a caller without permission ends the server.',
    source: derived('weaviate-authentication, Anonymous Access: what is not permitted is refused, and nothing else happens'),
    severity: 'critical',
    cwe: ['CWE-248', 'CWE-476'],
    controls: ['SC-5', 'SI-10', 'SI-11'],
    remediation: 'Switch anonymous access off, or update.',
  }),
  'WVT-UNDIFF-01': must({
    says: 'Without an authorization scheme, every authenticated caller may do everything.',
    source: derived('weaviate-authz-authn, Authorization: undifferentiated access is one of the schemes'),
    severity: 'low',
    cwe: ['CWE-863'],
    controls: ['AC-3'],
    remediation: 'Enable RBAC or the admin list where callers are to be told apart.',
  }),
  'WVT-OIDC-SIGNATURE-01': must({
    says: 'A token that the configured issuer has not signed as it is, is refused as unauthenticated.',
    source: authentication('OIDC Authentication, More about OIDC'),
    severity: 'critical',
    cwe: ['CWE-347'],
    controls: ['IA-5(2)', 'IA-8', 'SC-23'],
    remediation: oidcOn,
  }),
  'WVT-OIDC-ISSUER-01': must({
    says: 'A token of another issuer is refused as unauthenticated, though it is well signed.',
    source: authentication('OIDC: Docker, issuer'),
    severity: 'critical',
    cwe: ['CWE-345', 'CWE-346'],
    controls: ['IA-8'],
    remediation: oidcOn,
  }),
  'WVT-OIDC-AUDIENCE-01': must({
    says: "A token of the issuer whose audience does not name Weaviate's client id is refused as unauthenticated.",
    source: authentication('OIDC: Docker, client_id'),
    severity: 'high',
    cwe: ['CWE-863', 'CWE-287'],
    controls: ['IA-8', 'AC-3'],
    remediation: 'Set AUTHENTICATION_OIDC_CLIENT_ID, leave AUTHENTICATION_OIDC_SKIP_CLIENT_ID_CHECK off, and let the issuer put the client id into aud.',
  }),
  'WVT-OIDC-EXPIRY-01': must({
    says: "A token is refused as unauthenticated once the issuer's time for it has passed.",
    source: authentication('Token lifetime'),
    severity: 'high',
    cwe: ['CWE-613'],
    controls: ['IA-5', 'AC-12'],
    remediation: 'Let the issuer give access tokens a short life.',
  }),
} as const satisfies Rules

export type RuleId = keyof typeof weaviateRules
