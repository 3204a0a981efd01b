import type { Secret, Vault } from '../../src/secret.ts'
import type { HeaderValue } from '../../src/wire/rest.ts'

/** A user as a case knows it. */
export interface Account {
  readonly username: string
  readonly password: Secret
}

/** The users that a principal may be built from. */
export interface Cast {
  readonly root: Account
  /** Has no roles. */
  readonly user: Account
  /** Has the role admin, and is nobody's super user. */
  readonly admin: Account
  /** Existed, and does not any more. */
  readonly dropped: Account
  /** A user with the password that was changed since. */
  readonly outdated: Account
  /** The user whom the case is about. */
  readonly self: Account
  /** Named foo, with the role admin: the second super user of the documents' example. */
  readonly foo: Account
}

export type Metadata = Readonly<Record<string, HeaderValue>>

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

/** What goes on the wire for a user: no scheme word, the name and the password in base64 with a colon between. */
export function tokenOf(account: Account, vault: Vault): Metadata {
  return spelt(base64(`${account.username}:${account.password.reveal()}`), `${account.username} with ${account.password.label}`, vault)
}

const spelt = (value: string, label: string, vault: Vault): Metadata => ({ authorization: vault.secret(value, label) })

/** Every kind of caller on gRPC, as the metadata that it sends. Built at the moment of sending. */
export const principals = {
  root: ({ root }, vault) => tokenOf(root, vault),
  user: ({ user }, vault) => tokenOf(user, vault),
  admin: ({ admin }, vault) => tokenOf(admin, vault),
  foo: ({ foo }, vault) => tokenOf(foo, vault),
  self: ({ self }, vault) => tokenOf(self, vault),
  'self-with-more': ({ self }, vault) => tokenOf({ ...self, password: vault.secret(`${self.password.reveal()}x`, 'the right password and one more character') }, vault),
  'self-with-less': ({ self }, vault) => tokenOf({ ...self, password: vault.secret(self.password.reveal().slice(0, -1), 'the right password without its last character') }, vault),
  'dropped-user': ({ dropped }, vault) => tokenOf(dropped, vault),
  'outdated-password': ({ outdated }, vault) => tokenOf(outdated, vault),
  anonymous: () => ({}),
  'empty-token': () => ({ authorization: '' }),
  'not-base64': () => ({ authorization: '*** not base64 ***' }),
  'no-colon': ({ root }, vault) => spelt(base64(`${root.username}${root.password.reveal()}`), 'a token without a colon', vault),
  'only-a-colon': () => ({ authorization: base64(':') }),
  'clear-text': ({ root }, vault) => spelt(`${root.username}:${root.password.reveal()}`, 'a token in clear', vault),
  'scheme-bearer': ({ root }, vault) => spelt(`Bearer ${base64(`${root.username}:${root.password.reveal()}`)}`, 'a token with the word Bearer', vault),
  'scheme-basic': ({ root }, vault) => spelt(`Basic ${base64(`${root.username}:${root.password.reveal()}`)}`, 'a token with the word Basic', vault),
  'wrong-password': ({ root }, vault) => tokenOf({ ...root, password: vault.secret('not-the-password', 'a wrong password') }, vault),
  'password-in-other-case': ({ root }, vault) => tokenOf({ ...root, password: vault.secret(swapCase(root.password.reveal()), "root's password in the other case") }, vault),
  'password-cut-short': ({ root }, vault) => tokenOf({ ...root, password: vault.secret(root.password.reveal().slice(0, -1), "root's password without its last character") }, vault),
  'password-with-more': ({ root }, vault) => tokenOf({ ...root, password: vault.secret(`${root.password.reveal()}1`, "root's password and one more character") }, vault),
  'blank-after-password': ({ root }, vault) => tokenOf({ ...root, password: vault.secret(`${root.password.reveal()} `, "root's password and a blank") }, vault),
  'blank-before-username': ({ root }, vault) => tokenOf({ ...root, username: ` ${root.username}` }, vault),
  'username-in-other-case': ({ root }, vault) => tokenOf({ ...root, username: swapCase(root.username) }, vault),
  'no-password': ({ root }, vault) => spelt(base64(`${root.username}:`), 'a token without a password', vault),
  'no-username': ({ root }, vault) => spelt(base64(`:${root.password.reveal()}`), 'a token without a username', vault),
  'unknown-user': ({ root }, vault) => tokenOf({ ...root, username: 'nobody_of_that_name' }, vault),
  "user-with-root's-password": ({ root, user }, vault) => tokenOf({ ...root, username: user.username }, vault),
} as const satisfies Readonly<Record<string, (cast: Cast, vault: Vault) => Metadata>>

export type PrincipalName = keyof typeof principals

const swapCase = (text: string): string => Array.from(text, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join('')
