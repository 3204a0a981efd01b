import { servers } from '../containers/registry.ts'
import type { ServerDefinition } from '../containers/server.ts'
import { faults } from '../fixtures/faults/catalogue.ts'
import type { Case } from '../src/case.ts'
import { HarnessError } from '../src/errors.ts'
import { ownRules, type OwnRules } from '../src/own-rules.ts'
import { casesOf, type Suite } from '../src/product.ts'
import { problemsOf } from '../suites/lint.ts'
import { suites } from '../suites/registry.ts'

/** What stands for a product's ids in a user's own: any word in capitals. */
const ANY_PREFIX = '[A-Z][A-Z0-9]*'

/**
 * Holds a user's own rules to what every catalogue has to keep: a source, a case for each rule, a twin for each refusal, no probe that
 * is there already; and to what only they can get wrong: operations, callers and faults that nobody knows.
 *
 * @throws HarnessError `CONFIG_INVALID`, with the first duty that is not kept
 */
export async function checkOwnRules(): Promise<void> {
  for (const own of await ownRules()) checkTable(own, suites[own.product], servers[own.product])
}

/** @param suite with the table's rules, as `server` has its profiles */
export function checkTable(own: OwnRules, suite: Suite, server: ServerDefinition): void {
  const broken = { ...problemsOf({ suite, server, prefix: ANY_PREFIX, otherRules }), ...unknownNames(own, suite) }
  const [first] = Object.entries(broken)
  if (first === undefined) return
  throw new HarnessError('CONFIG_INVALID', `${own.file}: the catalogue ${first[0]}: ${first[1].join(', ')}`, {
    hint: 'docs/own-rules.md says what a rule needs',
  })
}

const otherRules: ReadonlySet<string> = new Set(Object.values(suites).flatMap(({ rules }) => Object.keys(rules)))
const knownFaults: ReadonlySet<string> = new Set(faults.map(({ id }) => id))

function unknownNames(own: OwnRules, suite: Suite): Readonly<Record<string, readonly string[]>> {
  const theirs = casesOf(suite).filter((row) => !own.cases.includes(row))
  const asked = new Set(theirs.map(({ surface, operation }) => `${surface} ${operation}`))
  const callers = new Set([...theirs.flatMap(callersIn), ...Object.keys(own.principals)])
  const taken = new Set(theirs.flatMap(({ rules }) => rules))
  const found = {
    'has a rule of that name already': Object.keys(own.rules).filter((rule) => taken.has(rule)),
    'has no such operation on that surface': own.cases.filter(({ surface, operation }) => !asked.has(`${surface} ${operation}`)).map(({ id }) => id),
    'has no such caller': [...own.cases.flatMap(callersIn), ...Object.values(own.principals).map(({ like }) => like)].filter((name) => !callers.has(name)),
    'has no such fault': Object.entries(own.faults).flatMap(([rule, fault]) => (knownFaults.has(fault) ? [] : [`${rule} of ${fault}`])),
  }
  return Object.fromEntries(Object.entries(found).filter(([, names]) => names.length > 0))
}

const callersIn = ({ principal, twin }: Case): readonly string[] => [
  principal,
  ...(twin !== undefined && 'principal' in twin && twin.principal !== undefined ? [twin.principal] : []),
]
