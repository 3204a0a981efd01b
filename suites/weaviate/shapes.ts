/** Reading answers that nobody vouches for: each returns `undefined` where the shape is another. */

export const field = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string | number, unknown>>)[key] : undefined),
    value,
  )

export const text = (value: unknown, ...path: readonly (string | number)[]): string | undefined => {
  const found = field(value, ...path)
  return typeof found === 'string' ? found : undefined
}

export const items = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] | undefined => {
  const found = field(value, ...path)
  return Array.isArray(found) ? found : undefined
}

/** A list that the server writes as `null` where it has no items; the field itself must be there. */
export const nullableItems = (value: unknown, key: string): readonly unknown[] | undefined =>
  typeof value === 'object' && value !== null && key in value && field(value, key) === null ? [] : items(value, key)
