import { readFileSync, statSync } from 'node:fs'
import { LineCounter, isMap, isNode, isScalar, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { HarnessError, messageOf, type HarnessErrorCode } from './errors.ts'

/** What a person writes by hand is smaller; of aliases that multiply, the parser itself takes a hundred. */
const LARGEST_BYTES = 1024 * 1024

export interface YamlFileOptions {
  readonly code: HarnessErrorCode
  /** What it is, for a message: `the plan`. */
  readonly what: string
  /** What a user may write there. */
  readonly hint: string
}

/** A YAML file that was checked, and on which line each of its parts is. */
export interface YamlFile<T> {
  readonly value: T
  lineOf(path: readonly PropertyKey[]): number
  /** An error that names the file and the line of a part. */
  error(path: readonly PropertyKey[], what: string): HarnessError
}

/**
 * Reads YAML and checks it.
 *
 * @throws HarnessError of the given code, with file, line and what is wrong
 */
export function readYamlFile<T>(path: string, schema: z.ZodType<T>, options: YamlFileOptions): YamlFile<T> {
  const lines = new LineCounter()
  const document = parseDocument(textOf(path, options), { lineCounter: lines, prettyErrors: false })
  const invalid = (offset: number, what: string): HarnessError =>
    new HarnessError(options.code, `${path}, line ${lines.linePos(offset).line}: ${what}`, { hint: options.hint })
  const [error] = document.errors
  if (error !== undefined) throw invalid(error.pos[0], error.message)
  const checked = schema.safeParse(document.toJS() ?? {})
  if (!checked.success) throw issueOf(document, checked.error.issues[0], invalid)
  const offset = (at: readonly PropertyKey[]): number => startOf(nearest(document, at))
  return { value: checked.data, lineOf: (at) => lines.linePos(offset(at)).line, error: (at, what) => invalid(offset(at), what) }
}

function issueOf(document: Document.Parsed, issue: z.core.$ZodIssue | undefined, invalid: (offset: number, what: string) => HarnessError): HarnessError {
  const where = issue?.path.join('.') ?? ''
  return invalid(issue === undefined ? 0 : offsetOf(document, issue), `${where}${where === '' ? '' : ': '}${issue?.message ?? ''}`)
}

/** Where in the text an issue is: a key that should not be there, else the value that is wrong, else what it is missing from. */
function offsetOf(document: Document.Parsed, issue: z.core.$ZodIssue): number {
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.code === 'invalid_key' ? issue.path.at(-1) : undefined
  const path = issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path
  const node = nearest(document, path)
  if (unknownKey === undefined || !isMap(node)) return startOf(node)
  return startOf(node.items.find(({ key }) => isScalar(key) && key.value === unknownKey)?.key ?? node)
}

/** The part that a path names, or the innermost around it that is there. */
function nearest(document: Document.Parsed, path: readonly PropertyKey[]): unknown {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node)) return node
  }
  return document.contents
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)

function textOf(path: string, { code, what }: YamlFileOptions): string {
  try {
    if (statSync(path).size > LARGEST_BYTES) throw new Error(`it is larger than ${LARGEST_BYTES} bytes`)
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new HarnessError(code, `${what} ${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
}
