import { askInternalPort, countPeers } from './internal-port.ts'
import { revokeUsers } from './revocations.ts'
import { rotateCertificate } from './rotations.ts'
import type { ScriptMaker } from './script.ts'
import { startServer } from './start-ups.ts'

/** What is asked of servers that a probe starts by itself. */
const scripts = {
  'start-server': startServer,
  'rotate-certificate': rotateCertificate,
  'ask-internal-port': askInternalPort,
  'count-peers': countPeers,
  'revoke-users': revokeUsers,
} as const satisfies Readonly<Record<string, ScriptMaker>>

export type ScriptName = keyof typeof scripts
export const scriptNamed = (name: string): ScriptMaker | undefined => (scripts as Readonly<Record<string, ScriptMaker>>)[name]
