import { allowed, claim, showing, unauthenticated, type Case } from '../../src/case.ts'
import type { rootStories, StoryName } from './restarted.ts'
import type { MilvusRule } from './rules.ts'

/** Where root is a super user: a reset without the old password is one of the things that must last. */
const PROFILE = 'super-users-root'

type Asker = StoryName | (typeof rootStories)[number]

/** Who connects once the server runs again, by the rule that lets him in. */
const may = {
  root: 'MLV-ROOT-CHANGED-01',
  'kept-user': 'MLV-RESTART-KEPT-01',
  'changed-user': 'MLV-RESTART-KEPT-01',
  'reset-user': 'MLV-RESTART-KEPT-01',
  'user-made-again': 'MLV-RESTART-KEPT-01',
  'user-of-72-bytes': 'MLV-RESTART-KEPT-01',
  'user-of-72-bytes-after-one-with-more': 'MLV-PASSWORD-WHOLE-01',
} as const satisfies Partial<Record<Asker, MilvusRule>>

/** Who does not, and who would in his place. */
const mayNot = {
  'root-with-first-password': ['MLV-ROOT-CHANGED-01', 'root'],
  'changed-user-with-old-password': ['MLV-RESTART-GONE-01', 'changed-user'],
  'reset-user-with-old-password': ['MLV-RESTART-GONE-01', 'reset-user'],
  'dropped-user': ['MLV-RESTART-GONE-01', 'kept-user'],
  'user-made-again-with-first-password': ['MLV-RESTART-GONE-01', 'user-made-again'],
  'user-of-72-bytes-with-another-end': ['MLV-PASSWORD-WHOLE-01', 'user-of-72-bytes'],
  'user-of-72-bytes-with-more': ['MLV-PASSWORD-WHOLE-01', 'user-of-72-bytes'],
} as const satisfies Partial<Record<Asker, readonly [MilvusRule, Asker]>>

const surfaces = ['grpc', 'rest'] as const

const base = (surface: (typeof surfaces)[number], principal: Asker): Pick<Case, 'profile' | 'operation' | 'principal' | 'surface' | 'input' | 'versions'> => ({
  profile: PROFILE,
  operation: 'connect-after-restart',
  principal,
  surface,
  input: {},
  ...(surface === 'rest' ? { versions: '>=2.2.12' } : {}),
})

/** What lasts over a stop and a start on the same data, and what does not come back with it. */
export const restartCases: readonly Case[] = [
  ...surfaces.flatMap((surface) => [
    ...(Object.keys(may) as (keyof typeof may)[]).map((principal) => ({
      ...base(surface, principal),
      id: claim('milvus', surface, principal, allowed, 'connect-after-restart'),
      rules: [may[principal]] as const,
      expect: allowed,
    })),
    ...(Object.keys(mayNot) as (keyof typeof mayNot)[]).map((principal) => ({
      ...base(surface, principal),
      id: claim('milvus', surface, principal, unauthenticated, 'connect-after-restart'),
      rules: [mayNot[principal][0]] as const,
      expect: unauthenticated,
      twin: { principal: mayNot[principal][1] },
    })),
  ]),
  {
    ...base('grpc', 'root'),
    id: 'milvus.grpc.root.may.list-users-after-restart.all-but-the-dropped-one',
    operation: 'list-users-after-restart',
    rules: ['MLV-RESTART-KEPT-01', 'MLV-RESTART-GONE-01'],
    expect: showing(
      'kept-user',
      'changed-user',
      'changed-user-with-old-password',
      'reset-user',
      'reset-user-with-old-password',
      'user-made-again',
      'user-made-again-with-first-password',
      'user-of-72-bytes',
      'user-of-72-bytes-with-another-end',
      'user-of-72-bytes-with-more',
      'user-of-72-bytes-after-one-with-more',
    ),
  },
]
