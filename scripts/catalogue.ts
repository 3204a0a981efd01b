import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { splitDocument, type Unit } from '../src/documents.ts'
import { EXIT, HarnessError, type ExitCode } from '../src/errors.ts'
import { packageRoot } from '../src/root.ts'
import type { Statement } from '../src/rule.ts'
import { countsText, countStatements, type DocumentCounts } from '../suites/coverage.ts'
import type { Command } from './command.ts'
import { rulePage } from './rule-pages.ts'
import { keycloakStatements } from '../suites/keycloak/statements.ts'
import { milvusStatements } from '../suites/milvus/statements.ts'
import { qdrantStatements } from '../suites/qdrant/statements.ts'
import { suites } from '../suites/registry.ts'
import { weaviateStatements } from '../suites/weaviate/statements.ts'

const allStatements: readonly Statement[] = [...qdrantStatements, ...milvusStatements, ...weaviateStatements, ...keycloakStatements]

export interface DocumentUnit extends Unit {
  readonly document: string
}

export interface CatalogueCheck {
  /** Units of the documents that no statement lists. */
  readonly missing: readonly DocumentUnit[]
  /** Statements whose original is no longer in its document. */
  readonly vanished: readonly Statement[]
  /** Statements whose original stands under another heading now: the sources that rules cite would mislead. */
  readonly moved: readonly Statement[]
  readonly counts: Readonly<Record<string, DocumentCounts>>
}

/**
 * Compares the documents of a folder with the statements that are listed, by document and digest.
 *
 * @throws HarnessError `USAGE` where the folder cannot be read or holds no document.
 */
export async function catalogueCheck(options: { readonly documents: string; readonly statements?: readonly Statement[] }): Promise<CatalogueCheck> {
  const statements = options.statements ?? allStatements
  const units = await unitsIn(options.documents)
  const listed = new Set(statements.map(keyOf))
  const present = new Set(units.map(keyOf))
  const places = new Set(units.map(placeOf))
  return {
    missing: units.filter((unit) => !listed.has(keyOf(unit))),
    vanished: statements.filter((statement) => !present.has(keyOf(statement))),
    moved: statements.filter((statement) => present.has(keyOf(statement)) && !places.has(placeOf(statement))),
    counts: countsByDocument(statements),
  }
}

const keyOf = (item: { readonly document: string; readonly digest: string }): string => `${item.document} ${item.digest}`

/** Quotation marks and what a wrong encoding makes of them do not count. */
const placeOf = (item: { readonly document: string; readonly digest: string; readonly section: string }): string =>
  `${keyOf(item)} ${item.section.replace(/[^a-z0-9]/gi, '')}`

const agrees = (check: CatalogueCheck): boolean => check.missing.length + check.vanished.length + check.moved.length === 0

function countsByDocument(statements: readonly Statement[]): Readonly<Record<string, DocumentCounts>> {
  const documents = Object.groupBy(statements, (statement) => statement.document)
  return Object.fromEntries(Object.entries(documents).map(([document, rows = []]) => [document, countStatements(rows)]))
}

async function unitsIn(folder: string): Promise<readonly DocumentUnit[]> {
  const names = (await readFolder(folder)).filter((name) => /\.(?:md|html?)$/i.test(name)).toSorted()
  if (names.length === 0)
    throw new HarnessError('USAGE', `no document (.md, .html) in ${folder}`, { hint: 'name the folder that holds the documents: --documents DIR' })
  const pages = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })))
  return pages.flatMap(({ name, text }) => splitDocument(name, text).map((unit) => ({ document: name, ...unit })))
}

async function readFolder(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    throw new HarnessError('USAGE', `cannot read the folder of documents ${folder}`, {
      cause,
      hint: 'name the folder that holds the documents: --documents DIR',
    })
  }
}

/** One line for each finding and each document; the last line is the verdict. */
export function catalogueLines(check: CatalogueCheck): readonly string[] {
  return [
    ...check.missing.map((unit) => `not listed: ${unit.document}, ${unit.section} (${unit.kind} ${unit.digest}): ${unit.text.slice(0, 160)}`),
    ...check.vanished.map((statement) => `no longer there: ${statement.id}, ${statement.section} (${statement.digest}): ${statement.says}`),
    ...check.moved.map((statement) => `no longer under ${statement.section}: ${statement.id} (${statement.digest}): ${statement.says}`),
    ...Object.entries(check.counts).map(([document, counts]) => `${document}: ${countsText(counts)}`),
    agrees(check)
      ? 'every unit of the documents is listed'
      : `${check.missing.length} not listed, ${check.vanished.length} no longer there, ${check.moved.length} moved`,
  ]
}

export const catalogueCommand: Command = {
  says: '`catalogue check` compares the documents with the statements that are listed; `catalogue write` writes docs/rules',
  positionals: 'check | write',
  options: { documents: { type: 'string', value: 'DIR', says: 'the folder that holds the documents' } },
  /** 0 where the documents and the list agree, 1 where they do not. */
  async run(args) {
    if (args.positionals[0] === 'write') return await writePages(join(packageRoot, 'docs', 'rules'))
    const documents = args.one('documents')
    if (args.positionals[0] !== 'check' || documents === undefined)
      throw new HarnessError('USAGE', 'assay catalogue: `check --documents DIR` and `write` are all that it does')
    const check = await catalogueCheck({ documents })
    for (const line of catalogueLines(check)) console.log(line)
    return agrees(check) ? EXIT.conforms : EXIT.deviations
  },
}

async function writePages(folder: string): Promise<ExitCode> {
  await mkdir(folder, { recursive: true })
  for (const suite of Object.values(suites)) await writeFile(join(folder, `${suite.product}.md`), rulePage(suite))
  console.log(`${folder}: a page for each of ${Object.keys(suites).length} products`)
  return EXIT.conforms
}
