import type { InstanceInfo } from '../../src/instance.ts'
import type { Suite } from '../../src/product.ts'
import { managementCases, passwordChangeCases, superUserCases } from './accounts.cases.ts'
import { rootCases, strangerCases } from './access.cases.ts'
import { forgedMemberCases, insideCases, sideDoorCases } from './advisories.cases.ts'
import { callsOfRoot, callsOfStrangers } from './calls.cases.ts'
import { AfterRestart } from './after-restart.ts'
import { channelCases } from './channels.cases.ts'
import { Channels } from './channels.ts'
import { milvusDeviations } from './deviations.ts'
import { inventory } from './inventory.ts'
import { MilvusDriver } from './driver.ts'
import { Inside } from './inside.ts'
import { leakCases } from './leaks.cases.ts'
import { Leaks } from './leaks.ts'
import { openCases, plainCases, printedLinesCases } from './open.cases.ts'
import { PartedDriver } from './parts.ts'
import { passwordCases } from './passwords.cases.ts'
import { restCases } from './rest.cases.ts'
import { PymilvusLibrary } from './pymilvus.ts'
import { pymilvusCases } from './pymilvus.cases.ts'
import { PrintedLines } from './printed-lines.ts'
import { restartCases } from './restart.cases.ts'
import { milvusRules } from './rules.ts'
import { sdkCases } from './sdk.cases.ts'
import { NodeSdk } from './sdk.ts'
import { ThroughLibrary, type Library } from './through-library.ts'
import { StartUp } from './start-up.ts'
import { startUpCases } from './start-up.cases.ts'
import { milvusStatements } from './statements.ts'
import { certificateAndCredentialCases, handshakeCases } from './tls.cases.ts'
import { usernameCases } from './usernames.cases.ts'

/** What Milvus's documents promise of its users, passwords and connections. */
export const milvusSuite: Suite = {
  product: 'milvus',
  rules: milvusRules,
  statements: milvusStatements,
  tables: {
    'root may': rootCases,
    'strangers may not': strangerCases,
    'every call of root': callsOfRoot,
    'every call of strangers': callsOfStrangers,
    'who manages users': managementCases,
    'changes of passwords': passwordChangeCases,
    'limits of usernames': usernameCases,
    'limits of passwords': passwordCases,
    'over HTTP': restCases,
    'forged members': forgedMemberCases,
    'side doors': sideDoorCases,
    'ports inside': insideCases,
    'super users': superUserCases,
    connections: handshakeCases,
    'certificate and credential': certificateAndCredentialCases,
    'authorization off': openCases,
    'authorization without TLS': plainCases,
    'the printed lines': printedLinesCases,
    'through the official SDK': sdkCases,
    'through pymilvus': pymilvusCases,
    'open connections': channelCases,
    'passwords in answers and logs': leakCases,
    'after a restart': restartCases,
    'starts that fail': startUpCases,
  },
  deviations: milvusDeviations,
  inventory,
  connect: async (instance, { vault, observing }) => {
    const afterRestart = new AfterRestart(instance, vault)
    const printedLines = new PrintedLines(instance, vault)
    const channels = new Channels(instance, vault)
    const leaks = new Leaks(instance, vault)
    const plain = new MilvusDriver(instance, vault, { observing: observing === true })
    const libraries = [new NodeSdk(), new PymilvusLibrary('2.1.0'), new PymilvusLibrary('2.4.9')]
    return new PartedDriver(plain, {
      ...Object.fromEntries(libraries.flatMap((library) => through(library, instance, plain))),
      'connect-after-restart': afterRestart,
      'list-users-after-restart': afterRestart,
      'connect-where-printed-lines': printedLines,
      'list-users-where-printed-lines': printedLines,
      'ask-on-an-open-connection': channels,
      'ask-as-several-at-once': channels,
      'read-the-answer': leaks,
      'read-the-log': leaks,
      'read-the-log-of-the-run': leaks,
      'list-users-inside': new Inside(instance, vault),
      start: new StartUp(instance),
    })
  },
}

function through(library: Library, instance: InstanceInfo, plain: MilvusDriver): readonly (readonly [string, ThroughLibrary])[] {
  const driver = new ThroughLibrary(library, instance, plain)
  return Object.keys(library.calls).map((operation) => [operation, driver] as const)
}
