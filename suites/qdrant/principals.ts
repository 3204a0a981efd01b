import type { JsonObject } from '../../src/json.ts'
import type { Place } from './place.ts'

/** The claims of a token, or the name of a key; `undefined`: no credential. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly named: 'api-key' | 'read-only-key' | 'wrong-key' }
  | { readonly kind: 'token'; readonly claims: (at: Place) => JsonObject; readonly ofUser?: true }

const token = (claims: (at: Place) => JsonObject): Credential => ({ kind: 'token', claims })
const collection = (name: (at: Place) => string, access: string, payload?: JsonObject): Credential =>
  token((at) => ({ access: [{ collection: name(at), access, ...(payload === undefined ? {} : { payload }) }] }))

const mine = (at: Place): string => at.collection
const other = (at: Place): string => at.other

/** Points `a` and `both` of the library, and the board's points, hold this. */
const PAYLOAD_CLAIM = { owner: 'a' } as const

/** Every kind of caller: the columns of the table of access, and those that it leaves out. */
const principals = {
  anonymous: { kind: 'none' },
  'wrong-key': { kind: 'key', named: 'wrong-key' },
  'api-key': { kind: 'key', named: 'api-key' },
  'read-only-key': { kind: 'key', named: 'read-only-key' },
  'jwt-manage': token(() => ({ access: 'm' })),
  'jwt-without-access': token(() => ({})),
  'jwt-read': token(() => ({ access: 'r' })),
  'jwt-collection-rw': collection(mine, 'rw'),
  'jwt-collection-r': collection(mine, 'r'),
  'jwt-payload-rw': collection(mine, 'rw', PAYLOAD_CLAIM),
  'jwt-payload-r': collection(mine, 'r', PAYLOAD_CLAIM),
  'jwt-other-collection-rw': collection(other, 'rw'),
  'jwt-empty-list': token(() => ({ access: [] })),
} as const satisfies Readonly<Record<string, Credential>>

export type Principal = keyof typeof principals

/** Callers outside the table: their token depends on what a collection says of a user. */
const users = {
  'jwt-user': {
    kind: 'token',
    ofUser: true,
    claims: (at) => ({
      access: 'm',
      value_exists: {
        collection: at.users,
        matches: [
          { key: 'user', value: at.user },
          { key: 'role', value: 'manager' },
        ],
      },
    }),
  },
} as const satisfies Readonly<Record<string, Credential>>

export const principalNamed = (name: string): Credential | undefined => ({ ...principals, ...users } as Readonly<Record<string, Credential>>)[name]
