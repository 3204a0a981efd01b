import { askInternalPort, countPeers } from './internal-port.ts'
import { reachOnlySnapshots } from './escapes.ts'
import { runHardened } from './hardening.ts'
import { removePeer } from './peers.ts'
import { uploadCollectionSlowly, uploadShardSlowly } from './slow-uploads.ts'
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
  'remove-peer': removePeer,
  'run-hardened': runHardened,
  'reach-only-snapshots': reachOnlySnapshots,
  'upload-collection-snapshot-slowly': uploadCollectionSlowly,
  'upload-shard-snapshot-slowly': uploadShardSlowly,
} as const satisfies Readonly<Record<string, ScriptMaker>>

export type ScriptName = keyof typeof scripts
export const scriptNamed = (name: string): ScriptMaker | undefined => (scripts as Readonly<Record<string, ScriptMaker>>)[name]
