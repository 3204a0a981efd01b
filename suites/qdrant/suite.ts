import type { Suite } from '../../src/product.ts'
import { accessCases, goneCases } from './access.cases.ts'
import { addressCases } from './addresses.cases.ts'
import { deviations } from './deviations.ts'
import { SceneDriver } from './scene-driver.ts'
import { claimCases, expiryCases, signatureCases, valueExistsCases } from './jwt.cases.ts'
import { inventory } from './inventory.ts'
import { keyCases, switchCases } from './keys.cases.ts'
import { lookupCases } from './lookup.cases.ts'
import { payloadCases } from './payload.cases.ts'
import { rules } from './rules.ts'
import { qdrantStatements } from './statements.ts'
import { sceneCases, shippedCases } from './scenes.cases.ts'
import { scriptCases } from './scripts.cases.ts'
import { tlsCases } from './tls.cases.ts'
import { unlistedCases } from './unlisted.cases.ts'

/** What Qdrant's security document promises, and how it is probed on REST and gRPC. */
export const qdrantSuite: Suite = {
  product: 'qdrant',
  rules,
  statements: qdrantStatements,
  tables: {
    'table of access': accessCases,
    'operations that the releases took away': goneCases,
    'operations that the table leaves out': unlistedCases,
    'expiry of tokens': expiryCases,
    'signature of tokens': signatureCases,
    'claims of tokens': claimCases,
    'tokens that depend on a value': valueExistsCases,
    'requests that name another collection too': lookupCases,
    'payload claims': payloadCases,
    'keys and where they travel': keyCases,
    TLS: tlsCases,
    'what a server does without a setting': switchCases,
    'keys by environment, by change and by accident': sceneCases,
    'recovery from an address': addressCases,
    'a server as shipped': shippedCases,
    'starts, certificates and nodes': scriptCases,
  },
  deviations,
  inventory,
  connect: (instance, { vault, observing }) => Promise.resolve(new SceneDriver(instance, vault, { observing: observing === true })),
}
