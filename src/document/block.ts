/** A piece of a document between its marks, before it is cut into units. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'prose'; readonly as: 'sentence' | 'list-item' | 'admonition'; readonly text: string }
  | { readonly kind: 'row'; readonly header: readonly string[]; readonly cells: readonly string[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  /** Text that the page takes from another file. */
  | { readonly kind: 'include'; readonly text: string }

export type UnitKind = 'sentence' | 'list-item' | 'admonition' | 'table-row' | 'setting' | 'comment' | 'code' | 'diagram' | 'include'

/** A unit before it knows its section and digest. */
export interface Piece {
  readonly kind: UnitKind
  readonly text: string
}
