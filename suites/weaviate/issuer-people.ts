import { credentialNames } from '../../containers/keycloak/profiles.ts'
import { realmFacts } from '../../containers/keycloak/facts.ts'
import { clientIds, realmName } from '../../containers/keycloak/realm.ts'
import { Issuer } from '../../fixtures/oidc/issuer.ts'
import { systemClock, type Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint } from '../../src/instance.ts'
import { AdminApi, type Person } from '../../fixtures/keycloak/admin-api.ts'

/** What happened at the issuer to somebody who was an administrator by group, after the token was given. */
export const happenings = ['nothing', 'disabled', 'logged-out', 'removed', 'out-of-the-group'] as const
export type Happening = (typeof happenings)[number]
export const isHappening = (name: string | undefined): name is Happening => (happenings as readonly string[]).includes(name ?? '')

/** People of one Keycloak whom a case has for itself. */
export class IssuerPeople implements AsyncDisposable {
  readonly #endpoint: Endpoint
  readonly #issuer: Issuer
  #admin: AdminApi | undefined
  readonly #people = new Map<string, Person>()

  constructor(keycloak: Endpoint) {
    this.#endpoint = keycloak
    this.#issuer = new Issuer(keycloak, realmFacts(keycloak).issuer)
  }

  /** The token of a new member of the group `admins`, to whom that happened; `anew` asks for another one afterwards. */
  async tokenOfMember(since: Happening, { anew }: { readonly anew: boolean }, scope: Scope): Promise<string> {
    const admin = this.#adminApi(scope)
    const person = await admin.createPerson({ realm: realmName, name: scope.name, groups: ['admins'] }, scope)
    this.#people.set(scope.name, person)
    const token = await this.#token(person, scope)
    await this.#happen(since, person, scope)
    return anew ? this.#token(person, scope) : token
  }

  async remove(name: string, scope: Scope): Promise<void> {
    const person = this.#people.get(name)
    this.#people.delete(name)
    if (person !== undefined) await this.#adminApi(scope).removePerson(realmName, person, scope)
  }

  async #happen(since: Happening, person: Person, scope: Scope): Promise<void> {
    const admin = this.#adminApi(scope)
    switch (since) {
      case 'nothing':
        return
      case 'disabled':
        return admin.change(realmName, person, { enabled: false }, scope)
      case 'logged-out':
        return admin.logOut(realmName, person, scope)
      case 'removed':
        return admin.removePerson(realmName, person, scope)
      case 'out-of-the-group':
        return this.#leaveGroups(person, scope)
    }
  }

  async #leaveGroups(person: Person, scope: Scope): Promise<void> {
    const path = `/admin/realms/${realmName}/users/${person.id}/groups`
    const answer = await this.#adminApi(scope).call({ method: 'GET', path }, [200], scope)
    for (const { id } of answer.json as readonly { readonly id: string }[])
      await this.#adminApi(scope).call({ method: 'DELETE', path: `${path}/${id}` }, [204], scope)
  }

  async #token(person: Person, scope: Scope): Promise<string> {
    const answer = await this.#issuer.password({ id: clientIds.people }, person, scope)
    if (answer.kind === 'granted') return answer.tokens.access.reveal()
    throw new HarnessError('SET_UP_FAILED', `${person.username} could not log in: ${answer.kind === 'denied' ? answer.description : answer.cause}`)
  }

  #adminApi(scope: Scope): AdminApi {
    const password = scope.vault.secret(this.#endpoint.credentials[credentialNames.admin] ?? '', "the issuer's administrator's password")
    this.#admin ??= new AdminApi(this.#endpoint, realmFacts(this.#endpoint).origin, password, systemClock)
    return this.#admin
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#issuer[Symbol.asyncDispose](), this.#admin?.[Symbol.asyncDispose]()])
  }
}
