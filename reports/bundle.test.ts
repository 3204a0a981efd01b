import { generateKeyPairSync } from 'node:crypto'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { makeBundle, verifyBundle, type Files } from './bundle.ts'
import { conforms, exampleCase, instance, suite, wholeRun } from './example-journal.ts'
import { toRunRecord } from './run-record.ts'

const row = exampleCase('milvus.rest.anonymous.may-not.list-collections')
const lines = wholeRun(instance(), [[row, conforms]])
const record = toRunRecord(lines, { suites: { milvus: suite('milvus', { cases: [row] }) } })
const files: Files = {
  'journal.ndjson': strToU8(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
  'index.html': strToU8('<!doctype html>'),
}
const pair = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
const stranger = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
const plain = makeBundle(record, {}, files)
const signed = makeBundle(record, {}, files, pair.privateKey)

/** The bundle with its files changed by somebody who can make an archive. */
const tampered = (bundle: Uint8Array, change: (inside: Record<string, Uint8Array>) => void): Uint8Array => {
  const inside = unzipSync(bundle)
  change(inside)
  return zipSync(inside)
}

const edit = (inside: Record<string, Uint8Array>, name: string, from: string | RegExp, to: string): void => {
  inside[name] = strToU8(strFromU8(inside[name] ?? new Uint8Array()).replace(from, to))
}

test('what nobody touched has no problems, signed or not', () => {
  expect(verifyBundle(plain)).toMatchObject({ problems: [], signature: 'none' })
  expect(verifyBundle(signed)).toMatchObject({ problems: [], signature: 'untrusted' })
  expect(verifyBundle(signed, pair.publicKey)).toMatchObject({ problems: [], signature: 'trusted', manifest: { runId: record.runId } })
})

test('the same run gives the same archive', () => {
  expect(makeBundle(record, {}, files)).toEqual(plain)
})

describe.for([
  ['plain', plain],
  ['signed', signed],
] as const)('%s', ([, bundle]) => {
  test.for([
    [
      'a changed journal',
      (inside) => edit(inside, 'journal.ndjson', '"state":"conforms"', '"state":"deviates"'),
      'journal.ndjson departs from its chain at line 5',
    ],
    ['a line that was taken out', (inside) => edit(inside, 'journal.ndjson', /\n.*"type":"result".*\n/, '\n'), 'journal.ndjson has 6 lines, and had 7'],
    ['a journal cut at its end', (inside) => edit(inside, 'journal.ndjson', /\n[^\n]*\n$/, '\n'), 'journal.ndjson has 6 lines, and had 7'],
    ['a journal with its chain made anew', (inside) => edit(inside, 'journal.chain', /^./, 'x'), 'journal.chain was changed'],
    ['a changed report', (inside) => edit(inside, 'index.html', '!', '! '), 'index.html was changed'],
    ['a report that was taken out', (inside) => void delete inside['index.html'], 'index.html is missing'],
    ['a file that was added', (inside) => void (inside['other.txt'] = strToU8('x')), 'other.txt was added'],
    ['a changed digest', (inside) => edit(inside, 'manifest.json', /"sha256": "./, '"sha256": "x'), 'journal.ndjson was changed'],
    ['a manifest that is gone', (inside) => void delete inside['manifest.json'], 'it has no manifest.json'],
  ] as const satisfies readonly (readonly [string, (inside: Record<string, Uint8Array>) => void, string])[])('%s is found', ([, change, problem]) => {
    expect(verifyBundle(tampered(bundle, change)).problems).toContain(problem)
  })

  test('any byte that is changed in the archive is found, or changes nothing inside', () => {
    const flipped = (at: number): Uint8Array => bundle.map((byte, index) => (index === at ? byte ^ 0xff : byte))
    const all = Array.from({ length: Math.floor(bundle.length / 97) }, (_, step) => flipped(step * 97))
    const unseen = all.filter((changed) => verifyBundle(changed).problems.length === 0)
    expect(unseen.map((changed) => unzipSync(changed))).toEqual(unseen.map(() => unzipSync(bundle)))
  })
})

describe('a signature', () => {
  test('shows a manifest that was made to fit', () => {
    const bundle = tampered(signed, (inside) => edit(inside, 'manifest.json', record.runId, 'another'))
    expect(verifyBundle(bundle).problems).toEqual(['manifest.sig is not the signature of manifest.json by that key'])
  })

  test('by a stranger is none of the key that is trusted', () => {
    const forged = makeBundle(record, {}, files, stranger.privateKey)
    expect(verifyBundle(forged)).toMatchObject({ problems: [], signature: 'untrusted' })
    expect(verifyBundle(forged, pair.publicKey).problems).toHaveLength(1)
  })

  test('that was taken out is missed by who holds the key', () => {
    expect(verifyBundle(plain, pair.publicKey).problems).toEqual(['it has no manifest.sig, and should be signed'])
    expect(verifyBundle(tampered(signed, (inside) => void delete inside['manifest.sig'])).problems).toEqual(['it has no manifest.sig, and should be signed'])
  })

  test('is made by no key but one of Ed25519', () => {
    expect(() => makeBundle(record, {}, files, 'nonsense')).toThrow(/no Ed25519 key/)
  })
})

test('what is no archive is said to be none', () => {
  expect(verifyBundle(strToU8('nonsense')).problems[0]).toMatch('it is no whole zip archive')
})
