import { ownRules } from '../../src/own-rules.ts'
import { withOwnRules } from '../own-rules.ts'
import { registerSuite } from '../register.ts'
import { qdrantSuite } from './suite.ts'

registerSuite(withOwnRules(qdrantSuite, await ownRules()))
