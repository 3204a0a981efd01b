import type { KnownDeviation } from '../../src/deviation.ts'
import type { RuleId } from './rules.ts'

type Known = Omit<KnownDeviation, 'product' | 'seenOn' | 'rule'> & { readonly rule: RuleId; readonly seenOn?: readonly string[] }

const everywhere: readonly string[] = ['24.0.5', '25.0.6', '26.0.8', '26.4.0', '26.5.0']

const known = ({ seenOn = everywhere, ...given }: Known): KnownDeviation => ({ product: 'keycloak', seenOn, ...given })

export const keycloakDeviations: readonly KnownDeviation[] = [
  known({
    id: 'keycloak-wrong-password-401',
    rule: 'KCL-PWD-ERROR-01',
    class: 'wrong-class',
    code: '401 invalid_grant',
    messagePrefix: 'Invalid user credentials',
    says: 'A wrong password is `invalid_grant` as it should be, but with status 401, which is for clients that do not authenticate.',
    captured: '401 {"error":"invalid_grant","error_description":"Invalid user credentials"}',
  }),
  known({
    id: 'keycloak-wrong-secret-unauthorized-client',
    rule: 'KCL-CLIENT-ERROR-01',
    class: 'wrong-class',
    code: '401 unauthorized_client',
    messagePrefix: 'Invalid client or Invalid client credentials',
    says: 'A wrong or missing client secret is `unauthorized_client`, which is for clients that are known and may not; a client library cannot tell the two.',
    captured: '401 {"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}',
  }),
  known({
    id: 'keycloak-public-client-401',
    rule: 'KCL-CLIENT-FLOW-01',
    class: 'wrong-class',
    code: '401 unauthorized_client',
    messagePrefix: 'Public client not allowed to retrieve service account',
    says: 'A public client that asks for client credentials is refused with 401, though it failed no authentication.',
    captured: '401 {"error":"unauthorized_client","error_description":"Public client not allowed to retrieve service account"}',
  }),
  known({
    id: 'keycloak-no-username-401',
    rule: 'KCL-TOKEN-REQUEST-01',
    class: 'wrong-class',
    code: '401 invalid_request',
    messagePrefix: 'Missing parameter: username',
    says: 'A password request without a user name is `invalid_request` as it should be, but with status 401.',
    captured: '401 {"error":"invalid_request","error_description":"Missing parameter: username"}',
  }),
  known({
    id: 'keycloak-no-password-invalid-grant',
    rule: 'KCL-TOKEN-REQUEST-01',
    class: 'wrong-class',
    code: '401 invalid_grant',
    messagePrefix: 'Invalid user credentials',
    says: 'A password request without a password is taken for a wrong password, and counts as one.',
    captured: '401 {"error":"invalid_grant","error_description":"Invalid user credentials"}',
  }),
  known({
    id: 'keycloak-document-json-body',
    rule: 'KCL-DOC-BODY-01',
    class: 'refused',
    code: '400 invalid_request',
    messagePrefix: 'Missing form parameter: grant_type',
    says: 'A finding about the document: it shows the body of the token request as a JSON object, and the token endpoint takes forms only (RFC 6749 §4.3.2).',
    captured: '400 {"error":"invalid_request","error_description":"Missing form parameter: grant_type"}',
  }),
  known({
    id: 'keycloak-document-redirect-url',
    rule: 'KCL-DOC-REDIRECT-URL-01',
    class: 'refused',
    code: '400 error page',
    messagePrefix: 'Invalid parameter: redirect_uri',
    says: 'A finding about the document: it names the parameter `redirect_url`, and the standard `redirect_uri` is the one that is read.',
    captured: '400, page with the message “Invalid parameter: redirect_uri”',
  }),
  known({
    id: 'keycloak-introspection-401-invalid-request',
    rule: 'KCL-INTROSPECT-CLIENT-01',
    class: 'wrong-class',
    code: '401 invalid_request',
    messagePrefix: 'Authentication failed.',
    says: 'Introspection without a client, or with a wrong secret, is refused with 401, but as `invalid_request`.',
    captured: '401 {"error":"invalid_request","error_description":"Authentication failed."}',
  }),
  known({
    id: 'keycloak-introspection-public-client-403',
    rule: 'KCL-INTROSPECT-CLIENT-01',
    class: 'wrong-class',
    code: '403 invalid_request',
    messagePrefix: 'Client not allowed.',
    says: 'Introspection by a public client is refused with 403, as `invalid_request`.',
    captured: '403 {"error":"invalid_request","error_description":"Client not allowed."}',
  }),
  known({
    id: 'keycloak-introspection-unsigned-token',
    rule: 'KCL-ALG-NONE-01',
    class: 'refused',
    code: '400 invalid_request',
    messagePrefix: 'Failed to introspect token.',
    says: 'Of an unsigned token (`alg` is `none`) introspection does not say that it is inactive: it fails.',
    captured: '400 {"error":"invalid_request","error_description":"Failed to introspect token."}',
  }),
  known({
    id: 'keycloak-unsigned-token-500',
    rule: 'KCL-ALG-NONE-01',
    class: 'wrong-class',
    code: '500 unknown_error',
    messagePrefix: 'For more on this error consult the server log',
    says: 'An unsigned token (`alg` is `none`) is not refused but ends in a null pointer: nothing is disclosed or changed, and anybody can fill the log with it.',
    captured: '500 {"error":"unknown_error","error_description":"For more on this error consult the server log."}',
  }),
]
