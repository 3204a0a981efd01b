import { clientIds, realmName } from '../../containers/keycloak/realm.ts'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Secret } from '../../src/secret.ts'
import { tokensOf } from '../../fixtures/oidc/tokens.ts'
import type { RestAnswer, RestRequest } from '../../src/wire/rest.ts'
import { personBody, type Person } from '../../fixtures/keycloak/admin-api.ts'
import { forged, holder } from './holders.ts'
import { none, seen, type Operation, type Seen } from './operation.ts'
import type { Place } from './place.ts'
import { adminRefusal } from './refusals.ts'
import { tokenOfOtherRealm } from './resources.ts'

interface Managed {
  /** Whom the operation is about; the one who asks, where a person asks. */
  readonly person: Person
  readonly token: Secret | undefined
  readonly bodies: string[]
}

async function managed(at: Place, probe: Probe, scope: Scope): Promise<Managed> {
  const { person, tokens } = await holder(at, scope)
  return { person, token: await tokenFor(at, probe, tokens.access, scope), bodies: [] }
}

async function tokenFor(at: Place, probe: Probe, own: Secret, scope: Scope): Promise<Secret | undefined> {
  switch (probe.principal) {
    case 'administrator':
      return at.admin.token(scope)
    case 'anonymous':
      return undefined
    case 'holder-of-garbage':
      return scope.vault.secret('not-a-token-at-all', 'garbage')
    case 'holder-of-tampered-admin-token':
      return forged.tampered(await at.admin.token(scope), scope)
    case 'holder-of-unsigned-admin-token':
      return forged.unsigned(await adminTokens(at, scope), scope)
    case 'holder-of-foreign-admin-token':
      return forged.foreign(await adminTokens(at, scope), scope)
    case 'person':
      return own
    case 'person-of-other-realm':
      return tokenOfOtherRealm(at, scope)
    case 'machine':
      return machineToken(at, scope)
    default:
      throw new HarnessError('HARNESS_DEFECT', `no principal of the admin API is called ${probe.principal}`)
  }
}

const adminTokens = async (at: Place, scope: Scope): Promise<ReturnType<typeof tokensOf>> =>
  tokensOf({ access_token: (await at.admin.token(scope)).reveal(), token_type: 'bearer' }, scope.vault)

async function machineToken(at: Place, scope: Scope): Promise<Secret> {
  const answer = await at.issuer.clientCredentials(at.client('machine'), scope)
  if (answer.kind === 'granted') return answer.tokens.access
  throw new HarnessError('SET_UP_FAILED', 'the machine could not log in')
}

/** Sends with the caller's token. What the admin API discloses to a caller is kept. */
async function ask(at: Place, request: RestRequest, made: Managed, scope: Scope): Promise<Outcome> {
  const { token, bodies } = made
  const headers = token === undefined ? {} : { authorization: scope.vault.secret(`Bearer ${token.reveal()}`, token.label) }
  const answer = await at.send({ ...request, headers }, scope)
  if (answer.kind === 'answered') bodies.push(answer.body)
  if (answer.kind === 'unanswered' || answer.status < 200 || answer.status >= 300) return adminRefusal(answer)
  return isAnswerTo(request, answer)
    ? { kind: 'allowed', code: String(answer.status) }
    : { kind: 'broken', cause: `status ${answer.status} with an error in it` }
}

/** What is read comes as JSON, what is changed comes with nothing; an error inside a success is neither. */
function isAnswerTo({ method }: RestRequest, { body, json }: RestAnswer): boolean {
  if (method !== 'GET' && body === '') return true
  return typeof json === 'object' && json !== null && !('error' in json)
}

const cleanUp = (at: Place, _: Probe, { person }: Managed, scope: Scope): Promise<void> => at.admin.removePerson(realmName, person, scope)
const users = `/admin/realms/${realmName}/users`

/** A read of the admin API; its effect is that what was planted is in the answer. */
const read = (request: (made: Managed) => RestRequest, canary: (made: Managed, at: Place) => string): Operation<Managed & { canary?: string }> => ({
  nature: 'read',
  prepare: async (at, probe, scope) => {
    const made = await managed(at, probe, scope)
    return { ...made, canary: canary(made, at) }
  },
  perform: (at, _, made, scope) => ask(at, request(made), made, scope),
  effect: (_, { bodies, canary: planted = '' }) =>
    planted !== '' && bodies.some((body) => body.includes(planted)) ? seen('what was planted is in the answer') : none('what was planted is not in the answer'),
  cleanUp,
})

export const listPeople = read(
  ({ person }) => ({ method: 'GET', path: `${users}?search=${person.username}` }),
  ({ person }) => person.email,
)
export const readPerson = read(
  ({ person }) => ({ method: 'GET', path: `${users}/${person.id}` }),
  ({ person }) => person.email,
)
/** The one thing in a realm that would let anybody be the machine. */
export const readClientSecret = read(
  () => ({ method: 'GET', path: `/admin/realms/${realmName}/clients?clientId=${clientIds.machine}` }),
  (_, at) => at.machineSecret.reveal(),
)

interface Change {
  request(made: Managed, scope: Scope): RestRequest
  look(at: Place, made: Managed, scope: Scope): Promise<Json>
}

/** A change by the admin API; its effect is that the administrator sees something else afterwards. */
const write = ({ request, look }: Change): Operation<Managed> => ({
  nature: 'write',
  prepare: managed,
  perform: (at, _, made, scope) => ask(at, request(made, scope), made, scope),
  look: (at, _, made, scope) => look(at, made, scope),
  effect: (_probe, _made, shown) => changed(shown),
  cleanUp,
})

const changed = ({ before, after }: Seen): Effect =>
  JSON.stringify(before) === JSON.stringify(after) ? none('nothing changed') : seen(`${JSON.stringify(before)} became ${JSON.stringify(after)}`)

const newName = (person: Person): string => `${person.username}-new`

export const createPerson: Operation<Managed> = {
  ...write({
    request: ({ person }, { vault }) => ({
      method: 'POST',
      path: users,
      body: personBody({ name: newName(person), groups: ['admins'], enabled: true }, vault.secret(`pw-${newName(person)}`, 'a new password')),
    }),
    look: async (at, { person }, scope) => ({ there: await at.admin.hasPerson(realmName, newName(person), scope) }),
  }),
  async cleanUp(at, probe, made, scope) {
    await at.admin.removeByName(realmName, newName(made.person), scope)
    await cleanUp(at, probe, made, scope)
  },
}

export const removePerson = write({
  request: ({ person }) => ({ method: 'DELETE', path: `${users}/${person.id}` }),
  look: async (at, { person }, scope) => ({ there: await at.admin.hasPerson(realmName, person.username, scope) }),
})

export const disablePerson = write({
  request: ({ person }) => ({ method: 'PUT', path: `${users}/${person.id}`, body: { enabled: false } }),
  look: async (at, { person }, scope) => ({ enabled: await at.admin.isEnabled(realmName, person, scope) }),
})
