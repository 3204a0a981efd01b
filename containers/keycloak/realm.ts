import type { Json, JsonObject } from '../../src/json.ts'
import { credentialNames, userNames, type UserName } from './profiles.ts'
import { realmKeys } from './realm-keys.ts'

export const realmName = 'assay'
/** The same names of clients and users under another issuer: nothing of it may be taken for the first. */
export const otherRealmName = 'assay-other'

/** What Weaviate looks for in `aud`, and the client that people log in with. */
export const audience = 'weaviate'

const accessTokenSeconds = 300
const shortLivedSeconds = 2
/** Wrong passwords for one user until it is locked for a while. */
export const loginFailuresUntilLocked = 5

/** No port: Keycloak allows any for a loopback redirect that was registered without one (RFC 8252 §7.3). */
export const redirectUris = ['http://127.0.0.1/callback', 'http://localhost/callback'] as const

const groupOf = {
  'kc-admin': 'admins',
  'kc-reader': 'readers',
  'kc-nobody': undefined,
  'kc-disabled': 'admins',
} as const satisfies Readonly<Record<UserName, string | undefined>>

/** Clients by what they are for; all are public but `machine`. */
export const clientIds = {
  /** Password, code and hybrid flow; its access tokens name `weaviate` in `aud`. */
  people: 'weaviate',
  /** Client credentials only; `aud` names `weaviate`. */
  machine: 'weaviate-machine',
  /** Password flow; its tokens are meant for someone else. */
  otherApp: 'other-app',
  /** Password flow; its access tokens name `weaviate` and live for two seconds. */
  shortLived: 'short-lived',
} as const

type Credentials = Readonly<Record<string, string>>

/** The realm that is imported at the first start. */
export const realm = (credentials: Credentials): JsonObject => ({
  ...common(realmName, credentials),
  bruteForceProtected: true,
  failureFactor: loginFailuresUntilLocked,
  waitIncrementSeconds: 900,
  maxFailureWaitSeconds: 900,
  // Two wrong passwords in quick succession are not to lock: only their number is.
  quickLoginCheckMilliSeconds: 0,
})

/** A second issuer on the same server. */
export const otherRealm = (credentials: Credentials): JsonObject => common(otherRealmName, credentials)

function common(name: string, credentials: Credentials): Record<string, Json> {
  return {
    realm: name,
    enabled: true,
    sslRequired: 'all',
    accessTokenLifespan: accessTokenSeconds,
    defaultSignatureAlgorithm: 'RS256',
    // Cheap on purpose: cases make many users, and these passwords are random and live for one run.
    passwordPolicy: 'hashAlgorithm(pbkdf2-sha256) and hashIterations(1)',
    components: realmKeys(),
    groups: [{ name: 'admins' }, { name: 'readers' }, { name: 'machines' }],
    clients: clients(credentials),
    users: [...userNames.map((user) => person(user, credentials)), machineAccount],
  }
}

const clients = (credentials: Credentials): readonly JsonObject[] => [
  {
    ...client(clientIds.people),
    standardFlowEnabled: true,
    implicitFlowEnabled: true,
    redirectUris,
    protocolMappers: [audienceMapper, groupsMapper],
  },
  {
    ...client(clientIds.machine),
    publicClient: false,
    secret: credentials[credentialNames.machineSecret] ?? '',
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: true,
    protocolMappers: [audienceMapper, groupsMapper],
  },
  { ...client(clientIds.otherApp), protocolMappers: [groupsMapper] },
  {
    ...client(clientIds.shortLived),
    attributes: { 'access.token.lifespan': String(shortLivedSeconds) },
    protocolMappers: [audienceMapper, groupsMapper],
  },
]

/** Without full scope no roles come into the token, and so no audience but that of the mapper. */
const client = (clientId: string): Record<string, Json> => ({
  clientId,
  enabled: true,
  protocol: 'openid-connect',
  publicClient: true,
  fullScopeAllowed: false,
  standardFlowEnabled: false,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: true,
  serviceAccountsEnabled: false,
})

const audienceMapper: JsonObject = {
  name: 'audience',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-audience-mapper',
  config: { 'included.client.audience': audience, 'access.token.claim': 'true', 'id.token.claim': 'false' },
}

const groupsMapper: JsonObject = {
  name: 'groups',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-group-membership-mapper',
  config: { 'claim.name': 'groups', 'full.path': 'false', 'access.token.claim': 'true', 'id.token.claim': 'true', 'userinfo.token.claim': 'true' },
}

/** With email and both names: without them the password grant fails as an account that is not set up (from 24). */
const person = (username: UserName, credentials: Credentials): JsonObject => ({
  username,
  enabled: username !== 'kc-disabled',
  email: `${username}@assay.test`,
  emailVerified: true,
  firstName: username,
  lastName: 'Assay',
  groups: groupOf[username] === undefined ? [] : [`/${groupOf[username]}`],
  credentials: [{ type: 'password', value: credentials[credentialNames.passwordOf(username)] ?? '', temporary: false }],
})

const machineAccount: JsonObject = {
  username: `service-account-${clientIds.machine}`,
  enabled: true,
  serviceAccountClientId: clientIds.machine,
  groups: ['/machines'],
}
