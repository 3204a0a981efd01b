import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Scope } from '../../src/driver.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import type { Secret, Vault } from '../../src/secret.ts'
import { tlsInput } from './handshakes.ts'
import type { Place } from './place.ts'
import type { Credential } from './principals.ts'
import { clusterNames } from './clusters.ts'
import { hardenings } from './hardening-names.ts'
import { escapes } from './escapes.ts'
import { rotations } from './rotations.ts'
import { sceneNames } from './scenes.ts'
import { startUpNames } from './start-ups.ts'
import { mint, tokenInput } from './tokens.ts'

/** How a probe differs from the plain one of its principal and operation. */
export const inputSchema = z.strictObject({
  /** A server of our own instead of the instance, by what happened to it; see `scenes.ts`. */
  scene: z.enum(sceneNames).exactOptional(),
  /** How a server of the probe's own is started, what becomes of its certificate, or of which cluster it is. */
  start: z.enum(startUpNames).exactOptional(),
  rotation: z.enum(rotations).exactOptional(),
  nodes: z.enum(clusterNames).exactOptional(),
  /** How the vendor's image is run. */
  hardening: z.enum(hardenings).exactOptional(),
  /** What leads out of the folder of the data. */
  escape: z.enum(escapes).exactOptional(),
  tls: tlsInput.exactOptional(),
  token: tokenInput.exactOptional(),
  key: z.enum(['truncated', 'extended', 'upper-case', 'empty', 'previous']).exactOptional(),
  /** What carries the credential; absent: `api-key` for keys, `bearer` for tokens. */
  carrier: z
    .enum([
      'api-key',
      'bearer',
      'raw-authorization',
      'basic',
      'query',
      'both',
      'lower-case-bearer',
      'upper-case-bearer',
      'upper-case-api-key',
      'mixed-case-api-key',
      'x-api-key',
      'cookie',
      'before-a-wrong-one',
      'after-a-wrong-one',
      'bearer-beside-a-wrong-key',
    ])
    .exactOptional(),
  /** What becomes of the point that a token depends on, before it is used. */
  user: z.enum(['deleted', 'demoted', 'restored']).exactOptional(),
})
export type Input = z.infer<typeof inputSchema>

/** What goes on the wire: headers (metadata on gRPC) and, where the credential travels there, the query. */
export interface Carried {
  readonly headers: Readonly<Record<string, Secret | readonly Secret[]>>
  readonly query?: Secret
}

/** The run's credentials, and those that are made of them at the moment of sending. */
export class Credentials {
  readonly apiKey: Secret
  readonly #readOnly: Secret
  readonly #wrong: Secret
  readonly #previous: Secret

  constructor({ credentials }: Endpoint, vault: Vault) {
    const { 'api-key': apiKey = '', 'read-only-key': readOnly = '', 'previous-key': previous = '' } = credentials
    this.apiKey = vault.secret(apiKey, 'api-key')
    this.#readOnly = vault.secret(readOnly, 'read-only-key')
    this.#previous = vault.secret(previous, 'previous-key')
    // As long as the right one, and never it.
    this.#wrong = vault.secret(createHash('sha256').update(apiKey).digest('hex').slice(0, Math.max(apiKey.length, 8)), 'wrong key')
  }

  async of(credential: Credential, place: Place, input: Input, scope: Scope): Promise<Carried> {
    switch (credential.kind) {
      case 'none':
        return { headers: {} }
      case 'key':
        return this.#carried(scope.vault.secret(this.#variant(credential.named, input.key), credential.named), input.carrier ?? 'api-key', scope.vault)
      case 'token': {
        const claims = named({ ...credential.claims(place), ...input.token?.claims }, place)
        const keys = { apiKey: this.apiKey.reveal(), readOnlyKey: this.#readOnly.reveal(), previousKey: this.#previous.reveal() }
        return this.#carried(
          scope.vault.secret(await mint(claims, keys, input.token ?? {}, scope.clock.now()), 'token'),
          input.carrier ?? 'bearer',
          scope.vault,
        )
      }
    }
  }

  #carried(secret: Secret, carrier: NonNullable<Input['carrier']>, vault: Vault): Carried {
    if (carrier === 'before-a-wrong-one') return { headers: { 'api-key': [secret, this.#wrong] } }
    if (carrier === 'after-a-wrong-one') return { headers: { 'api-key': [this.#wrong, secret] } }
    if (carrier === 'bearer-beside-a-wrong-key') return { headers: { 'api-key': this.#wrong, ...carried(secret, 'bearer', vault).headers } }
    return carried(secret, carrier, vault)
  }

  #variant(which: 'api-key' | 'read-only-key' | 'wrong-key', how: Input['key']): string {
    return how === 'previous' ? this.#previous.reveal() : variant(this.#key(which).reveal(), how)
  }

  #key(which: 'api-key' | 'read-only-key' | 'wrong-key'): Secret {
    return { 'api-key': this.apiKey, 'read-only-key': this.#readOnly, 'wrong-key': this.#wrong }[which]
  }
}

function variant(key: string, how: Exclude<Input['key'], 'previous'>): string {
  switch (how) {
    case undefined:
      return key
    case 'truncated':
      return key.slice(0, -1)
    case 'extended':
      return `${key}0`
    case 'upper-case':
      return key === key.toUpperCase() ? key.toLowerCase() : key.toUpperCase()
    case 'empty':
      return ''
  }
}

type Alone = Exclude<NonNullable<Input['carrier']>, 'before-a-wrong-one' | 'after-a-wrong-one' | 'bearer-beside-a-wrong-key'>

function carried(secret: Secret, carrier: Alone, vault: Vault): Carried {
  const value = secret.reveal()
  const authorization = (text: string): Carried => ({ headers: { authorization: vault.secret(text, `${carrier} ${secret.label}`) } })
  switch (carrier) {
    case 'api-key':
      return { headers: { 'api-key': secret } }
    case 'bearer':
      return authorization(`Bearer ${value}`)
    case 'raw-authorization':
      return authorization(value)
    case 'basic':
      return authorization(`Basic ${Buffer.from(`assay:${value}`).toString('base64')}`)
    case 'lower-case-bearer':
      return authorization(`bearer ${value}`)
    case 'upper-case-bearer':
      return authorization(`BEARER ${value}`)
    case 'both':
      return { headers: { 'api-key': secret, ...authorization(`Bearer ${value}`).headers } }
    case 'upper-case-api-key':
      return { headers: { 'API-KEY': secret } }
    case 'mixed-case-api-key':
      return { headers: { 'Api-Key': secret } }
    case 'x-api-key':
      return { headers: { 'x-api-key': secret } }
    case 'cookie':
      return { headers: { cookie: vault.secret(`api-key=${value}`, `${carrier} ${secret.label}`) } }
    case 'query':
      return { headers: {}, query: secret }
  }
}

/** Claims with the names at hand in place of `$collection` and its like. */
function named(claims: Readonly<Record<string, Json>>, { collection, other, alias, users, user }: Place): JsonObject {
  const names: Readonly<Record<string, string>> = { $collection: collection, $other: other, $alias: alias, $users: users, $user: user }
  return JSON.parse(JSON.stringify(claims).replace(/\$(?:collection|other|alias|users|user)\b/g, (name) => names[name] ?? name)) as JsonObject
}
