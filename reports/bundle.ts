import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { strFromU8, strToU8, unzipSync, zipSync, type UnzipFileFilter } from 'fflate'
import { z } from 'zod'
import { HarnessError, messageOf } from '../src/errors.ts'
import type { Json } from '../src/json.ts'
import type { RunRecord } from './run-schema.ts'

/** A thousand times the journal of a small run; a bomb is larger. */
const LARGEST_BUNDLE_BYTES = 2 ** 31
const JOURNAL = 'journal.ndjson'
const CHAIN = 'journal.chain'
const MANIFEST = 'manifest.json'
const SIGNATURE = 'manifest.sig'
const PUBLIC_KEY = 'public-key.pem'

const text = z.string()
const json: z.ZodType<Json> = z.json()
const manifestSchema = z.object({
  schema: z.literal(1),
  runId: text,
  headline: text,
  tool: z.object({ name: text, version: text, commit: text.exactOptional() }),
  startedAt: text,
  finishedAt: text.nullable(),
  /** What was asked for, as the journal's header has it: versions, runtime, patterns, sample. */
  selection: json,
  instances: z.array(z.object({ id: text, product: text, version: text, evidence: text, origin: text.nullable(), digest: text.nullable() })),
  /** Each line's hash covers the hash before it: `journal.chain` has them all, `head` is the last. */
  chain: z.object({ algorithm: z.literal('sha256'), lines: z.int(), head: text }),
  files: z.array(z.object({ name: text, bytes: z.int(), sha256: text })),
})

export type Manifest = z.infer<typeof manifestSchema>
export type Files = Readonly<Record<string, Uint8Array>>

const sha256 = (...parts: readonly (Uint8Array | string)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

function chainOf(journal: Uint8Array): readonly string[] {
  const hashes: string[] = []
  let before = ''
  for (let from = 0; from < journal.length;) {
    const at = journal.indexOf(0x0a, from)
    const end = at < 0 ? journal.length : at + 1
    before = sha256(before, journal.subarray(from, end))
    hashes.push(before)
    from = end
  }
  return hashes
}

/**
 * One archive of a run: its journal with a hash chained from line to line, its reports, and a manifest of all digests,
 * servers and versions. With a private key (Ed25519, PEM) the manifest is signed. The same files give the same archive.
 *
 * @throws HarnessError `CONFIG_INVALID` for a key that cannot be used
 */
export function makeBundle(record: RunRecord, selection: Manifest['selection'], files: Files, privateKeyPem?: string): Uint8Array {
  const chain = chainOf(files[JOURNAL] ?? new Uint8Array())
  const all: Files = { ...files, [CHAIN]: strToU8(chain.map((hash) => `${hash}\n`).join('')) }
  const manifest: Manifest = {
    schema: 1,
    runId: record.runId,
    headline: record.headline,
    tool: record.tool,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    selection,
    instances: record.instances.map(({ id, product, version, evidence, origin, digest }) => ({ id, product, version, evidence, origin, digest })),
    chain: { algorithm: 'sha256', lines: chain.length, head: chain.at(-1) ?? '' },
    files: Object.entries(all).map(([name, content]) => ({ name, bytes: content.length, sha256: sha256(content) })),
  }
  const bytes = strToU8(`${JSON.stringify(manifest, null, 2)}\n`)
  const signed = privateKeyPem === undefined ? {} : signatureOf(bytes, privateKeyPem)
  return zipSync({ ...all, [MANIFEST]: bytes, ...signed }, { mtime: new Date(record.startedAt), level: 6 })
}

function signatureOf(manifest: Uint8Array, privateKeyPem: string): Files {
  const key = keyOf(() => createPrivateKey(privateKeyPem))
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' })
  return { [SIGNATURE]: strToU8(`${sign(null, manifest, key).toString('base64')}\n`), [PUBLIC_KEY]: strToU8(String(publicKey)) }
}

function keyOf(read: () => KeyObject): KeyObject {
  try {
    const key = read()
    if (key.asymmetricKeyType === 'ed25519') return key
    throw new TypeError(`it is of type ${key.asymmetricKeyType ?? 'unknown'}`)
  } catch (cause) {
    throw new HarnessError('CONFIG_INVALID', `the key is no Ed25519 key in PEM: ${messageOf(cause)}`, {
      cause,
      hint: 'make one with `openssl genpkey -algorithm ed25519`',
    })
  }
}

export interface BundleCheck {
  /** Each thing that is not as it was when the bundle was made; empty: nothing was changed. */
  readonly problems: readonly string[]
  readonly manifest: Manifest | undefined
  /** `trusted`: signed by the key that was given; `untrusted`: by the key inside, which says nothing of who that is. */
  readonly signature: 'none' | 'untrusted' | 'trusted'
}

/** Finds whatever was changed, removed or added since the bundle was made. Throws only for a key that cannot be used. */
export function verifyBundle(bundle: Uint8Array, publicKeyPem?: string): BundleCheck {
  const given = publicKeyPem === undefined ? undefined : keyOf(() => createPublicKey(publicKeyPem))
  const files = opened(bundle)
  if (typeof files === 'string') return { problems: [files], manifest: undefined, signature: 'none' }
  const manifest = manifestOf(files[MANIFEST])
  if (typeof manifest === 'string') return { problems: [manifest], manifest: undefined, signature: 'none' }
  const signed = signatureProblems(files, given)
  return { problems: [...signed, ...fileProblems(files, manifest), ...chainProblems(files, manifest)], manifest, signature: signatureKind(files, given) }
}

function opened(bundle: Uint8Array): Files | string {
  try {
    return unzipSync(bundle, { filter: boundedBy(LARGEST_BUNDLE_BYTES) })
  } catch (thrown) {
    return `it is no whole zip archive: ${messageOf(thrown)}`
  }
}

/** An archive says how large its files are before they are unpacked, and none becomes larger than that. */
function boundedBy(most: number): UnzipFileFilter {
  let sum = 0
  return ({ originalSize }) => {
    sum += originalSize
    if (sum > most) throw new Error(`unpacked it is larger than ${most} bytes`)
    return true
  }
}

function manifestOf(bytes: Uint8Array | undefined): Manifest | string {
  if (bytes === undefined) return `it has no ${MANIFEST}`
  try {
    return manifestSchema.parse(JSON.parse(strFromU8(bytes)))
  } catch (thrown) {
    return `${MANIFEST} is not one of this tool: ${messageOf(thrown).split('\n')[0] ?? ''}`
  }
}

const signatureKind = (files: Files, given: KeyObject | undefined): BundleCheck['signature'] =>
  files[SIGNATURE] === undefined ? 'none' : given === undefined ? 'untrusted' : 'trusted'

function signatureProblems(files: Files, given: KeyObject | undefined): readonly string[] {
  const { [SIGNATURE]: signature, [PUBLIC_KEY]: inside, [MANIFEST]: manifest } = files
  if (signature === undefined) return given === undefined && inside === undefined ? [] : [`it has no ${SIGNATURE}, and should be signed`]
  if (manifest === undefined) return []
  try {
    const key = given ?? createPublicKey(strFromU8(inside ?? new Uint8Array()))
    return verify(null, manifest, key, Buffer.from(strFromU8(signature), 'base64')) ? [] : [`${SIGNATURE} is not the signature of ${MANIFEST} by that key`]
  } catch (thrown) {
    return [`${SIGNATURE} cannot be checked: ${messageOf(thrown)}`]
  }
}

function fileProblems(files: Files, { files: listed }: Manifest): readonly string[] {
  const known = new Set([...listed.map(({ name }) => name), MANIFEST, SIGNATURE, PUBLIC_KEY])
  const added = Object.keys(files).filter((name) => !known.has(name))
  const changed = listed.flatMap(({ name, bytes, sha256: digest }) => {
    const content = files[name]
    if (content === undefined) return [`${name} is missing`]
    return content.length === bytes && sha256(content) === digest ? [] : [`${name} was changed`]
  })
  return [...changed, ...added.map((name) => `${name} was added`)]
}

/** Says at which line a journal was changed first: the hashes before it still agree. */
function chainProblems(files: Files, { chain }: Manifest): readonly string[] {
  const hashes = chainOf(files[JOURNAL] ?? new Uint8Array())
  const kept = strFromU8(files[CHAIN] ?? new Uint8Array())
    .split('\n')
    .filter((line) => line !== '')
  const at = hashes.findIndex((hash, index) => hash !== kept[index])
  const cut = hashes.length === chain.lines ? [] : [`${JOURNAL} has ${hashes.length} lines, and had ${chain.lines}`]
  const turned = at < 0 ? [] : [`${JOURNAL} departs from its chain at line ${at + 1}`]
  const head = hashes.at(-1) === chain.head || (hashes.length === 0 && chain.head === '') ? [] : [`the chain of ${JOURNAL} does not end as the manifest says`]
  return [...cut, ...turned, ...head]
}
