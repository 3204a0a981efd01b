import { createHash } from 'node:crypto'
import { z } from 'zod'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** How a case says which username it means; the rest of the name is the case's own. */
export const usernameShape = z.union([
  z.object({ length: z.number().int().nonnegative() }),
  z.object({ at: z.enum(['first', 'inside', 'last']), text: z.string() }),
  /** Exactly this text: for names that must exist, or must not. */
  z.object({ literal: z.string() }),
])
export type UsernameInput = z.infer<typeof usernameShape>

/** How a case says which password it means; the rest of it is the case's own. */
export const passwordShape = z.union([
  /** So many characters, each of them `unit` where it is given. */
  z.object({ length: z.number().int().nonnegative(), unit: z.string().exactOptional() }),
  /** Letters and digits with this text among them. */
  z.object({ with: z.string() }),
  z.object({ literal: z.string() }),
])
export type PasswordInput = z.infer<typeof passwordShape>

/** A username of that shape, unique by `name` unless it is shorter than that. */
export function usernameOf(input: UsernameInput | undefined, name: string): string {
  if (input === undefined) return name
  if ('literal' in input) return input.literal
  if ('length' in input) return input.length <= name.length ? letters(name, input.length) : name.padEnd(input.length, 'x')
  const half = Math.ceil(name.length / 2)
  switch (input.at) {
    case 'first':
      return `${input.text}${name}`
    case 'inside':
      return `${name.slice(0, half)}${input.text}${name.slice(half)}`
    case 'last':
      return `${name}${input.text}`
  }
}

/** A password of that shape, unique by `seed`, the same again for the same seed. */
export function passwordOf(input: PasswordInput | undefined, seed: string): string {
  if (input === undefined) return passwordOf({ length: 16 }, seed)
  if ('literal' in input) return input.literal
  if ('with' in input) return `${letters(`${seed}<`, 6)}${input.with}${letters(`${seed}>`, 6)}`
  return input.unit === undefined ? letters(seed, input.length) : input.unit.repeat(input.length)
}

/** Letters and digits that look random, the first of them a letter. */
function letters(seed: string, length: number): string {
  const bytes = Array.from({ length: Math.ceil(length / 32) }, (_, block) => createHash('sha256').update(`${seed}\0${block}`).digest())
  return Array.from(Buffer.concat(bytes).subarray(0, length), (byte, at) => LETTERS[byte % (at === 0 ? 52 : LETTERS.length)]).join('')
}
