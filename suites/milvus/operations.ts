import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import type { Effect } from '../../src/outcome.ts'
import { base64, type Admin } from './admin.ts'
import { passwordOf, passwordShape, usernameOf, usernameShape } from './inputs.ts'
import type { Account, Cast } from './principals.ts'

/** What one attempt at a case works on. */
export interface Resource {
  readonly cast: Cast
  /** The user that the operation is about: made by `prepare`, or to be made by the operation. */
  readonly subject: Account
  /** Before and after a change of password. */
  readonly next: Account
  /** The old password as the caller gives it. */
  readonly given: Account
  readonly canary: string
  /** The last answer to the probe, whatever it was: a refusal can disclose as well. */
  answer: string
}

export interface Request {
  readonly rpc: string
  readonly message: object
}

/** One thing that a caller can ask, and how it shows. */
export interface Operation {
  readonly nature: 'read' | 'write'
  /** Whether the case's own user exists before, always or only for a principal who is that user. */
  readonly subject: 'made-before' | 'made-for-self' | 'made-by-it'
  request(resource: Resource, input: Input): Request
  look?(resource: Resource, admin: Admin, scope: Scope): Promise<Json>
  effect(resource: Resource, seen: { readonly before: Json; readonly after: Json }): Effect
}

const inputShape = z.strictObject({
  username: usernameShape.optional(),
  password: passwordShape.optional(),
  newPassword: passwordShape.optional(),
  oldPassword: z.enum(['right', 'wrong', 'empty', 'absent', "the caller's own"]).optional(),
  /** How the password is put into the message where it is not base64. */
  encoding: z.enum(['base64', 'clear']).optional(),
})
export type Input = z.infer<typeof inputShape>

export const inputOf = (probe: Pick<Probe, 'input'>): Input => inputShape.parse(probe.input)

export const operations = {
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
    look: async ({ subject, next }, admin, scope) => ({ old: await admin.connects(subject, scope), new: await admin.connects(next, scope) }),
    effect: (_resource, { before, after }) => change(before, after, { old: true, new: false }, { old: false, new: true }, 'the new password connects, the old one does not'),
  },
  'drop-user': {
    nature: 'write',
    subject: 'made-before',
    request: ({ subject }) => ({ rpc: 'DeleteCredential', message: { username: subject.username } }),
    look: lookAtUser,
    effect: (_resource, { before, after }) => change(before, after, present, absent, 'the user is not listed any more, and does not connect'),
  },
} as const satisfies Readonly<Record<string, Operation>>

export type OperationName = keyof typeof operations

const present = { listed: true, connects: true } as const
const absent = { listed: false, connects: false } as const

/** A name with a colon in it cannot be told from its password on the wire, and no name is no user: for those, the list is all there is. */
async function lookAtUser({ subject }: Resource, admin: Admin, scope: Scope): Promise<JsonObject> {
  const listed = await admin.isListed(subject.username, scope)
  if (subject.username === '' || subject.username.includes(':')) return { listed, connects: listed }
  return { listed, connects: await admin.connects(subject, scope) }
}

function change(before: Json, after: Json, from: Json, to: Json, what: string): Effect {
  if (isDeepStrictEqual(before, after)) return { kind: 'none', what: `as before: ${JSON.stringify(after)}` }
  if (isDeepStrictEqual(before, from) && isDeepStrictEqual(after, to)) return { kind: 'seen', what }
  return { kind: 'unclear', because: `it was ${JSON.stringify(before)} and is ${JSON.stringify(after)}` }
}

const shows = (answer: string, pattern: RegExp, what: string): Effect =>
  pattern.test(answer) ? { kind: 'seen', what: `the answer shows ${what}` } : { kind: 'none', what: `the answer does not show ${what}` }

const encoded = (account: Account, input: Input): string => (input.encoding === 'clear' ? account.password.reveal() : base64(account.password.reveal()))

/** The accounts that a case is about, from its input and its name. */
export function accountsOf(input: Input, caller: Account, { name, vault }: Scope): Pick<Resource, 'subject' | 'next' | 'given'> {
  const username = usernameOf(input.username, name)
  const subject = { username, password: vault.secret(passwordOf(input.password, `${name} first`), `the password of ${username}`) }
  const next = { username, password: vault.secret(passwordOf(input.newPassword, `${name} next`), `the new password of ${username}`) }
  const wrong = { username, password: vault.secret(passwordOf(undefined, `${name} wrong`), 'a wrong old password') }
  const none = { username, password: vault.secret('', 'no old password') }
  const given = { right: subject, wrong, empty: none, absent: none, "the caller's own": { ...caller, username } } as const
  return { subject, next, given: given[input.oldPassword ?? 'right'] }
}
