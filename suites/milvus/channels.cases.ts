import { allowed, claim, showing, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { ChannelCaller, ChannelEvent } from './channels.ts'
import type { MilvusRule } from './rules.ts'

const PROFILE = 'authorization'
const surfaces = ['grpc', 'rest'] as const
type Surface = (typeof surfaces)[number]

interface Row {
  readonly caller: ChannelCaller
  readonly event: ChannelEvent
  readonly rule: MilvusRule
  readonly expect: Expectation
}

const changes = ['password-changed-by-root', 'password-changed-by-the-user', 'user-made-again'] as const satisfies readonly ChannelEvent[]

const rows: readonly Row[] = [
  { caller: 'the-user', event: 'nothing', rule: 'MLV-CHANNEL-SERVED-01', expect: allowed },
  { caller: 'another-user', event: 'nothing', rule: 'MLV-CHANNEL-SERVED-01', expect: allowed },
  ...(['anonymous', 'wrong-password', 'unknown-user'] as const).map((caller): Row => ({
    caller,
    event: 'nothing',
    rule: 'MLV-CHANNEL-OWN-01',
    expect: unauthenticated,
  })),
  ...changes.flatMap((event): readonly Row[] => [
    { caller: 'the-user', event, rule: 'MLV-CHANNEL-DEAD-01', expect: unauthenticated },
    { caller: 'the-user-anew', event, rule: 'MLV-CHANNEL-SERVED-01', expect: allowed },
  ]),
  { caller: 'the-user', event: 'user-dropped', rule: 'MLV-CHANNEL-DEAD-01', expect: unauthenticated },
]

const base = (surface: Surface, principal: string, operation: string): Pick<Case, 'profile' | 'operation' | 'principal' | 'surface' | 'versions'> => ({
  profile: PROFILE,
  operation,
  principal,
  surface,
  ...(surface === 'rest' ? { versions: '>=2.2.12' } : {}),
})

/** What an open connection is worth once its user's password, or its user, is gone; and to anyone else. */
export const channelCases: readonly Case[] = surfaces.flatMap((surface) => [
  ...rows.map((row) => ({
    ...base(surface, row.caller, 'ask-on-an-open-connection'),
    id: claim('milvus', surface, row.caller, row.expect, 'ask-on-an-open-connection', row.event === 'nothing' ? '' : `after-${row.event}`),
    rules: [row.rule] as const,
    input: { event: row.event },
    expect: row.expect,
    ...(row.expect.kind === 'allowed' ? {} : { twin: { principal: 'the-user', input: { event: 'nothing' } } }),
  })),
  {
    ...base(surface, 'eight-users', 'ask-as-several-at-once'),
    id: `milvus.${surface}.eight-users.may.ask-as-several-at-once`,
    rules: ['MLV-CHANNEL-OWN-01', 'MLV-USER-CONNECT-01'] as const,
    input: {},
    expect: showing(...Array.from({ length: 8 }, (_, at) => `user ${at + 1}`)),
  },
])
