import { readFileSync } from 'node:fs'
import type { Placement } from '../../containers/server.ts'
import type { Environment } from '../../containers/weaviate/profiles.ts'
import type { RogueIssuer } from '../../fixtures/oidc/rogue-issuer.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { askForTenants, readAnotherFile, readProfiles, restoreAnotherEntry, sendBatch, speakPlainGrpc, tellWho, tokenFor, type Asked } from './asked-alone.ts'
import { keysOn, off, oneKey } from './one-key.ts'

const oidcOn = { ...off, AUTHENTICATION_OIDC_ENABLED: 'true' }
const UNREACHABLE = 'https://localhost:1/realms/nobody'

/** What some settings are made of. */
export interface Ground {
  readonly at: Placement
  readonly issuer: RogueIssuer | undefined
}

export interface Settings {
  readonly settings: Environment | ((ground: Ground) => Environment)
  /** The whole command line; absent: REST over TLS by flags. */
  readonly args?: (at: Placement) => readonly string[]
  /** An issuer of ours runs beside it, of which this is to be said in its discovery document. */
  readonly issuer?: JsonObject
  /** How a complaint about just that reads: a server that ends for another reason has not refused these settings. */
  readonly names?: RegExp
  /** Asked once the server is ready: the question is whether it is there afterwards, or what is returned. */
  readonly asked?: Asked
}

const oidcFull = { ...oidcOn, AUTHENTICATION_OIDC_ISSUER: UNREACHABLE, AUTHENTICATION_OIDC_CLIENT_ID: 'weaviate', AUTHENTICATION_OIDC_USERNAME_CLAIM: 'email' }
const oidcAt = (issuer: RogueIssuer | undefined): Environment => ({ ...oidcFull, AUTHENTICATION_OIDC_ISSUER: issuer?.url ?? '' })
const without = (settings: Environment, name: string): Environment => Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name))

const ANONYMOUS = 'AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED'
const usersOfTheDatabase = { AUTHENTICATION_DB_USERS_ENABLED: 'true', AUTHORIZATION_RBAC_ENABLED: 'true', AUTHORIZATION_RBAC_ROOT_USERS: 'one' }
const byKey = tellWho({ nobody: () => undefined, one: () => oneKey.AUTHENTICATION_APIKEY_ALLOWED_KEYS })
const member = tokenFor('weaviate', 'jane@doe.com')
const aboutOidc = /\boidc\b|\bissuer\b|client_?id|username_?claim/i
const aboutTls = /certificate|x509|\btls\b/i

const panics = /^panic: /
const query = '{ __typename }'
/** Variables are an object (GraphQL over HTTP §5.1): whatever else comes, the server has to bear it (CVE-2023-38976). */
const oddVariables: readonly Json[] = [7, 'text', true, ['list'], [{ a: 1 }]].map((variables) => [{ query, variables }])
const nothings: readonly Json[] = [[null], [{ query }, null], [{}], [], [[]]]

/** Settings by what is special about them; none of the values is a credential of anything that stays. */
export const startUps = {
  'keys-without-keys': { settings: without(oneKey, 'AUTHENTICATION_APIKEY_ALLOWED_KEYS'), names: /\bkey/i },
  'keys-without-users': { settings: without(oneKey, 'AUTHENTICATION_APIKEY_USERS'), names: /\buser/i },
  'an-empty-key': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,', AUTHENTICATION_APIKEY_USERS: 'one,two' },
    names: /\bkeys?\b.*\b(length|empty)/i,
  },
  'an-empty-user': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,key-of-two', AUTHENTICATION_APIKEY_USERS: 'one,' },
    names: /\busers?\b.*\b(length|empty)/i,
  },
  'more-keys-than-users': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,key-of-two,key-of-three', AUTHENTICATION_APIKEY_USERS: 'one,two' },
    names: /users and keys|keys and users/i,
  },
  'more-users-than-keys': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one', AUTHENTICATION_APIKEY_USERS: 'one,two' },
    names: /users and keys|keys and users/i,
  },
  'one-key-for-two-users': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-both,key-of-both', AUTHENTICATION_APIKEY_USERS: 'one,two' },
    names: /\bkeys?\b.*\b(unique|twice|same)/i,
  },
  'two-keys-of-one-user': {
    settings: { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one,other-key-of-one', AUTHENTICATION_APIKEY_USERS: 'one' },
    names: /users and keys|keys and users/i,
    asked: tellWho({ nobody: () => undefined, first: () => 'key-of-one', second: () => 'other-key-of-one' }),
  },
  'oidc-without-issuer': { settings: without(oidcFull, 'AUTHENTICATION_OIDC_ISSUER'), names: /\bissuer\b/i },
  'oidc-without-client-id': { settings: without(oidcFull, 'AUTHENTICATION_OIDC_CLIENT_ID'), names: /client_?id/i },
  'oidc-without-username-claim': { settings: without(oidcFull, 'AUTHENTICATION_OIDC_USERNAME_CLAIM'), names: /username_?claim/i },
  'oidc-with-unreachable-issuer': { settings: oidcFull, names: /localhost:1\b/ },
  'oidc-off-with-fields-missing': {
    settings: { ...oneKey, AUTHENTICATION_OIDC_ENABLED: 'false', AUTHENTICATION_OIDC_ISSUER: 'no address at all' },
    names: aboutOidc,
  },
  'oidc-absent-with-fields-missing': { settings: { ...oneKey, AUTHENTICATION_OIDC_ISSUER: 'no address at all' }, names: aboutOidc },
  'a-user-in-both-lists': {
    settings: { ...oneKey, AUTHORIZATION_ADMINLIST_ENABLED: 'true', AUTHORIZATION_ADMINLIST_USERS: 'one', AUTHORIZATION_ADMINLIST_READONLY_USERS: 'one' },
    names: /'?one'?.*\bboth\b/i,
  },
  'admin-list-and-rbac': {
    settings: {
      ...oneKey,
      AUTHORIZATION_ADMINLIST_ENABLED: 'true',
      AUTHORIZATION_ADMINLIST_USERS: 'one',
      AUTHORIZATION_RBAC_ENABLED: 'true',
      AUTHORIZATION_RBAC_ROOT_USERS: 'one',
    },
    names: /admin ?list.*\brbac\b|\brbac\b.*admin ?list/i,
  },
  'rbac-and-anonymous': {
    settings: { ...oneKey, AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'true', AUTHORIZATION_RBAC_ENABLED: 'true', AUTHORIZATION_RBAC_ROOT_USERS: 'one' },
    names: /anonymous.*\brbac\b|\brbac\b.*anonymous/i,
  },
  'oidc-with-trusted-issuer': { issuer: {}, settings: ({ at, issuer }) => ({ ...oidcAt(issuer), SSL_CERT_FILE: at.pki.ca }), names: aboutTls },
  'oidc-with-its-authority-in-the-environment': {
    issuer: {},
    settings: ({ at, issuer }) => ({ ...oidcAt(issuer), SSL_CERT_FILE: '', AUTHENTICATION_OIDC_CERTIFICATE: readFileSync(at.pki.ca, 'utf8') }),
    names: aboutTls,
  },
  'oidc-with-untrusted-issuer': {
    issuer: {},
    settings: ({ issuer }) => ({ ...oidcAt(issuer), SSL_CERT_FILE: '' }),
    names: /certificate|x509|unknown authority/i,
  },
  'oidc-with-issuer-that-names-another': {
    issuer: { issuer: 'https://someone-else.assay.test' },
    settings: ({ at, issuer }) => ({ ...oidcAt(issuer), SSL_CERT_FILE: at.pki.ca }),
    names: /issuer/i,
  },
  'tls-by-environment': {
    settings: ({ at }) => ({
      ...oneKey,
      TLS_HOST: at.bind,
      TLS_PORT: String(at.ports['rest'] ?? 0),
      TLS_CERTIFICATE: at.pki.serverCert,
      TLS_PRIVATE_KEY: at.pki.serverKey,
    }),
    args: (at) => ['--scheme', 'https', '--host', at.bind],
    names: aboutTls,
  },
  'tls-for-rest-alone': { settings: { ...oneKey, GRPC_CERT_FILE: '', GRPC_KEY_FILE: '' }, asked: speakPlainGrpc },
  'nothing-said-of-profiling': {
    settings: ({ at }) => ({ ...oneKey, GO_PROFILING_DISABLE: '', GO_PROFILING_PORT: String(at.ports['debug'] ?? 0) }),
    asked: readProfiles,
  },
  // Exclusive to a server of its own: on 1.35.2 it ends the server for everybody.
  'asked-for-tenants-by-a-stranger': {
    settings: { ...oneKey, AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'true', AUTHORIZATION_ADMINLIST_ENABLED: 'true', AUTHORIZATION_ADMINLIST_USERS: 'one' },
    names: /nil pointer/,
    asked: askForTenants,
  },
  'asked-for-a-batch-with-odd-variables': { settings: oneKey, names: panics, asked: sendBatch(oddVariables) },
  'asked-for-a-batch-of-nothing': { settings: oneKey, names: panics, asked: sendBatch(nothings) },
  'asked-for-a-file-by-a-node': { settings: oneKey, asked: readAnotherFile },
  'asked-to-restore-an-archive': { settings: oneKey, asked: restoreAnotherEntry },
  'keys-as-printed': {
    settings: {
      AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'false',
      AUTHENTICATION_APIKEY_ENABLED: 'true',
      AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'user-a-key,user-b-key',
      AUTHENTICATION_APIKEY_USERS: 'user-a,user-b',
    },
    asked: tellWho({ nobody: () => undefined, first: () => 'user-a-key', second: () => 'user-b-key', stranger: () => 'user-c-key' }),
  },
  // But for the address of the issuer, where nobody is.
  'oidc-as-printed': {
    issuer: {},
    settings: ({ issuer }) => ({
      AUTHENTICATION_OIDC_ENABLED: 'true',
      AUTHENTICATION_OIDC_ISSUER: issuer?.url ?? '',
      AUTHENTICATION_OIDC_CLIENT_ID: 'my-weaviate-client',
      AUTHENTICATION_OIDC_USERNAME_CLAIM: 'email',
      AUTHENTICATION_OIDC_SKIP_CLIENT_ID_CHECK: 'false',
      AUTHENTICATION_OIDC_SCOPES: '',
    }),
    asked: tellWho({ nobody: () => undefined, member: tokenFor('my-weaviate-client', 'jane@doe.com'), elsewhere: tokenFor('another-client', 'jane@doe.com') }),
  },
  'keys-and-nothing-said-of-anonymous': { settings: without(oneKey, ANONYMOUS), asked: byKey },
  'keys-and-anonymous-empty': { settings: { ...oneKey, [ANONYMOUS]: '' }, asked: byKey },
  'keys-and-anonymous-in-capitals': { settings: { ...oneKey, [ANONYMOUS]: 'FALSE' }, asked: byKey },
  'keys-and-anonymous-zero': { settings: { ...oneKey, [ANONYMOUS]: '0' }, asked: byKey },
  'keys-and-anonymous-off': { settings: { ...oneKey, [ANONYMOUS]: 'off' }, asked: byKey },
  'tokens-and-anonymous-false': { issuer: {}, settings: ({ issuer }) => oidcAt(issuer), asked: tellWho({ nobody: () => undefined, member }) },
  'keys-and-tokens-and-nothing-said-of-anonymous': {
    issuer: {},
    settings: ({ issuer }) => without({ ...oneKey, ...oidcAt(issuer) }, ANONYMOUS),
    asked: tellWho({ nobody: () => undefined, one: () => oneKey.AUTHENTICATION_APIKEY_ALLOWED_KEYS, member }),
  },
  'database-users-and-anonymous-false': { settings: { ...off, ...usersOfTheDatabase }, asked: tellWho({ nobody: () => undefined }) },
  'database-users-and-nothing-said-of-anonymous': { settings: usersOfTheDatabase, asked: tellWho({ nobody: () => undefined }) },
  'anonymous-as-printed': { settings: { AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'true' }, asked: tellWho({ nobody: () => undefined }) },
} as const satisfies Readonly<Record<string, Settings>>

export type StartUp = keyof typeof startUps
