import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { makePki } from '../fixtures/pki/make-pki.ts'
import { header } from '../reports/example-journal.ts'
import { Journal } from '../reports/journal.ts'
import { EXIT } from '../src/errors.ts'
import type { InstanceInfo } from '../src/instance.ts'
import type { Secret } from '../src/secret.ts'
import { casesOf } from '../src/product.ts'
import { codeRoot, packageRoot } from '../src/root.ts'
import { suites } from '../suites/registry.ts'
import { serveModel } from './bench/serve-model.ts'
import { runInProcess } from './in-process.ts'

// The real command, given a rule whose remediation holds what somebody pasted into it: that reaches every report which shows remediations.

const LONGEST_MS = 120_000
const API_KEY = 'planted-canary-of-the-external-system-7f3a'
const NOTE = 'Give the monitoring a token with access r.'

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-planted-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function rulesWith(folder: string, pasted: string): Promise<string> {
  const table = await readFile(join(packageRoot, 'examples', 'own-rules', 'monitoring.yaml'), 'utf8')
  const path = join(folder, 'rules')
  await mkdir(path)
  await writeFile(join(path, 'monitoring.yaml'), table.replace(NOTE, `Give the monitoring ${pasted}`))
  return path
}

const assay = (...args: readonly string[]): Promise<{ exitCode?: number; stdout: string; stderr: string }> =>
  execa(process.execPath, [join(codeRoot, 'scripts', 'cli.ts'), ...args], { reject: false, env: { FORCE_COLOR: '0', PLANTED_KEY: API_KEY } })

test('a signed token that reaches the reports of a run ends it with 5', { timeout: LONGEST_MS }, async () => {
  const folder = await scratch()
  const token = ['{"alg":"HS256"}', '{"sub":"bob","exp":1}', 'a signature of 32 bytes, and so on']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
  const rules = await rulesWith(folder, token)
  const only = ['--product', 'qdrant', '--runtime', 'model', '--rule', 'ACME-MONITOR-01']
  const { exitCode, stdout } = await assay('run', ...only, '--rules', rules, '--out', folder)
  expect(stdout).toContain('FAULT   index.html holds a signed token')
  expect(exitCode).toBe(EXIT.defect)
})

async function servedModel(folder: string): Promise<{ readonly info: InstanceInfo } & AsyncDisposable> {
  const pki = await makePki(join(folder, 'pki'), ['qdrant.assay.test'])
  const identity = {
    id: 'qdrant-1.19.0-keys-and-jwt',
    product: 'qdrant',
    version: '1.19.0',
    profile: 'keys-and-jwt',
    runtime: 'model',
    evidence: 'model',
  } as const
  return await serveModel({ ...identity, pki, folder, credentials: { 'api-key': API_KEY, 'read-only-api-key': `${API_KEY}-read` }, peers: {} })
}

test('the key of an external system that reaches its reports ends the run with 5', { timeout: LONGEST_MS }, async () => {
  const folder = await scratch()
  await mkdir(join(folder, 'pki'))
  await using model = await servedModel(folder)
  const { host, address, ports, pki } = model.info.endpoint
  const target = { product: 'qdrant', version: '1.19.0', profile: 'keys-and-jwt', host, address, ports, ca: pki.ca, rate: 500 }
  const credentials = { 'api-key': { env: 'PLANTED_KEY' } }
  await writeFile(join(folder, 'targets.yaml'), JSON.stringify({ targets: [{ ...target, credentials }] }))
  const rules = await rulesWith(folder, API_KEY)
  const only = ['--runtime', 'external', '--target', join(folder, 'targets.yaml'), '--rule', 'ACME-MONITOR-01']
  const { exitCode, stdout } = await assay('run', ...only, '--rules', rules, '--out', join(folder, 'out'))
  expect(stdout).toContain('FAULT   index.html holds api-key')
  expect(exitCode).toBe(EXIT.defect)
})

test('what a case makes for itself is searched for too', { timeout: LONGEST_MS }, async () => {
  const folder = await scratch()
  await mkdir(join(folder, 'pki'))
  await using model = await servedModel(folder)
  const row = casesOf(suites.qdrant).find(({ principal, profile }) => principal === 'jwt-read' && profile === 'keys-and-jwt')
  const found: Secret[] = []
  await using journal = Journal.create(join(folder, 'journal.ndjson'), header())
  const options = { journal, runId: 'planted', signal: new AbortController().signal, onSecret: (secret: Secret) => void found.push(secret) }
  await runInProcess(suites.qdrant, model.info, row === undefined ? [] : [row], options)
  expect(found.map((secret) => secret.reveal())).toEqual(expect.arrayContaining([API_KEY, expect.stringMatching(/^eyJ/) as string]))
})
