import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../src/root.ts'

const folder = join(packageRoot, 'docs')
const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'))
const textOf = (path: string): string => readFileSync(path, 'utf8')
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

test.each(pages)('%s shows code that is in the file it names', (page) => {
  const shown = [...textOf(join(folder, page)).matchAll(/<!-- from: (\S+) -->\s+```\w+\n(.*?)```/gs)]
  const lost = shown.filter(([, file = '', code = '']) => !flat(textOf(join(packageRoot, file))).includes(flat(code)))
  expect(lost.map(([, file, code]) => `${file}: ${code}`)).toEqual([])
})

test('of the code in the pages, every piece of TypeScript names its file', () => {
  const nameless = pages.filter(
    (page) => (textOf(join(folder, page)).match(/```ts\n/g)?.length ?? 0) !== (textOf(join(folder, page)).match(/<!-- from: /g)?.length ?? 0),
  )
  expect(nameless).toEqual([])
})

test.each([...pages.map((page) => join('docs', page)), 'README.md', 'CONTRIBUTING.md', 'SECURITY.md'])('%s links to pages that are there', (page) => {
  const links = [...textOf(join(packageRoot, page)).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = '']) => to)
  expect(links.filter((to) => !existsSync(join(packageRoot, dirname(page), to)))).toEqual([])
})
