import { HarnessError } from '../../src/errors.ts'
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
  /** Had the role admin, was dropped, and made again under the same name with another password. */
  readonly remade: Account
  /** The same user with the password that the dropped one had. */
  readonly 'remade-before': Account
  /** The user whom the case is about. */
  readonly self: Account
  /** Named foo, with the role admin: the second super user of the documents' example. */
  readonly foo: Account
}

export type Metadata = Readonly<Record<string, HeaderValue>>

/** What Milvus's own parts say of themselves, base64 of `@@milvus-member@@`; a proxy that believes it asks nothing more (CVE-2025-64513). */
const FORGED_MEMBER = 'QEBtaWx2dXMtbWVtYmVyQEA='

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

/** What goes on the wire for a user: no scheme word, the name and the password in base64 with a colon between. */
export function tokenOf(account: Account, vault: Vault): Metadata {
  return spelt(base64(`${account.username}:${account.password.reveal()}`), `${account.username} with ${account.password.label}`, vault)
}

const spelt = (value: string, label: string, vault: Vault): Metadata => ({ authorization: vault.secret(value, label) })

/** Every kind of caller on gRPC, as the metadata that it sends. Built at the moment of sending. */
const principals = {
  root: ({ root }, vault) => tokenOf(root, vault),
  user: ({ user }, vault) => tokenOf(user, vault),
  admin: ({ admin }, vault) => tokenOf(admin, vault),
  foo: ({ foo }, vault) => tokenOf(foo, vault),
  'foo-with-wrong-password': ({ foo }, vault) => tokenOf(wrong(foo, vault), vault),
  self: ({ self }, vault) => tokenOf(self, vault),
  'self-with-more': ({ self }, vault) =>
    tokenOf({ ...self, password: vault.secret(`${self.password.reveal()}x`, 'the right password and one more character') }, vault),
  'self-with-less': ({ self }, vault) =>
    tokenOf({ ...self, password: vault.secret(self.password.reveal().slice(0, -1), 'the right password without its last character') }, vault),
  'dropped-user': ({ dropped }, vault) => tokenOf(dropped, vault),
  'outdated-password': ({ outdated }, vault) => tokenOf(outdated, vault),
  'user-made-again': ({ remade }, vault) => tokenOf(remade, vault),
  'user-made-again-with-first-password': (cast, vault) => tokenOf(cast['remade-before'], vault),
  anonymous: () => ({}),
  'empty-token': () => ({ authorization: '' }),
  'not-base64': () => ({ authorization: '*** not base64 ***' }),
  'no-colon': ({ root }, vault) => spelt(base64(`${root.username}${root.password.reveal()}`), 'a token without a colon', vault),
  'only-a-colon': () => ({ authorization: base64(':') }),
  'clear-text': ({ root }, vault) => spelt(`${root.username}:${root.password.reveal()}`, 'a token in clear', vault),
  'scheme-bearer': ({ root }, vault) => spelt(`Bearer ${base64(`${root.username}:${root.password.reveal()}`)}`, 'a token with the word Bearer', vault),
  'scheme-basic': ({ root }, vault) => spelt(`Basic ${base64(`${root.username}:${root.password.reveal()}`)}`, 'a token with the word Basic', vault),
  'wrong-password': ({ root }, vault) => tokenOf({ ...root, password: vault.secret('not-the-password', 'a wrong password') }, vault),
  'password-in-other-case': ({ root }, vault) =>
    tokenOf({ ...root, password: vault.secret(swapCase(root.password.reveal()), "root's password in the other case") }, vault),
  'password-cut-short': ({ root }, vault) =>
    tokenOf({ ...root, password: vault.secret(root.password.reveal().slice(0, -1), "root's password without its last character") }, vault),
  'password-with-more': ({ root }, vault) =>
    tokenOf({ ...root, password: vault.secret(`${root.password.reveal()}1`, "root's password and one more character") }, vault),
  'blank-after-password': ({ root }, vault) => tokenOf({ ...root, password: vault.secret(`${root.password.reveal()} `, "root's password and a blank") }, vault),
  'blank-before-username': ({ root }, vault) => tokenOf({ ...root, username: ` ${root.username}` }, vault),
  'username-in-other-case': ({ root }, vault) => tokenOf({ ...root, username: swapCase(root.username) }, vault),
  'no-password': ({ root }, vault) => spelt(base64(`${root.username}:`), 'a token without a password', vault),
  'no-username': ({ root }, vault) => spelt(base64(`:${root.password.reveal()}`), 'a token without a username', vault),
  'unknown-user': ({ root }, vault) => tokenOf({ ...root, username: 'nobody_of_that_name' }, vault),
  'forged-member': () => ({ sourceid: FORGED_MEMBER }),
  'forged-member-with-wrong-password': ({ root }, vault) => ({ sourceid: FORGED_MEMBER, ...tokenOf(wrong(root, vault), vault) }),
  'forged-member-as-unknown-user': ({ root }, vault) => ({ sourceid: FORGED_MEMBER, ...tokenOf({ ...root, username: 'nobody_of_that_name' }, vault) }),
  "user-with-root's-password": ({ root, user }, vault) => tokenOf({ ...root, username: user.username }, vault),
} as const satisfies Readonly<Record<string, (cast: Cast, vault: Vault) => Metadata>>

export type PrincipalName = keyof typeof principals

/** What that principal sends. @throws HarnessError `HARNESS_DEFECT` where there is none of that name */
export function metadataFor(principal: string, cast: Cast, vault: Vault): Metadata {
  const make = principals[principal as PrincipalName] as (typeof principals)[PrincipalName] | undefined
  if (make === undefined) throw new HarnessError('HARNESS_DEFECT', `no Milvus principal ${principal}`)
  return make(cast, vault)
}

/** Where nobody but root is about. */
export const castOfRoot = (root: Account): Cast => ({
  root,
  user: root,
  admin: root,
  dropped: root,
  outdated: root,
  remade: root,
  'remade-before': root,
  self: root,
  foo: root,
})

const swapCase = (text: string): string =>
  Array.from(text, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join('')

const header = (value: string, label: string, vault: Vault): Metadata => ({ authorization: vault.secret(value, label) })
const bearer = ({ username, password }: Account, vault: Vault): Metadata =>
  header(`Bearer ${username}:${password.reveal()}`, `Bearer ${username} with ${password.label}`, vault)
const basic = ({ username, password }: Account, vault: Vault): Metadata =>
  header(`Basic ${base64(`${username}:${password.reveal()}`)}`, `Basic ${username} with ${password.label}`, vault)
const wrong = (account: Account, vault: Vault): Account => ({ ...account, password: vault.secret('not-the-password', 'a wrong password') })
const otherPassword = (account: Account, change: (password: string) => string, label: string, vault: Vault): Account => ({
  ...account,
  password: vault.secret(change(account.password.reveal()), label),
})

/** Every kind of caller over HTTP, as the headers that it sends. */
export const restPrincipals = {
  root: ({ root }, vault) => bearer(root, vault),
  'root-by-basic': ({ root }, vault) => basic(root, vault),
  'root-by-lower-case-bearer': ({ root }, vault) => header(`bearer ${root.username}:${root.password.reveal()}`, "root's token after the word bearer", vault),
  'root-by-lower-case-basic': ({ root }, vault) =>
    header(`basic ${base64(`${root.username}:${root.password.reveal()}`)}`, "root's token after the word basic", vault),
  anonymous: () => ({}),
  'empty-token': () => ({ authorization: '' }),
  'bearer-alone': () => ({ authorization: 'Bearer' }),
  'bearer-without-colon': ({ root }, vault) => header(`Bearer ${root.username}${root.password.reveal()}`, 'a token without a colon', vault),
  'bearer-only-a-colon': () => ({ authorization: 'Bearer :' }),
  'bearer-wrong-password': ({ root }, vault) => bearer(wrong(root, vault), vault),
  'bearer-no-password': ({ root }, vault) => header(`Bearer ${root.username}:`, 'a token without a password', vault),
  'bearer-no-username': ({ root }, vault) => header(`Bearer :${root.password.reveal()}`, 'a token without a username', vault),
  'bearer-password-in-other-case': ({ root }, vault) => bearer(otherPassword(root, swapCase, "root's password in the other case", vault), vault),
  'bearer-username-in-other-case': ({ root }, vault) => bearer({ ...root, username: swapCase(root.username) }, vault),
  'bearer-password-with-more': ({ root }, vault) =>
    bearer(
      otherPassword(root, (password) => `${password}1`, "root's password and one more character", vault),
      vault,
    ),
  'bearer-unknown-user': ({ root }, vault) => bearer({ ...root, username: 'nobody_of_that_name' }, vault),
  'bearer-dropped-user': ({ dropped }, vault) => bearer(dropped, vault),
  'bearer-outdated-password': ({ outdated }, vault) => bearer(outdated, vault),
  'basic-not-base64': () => ({ authorization: 'Basic *** not base64 ***' }),
  'basic-without-colon': ({ root }, vault) => header(`Basic ${base64(`${root.username}${root.password.reveal()}`)}`, 'a Basic token without a colon', vault),
  'basic-wrong-password': ({ root }, vault) => basic(wrong(root, vault), vault),
  'basic-unknown-user': ({ root }, vault) => basic({ ...root, username: 'nobody_of_that_name' }, vault),
  'basic-dropped-user': ({ dropped }, vault) => basic(dropped, vault),
  'digest-scheme': ({ root }, vault) =>
    header(`Digest username="${root.username}", response="${root.password.reveal()}"`, 'a token after the word Digest', vault),
  'token-in-another-header': ({ root }, vault) => ({
    'x-authorization': vault.secret(`Bearer ${root.username}:${root.password.reveal()}`, "root's token in another header"),
  }),
  'token-in-a-cookie': ({ root }, vault) => ({
    cookie: vault.secret(`authorization=Bearer ${root.username}:${root.password.reveal()}`, "root's token in a cookie"),
  }),
  'forged-member': () => ({ sourceid: FORGED_MEMBER }),
  'forged-member-with-wrong-password': ({ root }, vault) => ({ sourceid: FORGED_MEMBER, ...bearer(wrong(root, vault), vault) }),
} as const satisfies Readonly<Record<string, (cast: Cast, vault: Vault) => Metadata>>

export type RestPrincipalName = keyof typeof restPrincipals
