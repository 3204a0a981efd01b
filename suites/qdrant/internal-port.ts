import { readFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Outcome } from '../../src/outcome.ts'
import { RestClient } from '../../src/wire/rest.ts'
import type { Certificates } from '../../fixtures/pki/client-certificates.ts'
import { restOutcome } from './answers.ts'
import { Credentials, type Input } from './credentials.ts'
import { callOver, type RawCall } from './handshakes.ts'
import { at } from './operation.ts'
import { nowhere } from './place.ts'
import { principalNamed } from './principals.ts'
import type { ScriptMaker } from './script.ts'

/** The service that nodes ask each other by; it only reads. Not among the client's descriptors: `commit` is field 1, `term` field 2, both varints. */
const METHOD = '/qdrant.QdrantInternal/GetConsensusCommit'

/** Asks the first node of a cluster, at the port for other nodes, for the state of the consensus. */
export const askInternalPort: ScriptMaker = async (input, { stage, vault }, scope) => {
  const { endpoint } = await stage.cluster(input.nodes ?? 'two-nodes', scope)
  const credentials = new Credentials(endpoint, vault)
  return {
    async perform({ principal }, asked) {
      const credential = principalNamed(principal) ?? { kind: 'none' }
      const { headers } = credential.kind === 'token' ? { headers: {} } : await credentials.of(credential, nowhere, input, asked)
      const secrets = Object.entries(headers).flatMap(([name, secret]) => [secret].flat().map((one) => [name, one] as const))
      const revealed = Object.fromEntries(secrets.map(([name, secret]) => [name, secret.reveal()]))
      const started = performance.now()
      const outcome = await ask(endpoint, stage.certificates, { headers: revealed, tls: input.tls ?? { plain: true } }, asked)
      asked.record({
        stage: asked.stage,
        surface: 'port',
        request: `${METHOD} at ${endpoint.host}:${endpoint.ports['p2p'] ?? 0}`,
        headers: Object.fromEntries(secrets.map(([name, secret]) => [name, `‹${secret.label}›`])),
        body: '',
        status: outcome.kind === 'allowed' ? outcome.code : outcome.kind === 'refused' ? `${outcome.code}: ${outcome.message}` : outcome.cause,
        answer: outcome.kind === 'allowed' ? JSON.stringify(outcome.content) : '',
        ms: performance.now() - started,
      })
      return outcome.kind === 'allowed' ? { ...outcome, shown: Number(at(outcome.content, 'commit')) > 0 ? ['the state of the consensus'] : [] } : outcome
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

interface Asked {
  readonly headers: Readonly<Record<string, string>>
  readonly tls: NonNullable<Input['tls']>
}

async function ask({ host, address, ports, pki }: Endpoint, certificates: Certificates, { headers, tls }: Asked, scope: Scope): Promise<Outcome> {
  const port = ports['p2p'] ?? 0
  const call: Omit<RawCall, 'ready'> = { host, path: METHOD, headers, decode: consensus, hungUp: closed }
  if (tls.plain === true) return callOver(connectPlain({ host: address, port }), { ...call, ready: 'connect' }, scope)
  const pair = await certificates.presentedBy(tls.certificate ?? 'none')
  const socket = connectTls({ host: address, port, servername: host, ca: readFileSync(pki.ca), ALPNProtocols: ['h2'], ...pair })
  return callOver(socket, { ...call, ready: 'secureConnect' }, scope)
}

/** Where TLS or a certificate is at issue, a server that closes has refused. */
const closed: Outcome = { kind: 'refused', by: 'handshake', code: 'closed', message: 'hung up without a byte' }

function consensus(message: Buffer): Json {
  const found: Record<string, Json> = {}
  let offset = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; offset < message.length; shift += 7n) {
      const byte = message[offset++] ?? 0
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return value
  }
  while (offset < message.length) {
    const field = Number(varint() >> 3n)
    found[field === 1 ? 'commit' : 'term'] = varint().toString()
  }
  return found
}

/** How many nodes the first one knows, itself among them: peers that cannot talk are not two. */
export const countPeers: ScriptMaker = async (input, { stage }, scope) => {
  const { endpoint } = await stage.cluster(input.nodes ?? 'two-nodes', scope)
  const rest = new RestClient(endpoint, 'rest')
  return {
    async perform(_, asked) {
      const key = asked.vault.secret(endpoint.credentials['api-key'] ?? '', 'api-key')
      const outcome = restOutcome(await rest.send({ method: 'GET', path: '/cluster', headers: { 'api-key': key } }, asked))
      if (outcome.kind !== 'allowed') return outcome
      const peers = at(outcome.content, 'peers')
      const count = typeof peers === 'object' && peers !== null ? Object.keys(peers).length : 0
      return { ...outcome, shown: count === 2 ? ['two nodes'] : [] }
    },
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  }
}
