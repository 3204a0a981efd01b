import { HarnessError } from '../../src/errors.ts'
import type { JsonObject } from '../../src/json.ts'
import type { InstanceInfo, InstanceSpec } from '../../src/instance.ts'
import { realmFacts } from '../keycloak/facts.ts'
import { audience } from '../keycloak/realm.ts'
import type { Placement, Profile } from '../server.ts'

export type Environment = Readonly<Record<string, string>>

export interface WeaviateProfile extends Profile {
  /** The settings of authentication and authorization: the rest of the environment is the same in every profile. */
  environment(spec: InstanceSpec): Environment
  /** More of the command line. */
  args?(at: Placement): readonly string[]
  /** What a driver must know, beside `users`: where the profile's identities come from. */
  facts?(spec: InstanceSpec): JsonObject
}

/** Names of the users behind the API keys; a credential is called `<name>-key`. */
export const apiUsers = { admin: 'assay-admin', reader: 'assay-reader', unlisted: 'assay-unlisted' } as const

const keys = (random: () => string): Readonly<Record<string, string>> => ({ 'admin-key': random(), 'reader-key': random(), 'unlisted-key': random() })

/** A user with the built-in role of an administrator, one who is asked about, and users whom each case gives a role of its own. */
export const roleUsers = ['manager', 'planted', ...Array.from({ length: 16 }, (_, at) => `holder-${at + 1}`)] as const
export const apiUserName = (user: string): string => `assay-${user}`

const keysWithRoles = (random: () => string): Readonly<Record<string, string>> => ({
  ...keys(random),
  ...Object.fromEntries(roleUsers.map((user) => [`${user}-key`, random()])),
})

/** One key for each user, in the same order, as the document's example has it. */
function apiKeys({ credentials }: InstanceSpec, more: readonly string[] = []): Environment {
  const users = [...Object.keys(apiUsers), ...more]
  return {
    AUTHENTICATION_APIKEY_ENABLED: 'true',
    AUTHENTICATION_APIKEY_ALLOWED_KEYS: users.map((user) => credentials[`${user}-key`] ?? '').join(','),
    AUTHENTICATION_APIKEY_USERS: users.map(apiUserName).join(','),
  }
}

const noAnonymous: Environment = { AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'false' }

const withAnonymous: Environment = { AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'true' }

const adminList = (admins: readonly string[], readers: readonly string[]): Environment => ({
  AUTHORIZATION_ADMINLIST_ENABLED: 'true',
  AUTHORIZATION_ADMINLIST_USERS: admins.join(','),
  AUTHORIZATION_ADMINLIST_READONLY_USERS: readers.join(','),
})

const keyLists = adminList([apiUsers.admin], [apiUsers.reader])

/** The account behind Keycloak's client credentials: a user name like any other. */
const machineUser = 'service-account-weaviate-machine'

function keycloakOf({ peers, id }: InstanceSpec): InstanceInfo {
  if (peers.keycloak === undefined) throw new HarnessError('HARNESS_DEFECT', `${id} was started without its issuer`)
  return peers.keycloak
}

function oidc(spec: InstanceSpec): Environment {
  const { issuer } = realmFacts(keycloakOf(spec).endpoint)
  return {
    AUTHENTICATION_OIDC_ENABLED: 'true',
    AUTHENTICATION_OIDC_ISSUER: issuer,
    AUTHENTICATION_OIDC_CLIENT_ID: audience,
    AUTHENTICATION_OIDC_USERNAME_CLAIM: 'preferred_username',
    AUTHENTICATION_OIDC_SCOPES: 'openid,email',
  }
}

/** How to reach the issuer; facts are never written into a report. */
const issuer = (spec: InstanceSpec): JsonObject => ({ issuer: JSON.parse(JSON.stringify(keycloakOf(spec).endpoint)) as JsonObject })

export const profiles = {
  'api-key-adminlist': {
    says: 'TLS, API keys of an administrator, of a read-only user and of one in no list, admin list, anonymous access off',
    credentials: keys,
    environment: (spec) => ({ ...noAnonymous, ...apiKeys(spec), ...keyLists }),
  },
  // The older paths without a collection look into every collection, and end with an error at the first that has tenants.
  'api-key-adminlist-without-tenants': {
    says: 'as api-key-adminlist, and no collection has tenants',
    credentials: keys,
    environment: (spec) => ({ ...noAnonymous, ...apiKeys(spec), ...keyLists }),
    facts: () => ({ tenants: false }),
  },
  'oidc-adminlist': {
    says: 'TLS, tokens of Keycloak and API keys side by side, admin list by user name, anonymous access off',
    needs: { keycloak: 'realm' },
    credentials: keys,
    environment: (spec) => ({
      ...noAnonymous,
      ...apiKeys(spec),
      ...oidc(spec),
      ...adminList([apiUsers.admin, 'kc-admin'], [apiUsers.reader, 'kc-reader', machineUser]),
    }),
    facts: issuer,
  },
  'oidc-adminlist-groups': {
    says: 'TLS, tokens of Keycloak, admin list by group for them and by user for API keys, anonymous access off',
    needs: { keycloak: 'realm' },
    credentials: keys,
    environment: (spec) => ({
      ...noAnonymous,
      ...apiKeys(spec),
      ...oidc(spec),
      ...keyLists,
      AUTHENTICATION_OIDC_SCOPES: '',
      AUTHENTICATION_OIDC_GROUPS_CLAIM: 'groups',
      AUTHORIZATION_ADMINLIST_GROUPS: 'admins,machines',
      AUTHORIZATION_ADMINLIST_READONLY_GROUPS: 'readers',
    }),
    facts: issuer,
  },
  'oidc-email-any-audience': {
    says: 'TLS, tokens of Keycloak by the claim email and for whatever audience, API keys beside them, admin list, anonymous access off',
    needs: { keycloak: 'realm' },
    credentials: keys,
    environment: (spec) => ({
      ...noAnonymous,
      ...apiKeys(spec),
      ...oidc(spec),
      ...adminList([apiUsers.admin, 'kc-admin@assay.test'], [apiUsers.reader, 'kc-reader@assay.test']),
      AUTHENTICATION_OIDC_USERNAME_CLAIM: 'email',
      AUTHENTICATION_OIDC_SKIP_CLIENT_ID_CHECK: 'true',
    }),
    facts: issuer,
  },
  anonymous: {
    says: 'TLS, API keys, anonymous access on, no authorization scheme',
    credentials: keys,
    environment: (spec) => ({ ...withAnonymous, ...apiKeys(spec) }),
  },
  'anonymous-read-only': {
    says: 'TLS, API keys, anonymous access on, admin list that lets anonymous callers read',
    credentials: keys,
    environment: (spec) => ({ ...withAnonymous, ...apiKeys(spec), ...adminList([apiUsers.admin], [apiUsers.reader, 'anonymous']) }),
  },
  'anonymous-unlisted': {
    says: 'TLS, API keys, anonymous access on, admin list that does not name anonymous callers',
    credentials: keys,
    environment: (spec) => ({ ...withAnonymous, ...apiKeys(spec), ...keyLists }),
  },
  'anonymous-off-alone': {
    says: 'TLS, anonymous access off, and nothing else said of authentication',
    credentials: () => ({}),
    environment: () => noAnonymous,
  },
  rbac: {
    says: 'TLS, API keys of a root user, of users with built-in roles, with roles of their own and without any, database users, RBAC, anonymous access off',
    credentials: keysWithRoles,
    environment: (spec) => ({
      ...noAnonymous,
      ...apiKeys(spec, roleUsers),
      AUTHENTICATION_DB_USERS_ENABLED: 'true',
      AUTHORIZATION_RBAC_ENABLED: 'true',
      AUTHORIZATION_RBAC_ROOT_USERS: apiUsers.admin,
    }),
    facts: () => ({ rbac: true }),
  },
  'rbac-oidc': {
    says: 'TLS, tokens of Keycloak with roles by user and by group, API key of a root user, database users, RBAC, anonymous access off',
    needs: { keycloak: 'realm' },
    credentials: keysWithRoles,
    environment: (spec) => ({
      ...noAnonymous,
      ...apiKeys(spec, roleUsers),
      ...oidc(spec),
      AUTHENTICATION_OIDC_GROUPS_CLAIM: 'groups',
      AUTHENTICATION_DB_USERS_ENABLED: 'true',
      AUTHORIZATION_RBAC_ENABLED: 'true',
      AUTHORIZATION_RBAC_ROOT_USERS: apiUsers.admin,
    }),
    facts: (spec) => ({ rbac: true, oidcRoles: true, ...issuer(spec) }),
  },
  'tls-mutual': {
    says: 'TLS with client certificates of our authority for REST, API keys, admin list, anonymous access off',
    credentials: keys,
    environment: (spec) => ({ ...noAnonymous, ...apiKeys(spec), ...keyLists }),
    args: ({ pki }) => ['--tls-ca', pki.ca],
    facts: () => ({ mutual: true }),
  },
  undifferentiated: {
    says: 'TLS, API keys, no authorization scheme, anonymous access off',
    credentials: keys,
    environment: (spec) => ({ ...noAnonymous, ...apiKeys(spec) }),
  },
} as const satisfies Readonly<Record<string, WeaviateProfile>>

export type ProfileName = keyof typeof profiles

export function profileOf(name: string): WeaviateProfile {
  const profile = (profiles as Readonly<Record<string, WeaviateProfile>>)[name]
  if (profile === undefined) throw new HarnessError('UNKNOWN_NAME', `Weaviate has no profile ${name}`, { hint: `one of ${Object.keys(profiles).join(', ')}` })
  return profile
}
