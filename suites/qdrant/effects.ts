import type { Json } from '../../src/json.ts'
import type { Effect, Outcome } from '../../src/outcome.ts'
import type { Handshake, Read } from './operation.ts'
import type { Place } from './place.ts'
import type { Credential } from './principals.ts'

/** The labels of what an answer shows; items that nobody planted count as `others`. */
export function shownBy(operation: Read | Handshake, content: Json, place: Place): readonly string[] {
  const found = labelsIn(operation, textOf(content), place)
  const read: Partial<Read> = operation
  const items = read.items?.(content) ?? 0
  return [...found, ...(read.counted?.(content) ?? []), ...(items > found.length ? ['others'] : [])]
}

/** A read has its effect where its answer holds what was planted; a refusal that holds it has it too. */
export function disclosed(operation: Read | Handshake, place: Place, outcome: Outcome, credential: Credential): Effect {
  if (outcome.kind === 'refused') {
    const leaked = labelsIn(operation, outcome.message, place)
    return leaked.length === 0 ? { kind: 'none', what: 'nothing planted is in the answer' } : { kind: 'seen', what: `the refusal shows ${leaked.join(', ')}` }
  }
  if (outcome.kind !== 'allowed') return { kind: 'none', what: 'no answer' }
  const shown = outcome.shown?.filter((label) => label !== 'others') ?? []
  if (shown.length > 0) return { kind: 'seen', what: `shows ${shown.join(', ')}` }
  // A token that names no collection is not shown any: its list is rightly empty.
  if ('items' in operation && namesNothing(credential, place)) return { kind: 'seen', what: 'a list without anything planted' }
  return { kind: 'none', what: 'nothing planted is in the answer' }
}

const labelsIn = (operation: Read | Handshake, text: string, place: Place): readonly string[] =>
  Object.entries(operation.labels(place)).flatMap(([label, mark]) => (text.includes(mark) ? [label] : []))

const textOf = (content: Json): string => (typeof content === 'string' ? content : JSON.stringify(content))

function namesNothing(credential: Credential, place: Place): boolean {
  if (credential.kind !== 'token') return false
  const { access } = credential.claims(place)
  return Array.isArray(access) && access.length === 0
}
