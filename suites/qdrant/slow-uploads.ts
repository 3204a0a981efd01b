import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Outcome } from '../../src/outcome.ts'
import { causeOf } from '../../src/wire/rest.ts'
import { restOutcome } from './answers.ts'
import { Credentials, type Carried } from './credentials.ts'
import { form } from './operations-snapshots.ts'
import type { Place } from './place.ts'
import { principalNamed } from './principals.ts'
import type { ScriptMaker } from './script.ts'

/** A server that refuses before it reads has long answered by then, and one that waits for the rest has not. */
const PATIENCE_MS = 4000

type Operation = 'upload-collection-snapshot' | 'upload-shard-snapshot'

/** What was sent, and when the answer came. */
interface Sent {
  readonly outcome: Outcome
  /** The answer was there when half of the body was still on our side. */
  readonly early: boolean
}

/**
 * Sends half of a snapshot, waits for an answer, and sends the rest where there is none: whether a body of who may not is taken in first
 * (GHSA-3v92-w72v-j994). A refusal that only comes after the whole body has had that effect, whatever it says.
 */
const uploadSlowly =
  (operation: Operation): ScriptMaker =>
  async (_, { instance, main, vault }, scope) => {
    const plain: Probe = { operation, principal: 'api-key', surface: 'rest', input: {} }
    const { endpoint } = instance
    const credentials = new Credentials(endpoint, vault)
    const place = await main.prepare(plain, scope)
    const before = await main.look(plain, place, scope)
    let sent: Sent | undefined
    let after: Json = before
    return {
      async perform({ principal }, asked) {
        const carried = await credentials.of(principalNamed(principal) ?? { kind: 'none' }, place, {}, asked)
        sent = await send({ endpoint, place, operation, carried }, asked)
        after = await main.look(plain, place, asked)
        return sent.outcome
      },
      effect() {
        if (after !== before) return { kind: 'seen', what: 'the snapshot was taken over' }
        if (sent?.outcome.kind === 'refused' && !sent.early) return { kind: 'seen', what: 'the whole body was taken in before the answer' }
        return { kind: 'none', what: 'answered before the whole body was sent, and nothing changed' }
      },
      [Symbol.asyncDispose]: () => main.cleanUp(plain, place, scope),
    }
  }

export const uploadCollectionSlowly = uploadSlowly('upload-collection-snapshot')
export const uploadShardSlowly = uploadSlowly('upload-shard-snapshot')

interface Sending {
  readonly endpoint: Endpoint
  readonly place: Place
  readonly operation: Operation
  readonly carried: Carried
}

async function send({ endpoint, place, operation, carried }: Sending, scope: Scope): Promise<Sent> {
  const { host, address, ports, pki } = endpoint
  const { headers, body } = form(operation === 'upload-shard-snapshot' ? place.seed.shard : place.seed.collection)
  const path = `/collections/${place.collection}${operation === 'upload-shard-snapshot' ? '/shards/0' : ''}/snapshots/upload?wait=true&priority=snapshot`
  const secrets = Object.fromEntries(Object.entries(carried.headers).map(([name, secret]) => [name, [secret].flat().map((one) => one.reveal())]))
  const started = performance.now()
  const asked = request({
    host: address,
    servername: host,
    port: ports['rest'] ?? 0,
    path,
    method: 'POST',
    headers: { host, ...headers, 'content-length': body.length, ...secrets },
    ca: readFileSync(pki.ca),
    agent: false,
    signal: AbortSignal.any([scope.signal, AbortSignal.timeout(scope.requestTimeoutMs)]),
  })
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>
  asked.write(body.subarray(0, body.length / 2))
  const sent = await conclude(asked, answered, body)
  scope.record({
    stage: scope.stage,
    surface: 'rest',
    request: `POST https://${host}:${ports['rest'] ?? 0}${path}`,
    headers: Object.fromEntries(Object.entries(carried.headers).map(([name, secret]) => [name, `‹${[secret].flat()[0]?.label ?? ''}›`])),
    body: `${body.length} bytes, ${sent.early ? 'half of them sent' : 'the second half sent later'}`,
    status: sent.outcome.kind === 'broken' || sent.outcome.kind === 'void' ? sent.outcome.cause : sent.outcome.code,
    answer: sent.outcome.kind === 'refused' ? scope.vault.redact(sent.outcome.message) : '',
    ms: performance.now() - started,
  })
  return sent
}

async function conclude(asked: ReturnType<typeof request>, answered: Promise<[IncomingMessage]>, body: Buffer): Promise<Sent> {
  try {
    const early = await Promise.race([answered.then(() => true), delay(PATIENCE_MS, false, { ref: false })])
    if (!early) asked.end(body.subarray(body.length / 2))
    const [answer] = await answered
    const said = await text(answer)
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
    return { early, outcome: restOutcome({ kind: 'answered', status: answer.statusCode ?? 0, headers, body: said, json: parsed(said) }) }
  } catch (thrown) {
    return { early: false, outcome: { kind: 'broken', cause: causeOf(thrown) } }
  } finally {
    asked.destroy()
  }
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said) as unknown
  } catch {
    return undefined
  }
}
