export const productNames = ['qdrant', 'milvus', 'weaviate', 'keycloak'] as const
export type ProductName = (typeof productNames)[number]

/** Whether Assay itself knows the product: a user's own has another name. */
export const isProductName = (name: string): name is ProductName => (productNames as readonly string[]).includes(name)

export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** Where a promise comes from; reported apart. `derived` follows from a documented rule without being written. */
export type SourceKind = 'document' | 'vendor-page' | 'standard' | 'advisory' | 'derived'

export interface Source {
  readonly kind: SourceKind
  /** The document and its section, an RFC and its section, an advisory's id: `qdrant-security, Read-only API key`. */
  readonly ref: string
}

/** One promise. Ids are stable and never used again: `QDR-JWT-EXP-01`. */
/** `Product` is another name where a product is described outside of this repository. */
export interface Rule<Product extends string = ProductName> {
  readonly product: Product
  /** The promise in our own words, one sentence. */
  readonly says: string
  readonly source: Source
  readonly level: 'MUST' | 'SHOULD'
  readonly severity: Severity
  /** A semver range of the versions that it holds for; absent: all. */
  readonly versions?: string
  /** `CWE-306` … */
  readonly cwe: readonly `CWE-${number}`[]
  /** Controls of NIST SP 800-53 r5: `AC-3`, `IA-5(1)` … */
  readonly controls: readonly string[]
  /** What an operator does so that it holds. */
  readonly remediation: string
}

export type Rules<Product extends string = ProductName> = Readonly<Record<string, Rule<Product>>>

/** Why a statement of a document has no rule. A closed list: nothing is left out in silence. */
export type ExclusionReason = 'prose' | 'cloud-only' | 'kubernetes-only' | 'other-product' | 'unsafe' | 'not-testable'

/**
 * One sentence, table row or setting of a document. The original is not kept: `digest` is the SHA-256 (hex, first 16
 * characters) of its normalised text, so that a change of the document is noticed.
 */
export interface Statement {
  readonly id: string
  readonly document: string
  readonly section: string
  readonly says: string
  readonly digest: string
  readonly traced: { readonly rules: readonly string[] } | { readonly excluded: ExclusionReason; readonly note: string } | 'not-yet'
}
