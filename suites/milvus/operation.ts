import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import type { Json } from '../../src/json.ts'
import type { Effect } from '../../src/outcome.ts'
import type { Admin } from './admin.ts'
import { passwordShape, usernameShape } from './inputs.ts'
import type { Library } from './library.ts'
import type { Account, Cast } from './principals.ts'

/** What one attempt at a case works on. */
export interface Resource {
  readonly cast: Cast
  /** The user that the operation is about: made by `prepare`, or to be made by the operation. */
  readonly subject: Account
  /** The subject with the password that it is to get. */
  readonly next: Account
  /** The subject with the old password as the caller gives it. */
  readonly given: Account
  /** A user whom nobody changes: who sees this name has seen the list of users. */
  readonly canary: string
  /** A user who is given roles. */
  readonly grantee: string
  /** The attempt's own name, for whatever it makes. */
  readonly name: string
  readonly library: Library
  /** The last answer to the probe, whatever it was: a refusal can disclose as well. Over HTTP the body as it came. */
  answer: string
  /** Whether the subject was in the list of users when it was last looked at: a user who is not there is not dropped. */
  listed?: boolean
}

export interface Request {
  readonly rpc: string
  readonly message: object
}

/** The same request over HTTP, where the release has it there. */
export interface RestForm {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: object
}

/** One thing that a caller can ask, and how it shows. */
export interface Operation {
  readonly nature: 'read' | 'write'
  /** Whether the case's own user exists before, always or only for a principal who is that user; absent: it has none. */
  readonly subject?: 'made-before' | 'made-for-self' | 'made-by-it'
  /** The releases whose server has it and lets root do it, a semver range; absent: all. */
  readonly versions?: string
  /** It is asked about things of the library. */
  readonly inLibrary?: true
  /** The answer of this one carries no status. */
  readonly statusless?: true
  request(resource: Resource, input: Input): Request
  rest?(resource: Resource): RestForm
  /** The same on the port for metrics and health. */
  port?(resource: Resource): RestForm
  /** What it needs beside users. */
  make?(resource: Resource, admin: Admin, scope: Scope): Promise<void>
  look?(resource: Resource, admin: Admin, scope: Scope): Promise<Json>
  effect(resource: Resource, seen: { readonly before: Json; readonly after: Json }): Effect
  /** Removes what is left of what it made or needed. */
  clear?(resource: Resource, admin: Admin, scope: Scope): Promise<void>
}

export type Operations = Readonly<Record<string, Operation>>

const inputShape = z.strictObject({
  username: usernameShape.optional(),
  password: passwordShape.optional(),
  newPassword: passwordShape.optional(),
  oldPassword: z.enum(['right', 'wrong', 'empty', 'absent']).optional(),
  /** What is of the user foo at that moment; absent: whatever is. */
  foo: z.enum(['never-there', 'dropped', 'made-again']).optional(),
  /** How a password is put into the message that sets it. */
  encoding: z.enum(['base64', 'clear']).optional(),
})
export type Input = z.infer<typeof inputShape>

export const inputOf = (probe: Pick<Probe, 'input'>): Input => inputShape.parse(probe.input)

/** Compares two looks with what the operation would have made of the first. */
export function change(before: Json, after: Json, from: Json, to: Json, what: string): Effect {
  if (isDeepStrictEqual(before, after)) return { kind: 'none', what: `as before: ${JSON.stringify(after)}` }
  if (isDeepStrictEqual(before, from) && isDeepStrictEqual(after, to)) return { kind: 'seen', what }
  return { kind: 'unclear', because: `it was ${JSON.stringify(before)} and is ${JSON.stringify(after)}` }
}

export const shows = (answer: string, pattern: RegExp, what: string): Effect =>
  pattern.test(answer) ? { kind: 'seen', what: `the answer shows ${what}` } : { kind: 'none', what: `the answer does not show ${what}` }
