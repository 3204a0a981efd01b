import { readFile } from 'node:fs/promises'
import { messageOf } from '../src/errors.ts'

/** One machine format and what it is checked with. */
export interface Validation {
  readonly file: string
  readonly by: string
  readonly result:
    | { readonly kind: 'valid' }
    | { readonly kind: 'invalid'; readonly problems: readonly string[] }
    | { readonly kind: 'not-checked'; readonly because: string }
}

interface Validator {
  readonly by: string
  readonly problems: (content: string) => Promise<readonly string[]>
}

const PROBLEMS_AT_MOST = 5

/**
 * Validates a report, which is read only where its format has a published schema, against that, with a validator that is not ours. Never throws: the validators are
 * development dependencies, and where one is missing the answer says so. Undefined for a format without a published schema.
 */
export async function validate(file: string, read: () => Promise<string> | string): Promise<Validation | undefined> {
  const validator = validators[file]
  if (validator === undefined) return undefined
  const { by } = validator
  try {
    const problems = await validator.problems(await read())
    return { file, by, result: problems.length === 0 ? { kind: 'valid' } : { kind: 'invalid', problems: problems.slice(0, PROBLEMS_AT_MOST) } }
  } catch (thrown) {
    return { file, by, result: { kind: 'not-checked', because: messageOf(thrown).split('\n')[0] ?? '' } }
  }
}

/** Whether a report of that name is validated. */
export const hasSchema = (file: string): boolean => file in validators

const schema = async (name: string): Promise<string> => readFile(new URL(`schemas/${name}`, import.meta.url), 'utf8')

interface AjvErrors {
  readonly errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null
}

const ajvProblems = ({ errors }: AjvErrors): readonly string[] => (errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ''}`)

async function sarifProblems(content: string): Promise<readonly string[]> {
  const [{ default: ajvDraft04 }, { default: formats }] = await Promise.all([import('ajv-draft-04'), import('ajv-formats')])
  // A pattern of the schema is none with the flag `u`.
  const ajv = new ajvDraft04.default({ strict: false, unicodeRegExp: false })
  formats.default(ajv)
  const check = ajv.compile(JSON.parse(await schema('sarif-2.1.0-rtm.5.json')) as object)
  check(JSON.parse(content))
  return ajvProblems(check)
}

async function oscalProblems(content: string): Promise<readonly string[]> {
  const [{ Ajv }, { default: formats }] = await Promise.all([import('ajv'), import('ajv-formats')])
  const ajv = new Ajv({ strict: false })
  formats.default(ajv)
  const check = ajv.compile(JSON.parse(await schema('oscal-assessment-results-1.2.3.json')) as object)
  check(JSON.parse(content))
  return ajvProblems(check)
}

async function junitProblems(content: string): Promise<readonly string[]> {
  const { validateXML } = await import('xmllint-wasm')
  const pages = Math.ceil((content.length * 12) / 65536) + 512
  const result = await validateXML({
    xml: [{ fileName: 'junit.xml', contents: content }],
    schema: [await schema('junit-10.xsd')],
    initialMemoryPages: pages,
    maxMemoryPages: Math.max(pages, 4096),
  })
  return result.valid ? [] : result.errors.map(({ rawMessage }) => rawMessage)
}

async function ctrfProblems(content: string): Promise<readonly string[]> {
  const ctrf = await import('ctrf')
  return ctrf.validate(JSON.parse(content)).errors.map((error) => JSON.stringify(error))
}

/** Every term must be one that its context defines, and nothing may be loaded for it. */
async function earlProblems(content: string): Promise<readonly string[]> {
  const { default: jsonld } = await import('jsonld')
  const document = JSON.parse(content) as { readonly '@graph': readonly unknown[] }
  const expanded = await jsonld.expand(document, {
    safe: true,
    documentLoader: (url) => Promise.reject(new Error(`${url} was to be loaded`)),
  })
  return expanded.length === document['@graph'].length ? [] : [`${document['@graph'].length} nodes became ${expanded.length}`]
}

const validators: Readonly<Record<string, Validator>> = {
  'junit.xml': { by: 'libxml2 (xmllint-wasm), JUnit 10 schema of the Jenkins xUnit plugin', problems: junitProblems },
  'results.sarif': { by: 'ajv-draft-04, SARIF 2.1.0 schema', problems: sarifProblems },
  'ctrf.json': { by: 'ctrf, its own schema', problems: ctrfProblems },
  'oscal-assessment-results.json': { by: 'ajv, OSCAL 1.2.3 assessment-results schema', problems: oscalProblems },
  'earl.jsonld': { by: 'jsonld, safe expansion', problems: earlProblems },
}
