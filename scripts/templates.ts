import type { Case } from '../src/case.ts'

/** Files by path below the project's folder. */
export type Files = Readonly<Record<string, string>>

const camel = (name: string): string => name.replaceAll(/-([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
const pascal = (name: string): string => camel(`-${name}`)
const literal = (value: unknown): string => JSON.stringify(value)

export interface NewRule {
  readonly product: string
  readonly id: string
  /** A case that asks nearly the same: the new one begins as its neighbour. */
  readonly like: Case
  /** The text of the product's `suite.ts`. */
  readonly suite: string
}

/** A rule with its first case, and the product's suite with both in it. Pure. */
export function ruleFiles({ product, id, like, suite }: NewRule): Files {
  const slug = id.toLowerCase()
  const name = camel(slug)
  const from = `./${slug}.cases.ts`
  return {
    [`suites/${product}/${slug}.cases.ts`]: ruleText(id, name, product, like),
    [`suites/${product}/suite.ts`]: suite
      .replace(/^import /m, `import { ${name}Cases, ${name}Rules } from '${from}'\nimport `)
      .replace(/^ {2}rules(?:: (\w+))?,$/m, (_all, rules: string | undefined) => `  rules: { ...${rules ?? 'rules'}, ...${name}Rules },`)
      .replace(/^ {2}tables: \{$/m, `  tables: {\n    ${literal(id)}: ${name}Cases,`),
  }
}

const ruleText = (id: string, name: string, product: string, like: Case): string => `import type { Case } from '../../src/case.ts'
import type { Rules } from '../../src/rule.ts'

/** The promise in our own words, where it is written, how bad it is to break it, what an operator can do. */
export const ${name}Rules = {
  '${id}': {
    product: '${product}',
    says: 'Say here what is promised, in one sentence of your own',
    source: { kind: 'document', ref: 'the document, its section' },
    level: 'MUST',
    severity: 'high',
    cwe: ['CWE-284'],
    controls: ['AC-3'],
    remediation: 'Say here what an operator does so that it holds',
  },
} as const satisfies Rules

/** One row for each probe: operation × principal × surface × input. It began as a neighbour of ${like.id}. */
export const ${name}Cases: readonly Case[] = [
  {
    id: ${literal(`${like.id}.${id.toLowerCase()}`)},
    profile: ${literal(like.profile)},
    rules: ['${id}'],
    operation: ${literal(like.operation)},
    principal: ${literal(like.principal)},
    surface: ${literal(like.surface)},
    // What makes it another probe than its neighbour.
    input: ${literal({ ...like.input, differs: 'say here in what' })},
    // From the document, or the standard that it stands on: never from what a server does.
    expect: ${literal(like.expect)},
${like.twin === undefined ? '' : `    // The same by somebody who may: what differs from the probe.\n    twin: ${literal(like.twin)},\n`}${like.effect === undefined ? '' : `    effect: ${literal(like.effect)},\n`}  },
]
`

/** A product of its own folder, which asks one server over HTTPS. Pure. */
export function productFiles(name: string, prefix: string): Files {
  const at = (file: string): string => `examples/${name}/${file}`
  return {
    [at('server.ts')]: serverText(name),
    [at('rules.ts')]: rulesText(name, prefix),
    [at('suite.ts')]: suiteText(name, prefix),
    [at(`${name}.test.ts`)]: testText(name, prefix),
  }
}

const serverText = (name: string): string => `import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { ServerDefinition } from '../../containers/server.ts'

/** How one server is run: bound to loopback, with the run's own certificate and key. */
export const ${camel(name)}Server: ServerDefinition<'${name}'> = {
  product: '${name}',
  versions: [{ version: '1.0.0', image: 'v1.0.0', default: true }],
  profiles: { keys: { says: 'TLS, and a key for everybody', credentials: (random) => ({ 'api-key': random() }) } },
  ports: { rest: 8443 },
  launch: ({ credentials }, { bind, ports, pki }) => ({
    files: { 'config.json': JSON.stringify({ bind, port: ports['rest'], cert: pki.serverCert, key: pki.serverKey, apiKey: credentials['api-key'] }) },
    args: ['--config', 'config.json'],
    env: {},
    facts: {},
  }),
  async ready({ host, address, ports, pki }, signal) {
    const asked = request({ host: address, servername: host, port: ports['rest'], path: '/health', ca: readFileSync(pki.ca), agent: false, signal }).end()
    const [answer] = (await once(asked, 'response', { signal })) as [IncomingMessage]
    answer.resume()
    if (answer.statusCode !== 200) throw new Error(\`GET /health: status \${answer.statusCode}\`)
  },
  bootTimeoutMs: 30_000,
  memoryMiB: 200,
}
`

const rulesText = (name: string, prefix: string): string => `import { allowed, claim, unauthenticated, type Case } from '../../src/case.ts'
import type { Rules } from '../../src/rule.ts'

export const ${camel(name)}Rules = {
  '${prefix}-KEY-REQUIRED-01': {
    product: '${name}',
    says: 'Who has no key lists nothing',
    source: { kind: 'document', ref: 'the document, its section' },
    level: 'MUST',
    severity: 'high',
    cwe: ['CWE-306'],
    controls: ['AC-3'],
    remediation: 'Set a key',
  },
} as const satisfies Rules<'${name}'>

const list = { operation: 'list', surface: 'rest', profile: 'keys', input: {}, rules: ['${prefix}-KEY-REQUIRED-01'] } as const

export const ${camel(name)}Cases: readonly Case[] = [
  { ...list, id: claim('${name}', 'rest', 'owner', allowed, 'list'), principal: 'owner', expect: allowed },
  {
    ...list,
    id: claim('${name}', 'rest', 'anonymous', unauthenticated, 'list'),
    principal: 'anonymous',
    expect: unauthenticated,
    twin: { principal: 'owner' },
  },
]
`

const suiteText = (name: string, prefix: string): string => `import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Suite } from '../../src/product.ts'
import { RestClient, type RestAnswer, type Unanswered } from '../../src/wire/rest.ts'
import { ${camel(name)}Cases, ${camel(name)}Rules } from './rules.ts'

/** Asks; never learns what is expected, never throws for what the server did. */
class ${pascal(name)}Driver implements Driver {
  readonly #client: RestClient
  readonly #key: string

  constructor({ endpoint }: InstanceInfo<'${name}'>) {
    this.#client = new RestClient(endpoint, 'rest')
    this.#key = endpoint.credentials['api-key'] ?? ''
  }

  nature(): 'read' | 'write' {
    return 'read'
  }

  /** Make here what the probe needs, under the case's own name. */
  async prepare(): Promise<undefined> {
    return undefined
  }

  async perform({ principal }: Probe, _resource: unknown, scope: Scope): Promise<Outcome> {
    const headers = principal === 'owner' ? { authorization: scope.vault.secret(\`Bearer \${this.#key}\`, 'key') } : {}
    return outcomeOf(await this.#client.send({ method: 'GET', path: '/items', headers }, scope))
  }

  async look(): Promise<null> {
    return null
  }

  effect(_probe: Probe, _resource: unknown, { outcome }: { readonly outcome: Outcome }): Effect {
    return outcome.kind === 'allowed' && outcome.shown !== undefined
      ? { kind: 'seen', what: \`\${outcome.shown.length} items\` }
      : { kind: 'none', what: 'no item was shown' }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }
}

/** A refusal by status and by the shape of its body; whatever is neither this nor a list is no answer. */
export function outcomeOf(answer: RestAnswer | Unanswered): Outcome {
  if (answer.kind === 'unanswered') return { kind: 'broken', cause: answer.cause }
  const { status, json } = answer
  if (status === 200 && Array.isArray(json)) return { kind: 'allowed', code: '200', shown: json.map(String) }
  const message = typeof json === 'object' && json !== null && 'error' in json && typeof json.error === 'string' ? json.error : undefined
  if (status === 401 && message !== undefined) return { kind: 'refused', by: 'unauthenticated', code: '401', message }
  return { kind: 'broken', cause: \`status \${status}, and not the body of a refusal\` }
}

/** The ids of its rules begin with ${prefix}. */
export const ${camel(name)}Suite: Suite<'${name}'> = {
  product: '${name}',
  rules: ${camel(name)}Rules,
  statements: [],
  tables: { keys: ${camel(name)}Cases },
  deviations: [],
  connect: async (instance) => new ${pascal(name)}Driver(instance),
}
`

const testText = (name: string, prefix: string): string => `import { expect, test } from 'vitest'
import { problemsOf } from '../../suites/lint.ts'
import { ${camel(name)}Server } from './server.ts'
import { outcomeOf, ${camel(name)}Suite } from './suite.ts'

test('the catalogue keeps the duties of every catalogue', () => {
  expect(problemsOf({ suite: ${camel(name)}Suite, server: ${camel(name)}Server, prefix: '${prefix}' })).toEqual({})
})

test.each([401, 403, 404, 500])('%i with a page of HTML is neither a yes nor a no', (status) => {
  expect(outcomeOf({ kind: 'answered', status, headers: {}, body: '<html>', json: undefined }).kind).toBe('broken')
})
`
