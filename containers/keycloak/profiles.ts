import type { Profile } from '../server.ts'

/** The administrator of the whole server, made at the first start. */
export const adminName = 'assay-root'

/** Names of the credentials that `realm` makes, by what they are for. */
export const credentialNames = {
  admin: 'admin-password',
  machineSecret: 'weaviate-machine-secret',
  passwordOf: (user: string) => `${user}-password`,
} as const

/** People of both realms; each has a password of its own, see `credentialNames.passwordOf`. */
export const userNames = ['kc-admin', 'kc-reader', 'kc-nobody', 'kc-disabled'] as const
export type UserName = (typeof userNames)[number]

export const profiles = {
  realm: {
    says: 'TLS, an imported realm with clients for every flow, users in groups, audience and group mappers, and a second realm',
    credentials: (random) => ({
      [credentialNames.admin]: random(),
      [credentialNames.machineSecret]: random(),
      ...Object.fromEntries(userNames.map((name) => [credentialNames.passwordOf(name), random()])),
    }),
  },
} as const satisfies Readonly<Record<string, Profile>>
