import { execa } from 'execa'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { EXIT, HarnessError } from '../src/errors.ts'
import { packageRoot } from '../src/root.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { productNames } from '../src/rule.ts'
import { suites } from '../suites/registry.ts'
import { meantOr, oneOf, type Arguments, type Command } from './command.ts'
import { productFiles, ruleFiles, type Files } from './templates.ts'

export const newCommand: Command = {
  says: 'begins a rule or a product, for whoever works on Assay itself',
  positionals: 'rule <product> <RULE-ID> | product <name> <PREFIX>',
  options: {
    like: { type: 'string', value: 'CASE', says: 'of a rule: the case that its first one is like; absent: a refusal' },
    root: { type: 'string', value: 'FOLDER', says: 'the project; absent: this one' },
  },
  async run(args) {
    const [what, name, id] = args.positionals
    if (name === undefined || id === undefined)
      throw new HarnessError('USAGE', 'assay new: what, and under which name?', { hint: '`assay new --help` says it' })
    const kind = oneOf('the thing', what ?? '', ['rule', 'product'])
    const root = args.one('root') ?? packageRoot
    const files = kind === 'rule' ? newRule(name, id, root, args) : newProduct(name, id)
    write(root, files)
    // A value that was copied may be shorter than the line that it is written in.
    await execa(join(packageRoot, 'node_modules', '.bin', 'oxfmt'), Object.keys(files), { cwd: root, reject: false })
    console.log(
      Object.keys(files)
        .map((file) => `wrote   ${file}`)
        .join('\n'),
    )
    console.log(next[kind])
    return EXIT.conforms
  },
}

const next = {
  rule: 'next    say what is promised, what the case asks, and which fault breaks it (fixtures/faults); then docs/writing-a-rule.md',
  product: 'next    put its own requests in the place of /items; then docs/adding-a-product.md',
} as const

function newRule(name: string, id: string, root: string, args: Arguments): Files {
  const product = oneOf('the product', name, productNames)
  const suite: Suite = suites[product]
  if (!/^[A-Z]{3}(-[A-Z0-9]+)+-\d\d$/.test(id)) throw new HarnessError('USAGE', `${id} is no name of a rule`, { hint: 'for example QDR-KEY-SHORT-01' })
  if (Object.hasOwn(suite.rules, id)) throw new HarnessError('USAGE', `there is a rule ${id} already`, { hint: 'ids are never used again' })
  const wanted = args.one('like')
  const rows = casesOf(suite)
  const like = rows.find((row) => (wanted === undefined ? row.expect.kind === 'refused' : row.id === wanted))
  if (like === undefined)
    throw new HarnessError('UNKNOWN_NAME', `no case is called ${wanted}`, {
      hint: meantOr(
        wanted ?? '',
        rows.map((row) => row.id),
        '',
      ),
    })
  return ruleFiles({ product, id, like, suite: readFileSync(join(root, 'suites', product, 'suite.ts'), 'utf8') })
}

function newProduct(name: string, prefix: string): Files {
  if (/^[a-z][a-z0-9-]{1,30}$/.test(name) && /^[A-Z]{3}$/.test(prefix)) return productFiles(name, prefix)
  throw new HarnessError('USAGE', `${name} ${prefix}: a name in small letters and three capitals are expected`, {
    hint: 'for example `assay new product chroma CHR`',
  })
}

/** Nothing that is there is written over, but the suite that gets another table. */
function write(root: string, files: Files): void {
  const taken = Object.keys(files).find((file) => !file.endsWith('/suite.ts') && existsSync(join(root, file)))
  if (taken !== undefined) throw new HarnessError('USAGE', `${taken} is there already`)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
}
