import type { Case } from '../../src/case.ts'
import { startUpNames, type StartUpName } from './start-up.ts'
import type { MilvusRule } from './rules.ts'

const unknownModes: ReadonlySet<StartUpName> = new Set(['a-mode-that-there-is-not', 'a-mode-that-is-no-number'])
const ruleOf = (settings: StartUpName): MilvusRule => (unknownModes.has(settings) ? 'MLV-TLS-MODE-01' : 'MLV-TLS-FILES-01')

/** TLS that is asked for and cannot be had stops the start: nobody gets a server that is less closed than its settings say. */
export const startUpCases: readonly Case[] = startUpNames.map((settings) => ({
  id: `milvus.process.operator.may-not.start.${settings.replaceAll("'", '')}`,
  profile: 'tls-mutual',
  rules: [ruleOf(settings)],
  operation: 'start',
  principal: 'operator',
  surface: 'process',
  input: { settings },
  expect: { kind: 'refused', by: 'start-up' },
  twin: { exempt: 'started-elsewhere' },
}))
