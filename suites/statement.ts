import type { ExclusionReason, Statement } from '../src/rule.ts'

type Traced = Statement['traced']

/** Number in its document, digest of the original, our paraphrase, its rules or the reason why it has none. */
export type StatementRow = readonly [number: string, digest: string, says: string, traced: Traced]

export const notYet = 'not-yet'
export const rules = (...ids: readonly [string, ...string[]]): Traced => ({ rules: ids })

const excluded =
  (reason: ExclusionReason) =>
  (note: string): Traced => ({ excluded: reason, note })

export const prose = excluded('prose')
export const cloudOnly = excluded('cloud-only')
export const kubernetesOnly = excluded('kubernetes-only')
export const otherProduct = excluded('other-product')
export const notTestable = excluded('not-testable')

/** The statements of one document by its sections. A number is given once and never again. */
export function statementsOf(document: string, sections: Readonly<Record<string, readonly StatementRow[]>>): readonly Statement[] {
  const name = document.replace(/\.\w+$/, '')
  return Object.entries(sections).flatMap(([section, rows]) =>
    rows.map(([number, digest, says, traced]) => ({ id: `${name}/${number}`, document, section, says, digest, traced })),
  )
}
