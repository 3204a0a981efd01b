import { z } from 'zod'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import type { Outcome } from '../../src/outcome.ts'
import type { RestAnswer, Unanswered } from '../../src/wire/rest.ts'
import { none, seen, text, texts, type Operation } from './operation.ts'
import type { Place } from './place.ts'

const broken = (cause: string): Outcome => ({ kind: 'broken', cause })
const realmMissing = z.object({ error: z.string().startsWith('Realm') })

const realmOf = (at: Place, probe: Probe): string => {
  const name = text(probe, 'realm')
  return name === 'other' ? at.facts.otherRealm : name === '' ? at.facts.realm : name
}

/** Documented as the answer where there is no such realm; a 404 of anything else is no answer. */
function missing(answer: RestAnswer | Unanswered): Outcome {
  if (answer.kind === 'unanswered') return broken(answer.cause)
  const body = realmMissing.safeParse(answer.json)
  if (answer.status !== 404 || !body.success) return broken(`status ${answer.status}`)
  return { kind: 'refused', by: 'not-found', code: '404', message: body.data.error }
}

const metadata = z.looseObject({ issuer: z.string() })
type Metadata = z.infer<typeof metadata>

/** Parts of the discovery document that a case may ask about: the labels that hold of it. */
const promised: Readonly<Record<string, (document: Metadata, probe: Probe, at: Place) => readonly string[]>> = {
  /** Required members (OpenID Connect Discovery 1.0 §3) that are there. */
  members: (document, probe) => texts(probe, 'of').filter((name) => document[name] !== undefined),
  /** Of the values that are asked about, those in the list. */
  values: (document, probe) => texts(probe, 'of').filter((value) => listed(document[text(probe, 'member')]).includes(value)),
  /** Endpoints that are not under the issuer's own origin, over TLS. */
  'foreign-endpoints': (document, _, at) =>
    Object.entries(document)
      .filter(([name, value]) => /(_endpoint|_uri)$/.test(name) && typeof value === 'string' && !value.startsWith(`${at.facts.origin}/`))
      .map(([name]) => name),
  issuer: (document, probe, at) => [document.issuer === `${at.facts.origin}/realms/${realmOf(at, probe)}` ? 'the URL that was asked' : document.issuer],
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** What the realm publishes of itself. Its effect is a document of that very issuer. */
export const discover: Operation<null> = {
  nature: 'read',
  prepare: () => Promise.resolve(null),
  async perform(at, probe, _, scope) {
    const realm = realmOf(at, probe)
    const answer = await at.send({ method: 'GET', path: at.path('/.well-known/openid-configuration', realm) }, scope)
    if (answer.kind === 'unanswered' || answer.status !== 200) return missing(answer)
    const document = metadata.safeParse(answer.json)
    if (!document.success || !/^application\/json\b/.test(answer.headers['content-type'] ?? ''))
      return broken('status 200 and no document of JSON with an issuer')
    const issuer = document.data.issuer
    const shown = promised[text(probe, 'shows')]?.(document.data, probe, at)
    return {
      kind: 'allowed',
      code: '200',
      content: { issuer, ofThisServer: issuer.startsWith(`${at.facts.origin}/realms/`) },
      ...(shown === undefined ? {} : { shown }),
    }
  },
  effect: (_probe, _made, { outcome }) =>
    outcome.kind === 'allowed' && (outcome.content as { ofThisServer?: unknown }).ofThisServer === true
      ? seen('it names an issuer of this server')
      : none('no issuer is named'),
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** The keys of the realm. Their effect is that a token of the realm verifies with them, which `Place.verified` does. */
export const readKeys: Operation<null> = {
  nature: 'read',
  prepare: () => Promise.resolve(null),
  async perform(at, probe, _, scope) {
    const granted = await at.issuer.clientCredentials(at.client('machine'), scope)
    if (granted.kind !== 'granted') return broken('no token to verify')
    const { keys } = await at.keys(scope)
    const verified = await at.verified(granted.tokens.access, scope).then(Boolean, () => false)
    const labels: Readonly<Record<string, () => readonly string[]>> = {
      'private-members': () => PRIVATE_MEMBERS.filter((member) => keys.some((key) => key[member] !== undefined)),
      uses: () => [...new Set(keys.map((key) => String(key['use'])))].sort(),
    }
    const shown = labels[text(probe, 'shows')]?.()
    return { kind: 'allowed', code: '200', content: { verified }, ...(shown === undefined ? {} : { shown }) }
  },
  effect: (_probe, _made, { outcome }) =>
    outcome.kind === 'allowed' && (outcome.content as { verified?: unknown }).verified === true
      ? seen('a token of the realm verifies with them')
      : none('no token verifies with them'),
}

/** Health, on the port of its own: `UP`, over TLS. */
export const readHealth: Operation<null> = {
  nature: 'read',
  prepare: () => Promise.resolve(null),
  async perform(at, probe, _, scope: Scope) {
    const answer = await at.management.send({ method: 'GET', path: `/health/${text(probe, 'of')}` }, scope)
    if (answer.kind === 'unanswered' || answer.status !== 200) return broken(answer.kind === 'unanswered' ? answer.cause : `status ${answer.status}`)
    return { kind: 'allowed', code: '200', content: { status: (answer.json as { status?: string } | undefined)?.status ?? '' } }
  },
  effect: (_probe, _made, { outcome }) =>
    outcome.kind === 'allowed' && (outcome.content as { status?: unknown }).status === 'UP' ? seen('it says UP') : none('it does not say UP'),
}
