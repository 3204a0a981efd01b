import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Vault } from '../../src/secret.ts'
import type { Input } from './credentials.ts'
import type { QdrantDriver } from './driver.ts'
import type { Stage } from './stage.ts'

/** What is asked of servers that the probe itself starts, changes and stops. */
export interface Script extends AsyncDisposable {
  /** What it shows is its effect. */
  perform(probe: Probe, scope: Scope): Promise<Outcome>
  /** What came of it, where a look at the state tells more than what it shows. */
  effect?(): Effect
}

export interface ScriptTools {
  readonly instance: InstanceInfo
  /** Asks the instance itself. */
  readonly main: QdrantDriver
  readonly stage: Stage
  readonly vault: Vault
}

/** Makes what the script needs; throws as `Driver.prepare` does. */
export type ScriptMaker = (input: Input, tools: ScriptTools, scope: Scope) => Promise<Script>

export function effectOfScript(outcome: Outcome): Effect {
  const shown = outcome.kind === 'allowed' ? (outcome.shown ?? []) : []
  return shown.length > 0 ? { kind: 'seen', what: `shows ${shown.join(', ')}` } : { kind: 'none', what: 'nothing was shown' }
}
