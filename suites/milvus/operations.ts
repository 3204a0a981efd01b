import type { Scope } from '../../src/driver.ts'
import type { JsonObject } from '../../src/json.ts'
import { base64, type Admin } from './admin.ts'
import { passwordOf, usernameOf } from './inputs.ts'
import { change, shows, type Input, type Operation, type Resource } from './operation.ts'
import type { Account } from './principals.ts'
import { reads } from './reads.ts'
import { writes } from './writes.ts'

const CREDENTIAL = '/api/v1/credential'

/** What the documents are about: users and passwords. */
const accountOperations = {
  connect: {
    nature: 'read',
    subject: 'made-for-self',
    request: () => ({ rpc: 'Connect', message: {} }),
    effect: ({ answer }) => shows(answer, /"serverInfo":\{.*"buildTags":"v?\d/, "the server's build"),
  },
  'list-users': {
    nature: 'read',
    subject: 'made-for-self',
    request: () => ({ rpc: 'ListCredUsers', message: {} }),
    port: () => ({ method: 'GET', path: '/api/v1/credential/users' }),
    effect: ({ answer, canary }) => shows(answer, new RegExp(`"${canary}"`), 'the planted user'),
  },
  'describe-user': {
    nature: 'read',
    subject: 'made-for-self',
    request: ({ canary }) => ({ rpc: 'SelectUser', message: { user: { name: canary }, includeRoleInfo: true } }),
    effect: ({ answer, canary }) => shows(answer, new RegExp(`"roles":\\[\\],"user":\\{"name":"${canary}"\\}`), 'the planted user, without roles'),
  },
  'create-user': {
    nature: 'write',
    subject: 'made-by-it',
    request: ({ subject }, input) => ({ rpc: 'CreateCredential', message: { username: subject.username, password: encoded(subject, input) } }),
    port: ({ subject }) => ({ method: 'POST', path: CREDENTIAL, body: { username: subject.username, password: base64(subject.password.reveal()) } }),
    look: lookAtUser,
    effect: (_resource, { before, after }) => change(before, after, absent, present, 'the user is listed, and connects'),
  },
  'update-password': {
    nature: 'write',
    subject: 'made-before',
    request: ({ subject, next, given }, input) => ({
      rpc: 'UpdateCredential',
      message: {
        username: subject.username,
        ...(input.oldPassword === 'absent' ? {} : { oldPassword: base64(given.password.reveal()) }),
        newPassword: encoded(next, input),
      },
    }),
    port: ({ subject, next, given }) => ({
      method: 'PATCH',
      path: CREDENTIAL,
      body: { username: subject.username, oldPassword: base64(given.password.reveal()), newPassword: base64(next.password.reveal()) },
    }),
    look: async ({ subject, next }, admin, scope) => ({ old: await admin.connects(subject, scope), new: await admin.connects(next, scope) }),
    effect: (_resource, { before, after }) =>
      change(before, after, { old: true, new: false }, { old: false, new: true }, 'the new password connects, the old one does not'),
  },
  'drop-user': {
    nature: 'write',
    subject: 'made-before',
    request: ({ subject }) => ({ rpc: 'DeleteCredential', message: { username: subject.username } }),
    port: ({ subject }) => ({ method: 'DELETE', path: CREDENTIAL, body: { username: subject.username } }),
    look: lookAtUser,
    effect: (_resource, { before, after }) => change(before, after, present, absent, 'the user is not listed any more, and does not connect'),
  },
  'run-expression': {
    nature: 'read',
    // Only on the port for metrics and health; a sum is the most harmless thing to have it work out.
    request: () => ({ rpc: 'Dummy', message: {} }),
    port: () => ({ method: 'GET', path: '/expr?code=20%2B22&auth=by-dev' }),
    effect: ({ answer }) => shows(answer, /"output": ?"42"/, 'the sum'),
  },
} as const satisfies Readonly<Record<string, Operation>>

export const operations = { ...accountOperations, ...reads, ...writes }

export type OperationName = keyof typeof operations

const present = { listed: true, connects: true } as const
const absent = { listed: false, connects: false } as const

/**
 * A name with a colon in it cannot be told from its password on the wire, and no name is no user: for those, the list is all there is.
 * Before anything was asked, a name of the attempt's own that is not listed is nobody's: there is no password to try.
 * A proxy may serve a user who is gone for a moment longer, which `MLV-CHANNEL-DEAD-01` is about: here it is waited for.
 */
async function lookAtUser(resource: Resource, admin: Admin, scope: Scope): Promise<JsonObject> {
  const { subject } = resource
  const nameless = subject.username === '' || subject.username.includes(':')
  const isFirstLook = resource.listed === undefined
  const listed = await admin.isListed(subject.username, scope)
  resource.listed = listed
  if (isFirstLook && !listed) return absent
  if (nameless) return { listed, connects: listed }
  return { listed, connects: listed ? await admin.connects(subject, scope) : !(await admin.isForgotten(subject, scope)) }
}

const encoded = (account: Account, input: Input): string => (input.encoding === 'clear' ? account.password.reveal() : base64(account.password.reveal()))

/** The accounts that a case is about, from its input and its name; where no password is changed all three are one. */
export function accountsOf(input: Input, { name, vault }: Scope, isChanged: boolean): Pick<Resource, 'subject' | 'next' | 'given'> {
  const username = usernameOf(input.username, name)
  const subject = { username, password: vault.secret(passwordOf(input.password, `${name} first`), `the password of ${username}`) }
  if (!isChanged) return { subject, next: subject, given: subject }
  const next = { username, password: vault.secret(passwordOf(input.newPassword, `${name} next`), `the new password of ${username}`) }
  const wrong = { username, password: vault.secret(passwordOf(undefined, `${name} wrong`), 'a wrong old password') }
  const none = { username, password: vault.secret('', 'no old password') }
  const given = { right: subject, wrong, empty: none, absent: none } as const
  return { subject, next, given: given[input.oldPassword ?? 'right'] }
}
