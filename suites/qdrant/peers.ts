import type { Effect } from '../../src/outcome.ts'
import { RestClient } from '../../src/wire/rest.ts'
import { Admin } from './admin.ts'
import { restOutcome } from './answers.ts'
import { startCluster } from './clusters.ts'
import { Credentials } from './credentials.ts'
import type { Json } from '../../src/json.ts'
import { setTimeout as delay } from 'node:timers/promises'
import { at } from './operation.ts'
import { nowhere } from './place.ts'
import { principalNamed } from './principals.ts'
import type { ScriptMaker } from './script.ts'

const LONGEST_WAIT_MS = 8000
const POLL_MS = 100

const peersOf = (cluster: Json): readonly string[] => Object.keys((at(cluster, 'peers') ?? {}) as Readonly<Record<string, Json>>)

/** Takes the second node out of a cluster of two that the case has for itself: what is left afterwards tells whether it was. */
export const removePeer: ScriptMaker = async (_, { instance, vault }, scope) => {
  const cluster = await startCluster('two-nodes', instance, vault, scope)
  const { endpoint } = cluster
  const credentials = new Credentials(endpoint, vault)
  const rest = new RestClient(endpoint, 'rest')
  const admin = new Admin(rest, endpoint, credentials.apiKey)
  const peers = async (asked: typeof scope): Promise<readonly string[]> => peersOf(await admin.ask({ method: 'GET', path: '/cluster' }, asked))
  const before = await admin.ask({ method: 'GET', path: '/cluster' }, scope)
  const own = JSON.stringify(at(before, 'peer_id') ?? null)
  const others = peersOf(before).find((peer) => peer !== own) ?? ''
  let left: readonly string[] = []
  return {
    async perform({ principal }, asked) {
      const { headers } = await credentials.of(principalNamed(principal) ?? { kind: 'none' }, { ...nowhere, collection: 'none' }, {}, asked)
      const outcome = restOutcome(await rest.send({ method: 'DELETE', path: `/cluster/peer/${others}`, headers }, asked))
      left = await peers(asked)
      // The consensus takes a moment to agree.
      for (let waited = 0; outcome.kind === 'allowed' && left.includes(others) && waited < LONGEST_WAIT_MS; waited += POLL_MS) {
        await delay(POLL_MS, undefined, { signal: asked.signal })
        left = await peers(asked)
      }
      return outcome
    },
    effect(): Effect {
      if (left.includes(others)) return { kind: 'none', what: 'both nodes are in the cluster' }
      return left.includes(own) ? { kind: 'seen', what: 'the second node is out of the cluster' } : { kind: 'unclear', because: 'the cluster lists no node' }
    },
    async [Symbol.asyncDispose]() {
      await rest[Symbol.asyncDispose]()
      await cluster[Symbol.asyncDispose]()
    },
  }
}
