import { inflateRawSync } from 'node:zlib'
import { Vault, type Secret } from '../src/secret.ts'

/** Shorter ones (a documented default password) are words that stand anywhere. */
const SHORTEST_SEARCHED = 12

/** What nobody needs to have been told of to know it for a secret. */
const shapes = {
  'a private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  // RFC 7515: a header that is a JSON object, a payload that is one, and a signature.
  'a signed token': /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}/,
} as const

/**
 * The names of the secrets that a text holds: those of the run in any form that a vault knows (escaped, percent-encoded,
 * base64), and whatever has the shape of one. What a page keeps compressed is searched too.
 */
export function leaksIn(text: string, secrets: readonly Secret[]): readonly string[] {
  const texts = [text, ...inflated(text)]
  const known = secrets.filter((secret) => secret.reveal().length >= SHORTEST_SEARCHED && texts.some((one) => holds(one, secret))).map(({ label }) => label)
  const shaped = Object.entries(shapes).flatMap(([name, shape]) => (texts.some((one) => shape.test(one)) ? [name] : []))
  return [...new Set([...known, ...shaped])]
}

function holds(text: string, secret: Secret): boolean {
  const vault = new Vault()
  vault.secret(secret.reveal(), secret.label)
  return vault.redact(text) !== text
}

function inflated(text: string): readonly string[] {
  if (!text.startsWith('<!doctype html>')) return []
  const chunks = text.matchAll(/<script type="application\/octet-stream" id="[^"]+">([^<]+)<\/script>/g)
  return [...chunks].map(([, packed = '']) => inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8'))
}
