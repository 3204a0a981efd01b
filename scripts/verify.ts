import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { verifyBundle } from '../reports/bundle.ts'
import { visibleLine } from '../reports/visible.ts'
import { EXIT, HarnessError, messageOf } from '../src/errors.ts'
import type { Command } from './command.ts'

export const verifyCommand: Command = {
  says: 'checks an evidence bundle: what was changed, removed or added since it was made',
  positionals: '<bundle.zip>',
  options: { key: { type: 'string', value: 'FILE', says: 'the public key (Ed25519, PEM) that it must be signed by' } },
  async run({ positionals: [path], one }) {
    if (path === undefined) throw new HarnessError('USAGE', 'assay verify: which bundle?', { hint: 'make one with `assay report <run> --bundle`' })
    const key = one('key')
    const bytes = await read(path)
    const { problems, manifest, signature } = verifyBundle(bytes, key === undefined ? undefined : (await read(key)).toString('utf8'))
    console.log(`bundle     sha256:${createHash('sha256').update(bytes).digest('hex')}`)
    if (manifest !== undefined)
      console.log(`run        ${visibleLine(manifest.runId)}, ${manifest.chain.lines} lines\n           ${visibleLine(manifest.headline)}`)
    console.log(`signature  ${signatures[signature]}`)
    for (const problem of problems) console.log(`CHANGED    ${visibleLine(problem)}`)
    console.log(problems.length === 0 ? 'nothing was changed since it was made' : 'this bundle is not as it was made')
    return problems.length === 0 ? EXIT.conforms : EXIT.deviations
  },
}

const signatures = {
  none: 'none: who made it cannot be said; compare its digest with the one that was printed then',
  untrusted: 'by the key inside it, which anyone could have made: name the one that you trust by --key',
  trusted: 'by the key that you named',
} as const

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw new HarnessError('USAGE', `${path} cannot be read: ${messageOf(cause)}`, { cause })
  })
}
