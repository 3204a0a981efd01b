import { expect, test } from 'vitest'
import { EXIT, HarnessError } from '../src/errors.ts'
import { helpOf, oneOf, pairOf, parseArguments, type Command } from './command.ts'

const command: Command = {
  says: 'does something',
  positionals: '',
  options: {
    product: { type: 'string', multiple: true, value: 'NAME', says: 'only these' },
    out: { type: 'string', value: 'FOLDER', says: 'where to' },
    cached: { type: 'boolean', says: 'without the network' },
  },
  run: async () => EXIT.conforms,
}

const failureOf = (act: () => unknown): HarnessError => {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof HarnessError) return thrown
  }
  throw new Error('it did not fail as expected')
}

test('an option may be repeated, or hold several values with commas', () => {
  const args = parseArguments('run', command, ['--product', 'milvus,qdrant', '--product=weaviate', '--cached'])
  expect(args.all('product')).toEqual(['milvus', 'qdrant', 'weaviate'])
  expect([args.is('cached'), args.one('out')]).toEqual([true, undefined])
})

test.each([
  [['--produkt', 'milvus'], '--produkt'],
  [['--out'], '--out'],
  [['milvus'], 'milvus'],
  [['--cached=yes'], '--cached'],
])('%j is a usage error that names %s', (argv, named) => {
  const failure = failureOf(() => parseArguments('run', command, argv))
  expect([failure.code, failure.exitCode]).toEqual(['USAGE', 2])
  expect(failure.message).toContain(named)
  expect(failure.message).not.toContain('\n')
})

test('an unknown name is refused with those that are known', () => {
  const failure = failureOf(() => oneOf('the product', 'milvius', ['milvus', 'qdrant']))
  expect([failure.exitCode, failure.message, failure.hint]).toEqual([2, 'the product "milvius" is not known', 'did you mean milvus? known: milvus, qdrant'])
})

test('a pair needs a product, an equals sign and a value', () => {
  expect(pairOf('version', 'milvus=2.3.5')).toEqual(['milvus', '2.3.5'])
  expect(pairOf('image', 'milvus=here/milvus:1@sha256:a=b')).toEqual(['milvus', 'here/milvus:1@sha256:a=b'])
  for (const given of ['2.3.5', '=2.3.5', 'milvus=']) expect(failureOf(() => pairOf('version', given)).exitCode).toBe(2)
})

test('the help of a command fits a screen and names each option', () => {
  expect(helpOf('run', command)).toMatchInlineSnapshot(`
    "assay run
      does something

      --product NAME  only these
      --out FOLDER    where to
      --cached        without the network"
  `)
})
