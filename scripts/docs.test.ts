import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { matchesPattern } from '../src/deviation.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { packageRoot } from '../src/root.ts'
import { suites } from '../suites/registry.ts'
import { oneOf, parseArguments, type Command } from './command.ts'
import { commandNames, commands } from './commands.ts'

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

const everyPage = [...pages.map((page) => join('docs', page)), 'README.md', 'CONTRIBUTING.md', 'SECURITY.md']

/** The commands of Assay in a page's pieces of shell and YAML, each as its words; what a reader fills in is not among them. */
function commandsIn(page: string): readonly (readonly string[])[] {
  const code = [...textOf(join(packageRoot, page)).matchAll(/```(?:sh|yaml)\n(.*?)```/gs)].map(([, text = '']) => text.replaceAll(/\\\n\s*/g, ' ')).join('\n')
  return code.split('\n').flatMap((line) => {
    const [, called] = /^\s*(?:- run: |run: )?(npm start\b.*|npm run assay -- .*|assay .*)$/.exec(line.replace(/\s#.*$/, '')) ?? []
    if (called === undefined || /[…$<|]/.test(called)) return []
    const words = called.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll(`'`, '')) ?? []
    return [called.startsWith('npm start') ? ['run', ...words.slice(3)] : words.slice(called.startsWith('npm') ? 4 : 1)]
  })
}

test.each(everyPage)('%s shows commands that the command line takes', async (page) => {
  for (const [name = '', ...argv] of commandsIn(page)) {
    const command: Command = await commands[oneOf('the command', name, commandNames)]()
    expect(() => parseArguments(name, command, argv)).not.toThrow()
  }
})

test('of a product, a rule or a case that a page names, there is one', () => {
  const named = everyPage.flatMap((page) =>
    commandsIn(page).flatMap(([, ...argv]) => argv.filter((word) => /^[A-Z]{3}-[A-Z]|^(qdrant|milvus|weaviate|keycloak|\*)\./.test(word))),
  )
  const known = Object.values(suites).flatMap((suite: Suite) => [...Object.keys(suite.rules), ...casesOf(suite).map(({ id }) => id)])
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((pattern) => !known.some((name) => matchesPattern(pattern, name)))).toEqual([])
})
