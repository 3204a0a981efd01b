import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { digestOf } from '../src/documents.ts'
import { catalogueCheck, catalogueLines } from './catalogue.ts'
import { prose, rules, statementsOf } from '../suites/statement.ts'

const statements = statementsOf('doors.md', {
  Doors: [
    ['001', digestOf('A door has a lock.'), 'Doors lock.', rules('DOOR-LOCK-01')],
    ['002', digestOf('Read on.'), 'It goes on.', prose('points elsewhere')],
  ],
})

async function folderWith(text: string): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'assay-documents-'))
  await writeFile(join(path, 'doors.md'), text)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

test('documents whose every unit is listed pass the check', async () => {
  await using folder = await folderWith('# Doors\n\nA door has a lock. Read on. Read on.\n')
  const check = await catalogueCheck({ documents: folder.path, statements })
  expect(check).toMatchObject({ missing: [], vanished: [], moved: [] })
  expect(catalogueLines(check)).toEqual(['doors.md: 2 listed, 1 with rules, 1 excluded (1 prose), 0 not yet', 'every unit of the documents is listed'])
})

test('a sentence that changed is named as not listed, and its statement as no longer there', async () => {
  await using folder = await folderWith('# Doors\n\nA door has two locks. Read on.\n')
  const check = await catalogueCheck({ documents: folder.path, statements })
  expect(check.missing.map((unit) => unit.text)).toEqual(['A door has two locks.'])
  expect(check.vanished.map((statement) => statement.id)).toEqual(['doors/001'])
  expect(catalogueLines(check).at(-1)).toBe('1 not listed, 1 no longer there, 0 moved')
})

test('a statement of one document does not list the same sentence of another', async () => {
  await using folder = await folderWith('---\ntitle: Doors\n---\n\nA door has a lock. Read on.')
  await writeFile(join(folder.path, 'gates.html'), '<p>Read on.</p>')
  const { missing } = await catalogueCheck({ documents: folder.path, statements })
  expect(missing.map((unit) => `${unit.document}: ${unit.text}`)).toEqual(['gates.html: Read on.'])
})

test('a folder without documents, or none at all, is a mistake of the user', async () => {
  await using folder = await folderWith('')
  await rm(join(folder.path, 'doors.md'))
  await expect(catalogueCheck({ documents: folder.path })).rejects.toMatchObject({ code: 'USAGE' })
  await expect(catalogueCheck({ documents: join(folder.path, 'none') })).rejects.toMatchObject({ code: 'USAGE' })
})

test('a heading that changed is noticed, so that no rule cites a section that is gone', async () => {
  await using folder = await folderWith('# Gates\n\nA door has a lock.\n\n# Doors\n\nRead on.\n')
  const check = await catalogueCheck({ documents: folder.path, statements })
  expect(check).toMatchObject({ missing: [], vanished: [], moved: [{ id: 'doors/001' }] })
  expect(catalogueLines(check).at(-1)).toBe('0 not listed, 0 no longer there, 1 moved')
})
