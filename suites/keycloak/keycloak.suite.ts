import { ownRules } from '../../src/own-rules.ts'
import { withOwnRules } from '../own-rules.ts'
import { registerSuite } from '../register.ts'
import { keycloakSuite } from './suite.ts'

registerSuite(withOwnRules(keycloakSuite, await ownRules()))
