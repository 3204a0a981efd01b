import { decodeProtectedHeader } from 'jose'
import { z } from 'zod'
import { clientIds } from '../../containers/keycloak/realm.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Secret } from '../../src/secret.ts'
import type { Person } from '../../fixtures/keycloak/admin-api.ts'
import { addSigningKey, removeSigningKey } from '../../fixtures/keycloak/signing-key.ts'
import { none, seen, type Operation } from './operation.ts'
import type { Place } from './place.ts'
import { bearerRefusal } from './refusals.ts'

interface Rotated {
  readonly person: Person
  readonly token: Secret
  /** The new key's provider; gone where the key was removed again. */
  readonly key: string | undefined
  readonly bodies: string[]
}

const claims = z.object({ sub: z.string() })
const keysSchema = z.object({ keys: z.array(z.object({ kid: z.string(), providerId: z.string() })) })

/** In the other realm, which nothing else depends on. */
const rotate = (at: Place, scope: Scope): Promise<string> => addSigningKey(at.admin, at.facts.otherRealm, scope)
const removeKey = (at: Place, key: string, scope: Scope): Promise<void> => removeSigningKey(at.admin, at.facts.otherRealm, key, scope)

async function tokenOf(at: Place, person: Person, scope: Scope): Promise<Secret> {
  const answer = await at.otherIssuer.password({ id: clientIds.people }, person, scope)
  if (answer.kind === 'granted') return answer.tokens.access
  throw new HarnessError('SET_UP_FAILED', `${person.username} could not log in to ${at.facts.otherIssuer}`)
}

/** What the case is about is the key: a token of another one would prove nothing. */
async function signedBy(at: Place, token: Secret, key: string, scope: Scope): Promise<void> {
  const answer = await at.admin.call({ method: 'GET', path: `/admin/realms/${at.facts.otherRealm}/keys` }, [200], scope)
  const found = keysSchema.parse(answer.json).keys.find(({ kid }) => kid === decodeProtectedHeader(token.reveal()).kid)
  if (found?.providerId !== key) throw new HarnessError('SET_UP_FAILED', 'the token is not signed by the key that was made for it')
}

async function rotated(at: Place, principal: string, person: Person, scope: Scope): Promise<Pick<Rotated, 'token' | 'key'>> {
  if (principal === 'holder-of-token-before-rotation') {
    const token = await tokenOf(at, person, scope)
    return { token, key: await rotate(at, scope) }
  }
  const key = await rotate(at, scope)
  const token = await tokenOf(at, person, scope)
  await signedBy(at, token, key, scope)
  if (principal !== 'holder-of-token-of-removed-key') return { token, key }
  await removeKey(at, key, scope)
  return { token, key: undefined }
}

/** The claims of a person at the UserInfo endpoint of a realm whose keys are changed. */
export const readUserInfoOverRotation: Operation<Rotated> = {
  nature: 'read',
  async prepare(at, probe, scope) {
    const person = await at.admin.createPerson({ realm: at.facts.otherRealm, name: scope.name }, scope)
    return { person, bodies: [], ...(await rotated(at, probe.principal, person, scope)) }
  },
  async perform(at, _, { token, bodies }, scope) {
    const authorization = scope.vault.secret(`Bearer ${token.reveal()}`, token.label)
    const answer = await at.send({ method: 'GET', path: at.path('/protocol/openid-connect/userinfo', at.facts.otherRealm), headers: { authorization } }, scope)
    if (answer.kind === 'answered') bodies.push(answer.body)
    if (answer.kind === 'unanswered' || answer.status !== 200) return bearerRefusal(answer)
    return claims.safeParse(answer.json).success ? { kind: 'allowed', code: '200' } : { kind: 'broken', cause: 'status 200 without a subject' }
  },
  effect: (_, { person, bodies }) =>
    bodies.some((body) => body.includes(person.email)) ? seen(`it shows ${person.email}`) : none(`nothing of ${person.email} is in it`),
  async cleanUp(at, _, { person, key }, scope) {
    if (key !== undefined) await removeKey(at, key, scope)
    await at.admin.removePerson(at.facts.otherRealm, person, scope)
  },
}
