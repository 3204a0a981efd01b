import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HarnessError } from '../src/errors.ts'
import { isLoopback, readTargets, refuseForeign } from './target-file.ts'

const entry = `targets:
  - product: weaviate
    version: 1.39.0
    profile: rbac
    host: weaviate.example.org
    ports: { rest: 443, grpc: 50051 }
    ca: ca.pem
    credentials:
      admin-key: { env: ADMIN_KEY }
      reader-key: { file: reader.key }
`

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-test-'))
  writeFileSync(join(folder, 'ca.pem'), 'a certificate')
  writeFileSync(join(folder, 'reader.key'), 'of-the-reader\n')
  writeFileSync(join(folder, 'targets.yaml'), text)
  return join(folder, 'targets.yaml')
}

const failureOf = (text: string, env: Readonly<Record<string, string>> = { ADMIN_KEY: 'k' }): string => {
  try {
    readTargets(fileOf(text), env)
  } catch (thrown) {
    if (thrown instanceof HarnessError) return `${thrown.exitCode} ${thrown.message.replace(/^.*targets\.yaml/, 'targets.yaml')}`
  }
  return 'it was accepted'
}

test('credentials come from the environment and from files beside the file of targets', () => {
  const [target] = readTargets(fileOf(entry), { ADMIN_KEY: 'of-the-admin' })
  expect(target).toMatchObject({
    credentials: { 'admin-key': 'of-the-admin', 'reader-key': 'of-the-reader' },
    sources: { 'admin-key': 'environment variable ADMIN_KEY', 'reader-key': 'file reader.key' },
    address: 'weaviate.example.org',
    level: 'isolated',
    rate: 20,
  })
})

test('a credential that is written in the file itself is refused with its line', () => {
  expect(failureOf(entry.replace('{ env: ADMIN_KEY }', 'in-clear'))).toMatch(/^2 targets\.yaml, line 9: targets\.0\.credentials\.admin-key/)
})

test('a credential that is not there is named by its place, never by its value', () => {
  expect(failureOf(entry, {})).toBe('2 targets.yaml, line 9: the environment variable ADMIN_KEY is not set')
  expect(failureOf(entry.replace('reader.key', 'nobody.key'))).toMatch(/^2 targets\.yaml, line 10: .*nobody\.key cannot be read/)
})

test.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost'])('%s is this machine', (address) => {
  expect(isLoopback(address)).toBe(true)
})

test.each(['10.0.0.1', '0.0.0.0', '127.example.org', 'localhost.example.org', '192.0.2.1'])('%s is not this machine', (address) => {
  expect(isLoopback(address)).toBe(false)
})

test('a target that is not on this machine needs the word that it is the user’s own', () => {
  const targets = readTargets(fileOf(entry), { ADMIN_KEY: 'k' })
  expect(() => refuseForeign(targets, false)).toThrow('weaviate.example.org is not this machine')
  expect(() => refuseForeign(targets, true)).not.toThrow()
})
