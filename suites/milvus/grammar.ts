/** The documents' limits of a name and of a password as one looks at a text: what is expected of a generated one. */

const LONGEST_NAME = 32
const SHORTEST_PASSWORD = 6
const LONGEST_PASSWORD = 256

/** The first limit that the name breaks; absent: the documents permit it. */
export type NameFault = 'empty' | 'long' | 'first' | 'characters'

/** Milvus, Limitations: not empty, at most 32 characters, a letter first, then letters, digits and underscores. */
export function faultOfName(name: string): NameFault | undefined {
  if (name === '') return 'empty'
  if (Array.from(name).length > LONGEST_NAME) return 'long'
  if (!/^[A-Za-z]/.test(name)) return 'first'
  return /^[A-Za-z0-9_]*$/.test(name) ? undefined : 'characters'
}

/** Milvus, Limitations: 6 to 256 characters. */
export function faultOfPassword(password: string): 'short' | 'long' | undefined {
  const length = Array.from(password).length
  if (length < SHORTEST_PASSWORD) return 'short'
  return length > LONGEST_PASSWORD ? 'long' : undefined
}
