import { HarnessError } from '../../src/errors.ts'
import type { JsonObject } from '../../src/json.ts'
import type { InstanceSpec } from '../../src/instance.ts'
import type { Profile } from '../server.ts'

export type Environment = Readonly<Record<string, string>>

export interface WeaviateProfile extends Profile {
  /** The settings of authentication and authorization: the rest of the environment is the same in every profile. */
  environment(spec: InstanceSpec): Environment
  /** What a driver must know, beside `users`: where the profile's identities come from. */
  facts?(spec: InstanceSpec): JsonObject
}

/** Names of the users behind the API keys; a credential is called `<name>-key`. */
export const apiUsers = { admin: 'assay-admin', reader: 'assay-reader', unlisted: 'assay-unlisted' } as const

const keys = (random: () => string): Readonly<Record<string, string>> => ({ 'admin-key': random(), 'reader-key': random(), 'unlisted-key': random() })

/** One key for each user, in the same order, as the document's example has it. */
function apiKeys({ credentials }: InstanceSpec): Environment {
  const roles = ['admin', 'reader', 'unlisted'] as const
  return {
    AUTHENTICATION_APIKEY_ENABLED: 'true',
    AUTHENTICATION_APIKEY_ALLOWED_KEYS: roles.map((role) => credentials[`${role}-key`] ?? '').join(','),
    AUTHENTICATION_APIKEY_USERS: roles.map((role) => apiUsers[role]).join(','),
  }
}

const noAnonymous: Environment = { AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'false' }

const adminList = (admins: readonly string[], readers: readonly string[]): Environment => ({
  AUTHORIZATION_ADMINLIST_ENABLED: 'true',
  AUTHORIZATION_ADMINLIST_USERS: admins.join(','),
  AUTHORIZATION_ADMINLIST_READONLY_USERS: readers.join(','),
})

export const profiles = {
  'api-key-adminlist': {
    says: 'TLS, API keys of an administrator, of a read-only user and of one in no list, admin list, anonymous access off',
    credentials: keys,
    environment: (spec) => ({ ...noAnonymous, ...apiKeys(spec), ...adminList([apiUsers.admin], [apiUsers.reader]) }),
  },
} as const satisfies Readonly<Record<string, WeaviateProfile>>

export type ProfileName = keyof typeof profiles

export function profileOf(name: string): WeaviateProfile {
  const profile = (profiles as Readonly<Record<string, WeaviateProfile>>)[name]
  if (profile === undefined) throw new HarnessError('UNKNOWN_NAME', `Weaviate has no profile ${name}`, { hint: `one of ${Object.keys(profiles).join(', ')}` })
  return profile
}
