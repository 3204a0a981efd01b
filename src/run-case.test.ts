import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen, type Listening } from '../fixtures/null-servers/listen.ts'
import { makePki } from '../fixtures/pki/make-pki.ts'
import { endpointAt } from '../fixtures/scope.ts'
import { allowed, forbidden, showing, unauthenticated, type Case, type Probe } from './case.ts'
import { NotHere, type Clock, type Driver, type Scope } from './driver.ts'
import { HarnessError } from './errors.ts'
import type { Pki } from './instance.ts'
import type { Outcome } from './outcome.ts'
import { runCase, type CaseResult, type RunCaseOptions } from './run-case.ts'
import { Vault } from './secret.ts'
import { Twins } from './twins.ts'
import { RestClient } from './wire/rest.ts'

let folder: string
let pki: Pki

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-run-case-'))
  pki = await makePki(folder, [])
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const write: Case = {
  id: 'shelf.rest.guest.may-not.put',
  profile: 'keys',
  rules: ['R'],
  operation: 'put',
  principal: 'guest',
  surface: 'rest',
  input: {},
  expect: forbidden,
  twin: { principal: 'owner' },
}
const read: Case = { ...write, id: 'shelf.rest.guest.may-not.get', operation: 'get' }

describe('against a server that keeps its rules', () => {
  test('a refused write conforms, and is asked for in this order', async () => {
    await using shelf = await startShelf()
    const result = await run(shelf, write)
    expect(result.verdict).toEqual({ kind: 'conforms', proof: { effect: 'looked-at', twin: 'allowed-with-effect' } })
    expect(lines(result)).toMatchInlineSnapshot(`
      [
        "set-up PUT /casep ‹owner key› 201",
        "effect GET /casep ‹owner key› 200",
        "probe PUT /casep ‹guest key› 403",
        "effect GET /casep ‹owner key› 200",
        "clean-up DELETE /casep ‹owner key› 200",
        "set-up PUT /caset ‹owner key› 201",
        "effect GET /caset ‹owner key› 200",
        "twin PUT /caset ‹owner key› 201",
        "effect GET /caset ‹owner key› 200",
        "clean-up DELETE /caset ‹owner key› 200",
      ]
    `)
  })

  test('a refused read conforms, and nobody looks at a state', async () => {
    await using shelf = await startShelf()
    const result = await run(shelf, read)
    expect(result.verdict.kind).toBe('conforms')
    expect(result.exchanges.map(({ stage }) => stage)).toEqual(['set-up', 'probe', 'clean-up', 'set-up', 'twin', 'clean-up'])
  })

  test('a grant conforms without a twin', async () => {
    await using shelf = await startShelf()
    const result = await run(shelf, { ...write, principal: 'owner', expect: allowed })
    expect(result.verdict).toEqual({ kind: 'conforms', proof: { effect: 'looked-at', twin: 'not-needed' } })
    expect(result.exchanges.map(({ stage }) => stage)).not.toContain('twin')
  })

  test('a twin that was allowed for one case a moment ago serves another, which keeps its request and says whose it was', async () => {
    await using shelf = await startShelf()
    const twins = new Twins({ now: () => Date.now() })
    const first = await run(shelf, write, {}, { twins })
    const second = await run(shelf, { ...write, id: 'shelf.rest.stranger.may-not.put', principal: 'stranger' }, {}, { twins, name: 'other' })
    expect(second.verdict).toEqual(first.verdict)
    expect(second.exchanges.map(({ stage, askedFor }) => [stage, askedFor])).toEqual([
      ['set-up', undefined],
      ['effect', undefined],
      ['probe', undefined],
      ['effect', undefined],
      ['clean-up', undefined],
      ['twin', write.id],
    ])
  })

  test('what runs alone asks a twin of its own', async () => {
    await using shelf = await startShelf()
    const twins = new Twins({ now: () => Date.now() })
    await run(shelf, write, {}, { twins })
    const alone = await run(shelf, { ...write, id: 'shelf.rest.guest.may-not.put-alone', exclusive: true }, {}, { twins, name: 'other' })
    expect(alone.exchanges.filter(({ stage }) => stage === 'set-up')).toHaveLength(2)
  })

  test('the twin may differ in its input', async () => {
    await using shelf = await startShelf()
    const result = await run(shelf, { ...write, principal: 'owner', input: { item: 'forbidden' }, twin: { input: { item: 'book' } } })
    expect(result.verdict.kind).toBe('conforms')
    expect(result.exchanges.filter(({ stage }) => stage === 'probe' || stage === 'twin').map(({ body }) => body)).toEqual(['"forbidden"', '"book"'])
  })

  test('what a read shows is compared', async () => {
    await using shelf = await startShelf()
    const row: Case = { ...read, principal: 'owner', expect: showing('planted') }
    expect((await run(shelf, row)).verdict.kind).toBe('conforms')
    expect((await run(shelf, { ...row, expect: showing() })).verdict).toMatchObject({ kind: 'deviates', class: 'wrong-content' })
  })
})

describe('a server that breaks a rule is caught', () => {
  test.each([
    ['lets the guest in', { guestMay: true }, 'allowed'],
    ['refuses, and does it all the same', { doesItAnyway: true }, 'effect-despite-refusal'],
    ['refuses without knowing who asks', { status: 401 }, 'wrong-class'],
  ] as const)('that %s', async (_, fault, deviation) => {
    await using shelf = await startShelf(fault)
    expect((await run(shelf, write)).verdict).toMatchObject({ kind: 'deviates', class: deviation })
  })

  test('that says yes and does nothing', async () => {
    await using shelf = await startShelf({ ignoresItem: 'book' })
    expect((await run(shelf, { ...write, principal: 'owner', expect: allowed })).verdict).toMatchObject({ kind: 'deviates', class: 'no-effect' })
  })

  test('that refuses a reader and tells all the same', async () => {
    await using shelf = await startShelf({ tellsAnyway: true })
    expect((await run(shelf, read)).verdict).toMatchObject({ kind: 'deviates', class: 'effect-despite-refusal' })
  })

  test.each([
    ['refuses everybody what the guest is refused', { ownerMayNot: 'book' }, /403/],
    ['does nothing for those who may', { ignoresItem: 'book' }, /is not there/],
  ] as const)('but one that %s proves nothing', async (_, fault, because) => {
    await using shelf = await startShelf(fault)
    expect((await run(shelf, write)).verdict).toMatchObject({ kind: 'inconclusive', because: expect.stringMatching(because) as unknown })
  })

  test('nor one that hangs, and no twin is asked of it', async () => {
    await using shelf = await startShelf({ hangsOnGuest: true })
    const result = await run(shelf, write, {}, { requestTimeoutMs: 100 })
    expect(result.verdict).toMatchObject({ kind: 'inconclusive', because: expect.stringMatching(/timeout/i) as unknown })
    expect(result.exchanges.map(({ stage }) => stage)).not.toContain('twin')
  })
})

describe('a twin', () => {
  test('that the case lacks leaves a refusal unproven', async () => {
    await using shelf = await startShelf()
    const { twin: _, ...alone } = write
    expect((await run(shelf, alone)).verdict).toMatchObject({ kind: 'inconclusive', because: expect.stringContaining('without its twin') as unknown })
  })

  test('that is exempt is not asked, and neither is the look that is', async () => {
    await using shelf = await startShelf()
    const result = await run(shelf, { ...write, twin: { exempt: 'nobody-may' }, effect: { exempt: 'invisible' } })
    expect(result.verdict).toEqual({ kind: 'conforms', proof: { effect: 'invisible', twin: 'nobody-may' } })
    expect(result.exchanges.map(({ stage }) => stage)).not.toContain('twin')
  })
})

describe('a void probe', () => {
  test('is asked again on a resource of its own, until it is not void', async () => {
    await using shelf = await startShelf()
    const names: string[] = []
    const result = await run(
      shelf,
      { ...read, principal: 'owner', expect: allowed },
      {
        perform: (probe, name, scope, self) =>
          names.push(name) < 3 ? Promise.resolve({ kind: 'void', cause: 'at the edge' }) : self.perform(probe, name, scope),
      },
    )
    expect(result.verdict.kind).toBe('conforms')
    expect(names).toEqual(['casep', 'casep1', 'casep2'])
  })

  test('is asked five times at most, and then could not be judged', async () => {
    await using shelf = await startShelf()
    let asked = 0
    const perform = async (): Promise<Outcome> => ({ kind: 'void', cause: `at the edge, ${++asked}` })
    expect((await run(shelf, read, { perform })).verdict).toEqual({ kind: 'inconclusive', because: 'no valid probe: at the edge, 5' })
    expect(asked).toBe(5)
  })
})

describe('what goes wrong on our side', () => {
  test.each(['prepare', 'look', 'perform', 'effect'] as const)('a bug in the driver (%s) is a defect, with the stage in which it came up', async (step) => {
    await using shelf = await startShelf()
    const bug = (): never => {
      throw new TypeError('undefined is not a function')
    }
    const stage = { prepare: 'set-up', look: 'effect', perform: 'probe', effect: 'effect' }[step]
    const result = await run(shelf, write, { [step]: bug })
    expect(result.verdict).toMatchObject({ kind: 'defect', because: expect.stringMatching(new RegExp(`^${stage}: TypeError: undefined is not`)) as unknown })
    expect(result.observation).toBeUndefined()
  })

  test.each(['prepare', 'look'] as const)('a set-up that fails (%s) is inconclusive, and clean-up follows where there is something to clean', async (step) => {
    await using shelf = await startShelf()
    const fail = async (): Promise<never> => {
      throw new HarnessError('SET_UP_FAILED', 'the owner was refused')
    }
    const result = await run(shelf, write, { [step]: fail })
    expect(result.verdict).toEqual({ kind: 'inconclusive', because: 'the owner was refused' })
    expect(result.exchanges.some(({ stage }) => stage === 'clean-up')).toBe(step === 'look')
  })

  test('what this machine cannot set up is not judged here, with the reason; what was asked already is', async () => {
    await using shelf = await startShelf()
    const without = async (): Promise<never> => {
      throw new NotHere('no browser')
    }
    expect((await run(shelf, write, { prepare: without })).verdict).toEqual({ kind: 'not-applicable', reason: 'runtime', because: 'no browser' })
    expect((await run(shelf, write, { perform: without })).verdict.kind).toBe('defect')
  })

  test('a defect that the harness itself names is one', async () => {
    await using shelf = await startShelf()
    const fail = async (): Promise<never> => {
      throw new HarnessError('HARNESS_DEFECT', 'no such operation')
    }
    expect((await run(shelf, write, { perform: fail })).verdict.kind).toBe('defect')
  })

  test('a clean-up that fails, at once or later, spoils nothing and is on record', async () => {
    await using shelf = await startShelf()
    const atOnce = (): never => {
      throw new Error('gone at once')
    }
    for (const cleanUp of [atOnce, async (): Promise<never> => atOnce()]) {
      const result = await run(shelf, write, { cleanUp })
      expect(result.verdict.kind).toBe('conforms')
      expect(result.exchanges.filter(({ stage }) => stage === 'clean-up').map(({ status }) => status)).toEqual(['gone at once', 'gone at once'])
    }
  })
})

describe('a driver may not', () => {
  test('call a changed state unchanged', async () => {
    await using shelf = await startShelf({ doesItAnyway: true })
    const result = await run(shelf, write, { effect: () => ({ kind: 'none', what: 'nothing, surely' }) })
    expect(result.verdict).toMatchObject({ kind: 'inconclusive', because: expect.stringContaining('the state changed') as unknown })
  })

  test('call an unchanged state changed', async () => {
    await using shelf = await startShelf({ ignoresItem: 'book' })
    const result = await run(shelf, { ...write, principal: 'owner', expect: allowed }, { effect: () => ({ kind: 'seen', what: 'all of it' }) })
    expect(result.verdict).toMatchObject({ kind: 'inconclusive', because: expect.stringContaining('the same before and after') as unknown })
  })

  test('but a read it may judge by the answer alone', async () => {
    await using shelf = await startShelf()
    expect((await run(shelf, read, { effect: (_, __, { outcome }) => ({ kind: outcome.kind === 'allowed' ? 'seen' : 'none', what: '' }) })).verdict.kind).toBe(
      'conforms',
    )
  })

  test('see what is expected', async () => {
    await using shelf = await startShelf()
    const given: Probe[] = []
    await run(shelf, write, { perform: (probe, name, scope, self) => (given.push(probe), self.perform(probe, name, scope)) })
    expect(given.map((probe) => Object.keys(probe).sort())).toEqual([0, 1].map(() => ['input', 'operation', 'principal', 'surface']))
  })
})

describe('secrets', () => {
  test('are redacted in all that is recorded: requests, answers, the verdict and what it rests on', async () => {
    await using shelf = await startShelf({ echoesKey: true })
    const result = await run(shelf, { ...write, expect: unauthenticated })
    expect(result.verdict).toMatchObject({ kind: 'deviates', message: 'no entry for ‹guest key›' })
    expect(JSON.stringify(result)).not.toMatch(/guest-key-value|owner-key-value/)
  })

  test('of one case are known to it alone', async () => {
    await using shelf = await startShelf()
    const vault = new Vault()
    await run(shelf, write, {}, { vault })
    expect(vault.redact('guest-key-value')).toBe('guest-key-value')
  })

  test('are redacted in the message of a bug', async () => {
    await using shelf = await startShelf()
    const bug = async (_: Probe, __: string, scope: Scope): Promise<never> => {
      throw new TypeError(`cannot read ${scope.vault.secret('in-the-message').reveal()}`)
    }
    const { verdict } = await run(shelf, write, { perform: bug })
    expect(verdict).toMatchObject({ kind: 'defect', because: expect.stringContaining('cannot read ‹secret›') as unknown })
  })
})

test('times are those of the clock that it is given', async () => {
  await using shelf = await startShelf()
  let now = Date.parse('2026-01-01T00:00:00Z')
  const clock: Clock = { now: () => (now += 250) - 250 }
  expect(await run(shelf, write, {}, { clock })).toMatchObject({ startedAt: '2026-01-01T00:00:00.000Z', ms: 250 })
})

/** A shelf of items by name: the owner may read and write, the guest may nothing. */
interface Fault {
  readonly guestMay?: boolean
  readonly doesItAnyway?: boolean
  readonly tellsAnyway?: boolean
  readonly hangsOnGuest?: boolean
  readonly echoesKey?: boolean
  readonly status?: number
  /** An item that is taken with a yes, and not put on the shelf. */
  readonly ignoresItem?: string
  /** An item that nobody may put there. */
  readonly ownerMayNot?: string
}

const startShelf = async (fault: Fault = {}): Promise<Listening> => {
  const items = new Map<string, string>()
  const handler = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await asked.toArray()).toString()
    const [key, name] = [String(asked.headers['key']), asked.url ?? '']
    const item = body === '' ? '' : String(JSON.parse(body))
    const may = (key === 'owner-key-value' && item !== 'forbidden' && item !== fault.ownerMayNot) || fault.guestMay === true
    if (key === 'guest-key-value' && fault.hangsOnGuest === true) return
    const before = items.get(name)
    if (asked.method === 'PUT' && (may || fault.doesItAnyway === true) && item !== fault.ignoresItem) items.set(name, item)
    if (asked.method === 'DELETE' && may) items.delete(name)
    const told = fault.echoesKey === true ? `no entry for ${key}` : 'no entry'
    if (!may) return void answer.writeHead(fault.status ?? 403).end(JSON.stringify({ error: told, ...(fault.tellsAnyway === true ? { item: before } : {}) }))
    answer.writeHead(asked.method === 'PUT' ? 201 : 200).end(JSON.stringify({ item: items.get(name) ?? null }))
  }
  return listen(createServer({ cert: readFileSync(pki.serverCert), key: readFileSync(pki.serverKey) }, (asked, answer) => void handler(asked, answer)))
}

type Shelf = Omit<Driver<string>, typeof Symbol.asyncDispose>
type Change = { readonly [Step in keyof Shelf]?: (...given: [...Parameters<NonNullable<Shelf[Step]>>, Shelf]) => ReturnType<NonNullable<Shelf[Step]>> }

function shelfDriver(client: RestClient): Shelf {
  const send = async (method: 'GET' | 'PUT' | 'DELETE', name: string, as: string, scope: Scope, body?: unknown): Promise<Outcome> => {
    const answer = await client.send(
      {
        method,
        path: `/${name}`,
        headers: { key: scope.vault.secret(`${as}-key-value`, `${as} key`) },
        body: body === undefined ? undefined : JSON.stringify(body),
      },
      scope,
    )
    if (answer.kind === 'unanswered') return { kind: 'broken', cause: answer.cause }
    const { item, error } = answer.json as { item?: string | null; error?: string }
    const content = item ?? null
    if (answer.status < 300) return { kind: 'allowed', code: String(answer.status), content, shown: content === null ? [] : [content] }
    return {
      kind: 'refused',
      by: answer.status === 401 ? 'unauthenticated' : 'forbidden',
      code: String(answer.status),
      message: `${error ?? ''}${content === null ? '' : ` ${content}`}`,
    }
  }
  return {
    nature: (probe) => (probe.operation === 'put' ? 'write' : 'read'),
    prepare: async (_, scope) => {
      await send('PUT', scope.name, 'owner', scope, 'planted')
      return scope.name
    },
    perform: (probe, name, scope) =>
      send(probe.operation === 'put' ? 'PUT' : 'GET', name, probe.principal, scope, probe.operation === 'put' ? (probe.input['item'] ?? 'book') : undefined),
    look: async (_, name, scope) => {
      const seen = await send('GET', name, 'owner', scope)
      return seen.kind === 'allowed' ? (seen.content ?? null) : null
    },
    effect: (probe, _, { before, after, outcome }) => {
      if (probe.operation === 'get')
        return JSON.stringify(outcome).includes('planted') ? { kind: 'seen', what: 'the item' } : { kind: 'none', what: 'the item is not told' }
      return before === after ? { kind: 'none', what: 'the item is not there' } : { kind: 'seen', what: 'the item is there' }
    },
    cleanUp: async (_, name, scope) => void (await send('DELETE', name, 'owner', scope)),
  }
}

/** The case with a driver of its own, some of whose steps are changed. */
async function run(shelf: Listening, row: Case, change: Change = {}, options: Partial<RunCaseOptions> = {}): Promise<CaseResult> {
  await using client = new RestClient(endpointAt(pki, shelf.port), 'rest')
  const sound = shelfDriver(client)
  const changed = Object.fromEntries(
    Object.entries(change).map(([step, instead]) => [step, (...given: unknown[]) => (instead as (...all: unknown[]) => unknown)(...given, sound)]),
  )
  const driver = { ...sound, ...changed, [Symbol.asyncDispose]: async () => undefined } as Driver
  return await runCase(driver, row, {
    name: 'case',
    vault: new Vault(),
    clock: { now: () => Date.now() },
    signal: new AbortController().signal,
    requestTimeoutMs: 5000,
    ...options,
  })
}

const lines = (result: CaseResult): readonly string[] =>
  result.exchanges.map(({ stage, request, headers, status }) => `${stage} ${request.replace(/https:\/\/localhost:\d+/, '')} ${headers['key']} ${status}`)
