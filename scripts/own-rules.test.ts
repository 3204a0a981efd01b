import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { servers } from '../containers/registry.ts'
import { withOwnProfiles } from '../containers/own-profiles.ts'
import { EXIT } from '../src/errors.ts'
import { readOwnRules } from '../src/own-rules.ts'
import { codeRoot, packageRoot } from '../src/root.ts'
import { withOwnRules } from '../suites/own-rules.ts'
import { suites } from '../suites/registry.ts'
import { checkTable } from './own-rules.ts'

const EXAMPLE = join(packageRoot, 'examples', 'own-rules')
const LONGEST_MS = 60_000

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-own-rules-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const assay = (...args: readonly string[]): Promise<{ exitCode?: number; stdout: string; stderr: string }> =>
  execa(process.execPath, [join(codeRoot, 'scripts', 'cli.ts'), ...args], { reject: false, env: { FORCE_COLOR: '0' } })

describe('the example of the documentation', { concurrent: false, timeout: LONGEST_MS }, () => {
  test('is judged on the model: the monitoring may what it may, and no more', async () => {
    const { stdout } = await assay('run', '--product', 'qdrant', '--runtime', 'model', '--rule', 'ACME-*', '--rules', EXAMPLE, '--out', folder)
    const run = JSON.parse(await readFile(join(folder, 'latest', 'run.json'), 'utf8')) as { cases: { id: string; state: string }[] }
    expect(stdout).toContain('3 conforms')
    expect(run.cases.map(({ id, state }) => `${id} ${state}`).toSorted()).toEqual([
      'qdrant.grpc.monitoring.may-not.delete-points not-applicable',
      'qdrant.rest.monitoring.may-not.upsert-points conforms',
      'qdrant.rest.monitoring.may.get-points conforms',
      'qdrant.rest.monitoring.may.metrics conforms',
    ])
  })

  test('has rules that die of the faults they name', async () => {
    const { stdout, exitCode } = await assay('mutate', '--product', 'qdrant', '--runtime', 'model', '--rule', 'ACME-*', '--rules', EXAMPLE, '--out', folder)
    expect(stdout).toContain('rules killed 2/2, faults effective 2/2')
    expect(exitCode).toBe(0)
  })
})

const breaches = [
  ['a refusal without a twin', /\n {4}twin: .*/g, '', 'gives every refusal a twin'],
  ['a fault that nobody knows', 'qdrant-model-read-only-token-may-write', 'qdrant-nothing', 'has no such fault: ACME-MONITOR-02'],
  ['an operation that nobody knows', 'operation: metrics', 'operation: meters', 'has no such operation'],
  ['a caller like nobody', 'like: jwt-read', 'like: jwt-reed', 'has no such caller: jwt-reed'],
  ['a configuration like none', 'like: keys-and-jwt', 'like: keys', 'terse is like keys, which qdrant has not'],
  ['a rule without a source', /\n {4}source: .*/, '', 'line .*source: Invalid input'],
  ['a probe that is there already', 'principal: monitoring, expect: allowed', 'principal: jwt-read, expect: allowed', 'gives each case an id of its own'],
] as const

async function checked(text: string): Promise<void> {
  await writeFile(join(folder, 'broken.yaml'), text)
  const own = await readOwnRules(folder)
  for (const table of own) checkTable(table, withOwnRules(suites.qdrant, own), withOwnProfiles(servers.qdrant, own))
}

test.each(breaches)('%s is refused, and named with its file', async (_what, from, to, said) => {
  const text = await readFile(join(EXAMPLE, 'monitoring.yaml'), 'utf8')
  const broken = text.replace(from, to)
  expect(broken).not.toBe(text)
  await expect(checked(broken)).rejects.toMatchObject({ exitCode: EXIT.usage, message: expect.stringMatching(new RegExp(`broken.yaml.*${said}`)) as string })
})

test('a module of TypeScript is taken like a table', async () => {
  const table = {
    product: 'qdrant',
    principals: { auditor: { like: 'jwt-read', input: { token: { exp: 60 } } } },
    rules: {
      'ACME-AUDIT-01': {
        ...{ says: 'The auditor reads.', source: { kind: 'derived', ref: 'qdrant-security, Table of access' }, level: 'MUST', severity: 'low' },
        ...{ cwe: [], controls: [], remediation: 'Hand out another token.', fault: 'qdrant-refuses-tokens-that-read-on-rest' },
      },
    },
    cases: [{ rules: ['ACME-AUDIT-01'], profile: 'keys-and-jwt', surface: 'rest', operation: 'metrics', principal: 'auditor', expect: 'allowed' }],
  }
  await writeFile(join(folder, 'audit.mts'), `export const ownRules: unknown = ${JSON.stringify(table)}\n`)
  const [own] = await readOwnRules(folder)
  expect(own?.cases.map(({ id }) => id)).toEqual(['qdrant.rest.auditor.may.metrics'])
  expect(own?.rules['ACME-AUDIT-01']).toMatchObject({ product: 'qdrant', says: 'The auditor reads.' })
})
