import { createHash } from 'node:crypto'

/** A name space of our own (RFC 9562 §5.5): `vector-assay` in the name space of DNS names. */
const NAME_SPACE = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex')

/** A UUID of version 5: the same name gives the same one, so that a report made again is the same, byte by byte. */
export function uuidOf(...name: readonly string[]): string {
  const bytes = createHash('sha1')
    .update(NAME_SPACE)
    .update(['vector-assay', ...name].join('\0'))
    .digest()
    .subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
