import type { Rule, Rules } from '../../src/rule.ts'

const DISCOVERY = 'OpenID Connect Discovery 1.0'
const CORE = 'OpenID Connect Core 1.0'
const OAUTH = 'RFC 6749'
const DOCUMENT = 'weaviate-authentication'

type Facts = Pick<Rule, 'says' | 'severity' | 'remediation'> & {
  readonly ref: string
  readonly kind?: Rule['source']['kind']
  readonly level?: Rule['level']
  readonly cwe?: Rule['cwe']
  readonly controls?: Rule['controls']
  readonly versions?: string
}

const rule = ({ ref, kind = 'standard', level = 'MUST', cwe = ['CWE-287'], controls = ['IA-2', 'IA-8'], ...facts }: Facts): Rule => ({
  product: 'keycloak',
  source: { kind, ref },
  level,
  cwe,
  controls,
  ...facts,
})

const UPDATE = 'Run a supported Keycloak version; tell its maintainers where it still differs.'
const CLIENT_SETTINGS = 'In the client’s capability settings switch on only the flows that this client needs.'
const HOSTNAME = 'Set `hostname` to the full public URL, so that every caller sees one and the same issuer.'

export const keycloakRules = {
  'KCL-DISC-ISSUER-01': rule({
    says: 'The discovery document is under the issuer’s URL and names that very URL as the issuer.',
    ref: `${DISCOVERY} §4.1, §4.3`,
    severity: 'high',
    remediation: HOSTNAME,
  }),
  'KCL-DISC-MEMBERS-01': rule({
    says: 'The discovery document has every member that a client needs: endpoints, keys, response types, subject types, signature algorithms.',
    ref: `${DISCOVERY} §3`,
    severity: 'medium',
    remediation: UPDATE,
  }),
  'KCL-DISC-RS256-01': rule({
    says: 'ID tokens can be signed with RS256.',
    ref: `${DISCOVERY} §3, id_token_signing_alg_values_supported`,
    severity: 'medium',
    remediation: 'Keep an active RSA key in the realm’s key providers.',
  }),
  'KCL-DISC-TLS-01': rule({
    says: 'Every endpoint that the discovery document names is on the issuer’s own origin and uses TLS.',
    ref: `${DISCOVERY} §3, §7.1`,
    severity: 'high',
    cwe: ['CWE-319'],
    controls: ['SC-8'],
    remediation: HOSTNAME,
  }),
  'KCL-DISC-REALM-01': rule({
    says: 'What is no realm has no discovery document.',
    ref: `${DISCOVERY} §4.2`,
    kind: 'derived',
    severity: 'medium',
    remediation: UPDATE,
  }),
  'KCL-DISC-PASSWORD-01': rule({
    says: 'An issuer that supports the password flow lists `password` among its grant types.',
    ref: `${DOCUMENT}, Resource owner password flow`,
    kind: 'document',
    severity: 'medium',
    remediation: CLIENT_SETTINGS,
  }),
  'KCL-DISC-HYBRID-01': rule({
    says: 'An issuer that supports the hybrid flow lists the response type `code id_token`, and that it comes in the fragment.',
    ref: `${DOCUMENT}, Hybrid flow`,
    kind: 'derived',
    severity: 'medium',
    remediation: UPDATE,
  }),
  'KCL-KEYS-01': rule({
    says: 'The published keys verify the issuer’s tokens, and hold nothing private.',
    ref: `${DISCOVERY} §3, jwks_uri; RFC 7517 §9.2`,
    severity: 'critical',
    cwe: ['CWE-321', 'CWE-347'],
    controls: ['SC-12'],
    remediation: 'Rotate the realm’s keys, and update.',
  }),
  'KCL-PWD-01': rule({
    says: 'The password flow gives a token to a person who sends their own password, and to nobody else.',
    ref: `${DOCUMENT}, Resource owner password flow; ${OAUTH} §4.3`,
    kind: 'document',
    severity: 'critical',
    remediation: CLIENT_SETTINGS,
  }),
  'KCL-PWD-ERROR-01': rule({
    says: 'A wrong user name or password is `invalid_grant`, with status 400.',
    ref: `${OAUTH} §5.2`,
    severity: 'low',
    remediation: 'Clients should go by the `error` member, not by the status.',
  }),
  'KCL-PWD-DISABLED-01': rule({
    says: 'A person whose account is disabled gets no token.',
    ref: `${OAUTH} §5.2`,
    kind: 'derived',
    severity: 'critical',
    cwe: ['CWE-284'],
    controls: ['AC-2(3)'],
    remediation: 'Disable the account in Keycloak and end its sessions.',
  }),
  'KCL-PWD-LOCK-01': rule({
    says: 'After as many wrong passwords as the realm allows, the right one is refused too, for a while.',
    ref: 'Keycloak Server Administration Guide, Password guess: brute force attacks',
    kind: 'vendor-page',
    severity: 'high',
    cwe: ['CWE-307'],
    controls: ['AC-7'],
    remediation: 'Switch on brute force detection in the realm’s security defences.',
  }),
  'KCL-CLIENT-01': rule({
    says: 'A client that is not registered, or that does not prove to be the one it names, gets no token.',
    ref: `${OAUTH} §3.2.1`,
    severity: 'critical',
    cwe: ['CWE-287', 'CWE-306'],
    remediation: 'Make every client that can keep a secret confidential.',
  }),
  'KCL-CLIENT-ERROR-01': rule({
    says: 'A client that does not authenticate is `invalid_client`, with status 401 or 400.',
    ref: `${OAUTH} §5.2`,
    severity: 'low',
    remediation: 'Clients should take `unauthorized_client` with status 401 as a wrong secret.',
  }),
  'KCL-CLIENT-FLOW-01': rule({
    says: 'A client gets tokens only by the flows that it is allowed.',
    ref: `${OAUTH} §5.2, unauthorized_client`,
    severity: 'high',
    cwe: ['CWE-863'],
    controls: ['AC-3', 'CM-7'],
    remediation: CLIENT_SETTINGS,
  }),
  'KCL-TOKEN-REQUEST-01': rule({
    says: 'A request to the token endpoint that is not a POST with one of each parameter in a form is refused.',
    ref: `${OAUTH} §3.2, §2.3.1`,
    severity: 'medium',
    cwe: ['CWE-598', 'CWE-235'],
    controls: ['SI-10'],
    remediation: UPDATE,
  }),
  'KCL-DOC-BODY-01': rule({
    says: 'The password flow takes the body that the document shows: a JSON object.',
    ref: `${DOCUMENT}, Resource owner password flow, step 5`,
    kind: 'document',
    level: 'SHOULD',
    severity: 'low',
    remediation: 'Send the same members as a form (RFC 6749 §4.3.2), as the document’s own code example does.',
  }),
  'KCL-MACHINE-01': rule({
    says: 'The client credentials flow gives a token to a client that proves to be itself, and to no other.',
    ref: `${DOCUMENT}, Client-side usage, OIDC; ${OAUTH} §4.4`,
    kind: 'document',
    severity: 'critical',
    remediation: 'Rotate a secret that may be known.',
  }),
  'KCL-MACHINE-REFRESH-01': rule({
    says: 'The client credentials flow comes without a refresh token.',
    ref: `${DOCUMENT}, Client-side usage, OIDC; ${OAUTH} §4.4.3`,
    kind: 'document',
    level: 'SHOULD',
    severity: 'low',
    remediation: 'Switch off “Use refresh tokens for client credentials grant” in the client.',
  }),
  'KCL-TOKEN-AUD-01': rule({
    says: 'An audience mapper puts the client that a token is for into `aud`; a client without one gives tokens that are not for it.',
    ref: `${DOCUMENT}, OIDC: Docker, AUTHENTICATION_OIDC_CLIENT_ID`,
    kind: 'document',
    severity: 'high',
    cwe: ['CWE-863'],
    controls: ['AC-3'],
    remediation: 'Add an audience mapper that names Weaviate’s client to every client whose users may use Weaviate.',
  }),
  'KCL-TOKEN-GROUPS-01': rule({
    says: 'A group mapper without full paths puts the names of a person’s groups, and only those, into the token.',
    ref: 'Keycloak Server Administration Guide, OIDC token and SAML assertion mappings',
    kind: 'vendor-page',
    severity: 'high',
    cwe: ['CWE-863'],
    controls: ['AC-3', 'AC-6'],
    remediation: 'Add a group membership mapper with “Full group path” off.',
  }),
  'KCL-TOKEN-ISS-01': rule({
    says: 'A token names the issuer exactly as its discovery document does.',
    ref: `${CORE} §2, iss; ${DISCOVERY} §4.3`,
    severity: 'high',
    remediation: HOSTNAME,
  }),
  'KCL-TOKEN-LIFE-01': rule({
    says: 'A token lives as long as the issuer is configured to let it, by realm or by client, and the answer says so.',
    ref: `${DOCUMENT}, Token lifetime; ${OAUTH} §5.1, expires_in`,
    kind: 'document',
    severity: 'high',
    cwe: ['CWE-613'],
    controls: ['AC-12', 'IA-5'],
    remediation: 'Set the access token lifespan in the realm’s token settings or the client’s advanced settings.',
  }),
  'KCL-TOKEN-TYPE-01': rule({
    says: 'An access token is a bearer token, signed with the realm’s algorithm, and names the client that it was given to.',
    ref: `${OAUTH} §5.1, token_type; RFC 6750 §4`,
    severity: 'medium',
    remediation: UPDATE,
  }),
  'KCL-ID-TOKEN-01': rule({
    says: 'An ID token names the issuer, and the client as its audience.',
    ref: `${CORE} §2`,
    severity: 'high',
    cwe: ['CWE-287', 'CWE-345'],
    remediation: UPDATE,
  }),
  'KCL-CODE-01': rule({
    says: 'The code flow gives a token to a person who logs in with their own password, and to nobody else.',
    ref: `${CORE} §3.1`,
    severity: 'critical',
    remediation: CLIENT_SETTINGS,
  }),
  'KCL-HYBRID-01': rule({
    says: 'The hybrid flow redirects a person who logs in, and nobody else, with an ID token and a code in the fragment.',
    ref: `${DOCUMENT}, Hybrid flow, steps 4 to 6; ${CORE} §3.3`,
    kind: 'document',
    severity: 'critical',
    remediation: CLIENT_SETTINGS,
  }),
  'KCL-HYBRID-NONCE-01': rule({
    says: 'The hybrid flow needs a nonce, and the ID token brings it back.',
    ref: `${CORE} §3.3.2.1, §3.2.2.1, §3.3.2.11`,
    severity: 'high',
    cwe: ['CWE-294'],
    remediation: UPDATE,
  }),
  'KCL-REDIRECT-01': rule({
    says: 'Nobody is redirected to an address that was not registered with the issuer.',
    ref: `${DOCUMENT}, Hybrid flow, step 4; ${CORE} §3.1.2.1, redirect_uri`,
    kind: 'document',
    severity: 'critical',
    cwe: ['CWE-601'],
    controls: ['SC-23'],
    remediation: 'Register exact redirect URIs, without wildcards.',
  }),
  'KCL-REDIRECT-PORT-01': rule({
    says: 'A loopback redirect that is registered without a port may be asked for with any.',
    ref: 'RFC 8252 §7.3',
    severity: 'low',
    remediation: 'Register `http://127.0.0.1/…` without a port.',
  }),
  'KCL-DOC-REDIRECT-URL-01': rule({
    says: 'The hybrid flow takes the address to return to as the document shows it: in a parameter named `redirect_url`.',
    ref: `${DOCUMENT}, Hybrid flow, step 4`,
    kind: 'document',
    level: 'SHOULD',
    severity: 'low',
    remediation: 'Send it as `redirect_uri` (OpenID Connect Core 1.0 §3.1.2.1).',
  }),
  'KCL-HEALTH-01': rule({
    says: 'The health of the server is told over TLS, on the management port.',
    ref: 'Keycloak Guides, Tracking instance status with health checks',
    kind: 'vendor-page',
    severity: 'low',
    versions: '>=25.0.0',
    cwe: ['CWE-319'],
    controls: ['SC-8'],
    remediation: 'Give the management interface the same certificate as the server, which is its default.',
  }),
} as const satisfies Rules

export type RuleId = keyof typeof keycloakRules
