import type { RogueIssuer } from '../../fixtures/oidc/rogue-issuer.ts'
import { rogueTokens } from '../../fixtures/oidc/rogue-tokens.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import type { Outcome } from '../../src/outcome.ts'
import { RestClient, type HeaderValue } from '../../src/wire/rest.ts'
import { entryPlaces, restoreWithEntry, type AskAdmin } from './backup-archive.ts'
import { askForFile, fileNames } from './file-transfer.ts'
import { GrpcSurface, grpcOperations } from './grpc.ts'
import { oneKey } from './one-key.ts'
import { namePlanted, placeOf } from './place.ts'
import { askClusterPort, shakeHands } from './ports.ts'
import { text } from './shapes.ts'

/** A server that one case has for itself; `folder` holds its data, its backups and its log. */
export interface Own {
  readonly endpoint: Endpoint
  readonly version: string
  readonly folder: string
  readonly input: JsonObject
  /** Of ours, where the server has one. */
  readonly issuer: RogueIssuer | undefined
}

/** Returns nothing where the question is whether the server is there afterwards. */
export type Asked = (own: Own, scope: Scope) => Promise<Outcome | undefined>

const authorization = (scope: Scope): Readonly<Record<string, HeaderValue>> => ({
  authorization: scope.vault.secret(`Bearer ${oneKey.AUTHENTICATION_APIKEY_ALLOWED_KEYS}`, 'the key of one'),
})

/** TenantsGet of a collection that is there, without a credential, where anonymous access is on and the list does not name it. */
export async function askForTenants({ endpoint, version }: Own, scope: Scope): Promise<undefined> {
  await using rest = new RestClient(endpoint, 'rest')
  await using grpc = new GrpcSurface(endpoint)
  const headers = authorization(scope)
  const at = placeOf(namePlanted(version), scope.name)
  await rest.send(
    { method: 'POST', path: '/v1/schema', headers, body: { class: at.tenants, vectorizer: 'none', multiTenancyConfig: { enabled: true } } },
    scope,
  )
  await rest.send({ method: 'POST', path: `/v1/schema/${at.tenants}/tenants`, headers, body: [{ name: at.tenant }] }, scope)
  await grpc.ask(grpcOperations['grpc-tenants-get'], at, { headers: {} }, scope)
}

/** Whether gRPC answers in the clear. */
export function speakPlainGrpc({ endpoint }: Own, scope: Scope): Promise<Outcome> {
  return shakeHands({ port: 'grpc', transport: 'plain' }, endpoint, { scope, shown: {} })
}

const profiles = ['/debug/pprof/', '/debug/pprof/cmdline', '/debug/pprof/heap?debug=1'] as const

/** Which profiles a stranger reads at the listener for debugging. */
export async function readProfiles({ endpoint }: Own, scope: Scope): Promise<Outcome> {
  const shown: string[] = []
  for (const path of profiles) {
    const answer = await askClusterPort(path, { ...endpoint, ports: { data: endpoint.ports['debug'] ?? 0 } }, scope)
    if (!('cause' in answer) && answer.status === 200 && answer.body.length > 0) shown.push(path)
  }
  return { kind: 'allowed', code: 'ready', shown }
}

/** Batches of GraphQL, one after the other, by a user who may; what is answered to each is not the question. */
export const sendBatch =
  (batches: readonly Json[]): Asked =>
  async ({ endpoint }, scope) => {
    await using rest = new RestClient(endpoint, 'rest', { surface: 'graphql' })
    for (const body of batches) await rest.send({ method: 'POST', path: '/v1/graphql/batch', headers: authorization(scope), body }, scope)
    return undefined
  }

const asAdmin =
  (rest: RestClient, scope: Scope): AskAdmin =>
  async (method, path, body) => {
    const answer = await rest.send({ method, path: `/v1${path}`, headers: authorization(scope), ...(body === undefined ? {} : { body }) }, scope)
    if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) return answer
    const said = answer.kind === 'answered' ? `${answer.status} ${answer.body.slice(0, 200)}` : answer.cause
    throw new HarnessError('SET_UP_FAILED', `${method} ${path} as the user of the one key: ${said}`)
  }

/** A collection with one object: what there is to transfer or to back up. */
async function makeCollection(ask: AskAdmin, { name }: Scope): Promise<string> {
  const collection = `Own${name}`
  await ask('POST', '/schema', { class: collection, vectorizer: 'none', properties: [{ name: 'note', dataType: ['text'] }] })
  await ask('POST', '/objects', { class: collection, properties: { note: 'one' } })
  return collection
}

const among = <Name extends string>(names: readonly Name[], found: string | undefined): Name => {
  const name = names.find((one) => one === found)
  if (name === undefined) throw new HarnessError('HARNESS_DEFECT', `${found ?? 'nothing'} is none of ${names.join(', ')}`)
  return name
}

/** As another node would, for a file of the shard or for one beside the data (CVE-2025-67819). */
export async function readAnotherFile({ endpoint, folder, input }: Own, scope: Scope): Promise<Outcome> {
  await using rest = new RestClient(endpoint, 'rest')
  const ask = asAdmin(rest, scope)
  const index = await makeCollection(ask, scope)
  const { json } = await ask('GET', `/schema/${index}/shards`)
  const shard = text(json, 0, 'name')
  if (shard === undefined) throw new HarnessError('SET_UP_FAILED', `${index} has no shard`)
  return await askForFile(endpoint, { folder, wanted: { index, shard }, file: among(fileNames, text(input, 'file')) }, scope)
}

/** An archive with an entry beside the others, or one that wants to be somewhere else (CVE-2025-67818). */
export async function restoreAnotherEntry({ endpoint, folder, input }: Own, scope: Scope): Promise<Outcome> {
  await using rest = new RestClient(endpoint, 'rest')
  const ask = asAdmin(rest, scope)
  const collection = await makeCollection(ask, scope)
  return await restoreWithEntry(ask, { folder, collection, place: among(entryPlaces, text(input, 'entry')) }, scope)
}

/** Makes the bearer token of somebody; nothing for who has none. */
export type BearerOf = (own: Own, scope: Scope) => string | undefined | Promise<string | undefined>

/** Whom the server lets read, by what they bring, and the name that it gives to those who bring something. */
export const tellWho =
  (people: Readonly<Record<string, BearerOf>>): Asked =>
  async (own, scope) => {
    await using rest = new RestClient(own.endpoint, 'rest')
    const shown: string[] = []
    for (const [name, bearerOf] of Object.entries(people)) {
      const token = await bearerOf(own, scope)
      const headers = token === undefined ? {} : { authorization: scope.vault.secret(`Bearer ${token}`, name) }
      const read = await rest.send({ method: 'GET', path: '/v1/schema', headers }, scope)
      const who = token === undefined ? undefined : await rest.send({ method: 'GET', path: '/v1/users/own-info', headers }, scope)
      const called = who?.kind === 'answered' ? (text(who.json, 'username') ?? '') : ''
      shown.push(`${name}: ${read.kind === 'answered' ? read.status : read.cause} ${called}`.trim())
    }
    return { kind: 'allowed', code: 'ready', shown }
  }

/** A token of our issuer for that client, of somebody who is known by that. */
export const tokenFor =
  (audience: string, username: string): BearerOf =>
  ({ issuer }, scope) => {
    if (issuer === undefined) throw new HarnessError('HARNESS_DEFECT', 'there is no issuer of ours here')
    const now = Math.floor(scope.clock.now() / 1000)
    return rogueTokens.right({ keys: issuer.keys, issuer: issuer.url, audience, username, groups: [], now })
  }
