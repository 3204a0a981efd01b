import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultVersion } from '../../containers/choose.ts'
import { OwnServer } from '../../containers/own-server.ts'
import { makePki } from '../../fixtures/pki/make-pki.ts'
import type { Case } from '../../src/case.ts'
import { systemClock, type Driver } from '../../src/driver.ts'
import { randomCredential } from '../../src/naming.ts'
import { runCase } from '../../src/run-case.ts'
import { Vault } from '../../src/secret.ts'
import type { Verdict } from '../../src/verdict.ts'
import { problemsOf } from '../../suites/lint.ts'
import { pgvectorCases } from './cases.ts'
import { pgvectorFaults } from './faults.ts'
import { canRunHere, pgvectorServer } from './server.ts'
import { outcomeOf, pgvectorSuite } from './suite.ts'

test('the catalogue of pgvector keeps the rules of every catalogue', () => {
  expect(problemsOf({ suite: pgvectorSuite, server: pgvectorServer, prefix: 'PGV' })).toEqual({})
})

test.each([
  ['', 'a reset', 'server closed the connection unexpectedly'],
  ['', 'another error', 'ERROR:  42P01: relation "x" does not exist'],
  ['', 'a full server', 'FATAL:  sorry, too many clients already'],
])('%s%s is neither a yes nor a no', (stdout, _what, stderr) => {
  expect(outcomeOf(stdout, stderr).kind).toBe('broken')
})

const because = canRunHere()

describe.skipIf(because !== undefined)(`a real pgvector${because === undefined ? '' : ` (not applicable: ${because})`}`, () => {
  let server: OwnServer
  let driver: Driver
  let asked = 0
  const vault = new Vault()

  beforeAll(async () => {
    const base = mkdtempSync(join(tmpdir(), 'assay-test-'))
    const [version, profile, signal] = [defaultVersion(pgvectorServer), 'roles', new AbortController().signal]
    const [pki, credentials] = [await makePki(join(base, 'pki'), []), pgvectorServer.profiles[profile]?.credentials(randomCredential) ?? {}]
    server = await OwnServer.create({ definition: pgvectorServer, version, profile, folder: join(base, 'own'), pki, credentials, signal })
    await server.start()
    const identity = { id: 'pgvector', product: 'pgvector', version, profile, runtime: 'native', evidence: 'real' } as const
    driver = await pgvectorSuite.connect({ ...identity, origin: 'registry', digest: 'unknown', endpoint: server.endpoint }, { vault, clock: systemClock })
  })

  afterAll(() => server[Symbol.asyncDispose]())

  const verdictOn = async (row: Case): Promise<Verdict> => {
    const options = { name: `a${asked++}x`, vault, clock: systemClock, signal: AbortSignal.timeout(60_000), requestTimeoutMs: 10_000 }
    return (await runCase(driver, row, options)).verdict
  }

  test.each(pgvectorCases)('keeps its promise: $id', async (row) => {
    expect(await verdictOn(row)).toMatchObject({ kind: 'conforms' })
  })

  // Started again on the same data, and asked about nothing else.
  test.each(pgvectorFaults)('that is misconfigured so that it $id is noticed', async ({ change, breaks }) => {
    await server.stop()
    expect((await server.start({ change })).kind).toBe('ready')
    const rows = pgvectorCases.filter((row) => row.rules.some((rule) => breaks.some((broken) => broken === rule)))
    const verdicts = await Promise.all(rows.map(verdictOn))
    expect(verdicts.map(({ kind }) => kind)).toContain('deviates')
  })
})
