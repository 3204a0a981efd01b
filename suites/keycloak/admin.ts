import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { adminName } from '../../containers/keycloak/profiles.ts'
import { Issuer, type Login } from '../../fixtures/oidc/issuer.ts'
import { guarded } from '../../fixtures/oidc/transport.ts'
import type { Clock, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Secret } from '../../src/secret.ts'
import type { RestAnswer, RestRequest } from '../../src/wire/rest.ts'

/** Used for half of its life at most: the master realm's tokens live for a minute. */
const TOKEN_USED_MS = 25_000

export interface Person extends Login {
  readonly id: string
  readonly email: string
}

export interface NewPerson {
  readonly realm: string
  readonly name: string
  readonly groups?: readonly string[]
  readonly enabled?: boolean
}

const found = z.array(z.object({ id: z.string() }))

/** Keycloak's admin REST API with the administrator's credential; throws `SET_UP_FAILED` where that does not do. */
export class AdminApi implements AsyncDisposable {
  readonly #master: Issuer
  readonly #login: Login
  readonly #clock: Clock
  #token: { readonly promise: Promise<Secret>; readonly since: number } | undefined

  constructor(endpoint: Endpoint, origin: string, password: Secret, clock: Clock) {
    this.#master = new Issuer(endpoint, `${origin}/realms/master`)
    this.#login = { username: adminName, password }
    this.#clock = clock
  }

  /** An access token of the administrator, some seconds old at most. */
  async token(scope: Scope): Promise<Secret> {
    const now = this.#clock.now()
    if (this.#token === undefined || now - this.#token.since > TOKEN_USED_MS) this.#token = { promise: this.#newToken(scope), since: now }
    const secret = await this.#token.promise.catch((thrown: unknown) => {
      this.#token = undefined
      throw thrown
    })
    // Each case has a vault of its own: what one registered, the next does not know.
    return scope.vault.secret(secret.reveal(), "administrator's token")
  }

  async #newToken(scope: Scope): Promise<Secret> {
    const answer = await this.#master.password({ id: 'admin-cli' }, this.#login, scope, '')
    if (answer.kind === 'granted') return answer.tokens.access
    throw new HarnessError(
      'SET_UP_FAILED',
      `the administrator could not log in: ${answer.kind === 'denied' ? `${answer.status} ${answer.error} ${answer.description}` : answer.cause}`,
    )
  }

  /** Asks, and accepts only what it was asked to accept. */
  async call(request: RestRequest, accept: readonly number[], scope: Scope): Promise<RestAnswer> {
    const authorization = scope.vault.secret(`Bearer ${(await this.token(scope)).reveal()}`, "administrator's token")
    const answer = await this.#master.rest.send({ ...request, headers: { ...request.headers, authorization } }, guarded(scope))
    if (answer.kind === 'answered' && accept.includes(answer.status)) return answer
    const said = answer.kind === 'answered' ? `${answer.status} ${answer.body.slice(0, 200)}` : answer.cause
    throw new HarnessError('SET_UP_FAILED', `${request.method} ${request.path} as the administrator: ${said}`)
  }

  /** A person of their own for a case, with a random password. */
  async createPerson({ realm, name, groups = [], enabled = true }: NewPerson, scope: Scope): Promise<Person> {
    const password = scope.vault.secret(`pw-${randomBytes(12).toString('hex')}`, `password of ${name}`)
    const body = personBody({ name, groups, enabled }, password)
    const created = await this.call({ method: 'POST', path: `/admin/realms/${realm}/users`, body }, [201], scope)
    return { id: created.headers['location']?.split('/').at(-1) ?? '', username: name, email: emailOf(name), password }
  }

  async change(realm: string, person: Person, change: Readonly<Record<string, unknown>>, scope: Scope): Promise<void> {
    await this.call({ method: 'PUT', path: `/admin/realms/${realm}/users/${person.id}`, body: change }, [204], scope)
  }

  /** Ends all sessions of a person, as an administrator may. */
  async logOut(realm: string, person: Person, scope: Scope): Promise<void> {
    await this.call({ method: 'POST', path: `/admin/realms/${realm}/users/${person.id}/logout` }, [204], scope)
  }

  async removePerson(realm: string, person: Person, scope: Scope): Promise<void> {
    await this.call({ method: 'DELETE', path: `/admin/realms/${realm}/users/${person.id}` }, [204, 404], scope)
  }

  /** How many sessions a person has: what a login makes, and a refused one must not. */
  async sessionsOf(realm: string, person: Person, scope: Scope): Promise<number> {
    const answer = await this.call({ method: 'GET', path: `/admin/realms/${realm}/users/${person.id}/sessions` }, [200], scope)
    return found.parse(answer.json).length
  }

  /** Whether the server has counted enough wrong passwords of a person: it does so some time after its answers. */
  async isLocked(realm: string, person: Person, scope: Scope): Promise<boolean> {
    const answer = await this.call({ method: 'GET', path: `/admin/realms/${realm}/attack-detection/brute-force/users/${person.id}` }, [200], scope)
    return z.object({ disabled: z.boolean() }).parse(answer.json).disabled
  }

  /** Whether there is a person of exactly that name. */
  async hasPerson(realm: string, name: string, scope: Scope): Promise<boolean> {
    const answer = await this.call({ method: 'GET', path: `/admin/realms/${realm}/users?exact=true&username=${name}` }, [200], scope)
    return found.parse(answer.json).length > 0
  }

  async isEnabled(realm: string, person: Person, scope: Scope): Promise<boolean> {
    const answer = await this.call({ method: 'GET', path: `/admin/realms/${realm}/users/${person.id}` }, [200], scope)
    return z.object({ enabled: z.boolean() }).parse(answer.json).enabled
  }

  async removeByName(realm: string, name: string, scope: Scope): Promise<void> {
    const answer = await this.call({ method: 'GET', path: `/admin/realms/${realm}/users?exact=true&username=${name}` }, [200], scope)
    for (const { id } of found.parse(answer.json)) await this.call({ method: 'DELETE', path: `/admin/realms/${realm}/users/${id}` }, [204, 404], scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#master[Symbol.asyncDispose]()
  }
}

const emailOf = (name: string): string => `${name}@assay.test`

/** With email and both names: without them the account counts as not set up, and the password grant fails. */
export const personBody = (
  { name, groups, enabled }: { readonly name: string; readonly groups: readonly string[]; readonly enabled: boolean },
  password: Secret,
): unknown => ({
  username: name,
  email: emailOf(name),
  emailVerified: true,
  firstName: 'Some',
  lastName: 'One',
  enabled,
  groups: groups.map((group) => `/${group}`),
  credentials: [{ type: 'password', value: password.reveal(), temporary: false }],
})
