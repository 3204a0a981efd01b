import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { withLinks } from './archives.ts'

test('the links of an archive are links to whoever unpacks it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-archive-'))
  try {
    const empty = Buffer.alloc(1024)
    await writeFile(join(folder, 'links.tar'), withLinks(empty, { folder: join(folder, 'outside'), file: 'kept.txt', written: 'written.txt' }))
    const { stdout } = await execa('tar', ['-tf', 'links.tar'], { cwd: folder })
    expect(stdout.split('\n')).toEqual(['assay-file', '0/segments/assay-file', 'assay-folder', 'assay-folder/written.txt'])
    await execa('tar', ['-xf', 'links.tar', '--no-recursion', 'assay-file', 'assay-folder'], { cwd: folder })
    expect(await readlink(join(folder, 'assay-file'))).toBe(join(folder, 'outside', 'kept.txt'))
    expect(await readlink(join(folder, 'assay-folder'))).toBe(join(folder, 'outside'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
