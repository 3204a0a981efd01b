import { setTimeout as delay } from 'node:timers/promises'
import { apiUserName, roleUsers } from '../../containers/weaviate/profiles.ts'
import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import { holdsFor } from '../../src/plan.ts'
import type { Endpoint, InstanceInfo } from '../../src/instance.ts'
import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { DriverTools } from '../../src/product.ts'
import { RestClient, type RestAnswer, type Unanswered } from '../../src/wire/rest.ts'
import { Certificates } from '../../fixtures/pki/client-certificates.ts'
import { builtInRoleOperations } from './built-in-roles.ts'
import { IssuerPeople, isHappening } from './issuer-people.ts'
import { graphqlOperations } from './graphql.ts'
import { GrpcSurface, grpcOperations } from './grpc.ts'
import type { Answer, Ask, Look, Operation, Operations, Place, Planted, PortOperation, Read, RestOperation, Step, Write } from './operation.ts'
import { refusalMessage, restOutcome } from './outcome.ts'
import { namePlanted, placeOf, placeOfServer, plantSteps } from './place.ts'
import { portOperations } from './port-operations.ts'
import { askClusterPort, shakeHands, type Handshake } from './ports.ts'
import { bearer, credentialOf, keyHolder, type Credential } from './principals.ts'
import { backupOperations, keyHolderOperations, laterOperations, plantBackup, roleOperations, serverOperations, userOperations } from './rest-admin.ts'
import { publicOperations } from './rest-public.ts'
import { UserPool, grantOf, isRoleHolder, takeBack } from './role-holders.ts'
import { batchErrors, objectOperations } from './rest-objects.ts'
import { schemaOperations } from './rest-schema.ts'
import { field, text } from './shapes.ts'
import { start } from './start-up.ts'
import { TokenDesk, isTokenKind } from './tokens.ts'

export const operations = {
  ...objectOperations,
  ...schemaOperations,
  ...serverOperations,
  ...backupOperations,
  ...laterOperations,
  ...roleOperations,
  ...builtInRoleOperations,
  ...userOperations,
  ...keyHolderOperations,
  ...publicOperations,
  ...portOperations,
  ...graphqlOperations,
  ...grpcOperations,
} as const satisfies Operations
export type OperationName = keyof typeof operations

const MOST_POLLS = 50
const POLL_MS = 100

/** No longer than one answer may take, and 5 s at most. */
const mostPolls = ({ requestTimeoutMs }: Scope): number => Math.min(MOST_POLLS, Math.ceil(requestTimeoutMs / POLL_MS))

/** `undefined` for a principal that it does not know. */
export type OtherCredentials = (principal: string, scope: Scope) => Promise<Credential | undefined>

/** Asks one Weaviate. Everything is planted, looked at and removed with the key of the administrator, over REST. */
export class WeaviateDriver implements Driver<Place> {
  readonly #instance: InstanceInfo
  readonly #rest: RestClient
  readonly #graphql: RestClient
  readonly #grpc: GrpcSurface
  /** Where the profile has an issuer. */
  readonly #desk: TokenDesk | undefined
  readonly #people: IssuerPeople | undefined
  /** Whole bodies, for the look at what an answer discloses: a refusal keeps its message only. */
  readonly #answers = new WeakMap<Outcome, Answer>()
  readonly #accepted = new WeakSet<Place>()
  #lastKey: Promise<void> = Promise.resolve()
  readonly #pool = new UserPool(roleUsers.filter((user) => user.startsWith('holder-')))
  #planted: Promise<Planted> | undefined
  #backedUp: Promise<void> | undefined

  readonly #certificates: Certificates
  readonly #credentialsOf: OtherCredentials | undefined
  readonly #observing: boolean

  /** @param others makes the credentials of principals that only its caller knows */
  constructor(instance: InstanceInfo, { observing }: DriverTools, others?: OtherCredentials) {
    this.#instance = instance
    this.#observing = observing === true
    this.#credentialsOf = others
    this.#certificates = new Certificates(instance.endpoint.pki)
    const clientCertificate = instance.endpoint.facts['mutual'] === true
    this.#rest = new RestClient(instance.endpoint, 'rest', { clientCertificate, issues: ['apikey'] })
    this.#graphql = new RestClient(instance.endpoint, 'rest', { surface: 'graphql', clientCertificate })
    this.#grpc = new GrpcSurface(instance.endpoint)
    const issuer = instance.endpoint.facts['issuer']
    this.#desk = issuer === undefined ? undefined : new TokenDesk(issuer as unknown as Endpoint)
    this.#people = issuer === undefined ? undefined : new IssuerPeople(issuer as unknown as Endpoint)
  }

  nature(probe: Probe): 'read' | 'write' {
    return probe.surface === 'process' ? 'read' : operationOf(probe).nature
  }

  async prepare(probe: Probe, scope: Scope): Promise<Place> {
    if (probe.surface === 'process') return placeOf(namePlanted(this.#instance.version), scope.name)
    if (this.#observing) return placeOfServer(operationOf(probe), { principal: probe.principal, version: this.#instance.version, name: scope.name })
    const planted = await this.#plantOnce(scope)
    if (operationOf(probe).needs === 'backup') await this.#backUpOnce(planted, scope)
    const bare = placeOf(planted, scope.name)
    const kept = await this.#run(operationOf(probe).plant?.(bare) ?? [], scope)
    const at = placeOf(planted, scope.name, kept)
    if (probe.principal === 'kc-member') return this.#withMember(probe, at, scope)
    // A browser takes its time, and may not be there.
    if (probe.principal.endsWith('-in-chromium')) await this.#credential(probe.principal, at, scope)
    return isRoleHolder(probe.principal) ? this.#withHolder(probe, at, scope) : at
  }

  async perform(probe: Probe, at: Place, scope: Scope): Promise<Outcome> {
    if (probe.surface === 'process') return start(probe, this.#instance, scope)
    const operation = operationOf(probe)
    if (operation.surface === 'port') return this.#askPort(operation, at, scope)
    const credential = await this.#credential(probe.principal, at, scope)
    const outcome =
      operation.surface === 'grpc' ? await this.#grpc.ask(operation, at, credential, scope) : await this.#askRest(operation, at, credential, scope)
    if (outcome.kind === 'allowed') this.#accepted.add(at)
    return outcome
  }

  async look(probe: Probe, at: Place, scope: Scope): Promise<Json> {
    const operation = writeOf(probe)
    let state = await this.#state(operation, at, scope)
    // What was accepted may go on after its answer; a refusal is looked at as it is.
    for (let polls = 0; polls < mostPolls(scope) && this.#accepted.has(at) && !operation.done(state, at); polls++) {
      await delay(POLL_MS, undefined, { signal: scope.signal })
      state = await this.#state(operation, at, scope)
    }
    return { status: state.status, body: state.body }
  }

  effect(probe: Probe, at: Place, seen: { readonly before: Json; readonly after: Json; readonly outcome: Outcome }): Effect {
    if (probe.surface === 'process') return started(seen.outcome)
    const operation = operationOf(probe)
    return operation.nature === 'read'
      ? disclosure(operation, at, seen.outcome, this.#answers.get(seen.outcome))
      : change(operation, at, answerOf(seen.before), answerOf(seen.after))
  }

  async cleanUp(probe: Probe, at: Place, scope: Scope): Promise<void> {
    if (probe.surface === 'process') return
    const holder = at.kept['holder']
    if (holder !== undefined) await this.#takeBack(holder, at, scope)
    if (at.kept['token'] !== undefined) await this.#people?.remove(at.name, scope)
    for (const step of operationOf(probe).drop?.(at) ?? []) await this.#admin(step, scope)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#rest[Symbol.asyncDispose](),
      this.#graphql[Symbol.asyncDispose](),
      this.#grpc[Symbol.asyncDispose](),
      this.#desk?.[Symbol.asyncDispose](),
      this.#people?.[Symbol.asyncDispose](),
    ])
  }

  async #credential(principal: string, at: Place, scope: Scope): Promise<Credential> {
    const holder = at.kept['holder']
    if (holder !== undefined) return keyHolder(holder)(this.#instance.endpoint, scope)
    const token = at.kept['token']
    if (token !== undefined) return bearer(token, 'the token of a member', scope)
    const other = await this.#credentialsOf?.(principal, scope)
    if (other !== undefined) return other
    if (principal === 'key-holder') return bearer(at.kept['key'] ?? '', "a database user's key", scope)
    if (!isTokenKind(principal)) return credentialOf(principal, this.#instance.endpoint, scope)
    if (this.#desk === undefined) throw new HarnessError('HARNESS_DEFECT', `the profile has no issuer for ${principal}`)
    return bearer(await this.#desk.token(principal, scope), principal, scope)
  }

  /** Somebody of the issuer's, to whom something happened there. */
  async #withMember({ input, principal }: Probe, at: Place, scope: Scope): Promise<Place> {
    const since = text(input, 'since')
    if (this.#people === undefined || !isHappening(since)) throw new HarnessError('HARNESS_DEFECT', `${principal}: there is no issuer, or nothing happens`)
    const token = await this.#people.tokenOfMember(since, { anew: text(input, 'token') === 'anew' }, scope)
    scope.vault.secret(token, 'the token of a member')
    return { ...at, kept: { ...at.kept, token } }
  }

  /** Somebody with the role that the probe is about, for as long as the probe takes. */
  async #withHolder(probe: Probe, at: Place, scope: Scope): Promise<Place> {
    const holder = await this.#pool.take()
    const held = { ...at, kept: { ...at.kept, holder } }
    try {
      const { before, after } = grantOf(probe, at, { user: apiUserName(holder), version: this.#instance.version })
      await this.#run(before, scope)
      if (after.length > 0) await this.#use(probe, held, scope)
      await this.#run(after, scope)
      return held
    } catch (thrown) {
      await this.#takeBack(holder, at, scope)
      throw thrown
    }
  }

  /** Asks as the holder before it counts, so that whatever the server keeps of the answer is there. */
  async #use(probe: Probe, at: Place, scope: Scope): Promise<void> {
    const operation = operationOf(probe)
    if (operation.nature !== 'read' || operation.surface === 'port') throw new HarnessError('HARNESS_DEFECT', `${probe.operation} cannot be asked beforehand`)
    const credential = await this.#credential(probe.principal, at, scope)
    if (operation.surface === 'grpc') await this.#grpc.ask(operation, at, credential, scope)
    else await this.#send(operation.ask(at), credential, scope)
  }

  async #takeBack(holder: string, at: Place, scope: Scope): Promise<void> {
    try {
      await this.#admin(takeBack(at), scope)
    } finally {
      this.#pool.giveBack(holder)
    }
  }

  #plantOnce(scope: Scope): Promise<Planted> {
    this.#planted ??= this.#plant(scope).catch((thrown: unknown) => {
      this.#planted = undefined
      throw thrown
    })
    return this.#planted
  }

  #backUpOnce(planted: Planted, scope: Scope): Promise<void> {
    this.#backedUp ??= this.#run(plantBackup(planted), scope).then(
      () => undefined,
      (thrown: unknown) => {
        this.#backedUp = undefined
        throw thrown
      },
    )
    return this.#backedUp
  }

  async #plant(scope: Scope): Promise<Planted> {
    const planted = namePlanted(this.#instance.version)
    const facts = { tenants: this.#fact('tenants') !== false, roles: this.#fact('rbac') === true, oidcRoles: this.#fact('oidcRoles') === true }
    await this.#run(plantSteps(planted, facts), scope)
    return planted
  }

  /** Takes the steps one after the other and returns what they kept. */
  async #run(steps: readonly Step[], scope: Scope): Promise<Readonly<Record<string, string>>> {
    const kept: Record<string, string> = {}
    for (const step of steps.filter(({ versions }) => versions === undefined || holdsFor(versions, this.#instance.version))) {
      const answer = await this.#settled(step, scope)
      if (answer.status < 200 || answer.status >= 300)
        throw new HarnessError('SET_UP_FAILED', `${step.method} ${step.path} as the administrator: ${answer.status} ${answer.body.slice(0, 300)}`)
      for (const [name, pick] of Object.entries(step.keep ?? {})) kept[name] = picked(step, name, pick(answer.json))
    }
    return kept
  }

  async #state(operation: Write, at: Place, scope: Scope): Promise<Answer> {
    const answer = await this.#look(operation.look(at), at, scope)
    if (operation.part === undefined || answer.status !== 200) return answer
    const json = operation.part(answer.json, at)
    return { status: answer.status, json, body: JSON.stringify(json) }
  }

  async #look(look: Look, at: Place, scope: Scope): Promise<Answer> {
    if (look.as === undefined) return this.#settled(look, scope)
    const key = at.kept[look.as] ?? ''
    return answered(look, await this.#send(look, { headers: { authorization: scope.vault.secret(`Bearer ${key}`, look.as) } }, scope))
  }

  async #settled(step: Step | Look, scope: Scope): Promise<Answer> {
    let answer = await this.#admin(step, scope)
    for (let polls = 0; polls < mostPolls(scope) && step.until?.(answer) === false; polls++) {
      await delay(POLL_MS, undefined, { signal: scope.signal })
      answer = await this.#admin(step, scope)
    }
    return answer
  }

  async #admin(ask: Ask, scope: Scope): Promise<Answer> {
    return answered(ask, await this.#send(ask, credentialOf('admin', this.#instance.endpoint, scope), scope))
  }

  /** Any server may speak HTTP over TLS: that it is ours is shown by what only ours knows. */
  async #shakeHands(input: Handshake, at: Place, scope: Scope): Promise<Outcome> {
    const shown = await this.#certificates.presentedBy(input.client ?? 'none')
    const outcome = await shakeHands(input, this.#instance.endpoint, { scope, shown })
    if (outcome.kind !== 'allowed' || input.transport === 'plain') return outcome
    const credential = credentialOf('admin', this.#instance.endpoint, scope)
    const read =
      input.port === 'grpc'
        ? await this.#grpc.ask(grpcOperations['grpc-search'], at, credential, scope)
        : await this.#askRest(objectOperations['get-object'], at, credential, scope)
    if (read.kind === 'allowed' && JSON.stringify(read.content ?? null).includes(at.canary)) return outcome
    return { kind: 'broken', cause: `the connection was opened, but the ${input.port} port does not show what was planted` }
  }

  async #askPort(operation: PortOperation, at: Place, scope: Scope): Promise<Outcome> {
    if ('handshake' in operation) return this.#shakeHands(operation.handshake, at, scope)
    const answer = await askClusterPort(operation.clusterPath(at), this.#instance.endpoint, scope)
    // No document says how it would refuse: whatever is no success proves nothing.
    if ('cause' in answer || answer.status !== 200)
      return { kind: 'broken', cause: 'cause' in answer ? answer.cause : `${answer.status} ${answer.body.slice(0, 200)}` }
    return { kind: 'allowed', code: '200', content: { status: answer.status, body: answer.body } }
  }

  async #askRest(operation: RestOperation, at: Place, credential: Credential, scope: Scope): Promise<Outcome> {
    const ask = operation.ask(at)
    const answer = await this.#send(ask, credential, scope, operation.surface === 'graphql' ? this.#graphql : this.#rest)
    if (answer.kind === 'unanswered') return { kind: 'broken', cause: answer.cause }
    const plain = passed(operation, answer) ?? restOutcome(answer, operation)
    const outcome = plain.kind === 'allowed' ? inside(operation, at, plain, answer) : plain
    this.#answers.set(outcome, answer)
    return outcome
  }

  #fact(name: string): unknown {
    return field(this.#instance.endpoint.facts, name)
  }

  async #send(ask: Ask, credential: Credential, scope: Scope, client = this.#rest): Promise<RestAnswer | Unanswered> {
    if (!makesKey(ask)) return this.#sendNow(ask, credential, scope, client)
    const sent = this.#lastKey.then(() => this.#sendNow(ask, credential, scope, client))
    this.#lastKey = sent.then(() => undefined)
    return sent
  }

  #sendNow(ask: Ask, credential: Credential, scope: Scope, client: RestClient): Promise<RestAnswer | Unanswered> {
    const path = credential.query === undefined ? ask.path : `${ask.path}${ask.path.includes('?') ? '&' : '?'}${credential.query}`
    return client.send({ method: ask.method, path: `/v1${path}`, headers: credential.headers, ...(ask.body === undefined ? {} : { body: ask.body }) }, scope)
  }
}

/** The server derives a hash from a new key, slow by design: several at once on a small machine are slower than a deadline. */
const makesKey = ({ method, path }: Ask): boolean => method === 'POST' && /^\/users\/db\/[^/]+(\/rotate-key)?$/.test(path)

/** A twin that asks for another operation names it in its input. */
function operationOf(probe: Probe): Operation {
  const operation = (operations as Operations)[text(probe.input, 'as') ?? probe.operation]
  if (operation === undefined || operation.surface !== probe.surface)
    throw new HarnessError('HARNESS_DEFECT', `Weaviate has no operation ${probe.operation} on ${probe.surface}`)
  return operation
}

function writeOf(probe: Probe): Write {
  const operation = operationOf(probe)
  if (operation.nature === 'read') throw new HarnessError('HARNESS_DEFECT', `${probe.operation} changes nothing: there is nothing to look at`)
  return operation
}

function passed({ passes }: RestOperation, answer: RestAnswer): Outcome | undefined {
  if (passes === undefined || passes.status !== answer.status || !passes.message.test(refusalMessage(answer) ?? '')) return undefined
  return { kind: 'allowed', code: String(answer.status), content: { status: answer.status, body: answer.body } }
}

/** A status of 200 is not yet a yes: lists are filtered for callers without rights, and batches are refused item by item. */
function inside(operation: RestOperation, at: Place, outcome: Outcome, answer: RestAnswer): Outcome {
  if (operation.shows !== undefined && outcome.kind === 'allowed') return { ...outcome, shown: operation.shows(answer.json) }
  const errors = batchErrors(answer.json)
  if (errors.some((message) => message.includes('forbidden')))
    return { kind: 'refused', by: 'forbidden', code: `${answer.status} items`, message: errors.join('; ') }
  if (operation.nature === 'write' || operation.list === undefined) return outcome
  const listed = operation.list(answer.json)
  if (listed === undefined || operation.discloses(answer, at)) return outcome
  return { kind: 'refused', by: 'forbidden', code: `${answer.status} filtered`, message: `a list of ${listed.length} without what was planted` }
}

const started = (outcome: Outcome): Effect =>
  outcome.kind === 'allowed' ? { kind: 'seen', what: 'a server did so' } : { kind: 'none', what: 'no server did so' }

function disclosure(operation: Operation & Read, at: Place, outcome: Outcome, whole: Answer | undefined): Effect {
  if ('handshake' in operation)
    return outcome.kind === 'allowed'
      ? { kind: 'seen', what: 'the server speaks its own protocol' }
      : { kind: 'none', what: 'the server said nothing of its own' }
  const answer = whole ?? (outcome.kind === 'allowed' && outcome.content !== undefined ? answerOf(outcome.content) : undefined)
  if (answer === undefined) return { kind: 'none', what: 'there is no answer to read' }
  return operation.discloses(answer, at)
    ? { kind: 'seen', what: 'the answer shows what was planted' }
    : { kind: 'none', what: 'the answer does not show what was planted' }
}

function change(operation: Write, at: Place, before: Answer, after: Answer): Effect {
  if (before.status >= 500 || after.status >= 500)
    return { kind: 'unclear', because: `the administrator's look was answered with ${before.status} and ${after.status}` }
  if (operation.done(before, at)) return { kind: 'unclear', because: 'the state was as the operation would leave it, before it was asked' }
  if (operation.done(after, at)) return { kind: 'seen', what: 'the state is as the operation leaves it' }
  return { kind: 'none', what: 'the state is not as the operation leaves it' }
}

function answered(ask: Ask, answer: RestAnswer | Unanswered): Answer {
  if (answer.kind === 'unanswered') throw new HarnessError('SET_UP_FAILED', `${ask.method} ${ask.path} as the administrator: ${answer.cause}`)
  return answer
}

function answerOf(value: Json): Answer {
  const { status, body } = value as { readonly status: number; readonly body: string }
  return { status, body, json: parsed(body) }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

function picked(step: Step, name: string, value: string | undefined): string {
  if (value === undefined) throw new HarnessError('SET_UP_FAILED', `${step.method} ${step.path}: the answer has no ${name}`)
  return value
}
