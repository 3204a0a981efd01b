import { ownRules } from '../../src/own-rules.ts'
import { withOwnRules } from '../own-rules.ts'
import { registerSuite } from '../register.ts'
import { weaviateSuite } from './suite.ts'

registerSuite(withOwnRules(weaviateSuite, await ownRules()))
