import { allowed, claim, forbidden, invalid, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { JsonObject } from '../../src/json.ts'
import type { OperationName } from './operations.ts'
import type { PrincipalName } from './principals.ts'
import type { MilvusRule } from './rules.ts'

interface Row {
  readonly principal: PrincipalName
  readonly operation: OperationName
  readonly rules: readonly [MilvusRule, ...MilvusRule[]]
  readonly expect: Expectation
  readonly detail?: string
  readonly input?: JsonObject
  readonly twin?: { readonly principal?: PrincipalName; readonly input?: JsonObject }
  readonly profile?: string
  readonly exclusive?: true
}

const taken = { kind: 'refused', by: 'conflict' } as const satisfies Expectation
const byRoot = { twin: { principal: 'root' } } as const
const withOldPassword = { twin: { input: { oldPassword: 'right' } } } as const

/** Who may manage users, and what a user may do alone. */
const management: readonly Row[] = [
  { principal: 'user', operation: 'connect', rules: ['MLV-USER-CONNECT-01'], expect: allowed },
  { principal: 'self', operation: 'connect', rules: ['MLV-USER-CONNECT-01'], expect: allowed },
  { principal: 'admin', operation: 'connect', rules: ['MLV-USER-CONNECT-01'], expect: allowed },
  { principal: 'user', operation: 'create-user', rules: ['MLV-USER-CREATE-02'], expect: forbidden, ...byRoot },
  { principal: 'user', operation: 'drop-user', rules: ['MLV-USER-DROP-02'], expect: forbidden, ...byRoot },
  { principal: 'user', operation: 'list-users', rules: ['MLV-USER-LIST-02'], expect: forbidden, ...byRoot },
  { principal: 'user', operation: 'describe-user', rules: ['MLV-USER-LIST-02'], expect: forbidden, ...byRoot },
  { principal: 'user-made-again', operation: 'connect', rules: ['MLV-USER-AGAIN-01'], expect: allowed },
  ...(['list-users', 'describe-user', 'create-user', 'drop-user', 'update-password', 'create-role', 'give-role', 'grant-privilege'] as const).map(
    (operation): Row => ({ principal: 'user-made-again', operation, rules: ['MLV-USER-AGAIN-01'], expect: forbidden, ...byRoot }),
  ),
  ...(['connect', 'list-users', 'create-user'] as const).map((operation): Row => ({
    principal: 'user-made-again-with-first-password',
    operation,
    rules: ['MLV-USER-AGAIN-01'],
    expect: unauthenticated,
    ...byRoot,
  })),
  {
    principal: 'root',
    operation: 'create-user',
    rules: ['MLV-USER-CREATE-03'],
    expect: taken,
    detail: 'named-root',
    input: { username: { literal: 'root' } },
    twin: { input: {} },
  },
]

/** Who gives which old password, where nobody is a super user. */
const changes: readonly Row[] = [
  ...(['root', 'admin', 'self'] as const).flatMap((principal): readonly Row[] => [
    {
      principal,
      operation: 'update-password',
      rules: ['MLV-PASSWORD-UPDATE-01'],
      expect: allowed,
      detail: 'with-the-right-old-one',
      input: { oldPassword: 'right' },
    },
    ...withoutOldOne(principal, ['MLV-PASSWORD-UPDATE-02', 'MLV-SUPER-EMPTY-01']),
  ]),
  ...byAnother(['MLV-PASSWORD-UPDATE-03']),
]

/** A user without roles and the password of somebody else. */
function byAnother(rules: Row['rules']): readonly Row[] {
  return (['right', 'wrong', 'empty', 'absent'] as const).map((oldPassword) => ({
    principal: 'user',
    operation: 'update-password',
    rules,
    expect: forbidden,
    detail: `of-another-with-${oldPassword === 'right' ? 'the-right' : oldPassword === 'wrong' ? 'a-wrong' : oldPassword === 'empty' ? 'an-empty' : 'no'}-old-one`,
    input: { oldPassword },
    twin: { principal: 'root', input: { oldPassword: 'right' } },
  }))
}

function withoutOldOne(principal: PrincipalName, rules: Row['rules']): readonly Row[] {
  return (['wrong', 'empty', 'absent'] as const).map((oldPassword) => ({
    principal,
    operation: 'update-password',
    rules,
    expect: invalid,
    detail: `with-${oldPassword === 'wrong' ? 'a-wrong' : oldPassword === 'empty' ? 'an-empty' : 'no'}-old-one`,
    input: { oldPassword },
    ...withOldPassword,
  }))
}

/** Who needs no old password to change one needs the own to come in. */
const signedIn: readonly Row[] = (['connect', 'update-password'] as const).flatMap((operation): readonly Row[] => [
  ...(operation === 'connect' ? (['root', 'foo'] as const).map((principal): Row => ({ ...comingIn(operation, principal), expect: allowed })) : []),
  { ...comingIn(operation, 'wrong-password'), expect: unauthenticated, twin: { principal: 'root' } },
  { ...comingIn(operation, 'foo-with-wrong-password'), expect: unauthenticated, twin: { principal: 'root' } },
])

function comingIn(operation: 'connect' | 'update-password', principal: PrincipalName): Omit<Row, 'expect'> {
  return { principal, operation, rules: ['MLV-AUTH-PASSWORD-01'], detail: 'as-a-super-user', ...(principal.startsWith('foo') ? { exclusive: true } : {}) }
}

/** Where the documents' own line `superUsers: root, foo` is in force. */
const superUsers: readonly Row[] = [
  ...(['wrong', 'empty', 'absent'] as const).flatMap((oldPassword): readonly Row[] =>
    (['root', 'foo'] as const).map((principal) => ({
      principal,
      operation: 'update-password',
      rules: ['MLV-SUPER-LISTED-01'],
      expect: allowed,
      detail: `with-${oldPassword === 'wrong' ? 'a-wrong' : oldPassword === 'empty' ? 'an-empty' : 'no'}-old-one`,
      input: { oldPassword },
      ...(principal === 'foo' ? { exclusive: true } : {}),
    })),
  ),
  {
    principal: 'foo',
    operation: 'update-password',
    rules: ['MLV-SUPER-LISTED-01'],
    expect: allowed,
    detail: 'of-foo-with-no-old-one',
    input: { username: { literal: 'foo' }, oldPassword: 'absent' },
    exclusive: true,
  },
  ...(['admin', 'self'] as const).flatMap((principal): readonly Row[] => [
    {
      principal,
      operation: 'update-password',
      rules: ['MLV-PASSWORD-UPDATE-01'],
      expect: allowed,
      detail: 'with-the-right-old-one',
      input: { oldPassword: 'right' },
    },
    ...withoutOldOne(principal, ['MLV-SUPER-OTHERS-01']),
  ]),
  ...byAnother(['MLV-SUPER-OTHERS-01']),
  ...(['never-there', 'dropped'] as const).flatMap(whileFooIs),
  ...signedIn,
  {
    principal: 'foo',
    operation: 'update-password',
    rules: ['MLV-SUPER-LISTED-01'],
    expect: allowed,
    detail: 'with-no-old-one-once-made-again',
    input: { oldPassword: 'absent', foo: 'made-again' },
    exclusive: true,
  },
]

/** Listed, and no user: not yet, or no more. */
function whileFooIs(foo: 'never-there' | 'dropped'): readonly Row[] {
  const base = { operation: 'update-password', rules: ['MLV-SUPER-ABSENT-01'], exclusive: true } as const
  const detail = `with-no-old-one-while-foo-${foo === 'dropped' ? 'is-dropped' : 'was-never-there'}`
  const input = { oldPassword: 'absent', foo } as const
  return [
    { ...base, principal: 'root', expect: allowed, detail, input },
    { ...base, principal: 'foo', expect: unauthenticated, detail, input, twin: { principal: 'root' } },
    { ...base, principal: 'self', expect: invalid, detail, input, twin: { principal: 'self', input: { oldPassword: 'right', foo } } },
    {
      ...base,
      principal: 'foo',
      operation: 'list-users',
      expect: unauthenticated,
      detail: detail.replace('with-no-old-one-', ''),
      input: { foo },
      twin: { principal: 'root' },
    },
  ]
}

const caseOf =
  (profile: string) =>
  (row: Row): Case => ({
    id: `${claim('milvus', 'grpc', row.principal, row.expect, row.operation, row.detail)}${profile === 'authorization' ? '' : `.where-${profile}`}`,
    profile,
    rules: row.rules,
    operation: row.operation,
    principal: row.principal,
    surface: 'grpc',
    input: row.input ?? {},
    expect: row.expect,
    ...(row.twin === undefined ? {} : { twin: row.twin }),
    ...(row.exclusive === undefined ? {} : { exclusive: row.exclusive }),
  })

export const managementCases: readonly Case[] = management.map(caseOf('authorization'))
export const passwordChangeCases: readonly Case[] = changes.map(caseOf('authorization'))
/** An empty list is no list; a list of one is the one. */
const emptyList: readonly Row[] = (['root', 'admin', 'self'] as const).flatMap((principal) => withoutOldOne(principal, ['MLV-SUPER-EMPTY-01']))
const onlyRoot: readonly Row[] = superUsers.filter(({ principal, input }) => !principal.startsWith('foo') && input?.['foo'] === undefined)

export const superUserCases: readonly Case[] = [
  ...['super-users', 'super-users-tight'].flatMap((profile) => superUsers.map(caseOf(profile))),
  ...emptyList.map(caseOf('super-users-empty')),
  ...onlyRoot.map(caseOf('super-users-root')),
]
