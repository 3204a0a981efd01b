import { ownRules } from '../../src/own-rules.ts'
import { withOwnRules } from '../own-rules.ts'
import { registerSuite } from '../register.ts'
import { milvusSuite } from './suite.ts'

registerSuite(withOwnRules(milvusSuite, await ownRules()))
