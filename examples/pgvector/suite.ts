import type { Probe } from '../../src/case.ts'
import type { Driver, Scope } from '../../src/driver.ts'
import { HarnessError, messageOf } from '../../src/errors.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Suite } from '../../src/product.ts'
import { randomCredential } from '../../src/naming.ts'
import type { Secret } from '../../src/secret.ts'
import { pgvectorCases } from './cases.ts'
import { connection, psql } from './psql.ts'
import { pgvectorRules } from './rules.ts'

/** A table and the roles of one case; a role has the name of the table and of what it is. */
interface Place {
  readonly table: string
  readonly password: Secret
}

/** Who is asked for, and what the role gets: groups by which pg_hba.conf knows it, and grants. */
const groups: Readonly<Record<string, string>> = { barred: 'IN ROLE barred', certified: 'IN ROLE certified' }
const grants: Readonly<Record<string, string>> = { reader: 'SELECT', tenant: 'SELECT, INSERT', writer: 'SELECT, INSERT, DELETE' }
const policies: Readonly<Record<string, string>> = { reader: 'true', writer: 'true', tenant: `owner = current_user` }

const operations: Readonly<Record<string, (table: string) => string>> = {
  connect: () => 'SELECT current_user',
  search: (table) => `SELECT label FROM ${table} ORDER BY embedding <-> '[0,0,1]' LIMIT 10`,
  insert: (table) => `INSERT INTO ${table} VALUES ('new', 'nobody', '[1,1,1]')`,
  delete: (table) => `DELETE FROM ${table} WHERE label = 'near'`,
}

const setUp = (table: string, principal: string, password: string): string => {
  const role = principal === 'stranger' ? 'reader' : principal
  const policy = policies[role] ?? 'false'
  return `CREATE TABLE ${table} (label text, owner text, embedding vector(3));
CREATE ROLE ${table}_${role} LOGIN PASSWORD '${password}' ${groups[role] ?? ''};
INSERT INTO ${table} VALUES ('near', '${table}_${role}', '[0,0,2]'), ('far', 'nobody', '[9,9,9]');
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON ${table} TO ${table}_${role} USING (${policy}) WITH CHECK (${policy});
${grants[role] === undefined ? '' : `GRANT ${grants[role]} ON ${table} TO ${table}_${role};`}`
}

class PgvectorDriver implements Driver<Place> {
  readonly #endpoint: Endpoint

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  nature({ operation }: Probe): 'read' | 'write' {
    return operation === 'insert' || operation === 'delete' ? 'write' : 'read'
  }

  async prepare({ principal }: Probe, { name, vault, signal }: Scope): Promise<Place> {
    const password = vault.secret(randomCredential(), `${principal}'s password`)
    await this.admin(setUp(name, principal, password.reveal()), signal)
    return { table: name, password }
  }

  async perform({ operation, principal, input }: Probe, { table, password }: Place, scope: Scope): Promise<Outcome> {
    const role = `${table}_${principal === 'stranger' ? 'reader' : principal}`
    const secret = principal === 'stranger' ? scope.vault.secret(randomCredential(), 'a wrong password') : password
    const login = { user: role, password: secret.reveal(), tls: input['tls'] !== false, certificate: input['certificate'] === true }
    const sql = operations[operation]?.(table) ?? ''
    const started = performance.now()
    const outcome = await psql(connection(this.#endpoint, login), sql, AbortSignal.any([scope.signal, AbortSignal.timeout(scope.requestTimeoutMs)])).then(
      ({ stdout, stderr }) => outcomeOf(stdout, stderr),
      (thrown: unknown): Outcome => ({ kind: 'broken', cause: messageOf(thrown) }),
    )
    const { kind, ...answer } = outcome
    const told = { headers: {}, body: scope.vault.redact(sql), status: kind, answer: scope.vault.redact(JSON.stringify(answer)) }
    scope.record({ stage: scope.stage, surface: 'port', request: `psql as ${role}`, ...told, ms: performance.now() - started })
    return outcome
  }

  async look(_probe: Probe, { table }: Place, { signal }: Scope): Promise<readonly string[]> {
    return (await this.admin(`SELECT label FROM ${table} ORDER BY label`, signal)).split('\n')
  }

  effect({ operation }: Probe, { table }: Place, { before, after, outcome }: Parameters<Driver['effect']>[2]): Effect {
    const rows = JSON.stringify(after)
    if (operation === 'insert' || operation === 'delete') return { kind: JSON.stringify(before) === rows ? 'none' : 'seen', what: `rows ${rows}` }
    if (outcome.kind !== 'allowed') return { kind: 'none', what: 'no row was shown' }
    const isShown = operation === 'connect' ? outcome.shown?.some((user) => user.startsWith(table)) : (outcome.shown?.length ?? 0) > 0
    return { kind: isShown === true ? 'seen' : 'none', what: `shown: ${outcome.shown?.join(', ')}` }
  }

  /** @throws HarnessError `SET_UP_FAILED` with what the server said */
  async admin(sql: string, signal: AbortSignal): Promise<string> {
    const login = { user: 'admin', password: this.#endpoint.credentials['admin'] ?? '' }
    const { stdout, stderr } = await psql(connection(this.#endpoint, login), `SET client_min_messages = error;\n${sql}`, signal)
    if (stderr !== '') throw new HarnessError('SET_UP_FAILED', stderr)
    return stdout
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** A refusal by its shape alone; what is neither this nor rows is no answer to the question. */
export function outcomeOf(stdout: string, stderr: string): Outcome {
  if (stderr === '') return { kind: 'allowed', code: '00000', shown: stdout === '' ? [] : stdout.split('\n') }
  const closed =
    /FATAL: {2}((?:password authentication failed|pg_hba\.conf rejects connection|no pg_hba\.conf entry|connection requires a valid client certificate).*)/.exec(
      stderr,
    )
  if (closed !== null) return { kind: 'refused', by: 'unauthenticated', code: 'FATAL', message: closed[1] ?? '' }
  const denied = /ERROR: {2}42501: (permission denied for.*|new row violates row-level security policy.*)/.exec(stderr)
  return denied === null ? { kind: 'broken', cause: stderr } : { kind: 'refused', by: 'forbidden', code: '42501', message: denied[1] ?? '' }
}

export const pgvectorSuite: Suite<'pgvector'> = {
  product: 'pgvector',
  rules: pgvectorRules,
  statements: [],
  tables: { 'roles and rows': pgvectorCases },
  deviations: [],
  async connect({ endpoint }) {
    const driver = new PgvectorDriver(endpoint)
    await driver.admin('CREATE EXTENSION IF NOT EXISTS vector; CREATE ROLE barred; CREATE ROLE certified', AbortSignal.timeout(10_000))
    return driver
  },
}
