import { readFileSync } from 'node:fs'
import { LineCounter, isMap, isNode, isScalar, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { HarnessError, messageOf } from '../src/errors.ts'
import { runtimeKinds } from '../src/instance.ts'
import { productNames } from '../src/rule.ts'

const patterns = z.array(z.string().min(1)).min(1)

const planFileSchema = z.strictObject({
  /** Versions by product; an empty list takes the default version. */
  products: z.partialRecord(z.enum(productNames), z.array(z.string().regex(/^\d+\.\d+\.\d+$/, 'a version has three numbers')).readonly()).optional(),
  runtime: z.enum(['auto', ...runtimeKinds]).optional(),
  images: z.partialRecord(z.enum(productNames), z.string().min(1)).optional(),
  rules: patterns.optional(),
  cases: patterns.optional(),
})

export type PlanFile = z.infer<typeof planFileSchema>

/**
 * Reads a plan: YAML with `products`, `runtime`, `images`, `rules`, `cases`.
 *
 * @throws HarnessError `CONFIG_INVALID` with file, line and what is wrong
 */
export function readPlanFile(path: string): PlanFile {
  const lines = new LineCounter()
  const document = parseDocument(textOf(path), { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) throw invalid(path, lines.linePos(error.pos[0]).line, error.message)
  const checked = planFileSchema.safeParse(document.toJS() ?? {})
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const at = issue === undefined ? 0 : offsetOf(document, issue)
  throw invalid(path, lines.linePos(at).line, `${issue?.path.join('.') ?? ''}${issue?.path.length === 0 ? '' : ': '}${issue?.message ?? ''}`)
}

/** Where in the text an issue is: a key that should not be there, else the value that is wrong. */
function offsetOf(document: Document.Parsed, issue: z.core.$ZodIssue): number {
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.code === 'invalid_key' ? issue.path.at(-1) : undefined
  const path = issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path
  const node = document.getIn(path, true)
  if (unknownKey === undefined || !isMap(node)) return startOf(node)
  return startOf(node.items.find(({ key }) => isScalar(key) && key.value === unknownKey)?.key ?? node)
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)

const invalid = (path: string, line: number, what: string): HarnessError =>
  new HarnessError('CONFIG_INVALID', `${path}, line ${line}: ${what}`, { hint: 'a plan has products, runtime, images, rules, cases' })

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new HarnessError('CONFIG_INVALID', `the plan ${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
}
