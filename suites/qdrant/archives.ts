/** Sizes of a tar archive (POSIX ustar). */
const BLOCK = 512
const CHECKSUM_AT = 148

export interface Links {
  /** Where they lead, absolute. */
  readonly folder: string
  /** A file there that is to be read. */
  readonly file: string
  /** A file there that is to be made. */
  readonly written: string
}

/** The archive, and before all that is in it: links to a file outside, a link to the folder outside, and a file through that link. */
export function withLinks(archive: Buffer, { folder, file, written }: Links): Buffer {
  const entries = [
    entry({ name: 'assay-file', kind: '2', link: `${folder}/${file}` }),
    entry({ name: '0/segments/assay-file', kind: '2', link: `${folder}/${file}` }),
    entry({ name: 'assay-folder', kind: '2', link: folder }),
    entry({ name: `assay-folder/${written}`, kind: '0', content: Buffer.from('written through a link') }),
  ]
  return Buffer.concat([...entries, archive])
}

interface Entry {
  readonly name: string
  /** `0`: a file, `2`: a symbolic link. */
  readonly kind: '0' | '2'
  readonly link?: string
  readonly content?: Buffer
}

function entry({ name, kind, link = '', content = Buffer.alloc(0) }: Entry): Buffer {
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`
  header.write(name, 0, 100)
  header.write(octal(0o644, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(content.length, 12), 124)
  header.write(octal(0, 12), 136)
  header.write(' '.repeat(8), CHECKSUM_AT)
  header.write(kind, 156)
  header.write(link, 157, 100)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM_AT)
  return Buffer.concat([header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)])
}
