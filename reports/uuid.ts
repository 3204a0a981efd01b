import { hash } from 'node:crypto'

/** A name space of our own (RFC 9562 §5.5): `vector-assay` in the name space of DNS names. */
const NAME_SPACE = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex')

/** A UUID of version 5: the same name gives the same one, so that a report made again is the same, byte by byte. */
export function uuidOf(...name: readonly string[]): string {
  const bytes = hash('sha1', Buffer.concat([NAME_SPACE, Buffer.from(['vector-assay', ...name].join('\0'))]), 'buffer')
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
